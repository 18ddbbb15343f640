"""Query clauses and signals as queries whose score is that of `search.ranking`.

Each level of a word is a script over the frequencies in its fields. The figures are parameters, so that the cluster compiles
four scripts in all. A document's score is the sum of the scores of all clauses, because `bool` adds its `should` queries.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.filters import NOTHING, Query, any_of
from arsearch.opensearch.matching import frequency_query, matching, pair_query
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
from arsearch.search.ranking import Ranking, idf
from arsearch.search.signals import DATE, ProximitySignal, RecencySignal, Signal, TermPair
from arsearch.search.statistics import CountKey, rarer_frequency

__all__ = ["Scoring", "other_levels", "pair_weight", "widest_level"]

_FIELD = "_score * params.w / (1 - params.b + params.b * doc[params.l].value / params.a)"
_LEVEL = "params.m * _score / (params.k + _score)"
_RECENCY = "params.m * Math.pow(2, -Math.max(params.newest - doc[params.d].value, 0) / params.half)"


def pair_weight(signal: ProximitySignal, ranking: Ranking) -> float:
    """Return the weight of each pair of a query."""
    return ranking.pair_weight / math.sqrt(len(signal.pairs))


Levels = Sequence[tuple[float, TermClause]]
"""Levels of a scored clause, with their weights."""


def every_level(clause: ScoredClause) -> Levels:
    """Return all levels of a clause."""
    return clause.levels


def widest_level(clause: ScoredClause) -> Levels:
    """Return the loosest level of a clause that counts as a complete match."""
    at = _widest(clause)
    return clause.levels[at : at + 1]


def other_levels(clause: ScoredClause) -> Levels:
    """Return the levels of a clause without the one of `widest_level`."""
    at = _widest(clause)
    return (*clause.levels[:at], *clause.levels[at + 1 :])


def _widest(clause: ScoredClause) -> int:
    return len(clause.levels) - (2 if clause.related else 1)


class Scoring:
    """Makes the scored queries of one plan."""

    def __init__(
        self,
        ranking: Ranking,
        expansions: Expansions,
        counts: Mapping[CountKey, int],
        total: int,
        averages: Mapping[str, float],
    ) -> None:
        self.ranking = ranking
        self._expansions = expansions
        self._counts = counts
        self._total = total
        self._averages = averages

    def parts(
        self, clause: QueryClause | None, *, top: bool = True, levels: Callable[[ScoredClause], Levels] = every_level
    ) -> Iterator[Query]:
        """Yield queries whose scores add up to that of a clause, or to that of some `levels` of its words.

        A clause inside another adds to the score only where it matches; for the whole clause, `top`, a filter sees to that.
        """
        match clause:
            case None | NotClause() | FilterClause():
                return
            case ScoredClause():
                for weight, level in levels(clause):
                    yield from self._level(weight, level, clause.fields)
                return
            case AndClause(children) | OrClause(children):
                inner = children
            case BooleanClause():
                inner = (*clause.should, *clause.must, *clause.optional)
        found = [query for child in inner for query in self.parts(child, top=False, levels=levels)]
        if top:
            yield from found
        elif found:
            yield {"bool": {"filter": [matching(clause, self._expansions, roots=True)], "should": found}}

    def _level(self, weight: float, clause: TermClause, fields: tuple[str, ...]) -> Iterator[Query]:
        limit = self._limit(weight, self._counts.get((clause, fields), 0))
        yield from self._scored(limit, fields, lambda field: frequency_query(clause, field, self._expansions))

    def _limit(self, weight: float, count: int) -> float:
        return weight * (self.ranking.k1 + 1) * idf(count, self._total)

    def _scored(self, limit: float, fields: tuple[str, ...], make: Callable[[str], Query]) -> Iterator[Query]:
        ranking, weighed = self.ranking, []
        for field in fields:
            average, query = self._averages.get(field), make(field)
            if average is None or query is NOTHING:
                continue
            figures = {
                "w": ranking.field_weight.get(field, 1.0),
                "b": ranking.field_b.get(field, ranking.b),
                "l": f"len.{field}",
                "a": average,
            }
            weighed.append(_script(query, _FIELD, figures))
        if weighed:
            yield _script(any_of(weighed), _LEVEL, {"m": limit, "k": ranking.k1})

    def signals(self, signals: Iterable[Signal], newest: Callable[[RecencySignal], int]) -> Iterator[Query]:
        """Yield queries whose scores are the bonuses of signals; `newest` returns the date that ages count from."""
        for signal in signals:
            match signal:
                case ProximitySignal(pairs):
                    weight = pair_weight(signal, self.ranking)
                    for pair in pairs:
                        limit = self._limit(weight, self.rarer(pair))
                        yield from self._scored(limit, pair.fields, lambda field, pair=pair: pair_query(pair, field))  # type: ignore[misc]
                case RecencySignal(half_life):
                    figures = {
                        "m": self.ranking.recency_weight,
                        "newest": newest(signal),
                        "half": half_life,
                        "d": f"value.{DATE}",
                    }
                    yield _script({"exists": {"field": f"value.{DATE}"}}, _RECENCY, figures)

    def rarer(self, pair: TermPair) -> int:
        """Return the number of documents with the rarer word of a pair, in the field where most have it."""
        return rarer_frequency(pair, lambda key: self._counts.get(key, 0))


def _script(query: Query, source: str, figures: Mapping[str, object]) -> Query:
    return {"script_score": {"query": query, "script": {"source": source, "params": dict(figures)}}}
