"""Match phrases by the positions of their words.

A position is `document << 32 | position in the field`; arrays of positions are in ascending order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges, distinct

__all__ = ["phrase_starts"]

_RARE = 16
"""From this multiple of the rarest word's positions on, only a word's positions near the rarest word are kept."""


def phrase_starts(words: Sequence[tuple[int, Array]], slop: int) -> Array:
    """Return the positions where a phrase starts.

    `words` pairs the place of each word in the phrase with the positions of the word. With `slop` 0 the words are at
    exactly these places, and the first word is at the start. With 1 they are in this order, in a window one position
    longer than the phrase. With more they are in any order, each at a position of its own, in a window longer by `slop`
    positions.
    """
    if not slop:
        first = words[0][0]  # else the key of a word at the beginning of an article would be of the article before
        return _at_places([positions - (place - first) for place, positions in words])
    positions = [positions for _, positions in words]
    width = words[-1][0] - words[0][0] + slop
    return _in_order(positions, width) if slop == 1 else _in_any_order(positions, width)


def _at_places(words: Sequence[Array]) -> Array:
    rarest = min(words, key=len)
    starts = distinct(rarest)  # beside ﷺ a term may stand twice at one position
    for other in words:
        if other is not rarest and len(starts):
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
    groups: list[tuple[Array, int]] = []
    for positions in words:
        equal = [n for n, (other, _) in enumerate(groups) if other is positions or np.array_equal(positions, other)]
        if equal:
            groups[equal[0]] = (positions, groups[equal[0]][1] + 1)
        else:
            groups.append((positions, 1))
    groups.sort(key=lambda group: len(group[0]))
    rarest = groups[0][0]
    groups = [groups[0], *((_near(positions, rarest, width), count) for positions, count in groups[1:])]
    merged = np.concatenate([positions for positions, _ in groups])
    order = merged.argsort(kind="stable")  # merges the ascending parts
    merged, word = merged[order], np.repeat(np.arange(len(groups)), [len(positions) for positions, _ in groups])[order]
    first = np.concatenate(([True], merged[1:] != merged[:-1]))
    starts, apart = merged[first], bool(first.all())
    inside = np.ones(len(starts), bool)
    for number, (positions, count) in enumerate(groups):
        own = word == number
        before = np.cumsum(own) - own
        inside &= _reach(positions, before if apart else before[first], count) <= starts + width
    starts = starts[inside]
    for (one, count), (other, other_count) in combinations(groups, 2) if len(starts) and not apart else ():
        either = distinct(np.concatenate((one, other)))
        if len(either) < len(one) + len(other):
            ends = _reach(either, either.searchsorted(starts), count + other_count)
            starts = starts[ends <= starts + width]
    return starts


def _near(positions: Array, others: Array, width: int) -> Array:
    """Return the positions at most `width` from one of `others`; perhaps more of them if that is faster."""
    if len(others) * _RARE > len(positions):
        return positions
    lows, highs = positions.searchsorted(others - width), positions.searchsorted(others + width, "right")
    lows[1:] = np.maximum(lows[1:], highs[:-1])  # the ranges rise, so no position is in two of them
    return positions[concat_ranges(lows, highs - lows)]


def _reach(positions: Array, before: Array, count: int) -> Array:
    """Return where the `count` positions after the first `before` end; the largest integer if there are fewer."""
    ends: Array = np.append(positions, np.int64(2**63 - 1)).take(before + (count - 1), mode="clip")
    return ends
