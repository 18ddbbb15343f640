"""Find the terms of a dictionary within an edit distance of a word. All terms of one length are compared at once.

The distance is the restricted Damerau-Levenshtein distance ("optimal string alignment"): insertions, deletions,
substitutions and swaps of two adjacent letters, without editing a letter twice.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionary, letter_set

__all__ = ["terms_within"]


def terms_within(terms: TermDictionary, word: str, distance: int) -> Array:
    """Return the ordinals, in ascending order, of the terms at most `distance` edits from `word`; none for an empty word."""
    if not len(terms) or not word:
        return np.empty(0, np.int64)
    units, starts, ends = terms.matrix(0, len(terms), "utf-8")
    candidates = np.flatnonzero(_have_similar_letters(terms.letter_sets(), word, distance))
    rows = concat_ranges(starts[candidates], ends[candidates] + 1 - starts[candidates])
    codes = _codes(terms.decoded(units[rows[:-1]].tobytes()))
    ends = np.append(np.flatnonzero(codes == 10), len(codes))
    starts = np.concatenate(([0], ends[:-1] + 1))
    letters = _codes(word)
    matches = []
    for length in range(max(1, len(letters) - distance), len(letters) + distance + 1):
        group = np.flatnonzero(ends - starts == length)
        columns = codes[starts[group] + np.arange(length)[:, None]]
        matches.append(group[_are_within(columns, letters, distance)])
    return candidates[np.sort(np.concatenate(matches))]


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _have_similar_letters(sets: Array, word: str, distance: int) -> Array:
    """Return a mask of the terms that lack at most `distance` letters of the word, and have at most `distance` others.

    No other term is near enough, for an edit adds and removes at most one letter. `sets` has the letters of each term; all
    others than ء to ي count as one.
    """
    letters = letter_set(word)
    lacking, foreign = letters & ~sets, sets & ~letters
    for _ in range(distance):  # remove the lowest letter of each set
        lacking &= lacking - (lacking > 0)
        foreign &= foreign - (foreign > 0)
    similar: Array = (lacking | foreign) == 0
    return similar


def _are_within(columns: Array, letters: Array, distance: int) -> Array:
    """Return a mask of the terms at most `distance` edits from `letters`; `columns[j]` has letter `j` of each term.

    Cells of the table of distances further than `distance` from its diagonal are above `distance`, and are left out. Terms
    without a cell at most `distance` in a row are left out of the rows below.
    """
    length, count = columns.shape
    found = np.arange(count)
    far = distance + 1
    before: dict[int, Array] = {}
    previous: dict[int, Array] = {}
    current: dict[int, Array] = {j: np.full(count, j, np.int8) for j in range(min(length, distance) + 1)}
    equal = np.zeros(columns.shape, bool)
    for i, letter in enumerate(letters.tolist(), 1):
        before, previous, current = previous, current, {}
        last_equal, equal = equal, columns == letter
        for j in range(max(0, i - distance), min(length, i + distance) + 1):
            if not j:
                current[0] = np.full(len(found), i, np.int8)
                continue
            best = previous[j - 1] + ~equal[j - 1]
            for neighbour in (previous.get(j), current.get(j - 1)):
                if neighbour is not None:
                    np.minimum(best, neighbour + np.int8(1), out=best)
            if i > 1 and j > 1:
                swapped = last_equal[j - 1] & equal[j - 2]
                np.minimum(best, before[j - 2] + np.int8(1), out=best, where=swapped)
            current[j] = best
        near = reduce(np.logical_or, [cell <= distance for cell in current.values()])
        if 2 * np.count_nonzero(near) < len(found):
            found, columns, equal = found[near], columns[:, near], equal[:, near]
            previous, current = ({j: cell[near] for j, cell in row.items()} for row in (previous, current))
    mask = np.zeros(count, bool)
    mask[found] = current.get(length, np.full(len(found), far, np.int8)) <= distance
    return mask
