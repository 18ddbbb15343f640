"""One commit of each of several indexes, as the view of one index with all their articles."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from itertools import islice
from operator import or_
from typing import TypeVar

from arsearch.analyzers import ArabicAnalyzer, Form
from arsearch.concurrency import cached_property
from arsearch.federation.collection import Collection as CollectionFigures
from arsearch.federation.member import Candidates, Common, Execution, Member
from arsearch.federation.merging import Group, merge, merge_facets
from arsearch.federation.terms import FederatedTerms
from arsearch.model import Answers, Article, Correction, Stats, Suggestion
from arsearch.model.schema import Schema, is_period
from arsearch.search.backend import Matched, RawHit, ScoreExplainer, Spellings, TimeUpError
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import DUPLICATES, PageRequest
from arsearch.search.statistics import StatisticsKey, TermKey, count_keys

__all__ = ["FederatedView"]

_Result = TypeVar("_Result")


class FederatedView:
    """One commit of each member. Threads may share it. An article of a later member hides one with its id."""

    def __init__(
        self,
        members: Sequence[Member],
        locations: Sequence[str],
        collection: CollectionFigures,
        schema: Schema,
        forms: dict[str, Form],
    ) -> None:
        """Search the members of a collection as one; `forms` caches analysed words for completions."""
        self.schema = schema
        self._members = members
        self._locations = locations
        self._collection = collection
        self._forms = forms

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer of the first member; the others have an equal one."""
        return self._members[0].analyzer

    @property
    def ranking(self) -> Ranking:
        """The constants of the score."""
        return self._members[0].ranking

    @property
    def generation(self) -> int:
        """The sum of the numbers of the commits."""
        return sum(member.generation for member in self._members)

    @property
    def statistics(self) -> FederatedView:
        """The statistics of terms: the view itself."""
        return self

    @property
    def count(self) -> int:
        """The number of live documents."""
        return self._collection.documents

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        """Return the number of documents that have each term, or match each clause.

        A clause that a member did not count before the deadline is left out.
        """
        found: Counter[StatisticsKey] = Counter()
        counted: Counter[StatisticsKey] = Counter()
        for member in self._members:
            own = member.statistics.doc_frequencies(keys, deadline)
            found.update(own)
            counted.update(own.keys())
        return {key: found[key] for key in keys if isinstance(key, TermKey) or counted[key] == len(self._members)}

    @property
    def has_works(self) -> bool:
        """Whether any document belongs to a work."""
        return any(member.has_works for member in self._members)

    def __len__(self) -> int:
        return sum(map(len, self._members))

    def __contains__(self, id: str) -> bool:
        return self._member_of(id) is not None

    def _member_of(self, id: str) -> Member | None:
        return next((member for member in self._members if id in member), None)

    def get(self, id: str) -> Article | None:
        """Return the document with the id, or `None`."""
        articles = (member.get(id) for member in self._members)
        return next((article for article in articles if article is not None), None)

    def articles(self) -> Iterator[Article]:
        """Yield every document: those of the first index in order of adding, then those of the next."""
        for member in self._members:
            yield from member.articles()

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        """Return one page of the matches of a plan; an empty one if time runs out before all members have counted."""
        self._check(page)
        executions = [member.execution(plan, page) for member in self._members]
        none = {name: dict[str, int]() for name in page.facets}
        try:
            self._count(plan, page.deadline)
            complete = sum(execution.complete for execution in executions)
        except TimeUpError:
            return Matched((), 0, 0, none, partial=True)
        common = Common(complete < page.enough, complete > 0)
        found = [execution.candidates(common) for execution in executions]
        merged = merge([one.documents for one in found], page)
        total, total_complete = merged.totals or _totals(found)
        return Matched(
            tuple(self._hits(executions, merged.groups)),
            total,
            total_complete,
            merge_facets([none, *(one.facets for one in found)], self.schema),
            reduce(or_, (dict(one.truncated) for one in found)),
            any(one.partial for one in found),
            max(one.approximate for one in found),
        )

    def _check(self, page: PageRequest) -> None:
        """Raise UnknownFieldError for a field that cannot sort, count or collapse."""
        for name in page.facets:
            if not is_period(self.schema, name):
                self.schema.facet_field(name)
        if not page.by_score:
            self.schema.doc_values_field(str(page.sort).removeprefix("-"), "sort")
        if page.collapse not in (None, DUPLICATES):
            self.schema.collapse_field(page.collapse)

    def _count(self, plan: Plan, deadline: float | None) -> None:
        """Count the clauses of a plan in all members. Raises TimeUpError after the deadline."""
        self._collection.prepare(count_keys(plan.clause, plan.signals, excluded=True), deadline)

    def _hits(self, executions: Sequence[Execution], groups: Sequence[Group]) -> Iterator[RawHit]:
        placed = [one for group in groups for one in (group.first, *group.inner)]
        raw: dict[int, RawHit] = {}
        for member, (execution, location) in enumerate(zip(executions, self._locations, strict=True)):
            own = [at for at, one in enumerate(placed) if one.member == member]
            hits = execution.hits([placed[at].candidate.document for at in own]) if own else []
            for at, hit in zip(own, hits, strict=True):
                _, score, complete, *_ = placed[at].candidate
                raw[at] = hit._replace(score=score, complete=complete, location=hit.location or location)
        in_order = (raw[at] for at in range(len(placed)))
        for group in groups:
            yield next(in_order)._replace(
                similar=group.similar, inner=tuple(islice(in_order, len(group.inner))), inner_total=group.total
            )

    def near_duplicates(self, id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its near-duplicates, in order of adding."""
        own = self._member_of(id)
        signature = b"" if own is None else own.signature(id)
        if not signature:
            return (id,)
        near = [other for member in self._members for other in member.near(signature)]
        return tuple(near) if id in near else (id, *near)

    def explainer(self, plan: Plan, id: str, deadline: float | None = None) -> ScoreExplainer:
        """Return the explainer of the score of an article; the article is in this view."""
        member = self._member_of(id)
        assert member is not None, "the view has the article"
        with suppress(TimeUpError):  # the explainer says so
            self._count(plan, deadline)
        return member.explainer(plan, id, deadline)

    def related_stems(self, stem: str) -> Collection[str]:
        """Return the stems of the root family of a stem that articles have, and the stem itself."""
        return set().union(*(member.related_stems(stem) for member in self._members))

    @property
    def spellings(self) -> Spellings | None:
        """The function that returns the normalised terms of some stems in some fields, if each member has one."""
        functions = [member.spellings for member in self._members]
        if not all(functions):
            return None
        return lambda stems, fields: set().union(*(own(stems, fields) for own in functions if own is not None))

    def correct(self, text: str, limit: int, deadline: float | None = None) -> Correction:
        """Return at most `limit` more likely queries; none after the deadline."""
        from arsearch.suggest.did_you_mean import Corrector  # few searches need it

        found = self._whole(lambda terms: Corrector(terms, self.analyzer).correct(text, limit), deadline)
        return Correction(text, partial=True) if found is None else found

    def respell(
        self, words: Sequence[str], missing: Collection[str], deadline: float | None = None
    ) -> Mapping[str, str]:
        """Return likelier spellings of the missing words of a query; none after the deadline."""
        from arsearch.suggest.did_you_mean import Corrector  # few searches need it

        return self._whole(lambda terms: Corrector(terms, self.analyzer).respell(words, missing), deadline) or {}

    def suggest(self, prefix: str, limit: int, deadline: float | None = None) -> Answers[Suggestion]:
        """Return at most `limit` completions of a prefix; none after the deadline."""
        from arsearch.suggest.completer import Completer  # few searches need it

        found = self._whole(
            lambda terms: Completer(terms, self.analyzer, self._forms).complete(prefix, limit), deadline
        )
        return Answers(found or (), partial=found is None)

    def _whole(self, work: Callable[[FederatedTerms], _Result], deadline: float | None) -> _Result | None:
        """Return what `work` makes of the terms of all members; `None` if it was not made before the deadline."""
        try:
            result = work(FederatedTerms(self._members, self.schema, deadline))
        except TimeUpError:
            return None
        return None if deadline is not None and time.perf_counter() > deadline else result

    def stats(self) -> Stats:
        """Return the figures of all commits, added up; a term of several indexes counts in each. They are counted once."""
        return self._stats

    @cached_property
    def _stats(self) -> Stats:
        own = [member.stats() for member in self._members]

        def total(figure: Callable[[Stats], int]) -> int:
            return sum(map(figure, own))

        indexed = [field.name for field in self.schema if field.indexed]
        return Stats(
            articles=len(self),
            deleted=total(lambda one: one.deleted),
            segments=total(lambda one: one.segments),
            bytes=total(lambda one: one.bytes),
            terms={name: total(lambda one, name=name: one.terms.get(name, 0)) for name in indexed},  # type: ignore[misc]
            fields=self.schema.kinds,
            format=own[0].format,
            generation=self.generation,
            analyzer=own[0].analyzer,
            parts=self.count - len(self),
        )


def _totals(found: Sequence[Candidates]) -> tuple[int, int]:
    return sum(one.total for one in found), sum(one.total_complete for one in found)
