"""Weigh the edits between two words by the mistakes that people make when they write Arabic.

The distance is that of `arsearch.index.matching.fuzzy`, with weights. These are lower for letters that sound alike or
differ by a dot, for neighbours on the keyboard, and for doubled letters and long vowels left out or put in. Both words
are normalised; letters that normalisation joins, such as أ and ا, ة and ه, ى and ي, therefore cost nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["weighted_edit_distance"]

Array = NDArray[Any]

# The costs of edits. Two edits always cost more than one.
_ALIKE = 0.55
_NEIGHBOURS = 0.75
_DOUBLED = 0.55
_VOWEL = 0.6
_SWAPPED = 0.6
_OMITTED = 0.8
_OTHER = 1.0

_CONFUSED = ("ضظ", "ذزد", "صس", "طت", "قغكج", "ثست", "حهخ", "ةهت", "ىيا", "ءأإآئؤايو", "عا", "بپ", "فڤ", "شس")
"""Letters that writers confuse because they look alike or, in the standard language or a dialect, sound alike."""

_ROWS = ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ")
"""The rows of the Arabic (101) keyboard."""

_VOWELS = "اويىءئؤ"
"""Letters that writers often omit or add."""
_CODES = 0x700
"""The code points below it have weights of their own; it costs `_OTHER` to change a letter above."""


class _Costs(NamedTuple):
    """The cost of each edit. An array has an item for each code point below `_CODES`."""

    insertion: Array
    deletion: Array
    substitution: Mapping[int, Array]
    """Maps a letter of the misspelt word to the cost of each letter in its place; `default` serves the other letters."""
    default: Array


def weighted_edit_distance(table: Array, lengths: Array, word: str) -> Array:
    """Return the cost of the edits that turn `word` into each row of `table`, as 32-bit floats.

    A row holds the code points of one term, and its item of `lengths` their number; any code points may follow them.
    """
    rows, width = table.shape
    letters = [ord(letter) for letter in word]
    columns = np.ascontiguousarray(table.T)
    costs = _costs()
    codes = np.minimum(columns, _CODES - 1)
    insertion = costs.insertion[codes]
    insertion[1:][columns[1:] == columns[:-1]] = _DOUBLED
    before = previous = np.empty((0, rows), np.float32)
    current = np.concatenate((np.zeros((1, rows), np.float32), np.cumsum(insertion, axis=0, dtype=np.float32)))
    same = np.empty((0, 0), bool)
    for i, letter in enumerate(letters):
        before, previous, last = previous, current, same
        deletion = _DOUBLED if i and letter == letters[i - 1] else costs.deletion[min(letter, _CODES - 1)]
        same = columns == letter
        substitution = costs.substitution.get(letter, costs.default)[codes]
        substitution[same] = 0
        current = np.empty((width + 1, rows), np.float32)
        current[0] = previous[0] + deletion
        best = np.minimum(previous[1:] + deletion, previous[:-1] + substitution)
        if i:
            swapped = same[:-1] & last[1:]
            best[1:][swapped] = np.minimum(best[1:], before[:-2] + _SWAPPED)[swapped]
        for j in range(width):
            np.minimum(best[j], current[j] + insertion[j], out=current[j + 1])
    return current[lengths, np.arange(rows)]


@cache
def _costs() -> _Costs:
    """Build the tables on first use."""
    insertion = np.full(_CODES, _OMITTED, np.float32)
    deletion = np.full(_CODES, _OTHER, np.float32)
    for table in (insertion, deletion):
        table[[ord(letter) for letter in _VOWELS]] = _VOWEL
    return _Costs(insertion, deletion, _substitutions(), np.full(_CODES, _OTHER, np.float32))


def _substitutions() -> dict[int, Array]:
    tables: dict[int, Array] = {}

    def lower(one: str, other: str, cost: float) -> None:
        table = tables.setdefault(ord(one), np.full(_CODES, _OTHER, np.float32))
        table[ord(other)] = min(cost, float(table[ord(other)]))

    for row in _ROWS:
        for one, other in itertools.pairwise(row):
            lower(one, other, _NEIGHBOURS)
            lower(other, one, _NEIGHBOURS)
    for group in _CONFUSED:
        for one, other in itertools.product(group, repeat=2):
            lower(one, other, _ALIKE)
    return tables
