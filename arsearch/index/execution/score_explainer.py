"""Explain the score of one document: the part of each scored clause of a plan.

`evaluate`, which searches use, tells which clauses count, and the scorers of the levels explain their parts. The score
has no second definition.
"""

from __future__ import annotations

from collections.abc import Callable

from arsearch.index.execution import boolean  # noqa: F401 - `evaluate` knows boolean clauses by it
from arsearch.index.execution.context import SearchContext
from arsearch.index.execution.evaluation import evaluate
from arsearch.index.execution.match_result import MatchResult, listed
from arsearch.index.execution.rescoring import make_rescorer
from arsearch.index.execution.root_scorer import level_scorer
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
        self._matches: dict[QueryClause, bool] = {}

    @property
    def partial(self) -> bool:
        """Whether time ran out."""
        return not self._context.budget.in_time()

    def outcome(self) -> tuple[bool, bool]:
        """Return whether the plan matches the document, and whether the document has all words of the query."""
        result = self._match()
        return self._doc in result.matches.docs, self._doc in listed(result.complete).docs

    def matches(self, clause: QueryClause) -> bool:
        """Tell whether a clause matches the document, whatever the filters and the clauses around it."""
        matches = self._matches.get(clause)
        if matches is None:
            matches = self._matches[clause] = self._doc in evaluate(clause, self._context).matches.docs
        return matches

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        """Return the part of each level of a scored clause."""
        return tuple(
            level_scorer(self._context, level, clause.fields, weight).explain(self._doc)
            for weight, level in clause.levels
        )

    def signals(self) -> tuple[Bonus, ...]:
        """Return the factors of the bonus of each signal."""
        return make_rescorer(self._context, self._plan.signals).explain(self._doc)
