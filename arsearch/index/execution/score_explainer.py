"""The score of one document: what each scored clause of a plan adds.

The clauses that count are found by the functions that search, and `BM25FScorer` says what they add: the score has no
second definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from arsearch.index.execution.bm25f import BM25FScorer
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.evaluation import evaluate
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.rescoring import Rescorers
from arsearch.model.explanations import Listed, Role
from arsearch.search.backend import Contribution
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    FilterClause,
    NotClause,
    OrClause,
    QueryClause,
    ScoredClause,
)
from arsearch.search.planner import Plan

__all__ = ["PlanExplainer"]

_Counted = tuple[ScoredClause, Role, bool]
"""A scored clause, its role, and whether it adds to the score."""


class PlanExplainer:
    """Takes the score of one document for one plan apart."""

    def __init__(self, context: SearchContext, plan: Plan, doc: int, match: Callable[[], MatchResult]) -> None:
        self._context = context
        self._plan = plan
        self._doc = doc
        self._match = match

    def outcome(self) -> tuple[bool, bool]:
        """Tell whether the plan finds the document, and whether the document has everything the plan asks for."""
        result = self._match()
        matched = self._doc in result.matches.docs
        return matched, matched if result.complete is None else self._doc in result.complete

    def contributions(self) -> tuple[Contribution, ...]:
        """Return what each scored clause adds, in order of scoring: stop words last, then excluded ones."""
        clause = self._plan.clause
        if clause is None:
            return ()
        found = self._walk(clause, "wanted", True)
        if isinstance(clause, BooleanClause):  # `outcome` says whether the document has enough of its words
            found = self._boolean(clause, True, "wanted")
        return tuple(
            Contribution(
                scored,
                role,
                counted,
                tuple(
                    BM25FScorer(self._context, level, scored.fields, weight).explain(self._doc)
                    for weight, level in scored.levels
                ),
            )
            for scored, role, counted in found
        )

    def signals(self) -> tuple[Listed, ...]:
        """Return what each signal adds."""
        return Rescorers(self._context, self._plan.signals).explain(self._doc)

    def _walk(self, clause: QueryClause, role: Role, counted: bool) -> Iterator[_Counted]:
        match clause:
            case ScoredClause():
                yield clause, role, counted
            case NotClause(child):
                yield from self._walk(child, "excluded", False)
            case AndClause(children) | OrClause(children):
                counted = counted and self._matches(clause)
                for child in children:
                    yield from self._walk(child, role, counted)
            case BooleanClause():
                yield from self._boolean(clause, counted and self._matches(clause), role)
            case FilterClause():
                return  # adds nothing to a score
            case _:
                raise TypeError(f"{type(clause).__name__} is not a query clause that can be explained")

    def _boolean(self, clause: BooleanClause, counted: bool, role: Role) -> Iterator[_Counted]:
        groups: tuple[tuple[tuple[QueryClause, ...], Role], ...] = (
            (clause.should, "wanted"),
            (clause.must, "required"),
            (clause.optional, "extra"),
        )
        for children, own in groups:
            for child in children:
                yield from self._walk(child, "excluded" if role == "excluded" else own, counted)
        for child in clause.must_not:
            yield from self._walk(child, "excluded", False)

    def _matches(self, clause: QueryClause) -> bool:
        return self._doc in evaluate(clause, self._context).docs
