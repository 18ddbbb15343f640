"""Index the terms of a segment's field by length and letters, to compare one word with all of them at once."""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.postings import Postings
from arsearch.index.reader.segment import SegmentReader
from arsearch.model.schema import NORMALISED
from arsearch.suggest.edit_costs import weighted_edit_distance
from arsearch.suggest.term_source import CloseTerm

__all__ = ["SpellingIndex", "spelling_index"]

_MAX_LENGTH = 43
_MAX_COMPARED = 3000
"""The maximum number of terms compared letter by letter: the most frequent terms with nearly the same set of letters."""


class SpellingIndex:
    """The terms of one field, sorted by length and then by ordinal. It takes about 25 bytes a term.

    Each term has a set of its letters: 32 bits, one for the code points that have the same last five bits.
    """

    def __init__(self, postings: Postings) -> None:
        self._terms = postings.terms
        units, starts, ends = postings.terms.matrix(0, len(postings.terms), "utf-32-le")
        units = units.astype(np.uint32, copy=False)
        flags = np.uint32(1) << (units & 31)
        flags[units == 10] = 0  # the line feed between terms
        letters = np.bitwise_or.reduceat(flags, starts) if len(starts) else np.empty(0, np.uint32)
        lengths = np.minimum(ends - starts, _MAX_LENGTH)
        self._ordinals = np.argsort(lengths, kind="stable").astype(np.uint32)
        self._first = np.searchsorted(lengths[self._ordinals], np.arange(_MAX_LENGTH + 2))
        self._letters = letters[self._ordinals].astype(np.uint32)
        self._counts = np.diff(postings.posting_offsets.whole())[self._ordinals].astype(np.uint32)
        self._starts = starts[self._ordinals].astype(np.uint32)
        self._units = np.append(np.minimum(units, 0xFFFF).astype(np.uint16), np.zeros(_MAX_LENGTH, np.uint16))

    def close_terms(self, word: str, max_cost: int, cost_weight: float, limit: int) -> list[CloseTerm]:
        """Return at most `limit` terms within `max_cost` of a word, by `log(articles + 1) - cost_weight * cost`, best first.

        A word with more than `42 - max_cost` letters has none.
        """
        longest = len(word) + max_cost
        if longest >= _MAX_LENGTH:
            return []
        low, high = self._first[max(1, len(word) - max_cost)], self._first[longest + 1]
        letters = np.bitwise_or.reduce([np.uint32(1 << (ord(letter) & 31)) for letter in word])
        lacking, foreign = letters & ~self._letters[low:high], self._letters[low:high] & ~letters
        for _ in range(max_cost):  # take the lowest letter out of each set
            lacking &= lacking - (lacking > 0)
            foreign &= foreign - (foreign > 0)
        places = low + np.flatnonzero((lacking | foreign) == 0)
        if len(places) > _MAX_COMPARED:
            places = places[np.argpartition(self._counts[places], -_MAX_COMPARED)[-_MAX_COMPARED:]]
        table = self._units[self._starts[places][:, None] + np.arange(longest)]
        lengths = np.searchsorted(self._first, places, "right") - 1
        costs = weighted_edit_distance(table, lengths, word)
        scores = np.log1p(self._counts[places]) - cost_weight * costs
        best = np.lexsort((self._ordinals[places], -scores))
        best = best[costs[best] <= max_cost][:limit]
        ordinals, counts = self._ordinals[places[best]].tolist(), self._counts[places[best]].tolist()
        return [
            CloseTerm(self._terms[ordinal], articles, cost)
            for ordinal, articles, cost in zip(ordinals, counts, costs[best].tolist(), strict=True)
        ]


def spelling_index(segment: SegmentReader, field: str) -> SpellingIndex | None:
    """Return the spelling index of a field, which the segment keeps; `None` if the segment lacks the field."""

    def build() -> SpellingIndex | None:
        postings = segment.postings(field, NORMALISED)
        return None if postings is None else SpellingIndex(postings)

    return segment.cached(("spelling", field), build)
