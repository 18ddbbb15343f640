"""Words side by side, as they are typed: which documents have enough of them, and their scores."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter
from typing import Literal

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import cardinality, docs_reaching, to_docs
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, accumulate, contains, is_dense, score_threshold, union
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.proximity import TermPair
from arsearch.index.execution.queries import Mode, Query, ScoredQuery, SearchContext
from arsearch.index.execution.scorers import CachedScorer, Scorer, scorer_for

__all__ = ["FEW_WORDS", "BooleanQuery"]

FEW_WORDS = 4
_MANY = 1 << 17
"""Postings of a query that make it worth while to look for those that cannot matter."""
_FEW = 1 << 12
"""Documents that are all scored, to know what the first must reach."""
_SPARSE = 64
"""Where the rarest word has fewer than one in so many of all documents, they are looked for in the others, one by one."""
_DENSE = 8
"""Where more than one in so many documents may be among the first, all are scored."""
_ROUNDING = 1 + 1e-4
"""Bounds are taken a little wider than they are: scores are sums in 32 bits."""


@dataclass(frozen=True, slots=True)
class BooleanQuery:
    """Words side by side: some required, some excluded, the others wanted as `mode` says.

    With "share" the share of the words that `Ranking.minimum_share` says is enough. `extra` are stop words beside real
    ones: they add to the score and are never needed. `pairs` are neighbouring words; what they add is left to the
    search, which knows how many hits are wanted.
    """

    should: tuple[Query, ...]
    optional: tuple[Query, ...] = ()
    must: tuple[Query, ...] = ()
    must_not: tuple[Query, ...] = ()
    pairs: tuple[TermPair, ...] = ()
    mode: Mode | Literal["share"] = "auto"

    def matches(self, context: SearchContext) -> ScoredDocs:
        return self.result(context, nested=True).matches

    def result(self, context: SearchContext, *, nested: bool = False) -> MatchResult:
        """What it matches. `auto` goes on with part of the words when few articles have them all, but not `nested`."""
        bag = _BooleanScorer(context, self, None if nested else context.first)
        mode = self.mode
        if mode == "auto" and len(bag.should) > FEW_WORDS:
            mode = "share"
        if mode in ("auto", "all"):
            complete = bag.allowed(bag.docs_with_all([*bag.should, *bag.must]))
            if not bag.should or mode == "all" or nested or len(complete) >= context.enough:
                return MatchResult(bag.score_complete(complete), count=len(complete))
            return bag.match_some(1, complete)
        if not bag.should:
            return MatchResult(bag.scored(bag.allowed(bag.docs_with_all(bag.must)), ()))
        least = math.ceil(context.ranking.minimum_share * len(bag.should) - 1e-9) if mode == "share" else 1
        return bag.match_some(least)


@dataclass(slots=True)
class _BooleanScorer:
    """One run of a bag: its parts, looked up. `first` as in `Evaluation`."""

    context: SearchContext
    node: BooleanQuery
    first: tuple[int, float] | None
    must_not: list[Array | None] = field(init=False)
    should: list[Scorer] = field(init=False)
    must: list[Scorer] = field(init=False)
    optional: list[Scorer] = field(init=False)

    def __post_init__(self) -> None:
        # First of all: when time runs out, words may be left out, but nothing is let in that was excluded.
        self.must_not = [self.context.excluded(node) for node in self.node.must_not]
        self.should, self.must, self.optional = (
            [self._scorer(node) for node in nodes] for nodes in (self.node.should, self.node.must, self.node.optional)
        )

    def _scorer(self, node: Query) -> Scorer:
        return (
            scorer_for(self.context, node)
            if isinstance(node, ScoredQuery)
            else CachedScorer(node.matches(self.context), self.context.reader.docs)
        )

    def docs_with_all(self, words: Sequence[Scorer]) -> Array:
        """The documents of every word, rising."""
        if not words:
            everything = self.node.must_not and not self.node.should
            return self.context.reader.all_docs() if everything else NO_DOCS.docs
        first, *others = sorted(words, key=lambda word: word.size)
        if others and first.size > max(_FEW, self.context.reader.docs // _SPARSE):
            return to_docs(reduce(operator.and_, [word.bits() for word in words]))
        docs = first.docs()
        for word in others:
            if len(docs):
                docs = docs[word.contains(docs)]
        return docs

    def allowed(self, docs: Array) -> Array:
        """Those that are neither excluded nor filtered out."""
        for excluded in self.must_not:
            docs = NO_DOCS.docs if excluded is None else docs[~contains(docs, excluded)]
        return docs if self.context.filter_docs is None else docs[contains(docs, self.context.filter_docs)]

    def scored(self, docs: Array, words: Sequence[Scorer]) -> ScoredDocs:
        """The score of documents, from words, required and extra ones."""
        scores = np.zeros(len(docs), np.float32)
        for word in (*words, *self.must, *self.optional):
            scores += word.scores_at(docs)
        return ScoredDocs(docs, scores)

    def match_some(self, least: int, complete: Array | None = None) -> MatchResult:
        """The documents with at least `least` of the words; where others are required, those add only to the score.

        `complete` are those that have them all, if that is known.
        """
        if self.must:
            return MatchResult(self.scored(self.allowed(self.docs_with_all(self.must)), self.should), complete)
        total = self.context.reader.docs
        plain = least < 2 and not self.optional and not self.node.must_not and self.context.filter_docs is None
        if plain and self.first and sum(word.size for word in self.should) > _MANY:
            best = self._top_by_max_score(*self.first, complete)
            if best is not None:
                return best
        parts = [part for word in self.should for part in word.partial_scores() if len(part.docs)]
        if plain and is_dense(parts, total) and all(part.scores.min() > 0 for part in parts):
            return MatchResult(accumulate(parts, total), complete)
        found = union(parts, total)
        docs = found.docs
        if least > 1:
            count = np.zeros(len(docs), np.int64)
            for word in self.should:
                count += word.contains(docs)
            docs = docs[count >= least]
        docs = self.allowed(docs)
        scores = found.scores if len(docs) == len(found.docs) else found.scores[contains(found.docs, docs)]
        for word in self.optional:
            scores = scores + word.scores_at(docs)
        return MatchResult(ScoredDocs(docs, scores), complete)

    def score_complete(self, docs: Array) -> ScoredDocs:
        """The score of documents that have all the words; of many, where only the first are wanted, of those alone."""
        words = [*self.should, *self.must, *self.optional]
        if self.first is None or len(docs) <= _FEW:
            return self.scored(docs, self.should)
        number, slack = self.first
        ahead = self.scored(docs[:: len(docs) // _FEW + 1], self.should).scores
        return _prune(docs, _by_max_score(words), score_threshold(ahead, number) - slack)

    def _top_by_max_score(self, number: int, slack: float, complete: Array | None) -> MatchResult | None:
        """As `having_some(1)`, the `number` first ones and whoever comes near; `None` if these may be too many.

        What the last of them reaches at least is known from some that have the words that say most. No other need be
        looked at but those whose words may say so much (MaxScore: Turtle and Flood, "Query evaluation: strategies and
        optimizations", 1995).
        """
        total = self.context.reader.docs
        if len(self.should) == 1:
            only = self.should[0]
            best = only.top_docs(number, slack)
            return None if best is None else MatchResult(best, complete, only.size)
        words = _by_max_score(self.should)
        bits = [word.bits() for _, word in words]
        if not self.context.budget.in_time():
            return None
        matched = together = reduce(operator.or_, bits)
        for one in bits:
            narrower = together & one
            if cardinality(narrower) >= number:
                together = narrower
        ahead = self.scored(to_docs(together, _FEW), self.should).scores
        need = score_threshold(ahead, number) - slack if len(ahead) >= number else 0.0
        chosen = docs_reaching(bits, [bound for bound, _ in words], need / _ROUNDING)
        if chosen is None or cardinality(chosen) * _DENSE > total:
            return None
        # The complete ones are among the chosen: theirs are all the bounds.
        return MatchResult(_prune(to_docs(chosen), words, need, complete), complete, cardinality(matched))


def _by_max_score(words: Sequence[Scorer]) -> list[tuple[float, Scorer]]:
    """Words that say most go first."""
    return sorted(((word.max_score(), word) for word in words), key=itemgetter(0), reverse=True)


def _prune(
    docs: Array, words: Sequence[tuple[float, Scorer]], need: float, complete: Array | None = None
) -> ScoredDocs:
    """Those of `docs` whose score may be as high as what is needed, and the complete ones; with their scores."""
    left = sum(bound for bound, _ in words)
    scores = np.zeros(len(docs), np.float32)
    for bound, word in words:
        scores += word.scores_at(docs)
        left -= bound
        kept = scores >= need / _ROUNDING - left * _ROUNDING
        if complete is not None:
            kept |= contains(docs, complete)
        docs, scores = docs[kept], scores[kept]
    return ScoredDocs(docs, scores)
