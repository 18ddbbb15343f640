"""Evaluate a query clause: the documents it matches, and their scores.

`evaluate` dispatches on the type of the clause, and raises TypeError for an unknown type. `boolean` registers its own
function.
"""

from __future__ import annotations

from functools import singledispatch

from arsearch.index.codec.array_file import Array
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, intersect, subtract, union
from arsearch.index.execution.context import SearchContext, unscored
from arsearch.index.execution.filters import filter_docs
from arsearch.index.execution.scorers import scorer_for
from arsearch.search.clauses import AndClause, FilterClause, NotClause, OrClause, QueryClause, ScoredClause

__all__ = ["evaluate", "excluded_docs"]


@singledispatch
def evaluate(clause: QueryClause, context: SearchContext) -> ScoredDocs:  # noqa: ARG001
    """Return the live documents that a clause matches, in ascending order, with their scores."""
    raise TypeError(f"{type(clause).__name__} is not a query clause that this index can evaluate")


def excluded_docs(clause: QueryClause, context: SearchContext) -> Array | None:
    """Return the documents that an excluding clause matches; `None` if some may be missing because time ran out."""
    docs = evaluate(clause, context).docs
    return None if context.budget.timed_out else docs


@evaluate.register
def _(clause: ScoredClause, context: SearchContext) -> ScoredDocs:
    return union(scorer_for(context, clause).partial_scores(), context.reader.docs)


@evaluate.register
def _(clause: FilterClause, context: SearchContext) -> ScoredDocs:
    return unscored(filter_docs(clause.filter, context.reader))


@evaluate.register
def _(clause: AndClause, context: SearchContext) -> ScoredDocs:
    required = [evaluate(child, context) for child in clause.children if not isinstance(child, NotClause)]
    matches = intersect(required) if required else context.match_all()
    for child in clause.children:
        if isinstance(child, NotClause):
            docs = excluded_docs(child.child, context)
            matches = NO_DOCS if docs is None else subtract(matches, docs)
    return matches


@evaluate.register
def _(clause: OrClause, context: SearchContext) -> ScoredDocs:
    return union([evaluate(child, context) for child in clause.children], context.reader.docs)


@evaluate.register
def _(clause: NotClause, context: SearchContext) -> ScoredDocs:
    docs = excluded_docs(clause.child, context)
    return NO_DOCS if docs is None else subtract(context.match_all(), docs)
