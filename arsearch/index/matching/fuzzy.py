"""Find the terms of a dictionary within an edit distance of a word. All terms of one length are compared at once.

The distance is the restricted Damerau-Levenshtein distance ("optimal string alignment"): insertions, deletions,
substitutions and swaps of two adjacent letters, without editing a letter twice.
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionary

__all__ = ["terms_within"]


def terms_within(terms: TermDictionary, word: str, distance: int) -> Array:
    """Return the ordinals, in ascending order, of the terms at most `distance` edits from `word`; none for an empty word."""
    if not len(terms) or not word:
        return np.empty(0, np.int64)
    units, starts, ends = terms.matrix(0, len(terms), "utf-8")
    candidates = np.flatnonzero(_have_similar_letters(units, starts, word, distance))
    rows = concat_ranges(starts[candidates], ends[candidates] + 1 - starts[candidates])
    codes = _codes(terms.decoded(units[rows[:-1]].tobytes()))
    ends = np.append(np.flatnonzero(codes == 10), len(codes))
    starts = np.concatenate(([0], ends[:-1] + 1))
    letters = _codes(word)
    matches = []
    for length in range(max(1, len(letters) - distance), len(letters) + distance + 1):
        group = np.flatnonzero(ends - starts == length)
        table = codes[starts[group][:, None] + np.arange(length)]
        matches.append(group[_distances(table, letters) <= distance])
    return candidates[np.sort(np.concatenate(matches))]


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _have_similar_letters(units: Array, starts: Array, word: str, distance: int) -> Array:
    """Return a mask of the terms that lack at most `distance` letters of the word, and have at most `distance` others.

    No other term is near enough, for an edit adds and removes at most one letter. Letters are compared by the last five
    bits of their last UTF-8 byte. Terms with letters above U+07FF, of three bytes or four, always pass.
    """
    flag = np.uint32(1) << np.minimum(np.arange(256, dtype=np.uint32) & 31, 30)
    flag[[10, *range(0xC0, 0xE0)]] = 0  # the line feed, and first bytes of letters of two bytes
    flag[0xE0:] = long = np.uint32(1 << 31)
    sets = np.bitwise_or.reduceat(flag[units], starts)
    plain = "".join(letter for letter in word if letter < "\u0800").encode()
    letters = np.bitwise_or.reduce(flag[np.frombuffer(plain, np.uint8)])
    lacking, foreign = letters & ~sets, sets & ~letters
    for _ in range(distance):  # remove the lowest letter of each set
        lacking &= lacking - (lacking > 0)
        foreign &= foreign - (foreign > 0)
    similar: Array = ((sets & long) > 0) | ((lacking | foreign) == 0)
    return similar


def _distances(table: Array, letters: Array) -> Array:
    """Return the edit distance of each row of `table` to `letters`."""
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
