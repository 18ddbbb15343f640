"""Likelier queries for a query that finds little, and completions of a query that is being typed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Correction", "Suggestion"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Proposals for a query; a search never runs one in place of the query as typed. False if there are none.

    `missing` has the words that no article has, as typed and in order. `queries` has the query with likelier words in
    their place, the likeliest first. `relaxed` has the words that articles do have, without operators, if that differs
    from the query as typed. If `partial`, time ran out before there were proposals.
    """

    query: str
    missing: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    relaxed: str | None = None
    partial: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.queries or self.relaxed)

    def to_dict(self) -> dict[str, Any]:
        """Return the proposals as JSON values."""
        return {
            "missing": list(self.missing),
            "queries": list(self.queries),
            "relaxed": self.relaxed,
            "partial": self.partial,
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested query in its commonest spelling, and the number of articles that it would find.

    A `phrase` occurs in headlines, and `articles` counts the headlines. Otherwise `articles` counts the articles that
    have the words, next to each other if there are several.
    """

    text: str
    articles: int
    phrase: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion as JSON values."""
        return asdict(self)
