"""The view of one commit of an embedded index: it executes plans and returns raw hits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.concurrency import cached_property
from arsearch.index.codec.array_file import Array
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.filters import allowed_docs
from arsearch.index.execution.scorer import Scorer
from arsearch.index.execution.scorers import scorer_for
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.budget import SearchBudget, budget_until
from arsearch.index.reader.cache import ClockCache
from arsearch.index.reader.read_ahead import ReadAhead
from arsearch.index.reader.snapshot import IndexReader
from arsearch.kernel import native
from arsearch.minhash import near_duplicates
from arsearch.model import Answers, Article
from arsearch.model.schema import STEM, Schema
from arsearch.search.backend import Matched, RawHit, Spellings
from arsearch.search.clauses import BooleanClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import PageRequest
from arsearch.search.statistics import StatisticsKey, TermKey
from arsearch.snippets import Highlighter

if TYPE_CHECKING:
    from arsearch.index.compiled.pages import BestDocs, CompiledPages
    from arsearch.index.execution.match_result import MatchResult
    from arsearch.index.execution.max_score import TopNeed
    from arsearch.index.execution.score_explainer import PlanExplainer
    from arsearch.index.execution.top_docs import TopDocs
    from arsearch.index.matching.text_cache import TextCache
    from arsearch.model import Correction, Stats, Suggestion
    from arsearch.search.occurrences.view import Counted, Matching
    from arsearch.snippets.columns import MatchColumns

__all__ = ["EmbeddedView", "match_plan"]

_CACHE_SHARE = 12
_MIN_CACHE_BYTES = 64 << 20
_MAX_CACHE_BYTES = 384 << 20
"""The memory of the cache of scorers: a twelfth of the index, within these bounds."""

_TEXT_CACHE_BYTES = 64 << 20
"""The memory of long texts that are prepared for marks: two of 10 MB."""


class EmbeddedView:
    """One commit of an embedded index. Threads may share it."""

    def __init__(
        self,
        reader: IndexReader,
        analyzer: ArabicAnalyzer,
        ranking: Ranking,
        forms: dict[str, Form] | None = None,
    ) -> None:
        self.reader = reader
        self.analyzer = analyzer
        self.ranking = ranking
        self._cache = self._new_cache()
        self._compiled: CompiledPages | None = None
        self._knows_extension = False
        self._stats: Stats | None = None
        self.forms: dict[str, Form] = {} if forms is None else forms
        """The analyses of words that suggestions have met; views with the same analyzer may share them."""

    def forget_scores(self) -> None:
        """Empty the caches of scorers and postings, so that the next searches read postings."""
        self._cache = self._new_cache()
        self.reader.forget_postings()
        self._knows_extension = False

    @property
    def compiled(self) -> CompiledPages | None:
        """Searches of words by the extension; `None` without it. The first call looks for the extension."""
        if not self._knows_extension:
            extension = native()
            if extension is not None:
                from arsearch.index.compiled.pages import CompiledPages  # without the extension nothing needs it

                self._compiled = CompiledPages(extension, self.reader, self.ranking)
            self._knows_extension = True
        return self._compiled

    def _new_cache(self) -> ClockCache[Scorer]:
        share = sum(segment.file.size for segment in self.reader.segments) // _CACHE_SHARE
        return ClockCache(min(max(_MIN_CACHE_BYTES, share), _MAX_CACHE_BYTES))

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        return self.reader.schema

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self.reader.manifest.generation

    @property
    def statistics(self) -> EmbeddedView:
        """The statistics of terms: the view itself."""
        return self

    @property
    def count(self) -> int:
        """The number of live articles."""
        return self.reader.count

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        """Return the number of articles that have each term, or match each clause.

        Deleted articles count for terms until their segment is merged, and never for clauses.
        """
        budget = budget_until(deadline)
        context = self.context(budget, Plan(None))
        found: dict[StatisticsKey, int] = {}
        terms: dict[tuple[str, str], list[TermKey]] = {}
        for key in keys:
            if isinstance(key, TermKey):
                terms.setdefault(key[:2], []).append(key)
            else:
                count = None if self.compiled is None else self.compiled.count(context, key)
                if count is None:
                    count = len(scorer_for(context, key, keep=self.reader.collection is None).docs())
                if not budget.timed_out:
                    found[key] = count
        for (field, level), same in terms.items():
            stems = [key.term for key in same]
            counts = (
                self.compiled.doc_frequencies(field, stems) if self.compiled is not None and level == STEM else None
            )
            if counts is None:
                counts = self.reader.doc_frequencies(field, level, stems)
            found.update(zip(same, counts, strict=True))
        return found

    @property
    def has_works(self) -> bool:
        """Whether any document belongs to a work."""
        return self.reader.has_works

    def __len__(self) -> int:
        return self.reader.article_count

    def __contains__(self, id: str) -> bool:
        return self.reader.find(id) >= 0

    def get(self, id: str) -> Article | None:
        """Return the article with the id, or `None`."""
        doc = self.reader.find(id)
        return None if doc < 0 else self.reader.article(doc)

    def articles(self) -> Iterator[Article]:
        """Yield every article, in order of adding."""
        return self.reader.articles()

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        """Return one page of the matches of a plan."""
        budget = budget_until(page.deadline)
        context = self.context(budget, plan)
        prune = page.end and page.by_score and page.collapse is None and not page.facets
        best = self.compiled.best(context, plan, page) if prune and self.compiled is not None else None
        if best is not None:
            hits = self._best_hits(best, page.offset)
            return Matched(hits, best.total, best.total_complete, truncated=budget.truncated)
        from arsearch.index.execution.max_score import TopNeed  # few searches are not executed by the extension
        from arsearch.index.execution.rescoring import make_rescorer
        from arsearch.index.execution.top_docs import collect_page

        rescorer = make_rescorer(context, plan.signals)
        result = match_plan(context, plan, page.enough, TopNeed(page.end, rescorer.bound) if prune else None)
        top = collect_page(self.reader, result, rescorer, self.analyzer.normalizer.normalise, page)
        facets = self._facets(page.facets, result) if page.facets else {}
        hits = tuple(self._raw_hits(top))
        return Matched(hits, top.total, top.total_complete, facets, budget.truncated, budget.timed_out)

    def _facets(self, fields: tuple[str, ...], result: MatchResult) -> Mapping[str, Mapping[str, int]]:
        from arsearch.index.execution.facets import facet_counts  # few searches need it

        return facet_counts(self.reader, fields, self.reader.one_of_each_work(result.best.docs))

    def matching(self, plan: Plan, deadline: float | None = None) -> Matching:
        """Return the documents that have everything a plan asks for, looked up at once and read one by one."""
        from arsearch.search.occurrences.view import Matching  # few searches need it

        context = self.context(budget_until(deadline), plan)
        docs = _complete(context, plan).tolist()
        return Matching(map(self.reader.article, docs), context.budget.timed_out)

    def count_occurrences(
        self, plan: Plan, clauses: Sequence[ScoredClause], by: str, deadline: float | None = None
    ) -> Counted:
        """Count the occurrences of clauses in the documents that match a plan, by the values of a field."""
        from arsearch.index.execution.occurrences import count_by_value  # few searches need it

        context = self.context(budget_until(deadline), plan)
        passing = self.reader.all_docs() if context.allowed is None else context.allowed
        return count_by_value(context, _complete(context, plan), passing, clauses, by)

    def known_occurrences(self, id: str, highlighter: Highlighter, *, whole: bool = False) -> MatchColumns | None:
        """Return the matches of a highlighter's targets in a body, or in the text of a work, by positions, or `None`."""
        from arsearch.index.matching.known_words import known_occurrences  # few searches need it

        doc = self.reader.find(id)
        return known_occurrences(self.reader, doc, highlighter, self._texts, whole=whole)

    @cached_property
    def _texts(self) -> TextCache:
        from arsearch.index.matching.text_cache import TextCache  # few searches need it

        return TextCache(_TEXT_CACHE_BYTES)

    def context(self, budget: SearchBudget, plan: Plan) -> SearchContext:
        """Return the context of an execution of a plan."""
        lookup = TermLookup(self.reader, self.analyzer, budget)
        allowed = allowed_docs(self.reader, plan.filters)
        return SearchContext(self.reader, lookup, self.ranking, budget, self._cache, allowed)

    def _raw_hits(self, top: TopDocs) -> Iterator[RawHit]:
        similar = [0] * len(top.docs) if top.similar is None else top.similar.tolist()
        columns = (top.docs.tolist(), top.scores.tolist(), top.complete.tolist(), similar)
        for at, (doc, score, complete, duplicates) in enumerate(zip(*columns, strict=True)):
            hit = self.raw_hit(doc, score, complete, duplicates)
            if top.groups is not None:
                group = top.groups[at]
                inner = zip(group.docs.tolist(), group.scores.tolist(), group.complete.tolist(), strict=True)
                hit = hit._replace(inner=tuple(self.raw_hit(*values) for values in inner), inner_total=group.total)
            yield hit

    def _best_hits(self, best: BestDocs, offset: int) -> tuple[RawHit, ...]:
        docs, scores, complete = best.docs[offset:], best.scores[offset:], best.complete - offset
        listed = None if self.compiled is None else self.compiled.listed(docs)
        if listed is None:
            return tuple(self.raw_hit(doc, scores[at], at < complete) for at, doc in enumerate(docs))
        segments, hits = self.reader.segments, []
        article = ReadAhead([segment.stored for segment in segments], listed).article
        for at, (number, _, id, title) in enumerate(listed):
            load = partial(article, at)
            hits.append(RawHit(id, title, scores[at], at < complete, 0, load, location=segments[number].location))
        return tuple(hits)

    def raw_hit(self, doc: int, score: float, complete: bool, similar: int = 0) -> RawHit:
        """Return a document as a hit."""
        segment, local = self.reader.resolve(doc)
        id, title = segment.id(local), segment.title(local)
        load = partial(segment.stored.article, local, id, title)
        return RawHit(id, title, score, complete, similar, load, location=segment.location)

    def explainer(self, plan: Plan, id: str, deadline: float | None = None) -> PlanExplainer:
        """Return the explainer of the score of an article; the article is in this view."""
        from arsearch.index.execution.score_explainer import PlanExplainer  # few searches need it

        context = self.context(budget_until(deadline), plan)
        # `enough` is more than all documents: those with some of the words always match.
        match = partial(match_plan, context, plan, self.reader.docs + 1)
        # Words are explained even if a filter excludes the article.
        unfiltered = context._replace(allowed=None)
        return PlanExplainer(unfiltered, plan, self.reader.find(id), match)

    def near_duplicates(self, id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its near-duplicates, in order of adding."""
        doc = self.reader.find(id)
        signatures = self.reader.signatures()
        same = near_duplicates(signatures, signatures[doc])
        if self.reader.live is not None:
            same &= self.reader.live
        same[doc] = True
        return tuple(self.reader.id(other) for other in np.flatnonzero(same).tolist())

    def related_stems(self, stem: str) -> Collection[str]:
        """Return the stems of the root family of a stem that articles have, and the stem itself."""
        return self.reader.family_stems(stem)

    @property
    def spellings(self) -> Spellings:
        """The function that returns the normalised terms of some stems in some fields."""
        return self.reader.spellings

    def correct(self, text: str, limit: int, deadline: float | None = None) -> Correction:
        """Return at most `limit` more likely queries."""
        from arsearch.index.suggest.indexed_terms import IndexedTerms  # few searches need it
        from arsearch.model import Correction
        from arsearch.suggest.did_you_mean import Corrector

        budget = budget_until(deadline)
        corrector = Corrector(IndexedTerms(self.reader, self.analyzer, budget), self.analyzer)
        found = budget.whole(lambda: corrector.correct(text, limit))
        return Correction(text, partial=True) if found is None else found

    def respell(
        self, words: Sequence[str], missing: Collection[str], deadline: float | None = None
    ) -> Mapping[str, str]:
        """Return likelier spellings of the missing words of a query."""
        from arsearch.index.suggest.indexed_terms import IndexedTerms  # few searches need it
        from arsearch.suggest.did_you_mean import Corrector

        budget = budget_until(deadline)
        corrector = Corrector(IndexedTerms(self.reader, self.analyzer, budget), self.analyzer)
        return budget.whole(lambda: corrector.respell(words, missing)) or {}

    def suggest(self, prefix: str, limit: int, deadline: float | None = None) -> Answers[Suggestion]:
        """Return at most `limit` completions of a prefix."""
        from arsearch.index.suggest.indexed_terms import IndexedTerms  # few searches need it
        from arsearch.suggest.completer import Completer

        budget = budget_until(deadline)
        completer = Completer(IndexedTerms(self.reader, self.analyzer, budget), self.analyzer, self.forms)
        found = budget.whole(lambda: completer.complete(prefix, limit))
        return Answers(found or (), partial=found is None)

    def stats(self) -> Stats:
        """Return the figures of this commit; the same object every time."""
        if self._stats is None:
            from arsearch.index.maintenance.stats import collect_stats  # few searches need it

            self._stats = collect_stats(self.reader)
        return self._stats


def _complete(context: SearchContext, plan: Plan) -> Array:
    """Return the documents that have everything a plan asks for, in ascending order."""
    from arsearch.index.execution.match_result import listed

    return listed(match_plan(context, plan, 1).complete).docs


def match_plan(context: SearchContext, plan: Plan, enough: int, top: TopNeed | None = None) -> MatchResult:
    """Return the documents that a plan matches and its filters let through."""
    from arsearch.index.docsets.scored import NO_DOCS  # few searches are not executed by the extension
    from arsearch.index.execution.boolean import match_boolean
    from arsearch.index.execution.evaluation import evaluate
    from arsearch.index.execution.match_result import MatchResult, split

    clause = plan.clause
    if isinstance(clause, ScoredClause):
        clause = BooleanClause((clause,), minimum_should_match=1)
    if isinstance(clause, BooleanClause):
        return match_boolean(context, clause, enough=enough, top=top)
    if clause is None:
        return MatchResult(context.apply_filters(context.match_all() if plan.filters else NO_DOCS))
    matches, complete = evaluate(clause, context)
    return split(context.apply_filters(matches), complete)
