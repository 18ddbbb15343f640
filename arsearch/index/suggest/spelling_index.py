"""The words of a field of one segment, laid out to be compared with a word all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from arsearch.index.codec.postings import Postings
from arsearch.index.reader.segment import NORMALISED, SegmentReader
from arsearch.index.suggest.edit_costs import weighted_edit_distance

__all__ = ["CloseTerm", "SpellingIndex", "spelling_index"]

_LONGEST = 43
_COMPARED = 3000
"""Of the words that pass the look at their letters, the most frequent so many are compared letter by letter."""


class CloseTerm(NamedTuple):
    """A term that may have been meant, how many articles of the segment have it, and what the mistake takes."""

    term: str
    articles: int
    cost: float


class SpellingIndex:
    """Takes about 25 bytes a term. Places run by length of the term, then by term; `_ordinals` gives what is there."""

    def __init__(self, lists: Postings) -> None:
        self._terms = lists.terms
        units, starts, ends = lists.terms.matrix(0, len(lists.terms), "utf-32-le")
        units = units.astype(np.uint32, copy=False)
        flags = np.uint32(1) << (units & 31)
        flags[units == 10] = 0
        letters = np.bitwise_or.reduceat(flags, starts) if len(starts) else np.empty(0, np.uint32)
        lengths = np.minimum(ends - starts, _LONGEST)
        self._ordinals = np.argsort(lengths, kind="stable").astype(np.uint32)
        self._first = np.searchsorted(lengths[self._ordinals], np.arange(_LONGEST + 2))
        self._letters = letters[self._ordinals].astype(np.uint32)
        self._counts = np.diff(lists.posting_offsets.whole())[self._ordinals].astype(np.uint32)
        self._starts = starts[self._ordinals].astype(np.uint32)
        self._units = np.append(np.minimum(units, 0xFFFF).astype(np.uint16), np.zeros(_LONGEST, np.uint16))

    def near(self, word: str, edits: int, rarity: float, most: int) -> list[CloseTerm]:
        """The `most` likeliest terms for a word by `log(articles + 1) - rarity * cost`; `cost` is at most `edits`.

        None for words of more than 40 letters.
        """
        longest = len(word) + edits
        if longest >= _LONGEST:
            return []
        low, high = self._first[max(1, len(word) - edits)], self._first[longest + 1]
        asked = np.bitwise_or.reduce([np.uint32(1 << (ord(letter) & 31)) for letter in word])
        lacking, foreign = asked & ~self._letters[low:high], self._letters[low:high] & ~asked
        for _ in range(edits):  # take the lowest letter out of each set
            lacking &= lacking - (lacking > 0)
            foreign &= foreign - (foreign > 0)
        alike = low + np.flatnonzero((lacking | foreign) == 0)
        if len(alike) > _COMPARED:
            alike = alike[np.argpartition(self._counts[alike], -_COMPARED)[-_COMPARED:]]
        table = self._units[self._starts[alike][:, None] + np.arange(longest)]
        lengths = np.searchsorted(self._first, alike, "right") - 1
        cost = weighted_edit_distance(table, lengths, word)
        score = np.log1p(self._counts[alike]) - rarity * cost
        best = np.lexsort((self._ordinals[alike], -score))
        best = best[cost[best] <= edits][:most]
        places = alike[best]
        found = zip(self._ordinals[places].tolist(), self._counts[places].tolist(), cost[best].tolist(), strict=True)
        return [CloseTerm(self._terms[ordinal], articles, at) for ordinal, articles, at in found]


def spelling_index(segment: SegmentReader, field: str) -> SpellingIndex | None:
    """Return the spelling index of a field, which the segment keeps; `None` if the segment lacks the field."""

    def build() -> SpellingIndex | None:
        postings = segment.postings(field, NORMALISED)
        return None if postings is None else SpellingIndex(postings)

    return segment.cached(("spelling", field), build)
