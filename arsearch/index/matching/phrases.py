"""Where phrases stand, from the positions of their words.

A position is `document << 32 | position in the field`; arrays of positions increase.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["phrase_starts"]


def phrase_starts(words: Sequence[tuple[int, Array]], slop: int) -> Array:
    """Return the positions where a phrase starts.

    `words` pairs the place of each word in the phrase with the word's positions. With `slop` 0 words stand at exactly
    these places; with 1 in order within a window of one further position; with more in any order within a window of
    `slop` further positions, each word at a position of its own.
    """
    if not slop:
        return _in_place([positions - place for place, positions in words])
    positions = [positions for _, positions in words]
    width = words[-1][0] - words[0][0] + slop
    return _in_order(positions, width) if slop == 1 else _in_any_order(positions, width)


def _in_place(words: Sequence[Array]) -> Array:
    starts = min(words, key=len)
    for other in words:
        if other is not starts and len(starts):
            at = np.searchsorted(other, starts)
            at[at == len(other)] = 0
            starts = starts[other[at] == starts]
    return starts


def _next(positions: Array, after: Array) -> Array:
    """Return for each value of `after` the first position above it; where there is none, a position out of reach."""
    at = np.searchsorted(positions, after, "right")
    return np.append(positions, np.int64(2**63 - 1))[at]


def _in_order(words: Sequence[Array], width: int) -> Array:
    """Return the positions of the first word from which all words follow in order, the last within `width` positions."""
    at = words[0]
    for other in words[1:]:
        at = _next(other, at)
    return words[0][at <= words[0] + width]


def _in_any_order(words: Sequence[Array], width: int) -> Array:
    """Return the positions of any word that start a window with all words, in any order and at different positions.

    By Hall's theorem there is a position for each word if every group of words has as many positions as words in the
    window. Groups of words that share no position need no look. Groups of equal words and pairs are looked at.
    """
    distinct: list[tuple[Array, int]] = []
    for positions in words:
        same = [n for n, (other, _) in enumerate(distinct) if np.array_equal(positions, other)]
        if same:
            distinct[same[0]] = (positions, distinct[same[0]][1] + 1)
        else:
            distinct.append((positions, 1))
    starts = np.unique(np.concatenate([positions for positions, _ in distinct]))
    for positions, needed in sorted(distinct, key=lambda word: len(word[0])):
        starts = starts[_count_inside(positions, starts, width) >= needed]
    for (one, a), (other, b) in combinations(distinct, 2) if len(starts) else ():
        either = np.union1d(one, other)
        if len(either) < len(one) + len(other):
            starts = starts[_count_inside(either, starts, width) >= a + b]
    return starts


def _count_inside(positions: Array, starts: Array, width: int) -> Array:
    """Return how many of the positions lie in the window from each start."""
    inside: Array = np.searchsorted(positions, starts + width, "right") - np.searchsorted(positions, starts)
    return inside
