"""A word or another part of a query, looked up: its documents and what it scores in them.

What was asked for before is kept from search to search, with its scores added up: as a list where its documents are few
among all, else as bits. All else is read from the posting lists when it is asked for, and no further than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits, RankedBitSet, from_docs, from_mask, to_docs
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, locate, score_threshold, union
from arsearch.index.execution.bm25f import BM25FScorer

if TYPE_CHECKING:
    from arsearch.index.execution.queries import ScoredQuery, SearchContext

__all__ = ["CachedScorer", "Scorer", "scorer_for"]

_DOCUMENT_BYTES = 8
"""What a document and its score take in memory."""

_PACKED = 32
_PACKED_LEAST = 1 << 14
"""More documents than that, and than one in so many, are kept as bits."""


class Scorer(Protocol):
    """A part of a query, looked up: scored in all its documents, or in given ones."""

    @property
    def size(self) -> int:
        """About how many documents it has."""

    def docs(self) -> Array:
        """Its documents, rising."""

    def bits(self) -> Bits:
        """Its documents as bits."""

    def contains(self, docs: Array) -> Array:
        """Which of `docs`, rising, it matches."""

    def partial_scores(self) -> list[ScoredDocs]:
        """Scores whose sum is its score."""

    def scores_at(self, docs: Array) -> Array:
        """Its score in each of `docs`, rising; 0 in those it does not match."""

    def max_score(self) -> float:
        """No document scores more."""

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:
        """The first ones, and whoever comes as near to the last of them as `slack`; `None` if all are as quick to add up."""


class CachedScorer:
    """All its documents and scores, in a list."""

    __slots__ = ("_matches", "_total", "size")

    def __init__(self, matches: ScoredDocs, total: int) -> None:
        """`total` is how many documents there are."""
        self._matches = matches
        self._total = total
        self.size = len(matches.docs)

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
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
    """All its documents and scores, as bits."""

    __slots__ = ("_bitmap", "_bound", "_scores", "size")

    def __init__(self, matches: ScoredDocs, total: int) -> None:
        self._bitmap = RankedBitSet(from_docs(matches.docs, total))
        self._scores = np.concatenate((np.zeros(1, np.float32), matches.scores))
        self._bound = float(self._scores.max())
        self.size = len(matches.docs)

    def docs(self) -> Array:
        return to_docs(self._bitmap.bits)

    def bits(self) -> Bits:
        return self._bitmap.bits

    def contains(self, docs: Array) -> Array:
        return self._bitmap.contains(docs)

    def partial_scores(self) -> list[ScoredDocs]:
        return [ScoredDocs(self.docs(), self._scores[1:])]

    def scores_at(self, docs: Array) -> Array:
        scores: Array = self._scores.take(self._bitmap.ranks(docs))
        return scores

    def max_score(self) -> float:
        return self._bound

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:
        scores = self._scores[1:]
        first = (scores >= score_threshold(scores, number) - slack).nonzero()[0]
        return ScoredDocs(self._bitmap.select(first + 1), scores[first])


class _PostingsScorer:
    """The levels of a leaf, in posting lists; nothing if time ran out."""

    __slots__ = ("_scored", "_total", "size")

    def __init__(self, context: SearchContext, leaf: ScoredQuery) -> None:
        finds = leaf.sources if context.budget.in_time() else ()
        self._scored = [
            BM25FScorer(context.reader, context.ranking, find, leaf.fields, weight, context.budget)
            for weight, find in finds
        ]
        self._total = context.reader.docs
        self.size = self._scored[-1].size if finds else 0

    def docs(self) -> Array:
        return self._scored[-1].docs() if self._scored else NO_DOCS.docs

    def bits(self) -> Bits:
        there = np.zeros(self._total, bool)
        if self._scored:
            self._scored[-1].mark(there)
        return from_mask(there)

    def contains(self, docs: Array) -> Array:
        return self._scored[-1].contains(docs) if self._scored else np.zeros(len(docs), bool)

    def partial_scores(self) -> list[ScoredDocs]:
        return [part for scored in self._scored for part in scored.score_all(self._total)]

    def scores_at(self, docs: Array) -> Array:
        scores = np.zeros(len(docs), np.float32)
        for scored in self._scored:
            scores += scored.scores_at(docs)
        return scores

    def max_score(self) -> float:
        return sum(scored.max_score() for scored in self._scored)

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:  # noqa: ARG002
        return None


def scorer_for(context: SearchContext, leaf: ScoredQuery) -> Scorer:
    """A leaf, from memory if it is there; put there if it is small enough, when it is asked for again."""
    known = context.cache.get(leaf)
    if known is not None:
        return known
    cut, total = len(context.budget.truncated), context.reader.docs
    word = _PostingsScorer(context, leaf)
    packed = word.size > max(_PACKED_LEAST, total // _PACKED)
    size = word.size * 4 + RankedBitSet.bytes(total) if packed else word.size * _DOCUMENT_BYTES
    exact = not context.budget.timed_out and len(context.budget.truncated) == cut
    if not (exact and context.cache.should_admit(leaf, size)):
        return word
    docs, scores = union(word.partial_scores(), total)
    found = ScoredDocs(docs.astype(np.uint32), scores)
    kept: Scorer = _BitSetScorer(found, total) if packed else CachedScorer(found, total)
    context.cache.put(leaf, kept, size)
    return kept
