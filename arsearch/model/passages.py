"""A passage of an article: a few whole sentences that answer a query, with their place."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

__all__ = ["Passage"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of the body of one article: `article.body[start:end] == text`, exactly.

    `start` and `end` count code points. `score` is comparable within one call only. `heading` is the path of the headings
    above the passage, `""` without any. `page` is the name of the page on which the passage begins, `None` without pages.
    """

    text: str
    article_id: str
    title: str
    start: int
    end: int
    score: float
    heading: str = ""
    page: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the passage as JSON values."""
        return dataclasses.asdict(self)
