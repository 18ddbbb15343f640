"""The documents and scores of a query clause: one function for each type of clause.

`evaluate` dispatches on the type; a type without a function is a TypeError. `boolean` registers its own.
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
    """Return the live documents that a clause matches, in increasing order, with their scores."""
    raise TypeError(f"{type(clause).__name__} is not a query clause that this index can evaluate")


def excluded_docs(clause: QueryClause, context: SearchContext) -> Array | None:
    """Return the documents that an excluding clause matches; `None` if time ran out before that was sure."""
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
    matched = [evaluate(child, context) for child in clause.children if not isinstance(child, NotClause)]
    found = intersect(matched) if matched else context.match_all()
    for child in clause.children:
        if isinstance(child, NotClause):
            docs = excluded_docs(child.child, context)
            found = NO_DOCS if docs is None else subtract(found, docs)
    return found


@evaluate.register
def _(clause: OrClause, context: SearchContext) -> ScoredDocs:
    return union([evaluate(child, context) for child in clause.children], context.reader.docs)


@evaluate.register
def _(clause: NotClause, context: SearchContext) -> ScoredDocs:
    docs = excluded_docs(clause.child, context)
    return NO_DOCS if docs is None else subtract(context.match_all(), docs)
