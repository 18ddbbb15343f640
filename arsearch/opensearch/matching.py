"""Query clauses as queries of the cluster: which documents a clause matches, without scores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.filters import EVERYTHING, NOTHING, Query, all_of, any_of, filter_query, none_of
from arsearch.opensearch.frequencies import match_query
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    FilterClause,
    NotClause,
    OrClause,
    QueryClause,
    ScoredClause,
    TermClause,
)

__all__ = ["any_field", "matching", "needs_some"]


def any_field(clause: TermClause, fields: Iterable[str], expansions: Expansions) -> Query:
    """Return the documents that have a term clause in any of the fields."""
    return any_of(match_query(clause, field, expansions) for field in fields)


def matching(clause: QueryClause, expansions: Expansions, *, roots: bool) -> Query:
    """Return the documents that a clause matches; without `roots`, those that it matches completely."""
    match clause:
        case ScoredClause():
            _, last = clause.levels[-2 if clause.related and not roots else -1]
            return any_field(last, clause.fields, expansions)
        case FilterClause(filter):
            return filter_query(filter)
        case NotClause(child):
            return none_of([matching(child, expansions, roots=False)])
        case AndClause(children):
            return all_of(matching(child, expansions, roots=roots) for child in children)
        case OrClause(children):
            return any_of(matching(child, expansions, roots=roots) for child in children)
        case BooleanClause():
            return _boolean(clause, expansions, roots)


def _boolean(clause: BooleanClause, expansions: Expansions, roots: bool) -> Query:
    if not (clause.should or clause.must or clause.must_not):
        return NOTHING
    minimum = clause.minimum_should_match
    if not isinstance(minimum, int):
        minimum = len(clause.should)
    elif clause.must or not clause.should:
        minimum = 0
    needed = [matching(child, expansions, roots=roots) for child in clause.must]
    if minimum:
        words = [matching(child, expansions, roots=roots) for child in clause.should]
        needed += words if minimum == len(words) else [any_of(words, minimum)]
    excluded = [matching(child, expansions, roots=False) for child in clause.must_not]
    if not excluded:
        return all_of(needed)
    return {"bool": {"filter": needed or [EVERYTHING], "must_not": excluded}}


def needs_some(clause: QueryClause | None) -> QueryClause | None:
    """Return a clause of mode "auto" as it is where too few documents have all words; `None` for other clauses."""
    if isinstance(clause, BooleanClause) and clause.minimum_should_match == "auto":
        return replace(clause, minimum_should_match=1)
    return None
