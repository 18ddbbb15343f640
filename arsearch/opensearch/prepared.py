"""A plan made ready for one commit: its terms are expanded, its documents counted, its queries made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from arsearch.errors import IndexUnavailableError
from arsearch.opensearch.expansions import Expansions, scored_clauses
from arsearch.opensearch.filters import NOTHING, Query, all_of, filter_query
from arsearch.opensearch.matching import matching, needs_some
from arsearch.opensearch.scoring import Scoring, count_keys, other_levels, widest_level
from arsearch.opensearch.statistics import Search, Statistics
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.signals import DATE

__all__ = ["Clock", "Prepared", "RawSearch", "TimeUpError"]


class RawSearch(Protocol):
    """Returns the answer of a commit to the body of a search, within a number of seconds."""

    def __call__(self, body: Mapping[str, Any], seconds: float | None = None) -> Any: ...


class TimeUpError(Exception):
    """The time that a search has is over."""


class Clock:
    """Searches a commit until a deadline, a reading of `time.perf_counter`; `None` is no limit."""

    def __init__(self, search: RawSearch, deadline: float | None) -> None:
        self._search = search
        self._deadline = deadline

    def search(self, body: Mapping[str, Any]) -> Any:
        """Return the answer to a body. Raises TimeUpError after the deadline."""
        if self._deadline is None:
            return self._search(body)
        rest = self._deadline - time.perf_counter()
        if rest <= 0:
            raise TimeUpError
        try:
            return self._search(body, rest)
        except IndexUnavailableError:
            if time.perf_counter() >= self._deadline - 0.2:  # a try ends a little before the deadline
                raise TimeUpError from None
            raise


class Prepared:
    """The queries of one plan.

    `complete` has the complete documents and `matched` all documents of the plan, both filtered; `complete_count` and
    `matched_count` count them. In mode "auto" they depend on `enough` (see `PageRequest.enough`).
    """

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        statistics: Statistics,
        ranking: Ranking,
        enough: int,
        expand: Callable[[Iterable[ScoredClause], Search], Expansions],
    ) -> None:
        self.expansions = expand(scored_clauses(plan.clause), clock.search)
        self.filters = [filter_query(filter) for filter in plan.filters]
        self.clause: QueryClause | None = plan.clause
        self.complete = self._filtered(plan.clause, roots=False)
        loose = needs_some(plan.clause)
        candidates = [self.complete, self._filtered(plan.clause, roots=True)]
        if loose is not None:
            candidates.append(self._filtered(loose, roots=True))
        basics = statistics.basics_by(clock.search)
        keys = list(count_keys(plan.clause, plan.signals))
        self.counts, totals = statistics.frequencies(keys, self.expansions, candidates, clock.search)
        self.complete_count = totals[0]
        chosen = 1
        if loose is not None and self.complete_count < enough:
            self.clause, chosen = loose, 2
        self.matched, self.matched_count = candidates[chosen], totals[chosen]
        self.scoring = Scoring(ranking, self.expansions, self.counts, basics.documents, basics.averages)
        self.scores = list(self.scoring.parts(self.clause))
        self._signals = list(
            self.scoring.signals(plan.signals, lambda signal: statistics.newest(DATE, signal.now, clock.search))
        )
        self.scores += self._signals

    def _filtered(self, clause: QueryClause | None, *, roots: bool) -> Query:
        if clause is None:
            return all_of(self.filters) if self.filters else NOTHING
        return all_of([matching(clause, self.expansions, roots=roots), *self.filters])

    def coarse_and_fine(self) -> tuple[list[Query], list[Query]]:
        """Return the scores by one level of each word, and the scores by its other levels and the signals."""
        coarse = self.scoring.parts(self.clause, levels=widest_level)
        fine = self.scoring.parts(self.clause, levels=other_levels)
        return list(coarse), [*fine, *self._signals]

    @property
    def rest(self) -> Query:
        """The documents that are not complete."""
        return {"bool": {"filter": [self.matched], "must_not": [self.complete]}}
