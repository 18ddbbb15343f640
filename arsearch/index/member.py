"""One commit of an embedded index that is searched together with other indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from arsearch.concurrency import cached_property
from arsearch.federation.member import Candidate, Candidates, Common
from arsearch.index.codec.ranges import distinct
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.facets import facet_counts
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.max_score import TopNeed
from arsearch.index.execution.rescoring import Rescorer, make_rescorer
from arsearch.index.execution.sorting import keyword_values, sort_values
from arsearch.index.execution.top_docs import TopDocs, collect_page
from arsearch.index.matching.lookup import TermLookup
from arsearch.index.reader.budget import budget_until
from arsearch.index.suggest.indexed_terms import IndexedTerms
from arsearch.index.view import EmbeddedView, match_plan
from arsearch.minhash import near_duplicates
from arsearch.search.backend import RawHit, TimeUpError
from arsearch.search.clauses import BooleanClause, RootClause
from arsearch.search.planner import Plan
from arsearch.search.request import DUPLICATES, PageRequest
from arsearch.search.signals import DATE
from arsearch.search.statistics import CountKey

__all__ = ["EmbeddedMember"]


class EmbeddedMember(EmbeddedView):
    """A view whose reader has the figures of all members; see `federation.member.Member`. Threads may share it."""

    @property
    def compiled(self) -> None:
        """Searches by the extension, which only knows the figures of one index: none."""
        return None

    def frequencies(self, keys: Sequence[CountKey], deadline: float | None = None) -> Sequence[int]:
        """Return the number of documents that have each term clause in any of its fields."""
        budget = budget_until(deadline)
        lookup = TermLookup(self.reader, self.analyzer, budget)
        counts = [self._count(lookup, key) for key in keys if budget.in_time()]
        if budget.timed_out:
            raise TimeUpError
        return counts

    def _count(self, lookup: TermLookup, key: CountKey) -> int:
        clause, fields = key
        if isinstance(clause, RootClause):
            return len(self.reader.family_postings(clause.stem, fields, lookup.budget).docs)
        columns = [lookup.postings(clause, field)[0] for field in fields]
        return len(columns[0]) if len(columns) == 1 else len(distinct(np.concatenate(columns)))

    def total_lengths(self) -> Mapping[str, tuple[float, int]]:
        """Return, for each indexed field, the sum of its lengths and the number of documents that have it."""
        return {field.name: self.reader.total_length(field.name) for field in self.schema if field.indexed}

    def newest(self, until: int) -> int | None:
        """Return the newest date that is not after `until`, in seconds since 1970; `None` without one."""
        return self.reader.largest(self.schema[DATE], until)

    def execution(self, plan: Plan, page: PageRequest) -> _Execution:
        """Begin to execute a plan for a page."""
        return _Execution(self, plan, page)

    def term_source(self, deadline: float | None) -> IndexedTerms:
        """Return the terms of the index, for corrections and completions until a deadline."""
        return IndexedTerms(self.reader, self.analyzer, budget_until(deadline))

    def signature(self, id: str) -> bytes:
        """Return the MinHash signature of a document; empty without one."""
        row = self.reader.signatures()[self.reader.find(id)]
        return row.tobytes() if row.any() else b""

    def near(self, signature: bytes) -> Sequence[str]:
        """Return the ids of the documents whose signatures are near another one, in order of adding."""
        same = near_duplicates(self.reader.signatures(), np.frombuffer(signature, np.uint8))
        docs = np.flatnonzero(same if self.reader.live is None else same & self.reader.live)
        return [self.reader.id(doc) for doc in docs.tolist()]


class _Execution:
    """A plan on one member."""

    def __init__(self, member: EmbeddedMember, plan: Plan, page: PageRequest) -> None:
        self._member = member
        self._plan = plan
        self._page = page
        self._context: SearchContext = member.context(budget_until(page.deadline), plan)

    @cached_property
    def _rescorer(self) -> Rescorer:
        return make_rescorer(self._context, self._plan.signals)

    @cached_property
    def _strict(self) -> MatchResult:
        """The matches of the plan; in mode "auto" they have all words."""
        return self._match(0)

    def _match(self, enough: int) -> MatchResult:
        page = self._page
        prune = page.end and page.by_score and page.collapse is None and not page.facets
        top = TopNeed(page.end, self._rescorer.bound) if prune else None
        return match_plan(self._context, self._plan, enough, top)

    @property
    def complete(self) -> int:
        """The number of complete documents."""
        return self._strict.total_complete

    def candidates(self, common: Common) -> Candidates:
        """Return the documents up to the end of the page."""
        page, reader, budget = self._page, self._member.reader, self._context.budget
        clause, result = self._plan.clause, self._strict
        if common.some_words and isinstance(clause, BooleanClause) and clause.minimum_should_match == "auto":
            result = self._match(reader.docs + 1)
        others_only = common.complete and not result.total_complete
        best = reader.one_of_each_work(result.best.docs) if page.facets and not others_only else np.empty(0, np.int64)
        facets = facet_counts(reader, page.facets, best, most=None)
        if others_only and not page.by_score:
            return Candidates((), 0, 0, facets, budget.truncated, budget.timed_out)
        limit = page.end if page.collapse is None else reader.docs
        whole = page._replace(collapse=None, offset=0, limit=limit)
        top = collect_page(reader, result, self._rescorer, self._member.analyzer.normalizer.normalise, whole)
        documents = self._documents(top)
        return Candidates(documents, top.total, top.total_complete, facets, budget.truncated, budget.timed_out)

    def _documents(self, top: TopDocs) -> list[Candidate]:
        page, member, docs = self._page, self._member, top.docs
        candidates = list(map(Candidate, docs.tolist(), top.scores.tolist(), top.complete.tolist()))
        if not page.by_score:
            values = sort_values(member.reader, str(page.sort), docs, member.analyzer.normalizer.normalise)
            candidates = [one._replace(value=value) for one, value in zip(candidates, values, strict=True)]
        if page.collapse == DUPLICATES:
            rows = member.reader.signatures()[docs]
            return [one._replace(signature=row.tobytes()) for one, row in zip(candidates, rows, strict=True)]
        if page.collapse is not None:
            groups = keyword_values(member.reader, member.schema.collapse_field(page.collapse), docs)
            return [one._replace(group=group) for one, group in zip(candidates, groups, strict=True)]
        return candidates

    def hits(self, documents: Sequence[int]) -> list[RawHit]:
        """Return some documents of candidates as hits."""
        return [self._member.raw_hit(doc, 0.0, False) for doc in documents]
