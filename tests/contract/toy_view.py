"""One commit of the toy back-end as a view."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.root_families import stems_of_family
from arsearch.dates.calendars import hijri_year_of
from arsearch.errors import UnknownFieldError
from arsearch.model import Article, Stats
from arsearch.model.explanations import Bonus, Listed
from arsearch.model.places import is_part_id, work_of_id
from arsearch.model.schema import HIJRI_YEAR, WORK, Schema
from arsearch.search.backend import Matched, RawHit
from arsearch.search.clauses import BooleanClause, QueryClause, ScoredClause, TermsClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.request import FACET_VALUES, PageRequest
from arsearch.search.statistics import StatisticsKey, TermKey
from contract.toy_documents import Document
from contract.toy_scoring import Scoring

__all__ = ["ToyView"]

_PERIODS = {"month": 7, "year": 4}
"""The length of the prefix that an ISO date and its period share."""


class _Match(NamedTuple):
    """A matched document, its score, and whether it has everything that the plan asks for."""

    document: Document
    score: float
    complete: bool


class ToyView:
    """The documents of one commit, in order of adding."""

    spellings = None

    def __init__(
        self, documents: Sequence[Document], analyzer: ArabicAnalyzer, schema: Schema, ranking: Ranking, generation: int
    ) -> None:
        self.documents = {document.article.id: document for document in documents}
        self.analyzer = analyzer
        self.schema = schema
        self.ranking = ranking
        self.generation = generation

    @property
    def statistics(self) -> ToyView:
        """The view itself."""
        return self

    @property
    def count(self) -> int:
        return len(self.documents)

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        scoring, clock = Scoring(self.documents.values(), self.ranking, Plan(None)), _Clock(deadline)
        counted: dict[StatisticsKey, int] = {}
        for key in keys:
            if isinstance(key, TermKey):
                counted[key] = scoring.count(TermsClause(key.level, (key.term,)), (key.field,))
            elif clock.in_time():
                counted[key] = sum(scoring.score(key, one) is not None for one in self.documents.values())
        return counted

    @property
    def has_works(self) -> bool:
        return any(document.values(WORK) for document in self.documents.values())

    def __len__(self) -> int:
        return sum(not is_part_id(id) for id in self.documents)

    def __contains__(self, id: str) -> bool:
        return id in self.documents

    def get(self, id: str) -> Article | None:
        return self.documents[id].article if id in self.documents else None

    def articles(self) -> Iterator[Article]:
        return (document.article for document in self.documents.values())

    def search(self, plan: Plan, page: PageRequest) -> Matched:
        scoring = Scoring(self.documents.values(), self.ranking, plan)
        clock = _Clock(page.deadline)
        matches = self.match(plan, scoring, page.enough, clock)
        whole = [match for match in matches if match.complete]
        order = self._order(matches, whole, page)
        facets = {name: self._facet(name, _one_of_each_work(whole or matches)) for name in page.facets}
        groups = {}
        if page.collapse is not None:
            groups = self._groups(page.collapse, order)
            order = [group[0] for group in groups.values()]
        hits = tuple(_raw_hit(match) for match in order[page.offset : page.end])
        if groups:
            shown = list(groups.values())[page.offset : page.end]
            hits = tuple(
                hit._replace(inner=tuple(map(_raw_hit, group[1 : 1 + page.inner_hits])), inner_total=len(group))
                for hit, group in zip(hits, shown, strict=True)
            )
        total_complete = sum(match.complete for match in order)
        return Matched(hits, len(order), total_complete, facets, scoring.truncated, clock.ran_out)

    def match(self, plan: Plan, scoring: Scoring, enough: int, clock: _Clock) -> list[_Match]:
        """Return what a plan matches, in order of adding."""
        clause = plan.clause
        if clause is None and not plan.filters:
            return []
        complete = self._scores(clause, plan, scoring, clock, roots=False)
        if isinstance(clause, BooleanClause) and clause.minimum_should_match == "auto" and len(complete) < enough:
            clause = replace(clause, minimum_should_match=1)
        scores = self._scores(clause, plan, scoring, clock)
        return [
            _Match(document, score + sum(listed.score for listed in scoring.signals(document)), id in complete)
            for id, document in self.documents.items()
            if (score := scores.get(id)) is not None
        ]

    def _scores(
        self, clause: QueryClause | None, plan: Plan, scoring: Scoring, clock: _Clock, *, roots: bool = True
    ) -> dict[str, float]:
        scores = {}
        for id, document in self.documents.items():
            if clock.in_time() and all(document.passes(filter) for filter in plan.filters):
                score = 0.0 if clause is None else scoring.score(clause, document, roots=roots)
                if score is not None:
                    scores[id] = score
        return scores

    def _order(self, matches: list[_Match], whole: list[_Match], page: PageRequest) -> list[_Match]:
        if page.by_score:
            return sorted(matches, key=lambda match: (not match.complete, -match.score))
        sort = str(page.sort)
        field = self.schema.doc_values_field(sort.removeprefix("-"), "sort")
        collate = self.analyzer.normalizer.normalise

        def key(match: _Match) -> Any:
            value = match.document.values(field)[0]
            return (collate(value), value) if field.kind == "keyword" else value

        chosen = whole or matches
        having = [match for match in chosen if match.document.values(field)]
        without = [match for match in chosen if not match.document.values(field)]
        return sorted(having, key=key, reverse=sort.startswith("-")) + without

    def _groups(self, name: str, order: Sequence[_Match]) -> dict[Any, list[_Match]]:
        """Return the matches with each value, in order; a match without a value is a group of its own."""
        field = self.schema.doc_values_field(name, "collapse")
        if field.kind != "keyword":
            raise UnknownFieldError(name, [one.name for one in self.schema if one.kind == "keyword"], "collapse")
        groups: dict[Any, list[_Match]] = {}
        for match in order:
            value, *_ = [*match.document.values(field), id(match)]
            groups.setdefault(value, []).append(match)
        return groups

    def _facet(self, name: str, matches: Sequence[_Match]) -> dict[str, int]:
        if name in _PERIODS and name not in self.schema:
            label: Callable[[Any], Any] = lambda date: date.isoformat()[: _PERIODS[name]]  # noqa: E731
            field = self.schema["date"]
        elif name == HIJRI_YEAR and name not in self.schema:
            label, field = hijri_year_of, self.schema["date"]
        else:
            field = self.schema.facet_field(name)
            label = (lambda date: date.date()) if field.kind == "date" else lambda value: value
        counts = Counter(label(value) for match in matches for value in set(match.document.values(field)))
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FACET_VALUES]
        return {str(value): count for value, count in most}

    def related_stems(self, stem: str) -> Collection[str]:
        return stems_of_family(stem)

    def explainer(self, plan: Plan, id: str, deadline: float | None = None) -> ToyExplainer:
        return ToyExplainer(self, plan, self.documents[id], _Clock(deadline))

    def stats(self) -> Stats:
        """Return the figures; there are no segments, files or formats."""
        terms = {
            field.name: len(
                {one.term.normalised for doc in self.documents.values() for one in doc.occurrences(field.name)}
            )
            for field in self.schema
            if field.indexed
        }
        fingerprint = self.analyzer.fingerprint
        return Stats(
            len(self), 0, 0, 0, terms, self.schema.kinds, 0, self.generation, fingerprint, self.count - len(self)
        )


def _raw_hit(match: _Match) -> RawHit:
    article = match.document.article
    return RawHit(article.id, article.title, match.score, match.complete, 0, lambda: article)


def _one_of_each_work(matches: Sequence[_Match]) -> list[_Match]:
    return list({work_of_id(match.document.article.id): match for match in reversed(matches)}.values())


class ToyExplainer:
    """Takes the score of one document for one plan apart."""

    def __init__(self, view: ToyView, plan: Plan, document: Document, clock: _Clock) -> None:
        self._view = view
        self._plan = plan
        self._document = document
        self._clock = clock
        self._scoring = Scoring(view.documents.values(), view.ranking, plan)

    @property
    def partial(self) -> bool:
        return not self._clock.in_time()

    def outcome(self) -> tuple[bool, bool]:
        matches = self._view.match(self._plan, self._scoring, len(self._view) + 1, self._clock)
        own = [match for match in matches if match.document is self._document]
        return bool(own), any(match.complete for match in own)

    def matches(self, clause: QueryClause) -> bool:
        return self._scoring.score(clause, self._document) is not None

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        return self._scoring.levels(clause, self._document)

    def signals(self) -> tuple[Bonus, ...]:
        return self._scoring.signals(self._document)


class _Clock:
    """The time that a search has, and whether it ran out."""

    def __init__(self, deadline: float | None) -> None:
        self._deadline = deadline
        self.ran_out = False

    def in_time(self) -> bool:
        self.ran_out = self.ran_out or (self._deadline is not None and time.perf_counter() > self._deadline)
        return not self.ran_out
