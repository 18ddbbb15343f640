"""The scorers of scored clauses.

The cache keeps the scores of a clause that occurs in several searches. It keeps them as a list if few documents match, as a
bit set if many do. The scorer of any other clause reads postings, and only the postings that a search needs.
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits, RankedBitSet, from_docs, from_mask, to_docs
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, locate, score_threshold, union
from arsearch.index.execution.bm25f import BM25FScorer
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.scorer import Scorer
from arsearch.search.clauses import ScoredClause

__all__ = ["CachedScorer", "scorer_for"]

_DOCUMENT_BYTES = 8
"""The memory of a document and its score in a list."""

_BITS_SHARE = 32
_MIN_BITS_DOCS = 1 << 14
"""A bit set is used for more than 16,384 documents that are more than one in 32 of all."""


class CachedScorer:
    """The matching documents and their scores, as a list."""

    __slots__ = ("_matches", "_total", "size")

    def __init__(self, matches: ScoredDocs, total: int) -> None:
        """Keep `matches`; the index has `total` documents."""
        self._matches = matches
        self._total = total
        self.size = len(matches.docs)

    @property
    def bytes(self) -> int:
        """The memory of the list."""
        return self._matches.docs.nbytes + self._matches.scores.nbytes

    def docs(self) -> Array:
        return self._matches.docs

    def bits(self) -> Bits:
        return from_docs(self._matches.docs, self._total)

    def contains(self, docs: Array) -> Array:
        return contains(docs, self._matches.docs)

    def partial_scores(self) -> list[ScoredDocs]:
        return [self._matches]

    def scores_at(self, docs: Array) -> Array:
        if not self.size:
            return np.zeros(len(docs), np.float32)
        at, inside = locate(docs, self._matches.docs)
        scores: Array = self._matches.scores.take(at, mode="clip") * inside
        return scores

    def max_score(self) -> float:
        return float(self._matches.scores.max(initial=0))

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:  # noqa: ARG002
        return self._matches


class _BitSetScorer:
    """The matching documents as a bit set, and their scores."""

    __slots__ = ("_bits", "_max_score", "_scores", "size")

    def __init__(self, matches: ScoredDocs, total: int) -> None:
        self._bits = RankedBitSet(from_docs(matches.docs, total))
        self._scores = np.concatenate((np.zeros(1, np.float32), matches.scores))
        self._max_score = float(self._scores.max())
        self.size = len(matches.docs)

    def docs(self) -> Array:
        return to_docs(self._bits.bits)

    def bits(self) -> Bits:
        return self._bits.bits

    def contains(self, docs: Array) -> Array:
        return self._bits.contains(docs)

    def partial_scores(self) -> list[ScoredDocs]:
        return [ScoredDocs(self.docs(), self._scores[1:])]

    def scores_at(self, docs: Array) -> Array:
        scores: Array = self._scores.take(self._bits.ranks(docs))
        return scores

    def max_score(self) -> float:
        return self._max_score

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:
        scores = self._scores[1:]
        first = (scores >= score_threshold(scores, number) - slack).nonzero()[0]
        return ScoredDocs(self._bits.select(first + 1), scores[first])


class _PostingsScorer:
    """The levels of a clause, read from postings. It matches no document if time has run out."""

    __slots__ = ("_levels", "_total", "size")

    def __init__(self, context: SearchContext, clause: ScoredClause) -> None:
        levels = clause.levels if context.budget.in_time() else ()
        self._levels = [BM25FScorer(context, level, clause.fields, weight) for weight, level in levels]
        self._total = context.reader.docs
        self.size = self._levels[-1].size if levels else 0

    def docs(self) -> Array:
        return self._levels[-1].docs() if self._levels else NO_DOCS.docs

    def bits(self) -> Bits:
        mask = np.zeros(self._total, bool)
        if self._levels:
            self._levels[-1].mark_docs(mask)
        return from_mask(mask)

    def contains(self, docs: Array) -> Array:
        return self._levels[-1].contains(docs) if self._levels else np.zeros(len(docs), bool)

    def partial_scores(self) -> list[ScoredDocs]:
        return [part for level in self._levels for part in level.score_all(self._total)]

    def scores_at(self, docs: Array) -> Array:
        scores = np.zeros(len(docs), np.float32)
        for level in self._levels:
            scores += level.scores_at(docs)
        return scores

    def max_score(self) -> float:
        return sum(level.max_score() for level in self._levels)

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:  # noqa: ARG002
        return None


def scorer_for(context: SearchContext, clause: ScoredClause, *, keep: bool = False) -> Scorer:
    """Return the scorer of a clause, from the cache if it is there.

    The scores of a clause that occurred before, or is to be kept, are added to the cache, if they are exact and small
    enough.
    """
    cached = context.cache.get(clause)
    if cached is not None:
        return cached
    truncated, total = len(context.budget.truncated), context.reader.docs
    scorer = _PostingsScorer(context, clause)
    as_bits = scorer.size > max(_MIN_BITS_DOCS, total // _BITS_SHARE)
    size = scorer.size * 4 + RankedBitSet.bytes(total) if as_bits else scorer.size * _DOCUMENT_BYTES
    exact = not context.budget.timed_out and len(context.budget.truncated) == truncated
    if not (exact and (context.cache.should_admit(clause, size) or (keep and context.cache.may_hold(size)))):
        return scorer
    docs, scores = union(scorer.partial_scores(), total)
    matches = ScoredDocs(docs.astype(np.uint32), scores)
    scored: Scorer = _BitSetScorer(matches, total) if as_bits else CachedScorer(matches, total)
    context.cache.put(clause, scored, size)
    return scored
