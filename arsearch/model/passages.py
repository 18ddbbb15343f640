"""A passage of an article: a few whole sentences that answer a query, with their place; and tuples that may be partial."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Answers", "Passage"]

_Answer = TypeVar("_Answer")


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


class Answers(tuple[_Answer, ...]):
    """Passages, suggestions or spans; they equal a tuple.

    If `partial`, time ran out: some may be missing, but none is wrong.
    """

    partial: bool

    def __new__(cls, answers: Iterable[_Answer] = (), *, partial: bool = False) -> Answers[_Answer]:
        made = super().__new__(cls, answers)
        made.partial = partial
        return made
