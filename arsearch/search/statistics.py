"""Statistics of terms, asked of a back-end in one call."""

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
    """How many articles have which terms, in one commit."""

    @property
    def count(self) -> int:
        """The number of live articles."""
        ...

    def doc_frequencies(self, keys: Collection[TermKey]) -> Mapping[TermKey, int]:
        """Return the number of articles with each term, deleted ones not yet merged away included; 0 if none has it."""
        ...
