"""`Planner.refine`: changes of a plan that depend on the terms of the index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import pytest

import arsearch
from arsearch.analyzers import ArabicAnalyzer
from arsearch.model.schema import Schema
from arsearch.query import Synonyms
from arsearch.search.planner import Plan, Planner, Refinement
from arsearch.search.ranking import Ranking
from arsearch.search.request import SearchRequest
from arsearch.search.statistics import TermKey

BOOK = TermKey("body", "normalised", "كتاب")
MOON = TermKey("body", "normalised", "قمر")
SEA = TermKey("body", "stem", "بحر")


@dataclass
class Statistics:
    """Knows how many articles have some terms, and keeps what it was asked."""

    frequencies: Mapping[TermKey, int]
    calls: list[set[TermKey]] = field(default_factory=list)
    count: int = 100

    def doc_frequencies(self, keys: Collection[TermKey]) -> Mapping[TermKey, int]:
        self.calls.append(set(keys))
        return {key: self.frequencies[key] for key in keys if key in self.frequencies}


@dataclass(frozen=True)
class Counting:
    """Notes how many articles have its terms."""

    keys: tuple[TermKey, ...]

    def terms(self, plan: Plan) -> Collection[TermKey]:
        return self.keys

    def refine(self, plan: Plan, frequency: Callable[[TermKey], int]) -> Plan:
        notes = [f"{key.term}: {frequency(key)}" for key in self.keys]
        return plan._replace(notes=(*plan.notes, *notes))


def planned(*refinements: Refinement) -> tuple[Planner, Plan]:
    planner = Planner(ArabicAnalyzer(), Schema(), Ranking(), Synonyms(), refinements)
    return planner, planner.plan(SearchRequest.read("كتاب"))


def test_refinements_share_one_call_and_merge_their_notes() -> None:
    planner, plan = planned(Counting((BOOK, MOON)), Counting((MOON, SEA)))
    statistics = Statistics({BOOK: 3, MOON: 5})

    refined = planner.refine(plan, statistics)

    assert statistics.calls == [{BOOK, MOON, SEA}]
    assert refined.notes == ("كتاب: 3", "قمر: 5", "بحر: 0")
    assert refined.clause == plan.clause


def test_each_refinement_sees_the_plan_of_the_one_before() -> None:
    planner, plan = planned(Counting((BOOK,)), Counting((SEA,)))

    assert planner.refine(plan, Statistics({})).notes == ("كتاب: 0", "بحر: 0")


@pytest.mark.parametrize("refinements", [(), (Counting(()), Counting(()))], ids=["no refinement", "no terms"])
def test_no_statistics_are_read_if_no_refinement_needs_terms(refinements: tuple[Refinement, ...]) -> None:
    planner, plan = planned(*refinements)
    statistics = Statistics({})

    assert planner.refine(plan, statistics) is plan
    assert statistics.calls == []


def test_the_statistics_of_every_back_end(library: arsearch.Index) -> None:
    view = library._session().view
    stems = {term.stem for term in view.analyzer.form("النفط").terms}
    keys = [TermKey(field, "stem", stem) for field in ("title", "body") for stem in stems]
    absent = TermKey("body", "stem", "لاشيءكهذا")

    assert view.statistics.count == len(view)
    assert dict(view.statistics.doc_frequencies([*keys, absent])) == {**dict.fromkeys(keys, 2), absent: 0}
