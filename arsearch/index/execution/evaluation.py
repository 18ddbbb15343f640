"""Evaluate a query clause: the documents it matches, and their scores.

`evaluate` dispatches on the type of the clause, and raises TypeError for an unknown type. `boolean` registers its own
function. A document is complete if the clause would match it without the roots of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce, singledispatch
from typing import NamedTuple

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import distinct
from arsearch.index.docsets.scored import NO_DOCS, ScoredDocs, contains, intersect, subtract, union
from arsearch.index.execution.context import SearchContext, unscored
from arsearch.index.execution.filters import filter_docs
from arsearch.index.execution.scorers import scorer_for
from arsearch.search.clauses import AndClause, FilterClause, NotClause, OrClause, QueryClause, ScoredClause

__all__ = ["Evaluated", "evaluate", "excluded_docs"]


class Evaluated(NamedTuple):
    """The documents of a clause with their scores; `complete` has the complete ones, `None` if all are."""

    matches: ScoredDocs
    complete: Array | None = None

    @property
    def complete_docs(self) -> Array:
        """The complete documents, in ascending order."""
        return self.matches.docs if self.complete is None else self.complete

    def split(self) -> tuple[ScoredDocs, ScoredDocs]:
        """Return the complete documents and the others, both with their scores."""
        if self.complete is None:
            return self.matches, NO_DOCS
        docs, scores = self.matches
        inside = contains(docs, self.complete)
        return ScoredDocs(docs[inside], scores[inside]), ScoredDocs(docs[~inside], scores[~inside])


_NOTHING = Evaluated(NO_DOCS)


@singledispatch
def evaluate(clause: QueryClause, context: SearchContext) -> Evaluated:  # noqa: ARG001
    """Return the live documents that a clause matches, in ascending order, with their scores."""
    raise TypeError(f"{type(clause).__name__} is not a query clause that this index can evaluate")


def excluded_docs(clause: QueryClause, context: SearchContext) -> Array | None:
    """Return the documents that an excluding clause matches; `None` if some may be missing because time ran out."""
    docs = evaluate(clause, context).complete_docs
    return None if context.budget.timed_out else docs


@evaluate.register(ScoredClause)
def _(clause: ScoredClause, context: SearchContext) -> Evaluated:
    scorer = scorer_for(context, clause)
    matches = union(scorer.partial_scores(), context.reader.docs)
    return Evaluated(matches, scorer.docs() if scorer.related else None)


@evaluate.register(FilterClause)
def _(clause: FilterClause, context: SearchContext) -> Evaluated:
    return Evaluated(unscored(filter_docs(clause.filter, context.reader)))


@evaluate.register(AndClause)
def _(clause: AndClause, context: SearchContext) -> Evaluated:
    required = [evaluate(child, context) for child in clause.children if not isinstance(child, NotClause)]
    matches = intersect([part.matches for part in required]) if required else context.match_all()
    for child in clause.children:
        if isinstance(child, NotClause):
            docs = excluded_docs(child.child, context)
            if docs is None:
                return _NOTHING
            matches = subtract(matches, docs)
    completes = [part.complete for part in required if part.complete is not None]
    return Evaluated(matches, reduce(_common, completes, matches.docs) if completes else None)


def _common(docs: Array, others: Array) -> Array:
    return docs[contains(docs, others)]


@evaluate.register(OrClause)
def _(clause: OrClause, context: SearchContext) -> Evaluated:
    parts = [evaluate(child, context) for child in clause.children]
    return Evaluated(union([part.matches for part in parts], context.reader.docs), _any_complete(parts))


def _any_complete(parts: Sequence[Evaluated]) -> Array | None:
    if all(part.complete is None for part in parts):
        return None
    return distinct(np.concatenate([part.complete_docs for part in parts]))


@evaluate.register(NotClause)
def _(clause: NotClause, context: SearchContext) -> Evaluated:
    docs = excluded_docs(clause.child, context)
    return _NOTHING if docs is None else Evaluated(subtract(context.match_all(), docs))
