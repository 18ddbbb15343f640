"""The score of one document for one plan, taken apart: the cluster counts, and the formula is that of explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from arsearch.concurrency import cached_property
from arsearch.model.explanations import Bonus, FieldCount, Listed, Recency
from arsearch.opensearch.filters import NOTHING, Query, all_of
from arsearch.opensearch.matching import frequency_query, matching, pair_query
from arsearch.opensearch.prepared import Clock, Prepared
from arsearch.opensearch.scoring import pair_weight
from arsearch.opensearch.statistics import Statistics
from arsearch.search.backend import TimeUpError
from arsearch.search.clauses import QueryClause, ScoredClause, TermClause
from arsearch.search.planner import Plan
from arsearch.search.ranking import Ranking, idf
from arsearch.search.signals import DATE, ProximitySignal, RecencySignal
from arsearch.search.statistics import count_keys

__all__ = ["Explainer"]

_EPOCH = dt.datetime(1970, 1, 1)
_DAY = 86_400

_Result = TypeVar("_Result")


class Explainer:
    """Explains the score of the document with an id; see `search.backend.ScoreExplainer`.

    `prepare` makes the plan ready. After the deadline of `clock` nothing matches, and nothing adds to the score.
    """

    def __init__(
        self,
        plan: Plan,
        prepare: Callable[[], Prepared],
        clock: Clock,
        statistics: Statistics,
        ranking: Ranking,
        id: str,
    ) -> None:
        self._plan = plan
        self._prepare = prepare
        self.partial = False
        """Whether time ran out."""
        self._clock = clock
        self._statistics = statistics
        self._ranking = ranking
        self._own: Query = {"term": {"id": id}}

    @cached_property
    def _prepared(self) -> Prepared:
        return self._prepare()

    def _in_time(self, work: Callable[[], _Result], late: _Result) -> _Result:
        """Return what `work` returns, or `late` after the deadline."""
        try:
            return work()
        except TimeUpError:
            self.partial = True
            return late

    def outcome(self) -> tuple[bool, bool]:
        """Tell whether the plan finds the article, and whether the article is complete."""
        return self._in_time(
            lambda: (self._has(self._prepared.matched), self._has(self._prepared.complete)), (False, False)
        )

    def matches(self, clause: QueryClause) -> bool:
        """Tell whether a clause of the plan matches the article."""
        return self._in_time(lambda: self._has(matching(clause, self._prepared.expansions, roots=True)), False)

    def _has(self, query: Query) -> bool:
        (count,) = self._statistics.counts([all_of([self._own, query])], self._clock.search)
        return count > 0

    def levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        """Return the part of each level of a scored clause."""
        return self._in_time(lambda: self._levels(clause), ())

    def _levels(self, clause: ScoredClause) -> tuple[Listed, ...]:
        expansions = self._prepared.expansions
        counts, _ = self._statistics.scored_frequencies(
            list(count_keys(clause, ())), expansions, [], self._clock.search
        )

        def listed(weight: float, level: TermClause) -> Listed:
            found = self._field_counts(clause.fields, lambda field: frequency_query(level, field, expansions))
            return self._listed(level.kind, str(level), counts[level, clause.fields], weight, found)

        return tuple(listed(*level) for level in clause.levels)

    def signals(self) -> tuple[Bonus, ...]:
        """Return the part of each signal that adds to the score."""
        return self._in_time(lambda: tuple(self._signals()), ())

    def _signals(self) -> Iterator[Bonus]:
        for signal in self._plan.signals:
            match signal:
                case ProximitySignal(pairs):
                    weight = pair_weight(signal, self._ranking)
                    for pair in pairs:
                        found = self._field_counts(pair.fields, lambda field, pair=pair: pair_query(pair, field))  # type: ignore[misc]
                        if found:
                            rarer = self._prepared.scoring.rarer(pair)
                            yield self._listed("pair", f"{pair.first} {pair.second}", rarer, weight, found)
                case RecencySignal(half_life, now):
                    newest = self._statistics.newest(DATE, now, self._clock.search)
                    for date in self._values(f"value.{DATE}"):
                        age = max(newest - date, 0) / _DAY
                        written = (_EPOCH + dt.timedelta(seconds=date)).isoformat()
                        yield Recency(written, age, half_life / _DAY, self._ranking.recency_weight)

    def _values(self, field: str) -> list[int]:
        body = {"size": 1, "query": self._own, "_source": False, "docvalue_fields": [field]}
        (hit,) = self._clock.search(body)["hits"]["hits"]
        return [int(value) for value in hit.get("fields", {}).get(field, ())]

    def _listed(self, kind: str, sought: str, count: int, weight: float, found: Sequence[FieldCount]) -> Listed:
        total, _ = self._statistics.collection(self._clock.search)
        return Listed(kind, sought, count, total, idf(count, total), weight, self._ranking.k1, tuple(found))

    def _field_counts(self, fields: Sequence[str], make: Callable[[str], Query]) -> list[FieldCount]:
        ranking, counted = self._ranking, []
        _, averages = self._statistics.collection(self._clock.search)
        for field in fields:
            query = make(field)
            if query is NOTHING:
                continue
            length = f"len.{field}"
            body = {
                "size": 1,
                "query": {"bool": {"filter": [self._own], "must": [query]}},
                "_source": False,
                "docvalue_fields": [length],
            }
            for hit in self._clock.search(body)["hits"]["hits"]:
                weight, b = ranking.field_weight.get(field, 1.0), ranking.field_b.get(field, ranking.b)
                counted.append(FieldCount(field, hit["_score"], hit["fields"][length][0], averages[field], weight, b))
        return counted
