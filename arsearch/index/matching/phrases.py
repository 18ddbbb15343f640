"""Match phrases by the positions of their words.

A position is `document << 32 | position in the field`; arrays of positions are in ascending order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["phrase_starts"]


def phrase_starts(words: Sequence[tuple[int, Array]], slop: int) -> Array:
    """Return the positions where a phrase starts.

    `words` pairs the place of each word in the phrase with the positions of the word. With `slop` 0 the words are at
    exactly these places. With 1 they are in this order, in a window one position longer than the phrase. With more they
    are in any order, each at a position of its own, in a window longer by `slop` positions.
    """
    if not slop:
        return _at_places([positions - place for place, positions in words])
    positions = [positions for _, positions in words]
    width = words[-1][0] - words[0][0] + slop
    return _in_order(positions, width) if slop == 1 else _in_any_order(positions, width)


def _at_places(words: Sequence[Array]) -> Array:
    starts = min(words, key=len)
    for other in words:
        if other is not starts and len(starts):
            at = np.searchsorted(other, starts)
            at[at == len(other)] = 0
            starts = starts[other[at] == starts]
    return starts


def _next(positions: Array, after: Array) -> Array:
    """Return the first position above each value of `after`, or the largest integer if there is none."""
    at = np.searchsorted(positions, after, "right")
    return np.append(positions, np.int64(2**63 - 1))[at]


def _in_order(words: Sequence[Array], width: int) -> Array:
    """Return the positions of the first word that the others follow in order, the last one within `width` positions."""
    at = words[0]
    for other in words[1:]:
        at = _next(other, at)
    return words[0][at <= words[0] + width]


def _in_any_order(words: Sequence[Array], width: int) -> Array:
    """Return the positions of any word that start a window with all words, in any order and at different positions.

    By Hall's theorem each word gets a position of its own if no group of words outnumbers its positions in the window.
    Words without common positions need no test. The test covers groups of equal words, and pairs of such groups.
    """
    distinct: list[tuple[Array, int]] = []
    for positions in words:
        equal = [n for n, (other, _) in enumerate(distinct) if np.array_equal(positions, other)]
        if equal:
            distinct[equal[0]] = (positions, distinct[equal[0]][1] + 1)
        else:
            distinct.append((positions, 1))
    starts = np.unique(np.concatenate([positions for positions, _ in distinct]))
    for positions, count in sorted(distinct, key=lambda word: len(word[0])):
        starts = starts[_count_inside(positions, starts, width) >= count]
    for (one, count), (other, other_count) in combinations(distinct, 2) if len(starts) else ():
        either = np.union1d(one, other)
        if len(either) < len(one) + len(other):
            starts = starts[_count_inside(either, starts, width) >= count + other_count]
    return starts


def _count_inside(positions: Array, starts: Array, width: int) -> Array:
    """Return the number of positions in the window from each start."""
    inside: Array = np.searchsorted(positions, starts + width, "right") - np.searchsorted(positions, starts)
    return inside
