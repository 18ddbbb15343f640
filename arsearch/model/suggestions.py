"""What a query that is being typed may become."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Suggestion"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query, written as it mostly is, and how many articles it would find.

    A `phrase` stands in headlines, and these are counted; else they are the articles that have the words, side by side
    if there are several.
    """

    text: str
    articles: int
    phrase: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The suggestion as JSON values."""
        return asdict(self)
