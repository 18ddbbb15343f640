"""Match and score boolean clauses. If only the best documents are needed, skip documents that cannot be among them."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.bitset import Bits, cardinality, docs_reaching, from_docs, from_mask, to_docs, to_mask
from arsearch.index.docsets.scored import (
    NO_DOCS,
    ScoreAccumulator,
    ScoredDocs,
    accumulate,
    contains,
    is_dense,
    score_threshold,
    union,
)
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.evaluation import Evaluated, evaluate, excluded_docs
from arsearch.index.execution.match_result import MatchResult, listed, split
from arsearch.index.execution.max_score import ROUNDING, TopNeed, by_max_score, reaching
from arsearch.index.execution.scorer import Scorer
from arsearch.index.execution.scorers import CachedScorer, scorer_for
from arsearch.search.clauses import BooleanClause, QueryClause, ScoredClause

__all__ = ["match_boolean"]

_MIN_PRUNED_POSTINGS = 1 << 17
"""With fewer postings it is faster to score all documents than to leave some out."""

_SAMPLE = 1 << 12
"""The documents that are scored to estimate the score of the last document needed."""

_SPARSE_SHARE = 64
"""If fewer than one in 64 documents have the rarest word, they are looked up in the postings of the other words."""

_DENSE_SHARE = 8
"""If more than one in 8 documents may be among the best, all are scored."""


def match_boolean(
    context: SearchContext,
    clause: BooleanClause,
    *,
    enough: int | None = None,
    top: TopNeed | None = None,
) -> MatchResult:
    """Return the documents that a boolean clause matches.

    If `minimum_should_match` is "auto" and fewer than `enough` documents are complete, documents with some of the words
    match too; `None` never relaxes it. With `top` the result may hold only the best documents, and counts of all.
    """
    scorer = _BooleanScorer(context, clause, top)
    needed = clause.minimum_should_match
    if needed == "auto" or needed == "all":
        complete = scorer.allowed(scorer.docs_with_all([*scorer.should, *scorer.must]))
        if not scorer.should or needed == "all" or enough is None or len(complete) >= enough:
            return scorer.match_all(complete)
        return scorer.match_some(1, complete)
    return scorer.match_some(needed) if scorer.should else scorer.match_must()


@evaluate.register(BooleanClause)
def _(clause: BooleanClause, context: SearchContext) -> Evaluated:
    result = match_boolean(context, clause)
    matches = result.matches
    return Evaluated(matches, None if len(matches.docs) == result.total_complete else listed(result.complete).docs)


class _BooleanScorer:
    """The scorers of the children of one boolean clause in one execution."""

    __slots__ = ("_clause", "_context", "_must_not", "_related", "_top_need", "must", "optional", "should")

    def __init__(self, context: SearchContext, clause: BooleanClause, top: TopNeed | None) -> None:
        self._context = context
        self._clause = clause
        self._top_need = top
        # First, while there is time: words may be left out, but no excluded document may be let in.
        self._must_not = [excluded_docs(child, context) for child in clause.must_not]
        self.should, self.must, self.optional = (
            [self._scorer(child) for child in children] for children in (clause.should, clause.must, clause.optional)
        )
        self._related = any(word.related for word in (*self.should, *self.must))

    def _scorer(self, clause: QueryClause) -> Scorer:
        if isinstance(clause, ScoredClause):
            return scorer_for(self._context, clause)
        matches, related = evaluate(clause, self._context).split()
        return CachedScorer(matches, self._context.reader.docs, related)

    def docs_with_all(self, words: Sequence[Scorer], loose: bool = False) -> Array:
        """Return the documents that all `words` match, in ascending order; with `loose`, also by their roots.

        Without words these are none, unless the clause only excludes: then all documents.
        """
        if not words:
            only_excludes = self._clause.must_not and not self._clause.should
            return self._context.reader.all_docs() if only_excludes else NO_DOCS.docs
        first, *others = sorted(words, key=lambda word: word.loose_size if loose else word.size)
        if others and (first.loose_size if loose else first.size) > max(
            _SAMPLE, self._context.reader.docs // _SPARSE_SHARE
        ):
            return to_docs(reduce(operator.and_, [word.bits(loose) for word in words]))
        docs = first.docs(loose)
        for word in others:
            if len(docs):
                docs = docs[word.contains(docs, loose)]
        return docs

    def allowed(self, docs: Array) -> Array:
        """Return the documents that are neither excluded nor filtered out."""
        for excluded in self._must_not:
            docs = NO_DOCS.docs if excluded is None else docs[~contains(docs, excluded)]
        return docs if self._context.allowed is None else docs[contains(docs, self._context.allowed)]

    def _allowed_bits(self, bits: Bits) -> Bits:
        """Return the documents that are neither excluded nor filtered out, as bits."""
        total = self._context.reader.docs
        for excluded in self._must_not:
            bits = np.zeros_like(bits) if excluded is None else bits & ~from_docs(excluded, total)
        return bits if self._context.allowed is None else bits & from_docs(self._context.allowed, total)

    def scored(self, docs: Array, words: Sequence[Scorer], loose: bool = True) -> ScoredDocs:
        """Return `docs` with their scores from `words`, the `must` clauses and the optional ones.

        Without `loose` all of `docs` have all words completely.
        """
        scores = np.zeros(len(docs), np.float32)
        for word in (*words, *self.must, *self.optional):
            scores += word.scores_at(docs, loose)
        return ScoredDocs(docs, scores)

    def match_all(self, complete: Array) -> MatchResult:
        """Return the documents with all words, also by their roots; `complete` has the complete ones."""
        best = self._score_complete(complete)
        if not self._related:
            return MatchResult(best, complete_count=len(complete))
        bits = self._allowed_bits(reduce(operator.and_, [word.bits(loose=True) for word in (*self.should, *self.must)]))
        rest_count = cardinality(bits) - len(complete)

        def score_rest() -> ScoredDocs:
            docs = to_docs(bits)
            return self.scored(docs[~contains(docs, complete)], self.should)

        return MatchResult(best, score_rest, complete_count=len(complete), rest_count=rest_count)

    def match_must(self, complete: Array | None = None) -> MatchResult:
        """Return the documents with all `must` clauses; `should` words only add scores.

        `complete` are the complete documents, `None` for the documents that have all `must` clauses completely.
        """
        docs = self.allowed(self.docs_with_all(self.must, loose=True))
        if complete is None and any(word.related for word in self.must):
            complete = self.allowed(self.docs_with_all(self.must))
        return split(self.scored(docs, self.should), complete)

    def match_some(self, minimum: int, complete: Array | None = None) -> MatchResult:
        """Return the documents with at least `minimum` of the `should` words. With `must` clauses, words only add scores.

        `complete` are the complete documents; with `None`, a document is complete if it has `minimum` words without roots.
        """
        if self.must:
            return self.match_must(complete)
        if minimum < 2 and self._top_need and self._is_unconditional():
            best = self._prune_by_max_score(self._top_need, complete)
            if best is not None:
                return best
        if len(self.should) == 1 and self._is_unconditional():
            return self._match_word(self.should[0])
        total, parts = self._context.reader.docs, self._partial_scores()
        if minimum < 2 and is_dense(parts, total) and all(word.positive for word in self.should):
            return self._match_dense(accumulate(parts, total), complete)
        matches = union(parts, total)
        docs = self.allowed(self._with_at_least(minimum, matches.docs, loose=True))
        scores = matches.scores if len(docs) == len(matches.docs) else matches.scores[contains(matches.docs, docs)]
        for word in self.optional:
            scores = scores + word.scores_at(docs)
        if complete is None and self._related:
            complete = self._with_at_least(minimum, docs)
        return split(ScoredDocs(docs, scores), complete)

    def _is_unconditional(self) -> bool:
        """Tell whether the words alone decide: nothing is excluded, filtered out or added to the scores."""
        return not self.optional and not self._clause.must_not and self._context.allowed is None

    def _match_word(self, word: Scorer) -> MatchResult:
        """Return the documents of a single word."""
        complete = word.matches()
        if not word.related:
            return MatchResult(complete)
        rest_count = cardinality(word.bits(loose=True)) - len(complete.docs)
        return MatchResult(complete, word.related_matches, rest_count=rest_count)

    def _match_dense(self, found: ScoreAccumulator, complete: Array | None) -> MatchResult:
        """Return the documents with any word, from the sums of the words' scores. Only these may get optional scores."""
        scores, every, total = found.scores, found.count, self._context.reader.docs
        if self._clause.must_not or self._context.allowed is not None:
            scores = scores * to_mask(self._allowed_bits(from_mask(scores > 0)), total)
            every = int(np.count_nonzero(scores))
        if complete is not None:
            best = self._with_optional(ScoredDocs(complete, scores[complete]))
            scores[complete] = 0
            count = len(complete)
            return MatchResult(best, lambda: self._best(scores, count), rest_count=every - count)
        if not self._related:
            return MatchResult(self._best(scores), complete_count=every)
        first = scores * to_mask(reduce(operator.or_, [word.bits() for word in self.should]), total)
        count = int(np.count_nonzero(first))
        return MatchResult(
            self._best(first),
            lambda: self._best(scores - first, count),
            complete_count=count,
            rest_count=every - count,
        )

    def _best(self, scores: Array, before: int = 0) -> ScoredDocs:
        """Return the documents with scores above 0 and their optional scores; perhaps only the best.

        `before` documents come before them.
        """
        least = 0.0
        if self._top_need is not None:
            slack = self._top_need.slack + sum(word.max_score() for word in self.optional)
            number = max(self._top_need.number - before, 1)
            least = score_threshold(scores, number) / ROUNDING - slack * ROUNDING
        docs = (scores >= least if least > 0 else scores > 0).nonzero()[0]
        return self._with_optional(ScoredDocs(docs, scores.take(docs)))

    def _with_optional(self, matches: ScoredDocs) -> ScoredDocs:
        scores = matches.scores
        for word in self.optional:
            scores = scores + word.scores_at(matches.docs)
        return ScoredDocs(matches.docs, scores)

    def _partial_scores(self) -> list[ScoredDocs]:
        return [part for word in self.should for part in word.partial_scores() if len(part.docs)]

    def _with_at_least(self, minimum: int, docs: Array, loose: bool = False) -> Array:
        """Return the documents of `docs` with at least `minimum` words; with `loose`, also by their roots.

        Each of `docs` has a word, if only by its root.
        """
        if minimum < 2 and (loose or not self._related):
            return docs
        count = np.zeros(len(docs), np.int64)
        for word in self.should:
            count += word.contains(docs, loose)
        return docs[count >= minimum]

    def _score_complete(self, docs: Array) -> ScoredDocs:
        """Return the scores of `docs`, which have all words. If only the best are needed, leave out some of the others."""
        words = [*self.should, *self.must, *self.optional]
        if self._top_need is None or len(docs) <= _SAMPLE:
            return self.scored(docs, self.should, loose=False)
        sample = self.scored(docs[:: len(docs) // _SAMPLE + 1], self.should).scores
        # A sample with too few documents says nothing about the last of the best.
        top = self._top_need
        threshold = score_threshold(sample, top.number) - top.slack if len(sample) >= top.number else 0.0
        return reaching(docs, by_max_score(words), threshold)

    def _prune_by_max_score(self, top: TopNeed, complete: Array | None) -> MatchResult | None:
        """Return the best documents of `match_some(1)` where the words alone decide; `None` if it is faster to score all.

        A sample of documents with the words of the highest bounds gives a threshold that the last of the best reaches.
        Only documents are scored whose words have bounds that add up to the threshold (see `max_score`).
        """
        if sum(word.loose_size for word in self.should) <= _MIN_PRUNED_POSTINGS:
            return None
        total = self._context.reader.docs
        words = by_max_score(self.should)
        loose = [word.bits(loose=True) for _, word in words]
        # The documents among which the best are looked for: the complete ones if they are enough for the page.
        among = (
            None if complete is not None or not self._related else reduce(operator.or_, [w.bits() for _, w in words])
        )
        if not self._context.budget.in_time() or (among is not None and cardinality(among) < top.number):
            return None
        matched = reduce(operator.or_, loose)
        found = cardinality(matched)
        if among is None:
            counts = (found - len(complete), len(complete)) if complete is not None else (0, found)
        else:
            counts = (found - cardinality(among), cardinality(among))
            loose = [bits & among for bits in loose]
        if len(self.should) == 1:
            if counts[0] and counts[1] < top.number:
                return None
            best = self.should[0].top_docs(top.number, top.slack)
            return None if best is None else MatchResult(best, complete_count=counts[1], rest_count=counts[0])
        sampled = matched if among is None else among
        for word_bits in loose:
            narrower = sampled & word_bits
            if cardinality(narrower) >= top.number:
                sampled = narrower
        sample = self.scored(to_docs(sampled, _SAMPLE), self.should).scores
        threshold = score_threshold(sample, top.number) - top.slack if len(sample) >= top.number else 0.0
        chosen = docs_reaching(loose, [bound for bound, _ in words], threshold / ROUNDING)
        if chosen is None or cardinality(chosen) * _DENSE_SHARE > total:
            return None
        # Documents with all words are among the chosen, for their bounds add up to the most.
        result = split(reaching(to_docs(chosen), words, threshold, complete), complete)
        return MatchResult(result.complete, lambda: result.rest, complete_count=counts[1], rest_count=counts[0])
