"""Plan a query for its occurrences: all of its words are needed, and none is corrected or relaxed.

The occurrences of a query are those of its words, phrases and patterns in text fields, as typed. A phrase that no article
has therefore has no occurrences, where a search would look for its words. Words of keyword fields, such as `author:مالك`,
select articles and have no occurrences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arsearch.model import Level
from arsearch.model.schema import Schema
from arsearch.search.clauses import AndClause, BooleanClause, OrClause, QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.request import SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["OccurrencePlan", "counted_clauses", "plan_occurrences"]


class OccurrencePlan(NamedTuple):
    """The plan of the articles to read, and the distinct clauses whose occurrences count, in the order of the query."""

    plan: Plan
    clauses: tuple[ScoredClause, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields that the clauses search, in order."""
        return tuple(dict.fromkeys(name for clause in self.clauses for name in clause.fields))


def plan_occurrences(
    session: SearchSession, text: str, filters: Mapping[str, Any] | None, match: Level | str | None
) -> OccurrencePlan:
    """Plan the occurrences of a query in the articles that have all its words, up to their stems unless `match` tells.

    Raises QueryError and UnknownFieldError for wrong parameters.
    """
    request = SearchRequest.read(
        text,
        filters=filters,
        mode="all",
        match=Level.STEM if match is None else match,
        max_expansions=None,
        correct=False,
    )
    plan = session.planner.plan(request)  # without statistics, nothing is relaxed
    return OccurrencePlan(plan, counted_clauses(plan, session.view.schema))


def counted_clauses(plan: Plan, schema: Schema) -> tuple[ScoredClause, ...]:
    """Return the distinct words, phrases and patterns of a plan in text fields, without excluded ones, in order."""
    clauses = _walk(plan.clause) if plan.clause is not None else ()
    return tuple(
        dict.fromkeys(clause for clause in clauses if all(schema[name].kind == "text" for name in clause.fields))
    )


def _walk(clause: QueryClause) -> Iterator[ScoredClause]:
    match clause:
        case ScoredClause():
            yield clause
        case AndClause(children) | OrClause(children):
            for child in children:
                yield from _walk(child)
        case BooleanClause():
            for child in (*clause.should, *clause.must, *clause.optional):
                yield from _walk(child)
        # filters and exclusions have no occurrences
