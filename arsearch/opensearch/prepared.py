"""A plan made ready for one commit: its terms are expanded, its documents counted, its queries made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from arsearch.errors import IndexUnavailableError
from arsearch.opensearch.expansions import Expansions, scored_clauses
from arsearch.opensearch.filters import NOTHING, Query, all_of, filter_query
from arsearch.opensearch.matching import matching, needs_some
from arsearch.opensearch.scoring import Scoring, other_levels, widest_level
from arsearch.opensearch.statistics import Search, Statistics
from arsearch.search.backend import TimeUpError
from arsearch.search.clauses import QueryClause, ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking
from arsearch.search.signals import DATE
from arsearch.search.statistics import count_keys

__all__ = ["Clock", "Prepared", "RawSearch"]


class RawSearch(Protocol):
    """Returns the answer of a commit to the body of a search, within a number of seconds."""

    def __call__(self, body: Mapping[str, Any], seconds: float | None = None) -> Any: ...


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

    `complete` has the complete documents, filtered, and `complete_count` counts them. `match` must be called before the other
    attributes are read: `matched` has all documents of the plan, and `matched_count` counts them.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        statistics: Statistics,
        ranking: Ranking,
        expand: Callable[[Iterable[ScoredClause], Search], Expansions],
    ) -> None:
        self.expansions = expand(scored_clauses(plan.clause), clock.search)
        self.filters = [filter_query(filter) for filter in plan.filters]
        self._search, self._statistics, self._ranking, self._plan = clock.search, statistics, ranking, plan
        self.complete = self._filtered(plan.clause, roots=False)
        self._loose = needs_some(plan.clause)
        self._candidates = [self.complete, self._filtered(plan.clause, roots=True)]
        if self._loose is not None:
            self._candidates.append(self._filtered(self._loose, roots=True))
        keys = list(count_keys(plan.clause, plan.signals))
        self.counts, self._totals = statistics.scored_frequencies(keys, self.expansions, self._candidates, clock.search)
        self.complete_count = self._totals[0]

    def match(self, *, some_words: bool) -> None:
        """Make the other queries; with `some_words`, documents that have some of the words match in mode "auto"."""
        loose = self._loose if some_words else None
        self.clause: QueryClause | None = self._plan.clause if loose is None else loose
        chosen = 1 if loose is None else 2
        self.matched, self.matched_count = self._candidates[chosen], self._totals[chosen]
        documents, averages = self._statistics.collection(self._search)
        self.scoring = Scoring(self._ranking, self.expansions, self.counts, documents, averages)
        self.scores = list(self.scoring.parts(self.clause))
        self._signals = list(
            self.scoring.signals(
                self._plan.signals, lambda signal: self._statistics.newest(DATE, signal.now, self._search)
            )
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
