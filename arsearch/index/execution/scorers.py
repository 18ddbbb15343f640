"""The scorers of scored clauses.

The cache keeps the scores of a clause that occurs in several searches. It keeps them as a list if few documents match, as a
bit set if many do. The scorer of any other clause reads postings, and only the postings that a search needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits, RankedBitSet, empty_mask, from_docs, from_mask, to_docs
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, locate, score_threshold, union
from arsearch.index.execution.bm25f import LevelScorer
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.root_scorer import level_scorer
from arsearch.index.execution.scorer import Scorer
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import STEM
from arsearch.search.clauses import RootClause, ScoredClause, TermClause, TermsClause, UnionClause

__all__ = ["CachedScorer", "levels_of", "scorer_for"]

_DOCUMENT_BYTES = 8
"""The memory of a document and its score in a list."""

_BITS_SHARE = 32
_MIN_BITS_DOCS = 1 << 14
"""A bit set is used for more than 16,384 documents that are more than one in 32 of all."""


class CachedScorer:
    """The matching documents and their scores, as lists."""

    __slots__ = ("_loose_bits", "_matches", "_related", "_total", "positive", "related", "size")

    def __init__(self, matches: ScoredDocs, total: int, related: ScoredDocs = NO_DOCS) -> None:
        """Keep the complete `matches` and the `related` documents; the index has `total` documents."""
        self._matches = matches
        self._related = related
        self._total = total
        self._loose_bits: Bits | None = None
        self.related = len(related.docs) > 0
        self.positive = all(len(part.docs) == 0 or bool(part.scores.min() > 0) for part in (matches, related))
        self.size = len(matches.docs)

    @property
    def loose_size(self) -> int:
        return self.size + len(self._related.docs)

    @property
    def bytes(self) -> int:
        """The memory of the lists."""
        return sum(values.nbytes for values in (*self._matches, *self._related))

    def _complete_docs(self) -> Array:
        return self._matches.docs

    def _complete_bits(self) -> Bits:
        return from_docs(self._matches.docs, self._total)

    def _complete_contains(self, docs: Array) -> Array:
        return contains(docs, self._matches.docs)

    def docs(self, loose: bool = False) -> Array:
        return to_docs(self.bits(loose=True)) if loose and self.related else self._complete_docs()

    def bits(self, loose: bool = False) -> Bits:
        if not loose or not self.related:
            return self._complete_bits()
        if self._loose_bits is None:
            self._loose_bits = self._complete_bits() | from_docs(self._related.docs, self._total)
        return self._loose_bits

    def contains(self, docs: Array, loose: bool = False) -> Array:
        inside = self._complete_contains(docs)
        return inside | contains(docs, self._related.docs) if loose and self.related else inside

    def matches(self) -> ScoredDocs:
        return self._matches

    def related_matches(self) -> ScoredDocs:
        return self._related

    def partial_scores(self) -> list[ScoredDocs]:
        return [self.matches(), self._related] if self.related else [self.matches()]

    def scores_at(self, docs: Array, loose: bool = True) -> Array:
        scores = self._complete_scores_at(docs)
        return scores + _scores_at(self._related, docs) if loose and self.related else scores

    def _complete_scores_at(self, docs: Array) -> Array:
        return _scores_at(self._matches, docs)

    def max_score(self) -> float:
        return max(float(part.scores.max(initial=0)) for part in (self._matches, self._related))

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:  # noqa: ARG002
        return self._matches


def _scores_at(matches: ScoredDocs, docs: Array) -> Array:
    if not len(matches.docs):
        return np.zeros(len(docs), np.float32)
    at, inside = locate(docs, matches.docs)
    scores: Array = matches.scores.take(at, mode="clip") * inside
    return scores


class _BitSetScorer(CachedScorer):
    """The complete documents as a bit set, and their scores; related documents as a list."""

    __slots__ = ("_bits", "_max_score", "_scores")

    def __init__(self, matches: ScoredDocs, total: int, related: ScoredDocs = NO_DOCS) -> None:
        super().__init__(NO_DOCS, total, related)
        self.positive = self.positive and bool(matches.scores.min(initial=1) > 0)
        self._bits = RankedBitSet(from_docs(matches.docs, total))
        self._scores = np.concatenate((np.zeros(1, np.float32), matches.scores))
        self._max_score = max(float(self._scores.max()), super().max_score())
        self.size = len(matches.docs)

    def _complete_docs(self) -> Array:
        return to_docs(self._bits.bits)

    def _complete_bits(self) -> Bits:
        return self._bits.bits

    def _complete_contains(self, docs: Array) -> Array:
        return self._bits.contains(docs)

    def matches(self) -> ScoredDocs:
        return ScoredDocs(self._complete_docs(), self._scores[1:])

    def _complete_scores_at(self, docs: Array) -> Array:
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

    __slots__ = ("_levels", "_total", "related", "size")

    def __init__(self, context: SearchContext, clause: ScoredClause) -> None:
        levels, self.related = levels_of(context.reader, clause) if context.budget.in_time() else ([], False)
        self._levels = [level_scorer(context, level, clause.fields, weight) for weight, level in levels]
        self._total = context.reader.docs
        self.size = self._level().size if levels else 0

    @property
    def positive(self) -> bool:
        return all(level.positive for level in self._levels)

    def _level(self, loose: bool = False) -> LevelScorer:
        """Return the level whose documents are the complete ones, or all if `loose`."""
        return self._levels[-2 if self.related and not loose else -1]

    @property
    def loose_size(self) -> int:
        return max((level.size for level in self._levels[-2:]), default=0)

    def docs(self, loose: bool = False) -> Array:
        return self._level(loose).docs() if self._levels else NO_DOCS.docs

    def bits(self, loose: bool = False) -> Bits:
        mask = empty_mask(self._total)
        if self._levels:
            self._level(loose).mark_docs(mask)
        return from_mask(mask)

    def contains(self, docs: Array, loose: bool = False) -> Array:
        return self._level(loose).contains(docs) if self._levels else np.zeros(len(docs), bool)

    def matches(self) -> ScoredDocs:
        strict = self._levels[:-1] if self.related else self._levels
        docs, scores = union([part for level in strict for part in level.score_all(self._total)], self._total)
        return ScoredDocs(docs, scores + self._levels[-1].scores_at(docs)) if self.related else ScoredDocs(docs, scores)

    def related_matches(self) -> ScoredDocs:
        if not self.related:
            return NO_DOCS
        docs, scores = union(self._levels[-1].score_all(self._total), self._total)
        others = ~self.contains(docs)
        return ScoredDocs(docs[others], scores[others])

    def split(self) -> tuple[ScoredDocs, ScoredDocs]:
        """Return `matches` and `related_matches`; all documents of the root are scored once for both."""
        if not self.related:
            return self.matches(), NO_DOCS
        total = self._total
        docs, scores = union([part for level in self._levels[:-1] for part in level.score_all(total)], total)
        root_docs, root_scores = union(self._levels[-1].score_all(total), total)
        complete = contains(root_docs, docs)  # the levels are nested: the root has all of `docs`
        return (
            ScoredDocs(docs, scores + root_scores[complete]),
            ScoredDocs(root_docs[~complete], root_scores[~complete]),
        )

    def partial_scores(self) -> list[ScoredDocs]:
        return [part for level in self._levels for part in level.score_all(self._total)]

    def scores_at(self, docs: Array, loose: bool = True) -> Array:  # noqa: ARG002
        scores = np.zeros(len(docs), np.float32)
        for level in self._levels:
            scores += level.scores_at(docs)
        return scores

    def max_score(self) -> float:
        return sum(level.max_score() for level in self._levels)

    def top_docs(self, number: int, slack: float) -> ScoredDocs | None:  # noqa: ARG002
        return None


def levels_of(reader: IndexReader, clause: ScoredClause) -> tuple[Sequence[tuple[float, TermClause]], bool]:
    """Return the levels of a clause, and whether there may be related documents.

    If a stem is alone in its family, the root level is the stem level: the two become one level, which is read once. Where
    other indexes are scored too, one of them may have other words of the family, and the levels stay apart.
    """
    if not clause.related:
        return clause.levels, False
    *strict, (weight, root) = clause.levels
    alone = _alone(reader, root) if reader.collection is None else None
    if alone is None:
        return clause.levels, True
    last_weight, last = strict[-1]
    if alone == last:
        return [*strict[:-1], (last_weight + weight, last)], False
    return [*strict, (weight, alone)], True


def _alone(reader: IndexReader, root: TermClause) -> TermClause | None:
    """Return a clause of stems that matches the same as a root level; `None` if the root has a family."""
    if isinstance(root, RootClause):
        return TermsClause(STEM, (root.stem,)) if reader.family(root.stem).alone else None
    if isinstance(root, UnionClause):
        first = _alone(reader, root.clauses[0])
        return None if first is None else UnionClause((first, *root.clauses[1:]))  # type: ignore[arg-type]
    return None


def scorer_for(context: SearchContext, clause: ScoredClause, *, keep: bool = False) -> Scorer:
    """Return the scorer of a clause, from the cache if it is there.

    The scores of a clause that occurred before, or is to be kept, are added to the cache, if they are exact and small
    enough.
    """
    key = clause.key
    cached = context.cache.get(key)
    if cached is not None:
        return cached
    truncated, total = len(context.budget.truncated), context.reader.docs
    scorer = _PostingsScorer(context, clause)
    as_bits = scorer.size > max(_MIN_BITS_DOCS, total // _BITS_SHARE)
    related = scorer.loose_size if scorer.related else 0
    size = scorer.size * 4 + RankedBitSet.bytes(total) if as_bits else scorer.size * _DOCUMENT_BYTES
    size += related * _DOCUMENT_BYTES + (total // 8 if related else 0)
    exact = not context.budget.timed_out and len(context.budget.truncated) == truncated
    if not (exact and (context.cache.should_admit(key, size) or (keep and context.cache.may_hold(size)))):
        return scorer
    complete, others = (ScoredDocs(docs.astype(np.uint32), scores) for docs, scores in scorer.split())
    scored = (_BitSetScorer if as_bits else CachedScorer)(complete, total, others)
    context.cache.put(key, scored, size)
    return scored
