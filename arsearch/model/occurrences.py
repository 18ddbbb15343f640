"""The lines of a concordance, and the rows of a table of frequencies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from arsearch.model.places import Place
from arsearch.model.spans import Level

__all__ = ["ConcordanceLine", "Frequencies", "FrequencyRow"]


class ConcordanceLine(NamedTuple):
    """One occurrence in its line: the `keyword`, and the text `before` and `after` it in the order of reading.

    An Arabic reader sees `before` to the right of the keyword and `after` to its left. White space of the three is folded
    to single spaces. `start` and `end` are the code points of the keyword in the field `field` of the document `id`, from
    its first word to its last. `level` is the loosest level of its words. `title` is that of the work if the document is a
    part of one. `page` and `place` are those of the keyword, `None` if they are unknown.
    """

    id: str
    title: str
    field: str
    before: str
    keyword: str
    after: str
    start: int
    end: int
    level: Level
    page: str | None = None
    place: Place | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON values."""
        data = self._asdict()
        data["level"] = self.level.label
        data["place"] = None if self.place is None else self.place.to_dict()
        return data

    def to_row(self) -> dict[str, Any]:
        """Return the line as a row of a table, with the columns of the place beside the others."""
        place = self.place
        return {
            "id": self.id,
            "title": self.title,
            "volume": place.volume if place else None,
            "page": place.page if place else self.page,
            "heading": place.heading if place else None,
            "before": self.before,
            "keyword": self.keyword,
            "after": self.after,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "level": self.level.label,
        }


class FrequencyRow(NamedTuple):
    """The occurrences in the articles that have one value of a field.

    `value` is the value as text, `None` for the articles without one. `articles` counts those with an occurrence, works
    once. `words` counts all words of the searched fields of all articles with the value, with an occurrence or without.
    """

    value: str | None
    occurrences: int
    articles: int
    words: int
    title: str = ""
    """The title of the work, if the table counts works."""

    @property
    def rate(self) -> float:
        """The occurrences in a million words; 0 without words."""
        return self.occurrences * 1_000_000 / self.words if self.words else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        data: dict[str, Any] = {
            "value": self.value,
            "occurrences": self.occurrences,
            "articles": self.articles,
            "words": self.words,
            "rate": round(self.rate, 3),
        }
        return data | ({"title": self.title} if self.title else {})


@dataclass(frozen=True, slots=True)
class Frequencies(Sequence[FrequencyRow]):
    """The rows of a table of frequencies, and its totals.

    Periods are in order of time. Other values are in order of their occurrences, the most frequent first, equally
    frequent ones in order of the value. The row of the articles without a value is the last. `total` counts each
    occurrence once, also if an article has several values. `partial` tells whether time ran out, so that counts may be too
    low.
    """

    query: str
    by: str
    rows: tuple[FrequencyRow, ...]
    total: FrequencyRow
    notes: tuple[str, ...] = ()
    partial: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: Any) -> Any:
        return self.rows[at]

    def __iter__(self) -> Iterator[FrequencyRow]:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON values, as `arsearch frequencies --json` prints it."""
        total = self.total.to_dict()
        del total["value"]
        return {
            "query": self.query,
            "by": self.by,
            **total,
            "notes": list(self.notes),
            "partial": self.partial,
            "rows": [row.to_dict() for row in self.rows],
        }
