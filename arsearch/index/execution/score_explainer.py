"""Explain the score of one document: the part of each scored clause of a plan.

`evaluate`, which searches use, tells which clauses count, and `BM25FScorer` explains their parts. The score has no second
definition.
"""

from __future__ import annotations

from collections.abc import Callable

from arsearch.index.execution.bm25f import BM25FScorer
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.evaluation import evaluate
from arsearch.index.execution.match_result import MatchResult
from arsearch.index.execution.rescoring import make_rescorer
from arsearch.model.explanations import Bonus, Listed
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan

__all__ = ["PlanExplainer"]


class PlanExplainer:
    """Explains the score of one document for one plan."""

    def __init__(self, context: SearchContext, plan: Plan, doc: int, match: Callable[[], MatchResult]) -> None:
        self._context = context
        self._plan = plan
        self._doc = doc
        self._match = match

    def outcome(self) -> tuple[bool, bool]:
        """Return whether the plan matches the document, and whether the document has all words of the query."""
        result = self._match()
        matched = self._doc in result.matches.docs
        return matched, matched if result.complete is None else self._doc in result.complete

    def matches(self, clause: QueryClause) -> bool:
        """Tell whether a clause matches the document, whatever the filters and the clauses around it."""
        return self._doc in evaluate(clause, self._context).docs

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        """Return the part of each level of a scored clause."""
        return tuple(
            BM25FScorer(self._context, level, clause.fields, weight).explain(self._doc)
            for weight, level in clause.levels
        )

    def signals(self) -> tuple[Bonus, ...]:
        """Return the factors of the bonus of each signal."""
        return make_rescorer(self._context, self._plan.signals).explain(self._doc)
