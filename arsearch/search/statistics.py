"""Statistics of terms and phrases, which a back-end returns in one call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from arsearch.search.clauses import ScoredClause

__all__ = ["StatisticsKey", "TermKey", "TermStatistics"]


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
