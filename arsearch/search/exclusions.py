"""Tell users that the exclusions of their query leave nothing: the articles without them are counted.

The count takes a second search, which only a query that finds nothing needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from arsearch.search.backend import IndexView
from arsearch.search.clauses import AndClause, BooleanClause, NotClause, QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.request import PageRequest

__all__ = ["exclusion_note"]

_SHOWN = 3
"""The maximum number of exclusions that the note names."""


def exclusion_note(view: IndexView, plan: Plan, page: PageRequest) -> str:
    """Return the note on a plan that finds nothing; `""` if the plan finds nothing without its exclusions either."""
    if plan.clause is None or not (excluded := list(_excluded(plan.clause))):
        return ""
    rest = plan._replace(clause=_without_exclusions(plan.clause), signals=())
    matched = view.search(rest, PageRequest(0, deadline=page.deadline))
    if not matched.total:
        return ""
    signs = [f"-{clause.origin.node}" for clause in excluded if isinstance(clause, ScoredClause) and clause.origin]
    named = len(signs) == len(excluded) <= _SHOWN
    subject = ", ".join(signs) if named else "the exclusions"
    verb = "excludes" if named and len(signs) == 1 else "exclude"
    articles = "the only article" if matched.total == 1 else f"all {matched.total:,} articles"
    return f"nothing is left: {subject} {verb} {articles} that the query finds otherwise"


def _excluded(clause: QueryClause) -> Iterator[QueryClause]:
    """Yield the clauses that exclude articles, except those in sides of OR."""
    if isinstance(clause, BooleanClause):
        yield from clause.must_not
        for child in (*clause.must, *clause.should):
            yield from _excluded(child)
    elif isinstance(clause, AndClause):
        for child in clause.children:
            yield from (child.child,) if isinstance(child, NotClause) else _excluded(child)


def _without_exclusions(clause: QueryClause) -> QueryClause:
    if isinstance(clause, BooleanClause):
        must, should = (tuple(map(_without_exclusions, children)) for children in (clause.must, clause.should))
        return replace(clause, must=must, should=should, must_not=())
    if isinstance(clause, AndClause):
        kept = tuple(_without_exclusions(child) for child in clause.children if not isinstance(child, NotClause))
        return AndClause(kept)
    return clause
