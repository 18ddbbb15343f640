"""Make the words and pairs of plans into objects of the extension, and keep them for later searches."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from arsearch.errors import CorruptIndexError
from arsearch.index.compiled.commits import CompiledCommits
from arsearch.index.execution.bm25f import field_norms
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.scorers import levels_of
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import STEM
from arsearch.search.clauses import PhraseClause, RootClause, ScoredClause, TermClause, TermsClause, UnionClause
from arsearch.search.ranking import Ranking, idf
from arsearch.search.signals import ProximitySignal, TermPair

__all__ = ["Pairs", "WordCache"]

_CACHE_BYTES = 32 << 20
_OBJECT_BYTES = 1500
"""The memory of the cache, and of a word or pair in it besides copies of arrays; most arrays are views of the file."""


class Pairs(NamedTuple):
    """The pairs of a query: the weight, the distance and the terms of each, and the most that all add to a score."""

    pairs: tuple[tuple[float, int, tuple[tuple[Any, Any], ...]], ...]
    bound: float


class WordCache:
    """Makes objects of the extension `native` for one commit and ranking. Threads may share it."""

    def __init__(self, native: Any, commits: CompiledCommits, reader: IndexReader, ranking: Ranking) -> None:
        self._native = native
        self._commits = commits
        self._reader = reader
        self._ranking = ranking
        self._kept: ClockCache[Any] = ClockCache(_CACHE_BYTES)

    def word(self, context: SearchContext, clause: ScoredClause) -> Any:
        """Return the word of a clause; `None` if time ran out, or if a document may score 0."""
        key = clause.key
        word = self._kept.get(key)
        if word is not None:
            return word
        if not context.budget.in_time():
            return None
        commit = self._commits.of(clause.fields)
        if commit is None:
            return None
        truncated = len(context.budget.truncated)
        levels = clause.levels
        if not all(type(level) is TermsClause or type(level) is RootClause for _, level in levels):  # few words
            levels = tuple((weight, self._source(context, level, clause.fields)) for weight, level in levels)
        try:
            word = commit.word(levels, clause.related)
        except ValueError:
            word = None  # the array operations name a damaged file, and look up phrases of frequent words until the deadline
        if word is None:
            word = self._word_of_lists(context, clause)
        if context.budget.timed_out:
            return None
        if word is not None and len(context.budget.truncated) == truncated:
            self._keep(key, word)
        return word

    def _source(self, context: SearchContext, level: TermClause, fields: tuple[str, ...]) -> Any:
        """Return a level as `_native.Commit.word` takes it: clauses of terms, or the lists of other clauses."""
        clauses = level.clauses if isinstance(level, UnionClause) else (level,)
        sources = tuple(_terms_of(clause) for clause in clauses)
        if None in sources:
            return list(self._lists(context, level, fields))
        return sources[0] if len(sources) == 1 else ("any", "", sources)

    def _word_of_lists(self, context: SearchContext, clause: ScoredClause) -> Any:
        """Return a word whose postings are all looked up here; `None` if a document may score 0."""
        levels, related = levels_of(self._reader, clause)
        lists = tuple((weight, self._lists(context, level, clause.fields)) for weight, level in levels)
        if min(weight for weight, _ in lists) <= 0:
            return None
        return self._native.Word(lists, related, self._ranking.k1, self._reader.count, self._reader.docs)

    def _keep(self, key: tuple[object, ...], word: Any) -> None:
        """Keep a word; if it has many arrays besides views of the file, only if it occurred before."""
        size = _OBJECT_BYTES + word.copied
        if size < 2 * _OBJECT_BYTES or self._kept.should_admit(key, size):
            self._kept.put(key, word, size)

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
        commit = self._commits.of(pair.fields)
        if commit is None:
            return 0.0, ()
        try:
            rarer, terms = commit.pair(pair.first, pair.second)
        except ValueError as error:
            raise self._damage(pair) from error
        return (idf(rarer, self._reader.count), terms) if rarer else (0.0, ())

    def _damage(self, pair: TermPair) -> CorruptIndexError:
        """Return the error to raise for a pair with impossible postings; it names their file."""
        for segment in self._reader.segments:
            for field in pair.fields:
                for stem in (pair.first, pair.second):
                    found = segment.term_postings(field, STEM, stem)
                    if found is not None:
                        found.postings.occurrences(found.term)
        return self._reader.segments[0].file.corrupt("has impossible postings")


def _terms_of(clause: TermClause) -> tuple[Any, ...] | None:
    """Return a clause of terms, of a root or of a phrase without slop as `_native.Commit.word` takes it; else `None`."""
    if isinstance(clause, (TermsClause, RootClause)):
        return clause
    if (
        isinstance(clause, PhraseClause)
        and not clause.slop
        and all(type(own) is TermsClause for _, own in clause.parts)
    ):
        return "phrase", clause.parts
    return None
