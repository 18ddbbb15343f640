"""The terms of a dictionary within an edit distance of a word, all of one length at a time.

The distance is Damerau's, restricted: insertions, deletions, substitutions and swaps of two
neighbouring letters, no letter edited twice ("optimal string alignment").
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionary

__all__ = ["edit_distance", "terms_within"]


def terms_within(terms: TermDictionary, word: str, distance: int) -> Array:
    """The ordinals, rising, of the terms at most `distance` edits from `word`."""
    if not len(terms) or not word:
        return np.empty(0, np.int64)
    units, starts, ends = terms.matrix(0, len(terms), "utf-8")
    alike = np.flatnonzero(_alike(units, starts, word, distance))
    rows = concat_ranges(starts[alike], ends[alike] + 1 - starts[alike])
    codes = _codes(terms.decoded(units[rows[:-1]].tobytes()))
    ends = np.append(np.flatnonzero(codes == 10), len(codes))
    starts = np.concatenate(([0], ends[:-1] + 1))
    letters = _codes(word)
    found = []
    for length in range(max(1, len(letters) - distance), len(letters) + distance + 1):
        group = np.flatnonzero(ends - starts == length)
        table = codes[starts[group][:, None] + np.arange(length)]
        found.append(group[_distances(table, letters) <= distance])
    return alike[np.sort(np.concatenate(found))]


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _alike(units: Array, starts: Array, word: str, distance: int) -> Array:
    """Which terms lack at most `distance` of the word's letters and have at most so many that are not in it.

    All others are further off: an edit brings in at most one letter and takes at most one away. Letters up to U+07FF
    are told apart by the last five bits of their last byte, which is all that is looked at. A term with letters of
    more than two bytes passes.
    """
    flag = np.uint32(1) << np.minimum(np.arange(256, dtype=np.uint32) & 31, 30)
    flag[[10, *range(0xC0, 0xE0)]] = 0  # line feeds, and what begins a letter of two bytes
    flag[0xE0:] = long = np.uint32(1 << 31)
    sets = np.bitwise_or.reduceat(flag[units], starts)
    plain = "".join(letter for letter in word if letter < "\u0800").encode()
    asked = np.bitwise_or.reduce(flag[np.frombuffer(plain, np.uint8)])
    passing = (sets & long) > 0
    lacking, foreign = asked & ~sets, sets & ~asked
    for _ in range(distance):  # take the lowest letter out of each set
        lacking &= lacking - (lacking > 0)
        foreign &= foreign - (foreign > 0)
    alike: Array = passing | ((lacking | foreign) == 0)
    return alike


def edit_distance(a: str, b: str) -> int:
    """How many edits lead from `a` to `b`."""
    if not a or not b:
        return len(a) or len(b)
    return int(_distances(_codes(a)[None, :], _codes(b))[0])


def _distances(table: Array, letters: Array) -> Array:
    """The distance of each row of `table` to `letters`."""
    rows, length = table.shape
    before = previous = np.empty(0)
    current = np.broadcast_to(np.arange(length + 1, dtype=np.int16), (rows, length + 1))
    for i, letter in enumerate(letters, 1):
        before, previous = previous, current
        current = np.empty((rows, length + 1), np.int16)
        current[:, 0] = i
        for j in range(1, length + 1):
            best = np.minimum(previous[:, j], current[:, j - 1]) + 1
            best = np.minimum(best, previous[:, j - 1] + (table[:, j - 1] != letter))
            if i > 1 and j > 1:
                swapped = (table[:, j - 1] == letters[i - 2]) & (table[:, j - 2] == letter)
                best = np.where(swapped, np.minimum(best, before[:, j - 2] + 1), best)
            current[:, j] = best
    return current[:, length]
