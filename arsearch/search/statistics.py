"""Statistics of terms and phrases, which a back-end returns in one call, and the counts that scores are made from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from arsearch.model.schema import STEM
from arsearch.search.clauses import (
    AndClause,
    BooleanClause,
    NotClause,
    OrClause,
    QueryClause,
    ScoredClause,
    TermClause,
    TermsClause,
)
from arsearch.search.signals import ProximitySignal, Signal, TermPair

__all__ = [
    "CollectionStatistics",
    "CountKey",
    "StatisticsKey",
    "TermKey",
    "TermStatistics",
    "count_keys",
    "pair_keys",
    "rarer_frequency",
]


class TermKey(NamedTuple):
    """A term of a field at a level, "normalised" or "stem"."""

    field: str
    level: str
    term: str


StatisticsKey = TermKey | ScoredClause
"""What articles are counted by: a term, or the clause of a phrase."""


class TermStatistics(Protocol):
    """The number of articles with each term or phrase, in one commit."""

    @property
    def count(self) -> int:
        """The number of live articles."""
        ...

    def doc_frequencies(
        self, keys: Collection[StatisticsKey], deadline: float | None = None
    ) -> Mapping[StatisticsKey, int]:
        """Return the number of articles that have each term, or match each clause.

        A back-end may count deleted articles until it has merged them away. `deadline` is a reading of `time.perf_counter`; the
        result may lack clauses that were not looked up before it.
        """
        ...


CountKey = tuple[TermClause, tuple[str, ...]]
"""A term clause and the fields in any of which documents have it."""


class CollectionStatistics(Protocol):
    """The figures of all documents that are scored together, where these are in more than one index."""

    @property
    def documents(self) -> int:
        """The number of live documents."""
        ...

    def average_length(self, field: str) -> float:
        """Return the mean length of a field over the documents that have it; 1 if none has."""
        ...

    def frequency(self, clause: TermClause, fields: tuple[str, ...]) -> int:
        """Return the number of documents that have a clause in any of the fields."""
        ...

    def newest(self, until: int) -> int:
        """Return the newest date of a document that is not after `until`, in seconds since 1970; `until` without one."""
        ...


def count_keys(clause: QueryClause | None, signals: Iterable[Signal], *, excluded: bool = False) -> Iterator[CountKey]:
    """Yield what must be counted before a plan is scored; with `excluded` also the levels of excluded clauses."""
    match clause:
        case ScoredClause():
            yield from ((level, clause.fields) for _, level in clause.levels)
        case AndClause(children) | OrClause(children):
            for child in children:
                yield from count_keys(child, (), excluded=excluded)
        case BooleanClause():
            for child in (*clause.should, *clause.must, *clause.optional, *(clause.must_not if excluded else ())):
                yield from count_keys(child, (), excluded=excluded)
        case NotClause(child) if excluded:
            yield from count_keys(child, (), excluded=excluded)
    for signal in signals:
        if isinstance(signal, ProximitySignal):
            for pair in signal.pairs:
                yield from (key for keys in pair_keys(pair) for key in keys)


def pair_keys(pair: TermPair) -> tuple[list[CountKey], list[CountKey]]:
    """Return the keys of the two words of a pair, each in each field."""
    first, second = (
        [(TermsClause(STEM, (stem,)), (field,)) for field in pair.fields] for stem in (pair.first, pair.second)
    )
    return list(first), list(second)


def rarer_frequency(pair: TermPair, frequency: Callable[[CountKey], int]) -> int:
    """Return the number of documents with the rarer word of a pair, in the field where most have it."""
    return min(max(map(frequency, keys)) for keys in pair_keys(pair))
