"""The terms of a dictionary within an edit distance of a word, all of one length at a time.

The distance is Damerau's, restricted: insertions, deletions, substitutions and swaps of two
neighbouring letters, no letter edited twice ("optimal string alignment").
"""

from __future__ import annotations

import numpy as np

from arsearch.index.arrays import Array
from arsearch.index.terms import TermDictionary

__all__ = ["distance", "within"]


def within(terms: TermDictionary, word: str, distance: int) -> Array:
    """The ordinals, rising, of the terms at most `distance` edits from `word`."""
    text = "\n".join(terms.slice(0, len(terms)))
    if not text or not word:
        return np.empty(0, np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.append(np.flatnonzero(codes == 10), len(codes))
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    letters = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = []
    for length in range(max(1, len(letters) - distance), len(letters) + distance + 1):
        group = np.flatnonzero(lengths == length)
        if len(group):
            table = codes[starts[group][:, None] + np.arange(length)]
            found.append(group[_distances(table, letters) <= distance])
    return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)


def distance(a: str, b: str) -> int:
    """How many edits lead from `a` to `b`."""
    if not a or not b:
        return len(a) or len(b)
    table = np.array([[ord(c) for c in a]], np.uint32)
    return int(_distances(table, np.array([ord(c) for c in b], np.uint32))[0])


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
