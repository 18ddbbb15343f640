"""Make the words and pairs of plans into objects of the extension, and keep them for later searches."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.execution.bm25f import field_constants, field_norms
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.scorers import levels_of
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import STEM
from arsearch.search.clauses import RootClause, ScoredClause, TermClause
from arsearch.search.ranking import Ranking, idf
from arsearch.search.signals import ProximitySignal, TermPair

__all__ = ["Pairs", "WordCache"]

_CACHE_BYTES = 32 << 20
_OBJECT_BYTES = 1500
"""The memory of the cache, and of a word or pair in it besides copies of arrays; most arrays are views of the file."""

_MAX_TERMS = 5000
"""The terms of pairs that are kept."""


class Pairs(NamedTuple):
    """The pairs of a query: the weight, the distance and the terms of each, and the most that all add to a score."""

    pairs: tuple[tuple[float, int, tuple[tuple[Any, Any], ...]], ...]
    bound: float


class _Term(NamedTuple):
    """A term of the extension, `None` if no document has it, and the number of live documents with it."""

    term: Any
    docs: int


_NO_TERM = _Term(None, 0)


class WordCache:
    """Makes objects of the extension `native` for one commit and ranking. Threads may share it."""

    def __init__(self, native: Any, reader: IndexReader, ranking: Ranking) -> None:
        self._native = native
        self._reader = reader
        self._ranking = ranking
        self._kept: ClockCache[Any] = ClockCache(_CACHE_BYTES)
        self._terms: dict[tuple[int, str, str], _Term] = {}

    def word(self, context: SearchContext, clause: ScoredClause) -> Any:
        """Return the word of a clause; `None` if time ran out, or if a document may score 0."""
        word = self._kept.get(clause)
        if word is not None:
            return word
        if not context.budget.in_time():
            return None
        truncated = len(context.budget.truncated)
        levels, related = levels_of(self._reader, clause)
        lists = tuple((weight, self._lists(context, level, clause.fields)) for weight, level in levels)
        weights = [
            *(weight for weight, _ in lists),
            *(field_constants(self._ranking, name)[1] for name in clause.fields),
        ]
        if context.budget.timed_out or min(weights) <= 0 or not self._ranking.k1 > 0:
            return None
        word = self._native.Word(lists, related, self._ranking.k1, self._reader.count, self._reader.docs)
        if len(context.budget.truncated) == truncated:
            size = _OBJECT_BYTES + sum(
                _owned(docs, *(freqs for freqs, _ in columns)) for _, own in lists for docs, columns in own
            )
            if size < 2 * _OBJECT_BYTES or self._kept.should_admit(clause, size):
                self._kept.put(clause, word, size)
        return word

    def _lists(self, context: SearchContext, clause: TermClause, fields: tuple[str, ...]) -> tuple[Any, ...]:
        """Return the lists of documents of a level, with their frequencies and norms; see `_native.Word`."""
        reader, ranking = self._reader, self._ranking
        if isinstance(clause, RootClause):
            docs, freqs = reader.family_postings(clause.stem, fields, context.budget)
            columns = tuple(zip(freqs, (field_norms(reader, ranking, field) for field in fields), strict=True))
            return ((docs, columns),) if len(docs) else ()
        lists = []
        for field in fields:
            docs, own = context.lookup.postings(clause, field)
            if len(docs):
                lists.append((docs, ((own, field_norms(reader, ranking, field)),)))
        return tuple(lists)

    def pairs(self, signal: ProximitySignal) -> Pairs:
        """Return the pairs of a signal that occur."""
        share = self._ranking.pair_weight / math.sqrt(max(1, len(signal.pairs))) * (self._ranking.k1 + 1)
        found, bound = [], 0.0
        for pair in signal.pairs:
            kept = self._kept.get(pair)
            if kept is None:
                kept = self._pair(pair)
                self._kept.put(pair, kept, _OBJECT_BYTES)
            rarer_idf, terms = kept
            if rarer_idf:
                found.append((rarer_idf * share, pair.distance, terms))
                bound += rarer_idf * share
        return Pairs(tuple(found), bound)

    def _pair(self, pair: TermPair) -> tuple[float, tuple[tuple[Any, Any], ...]]:
        """Return the idf of the rarer word of a pair, and the two terms in each field and segment with both."""
        reader, found = self._reader, []
        most = [0, 0]  # documents with each word in a field
        for field in pair.fields:
            counts = [0, 0]
            for number, segment in enumerate(reader.segments):
                first = self._term(number, segment, field, pair.first)
                second = self._term(number, segment, field, pair.second)
                counts[0] += first.docs
                counts[1] += second.docs
                if first.term is not None and second.term is not None:
                    found.append((first.term, second.term))
            most = [max(most[0], counts[0]), max(most[1], counts[1])]
        rarer = min(most)
        return (idf(rarer, reader.count), tuple(found)) if rarer else (0.0, ())

    def _term(self, number: int, segment: SegmentReader, field: str, stem: str) -> _Term:
        """Return a term of a field of a segment, by the number of the segment."""
        key = number, field, stem
        term = self._terms.get(key)
        if term is None:
            if len(self._terms) >= _MAX_TERMS:
                self._terms.clear()
            term = self._terms[key] = self._read_term(number, segment, field, stem)
        return term

    def _read_term(self, number: int, segment: SegmentReader, field: str, stem: str) -> _Term:
        found = segment.term_postings(field, STEM, stem)
        if found is None or not len(found.docs):
            return _NO_TERM
        reader, postings = self._reader, found.postings
        positions = postings.positions.part(*postings.position_offsets.bounds(found.term))
        norms = field_norms(reader, self._ranking, field)
        try:
            term = self._native.Term(found.docs, found.freqs, positions, norms, reader.bases[number], reader.docs)
        except ValueError as error:
            raise postings.terms.impossible() from error
        live = segment.live
        return _Term(term, len(found.docs) if live is None else int(np.count_nonzero(live[found.docs])))


def _owned(*arrays: Array) -> int:
    """Return the bytes of those arrays that are no views of a file."""
    return sum(array.nbytes for array in arrays if array.base is None)
