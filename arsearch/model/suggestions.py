"""Completions of a query that is being typed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Suggestion"]


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
