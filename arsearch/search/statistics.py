"""Statistics of terms, which a back-end returns in one call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

__all__ = ["TermKey", "TermStatistics"]


class TermKey(NamedTuple):
    """A term of a field at a level, "normalised" or "stem"."""

    field: str
    level: str
    term: str


class TermStatistics(Protocol):
    """The number of articles with each term, in one commit."""

    @property
    def count(self) -> int:
        """The number of live articles."""
        ...

    def doc_frequencies(self, keys: Collection[TermKey]) -> Mapping[TermKey, int]:
        """Return the number of articles with each term. Deleted articles count until their segment is merged."""
        ...
