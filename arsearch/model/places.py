"""Places in works: the parts of a work, and where a part stands in it.

A *work* is an article with parts, such as a book with chapters. The index keeps it as a *head*, the document with the id
of the work, and one document for each part. The head holds what `split_head` reads, and a part what `part_of` reads; both
values are among the further fields of the stored documents.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

__all__ = [
    "DEEPEST",
    "HEADING_SEPARATOR",
    "PARTS",
    "PART_OF",
    "Part",
    "Place",
    "PlaceEntries",
    "Step",
    "edition_of",
    "is_part_id",
    "part_id",
    "part_ids",
    "part_of",
    "plain_heading",
    "split_head",
    "stepped",
    "stored_work_of_id",
    "without_ties",
    "work_of_id",
]

PARTS = "parts"
"""The field of an article that lists its parts; in the stored head, the mapping that `split_head` returns."""

PART_OF = "part_of"
"""The field of a stored part that ties it to its work."""

HEADING_SEPARATOR = " ‹ "
"""Stands between the headings of a path, from the outermost to the innermost: كتاب الصلاة ‹ باب الوضوء."""

Step = tuple[int, str]
"""A heading of a path, with its level before it."""

DEEPEST = 100
"""The deepest level of a heading. Deeper ones count as this one, so that no path grows with the number of parts."""

_AROUND = " \u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SIGN = "¶"
_PART_ID = re.compile(rf"(?s:(.+)){_SIGN}[1-9][0-9]*\Z")


_FIGURES = {"count": int, "edition": int, "length": int, "cut": bool}
"""The figures of a head, with their types."""


class Stored(Protocol):
    """A stored document: an `Article`."""

    @property
    def id(self) -> str:
        """The id of the document."""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The further fields of the document."""


class Part(NamedTuple):
    """One part of a work. `text[start:end]` of the work's text (`Article.text`) is its `body`; offsets are code points.

    `level` is the depth of its heading from 1, 0 without a heading. `extra` holds the further fields of the part.
    """

    heading: str
    level: int
    volume: int | str | None
    page: int | str | None
    start: int
    end: int
    body: str
    extra: Mapping[str, Any] = MappingProxyType({})


class Place(NamedTuple):
    """Where a hit stands in a work.

    `work` is the id of the work and `title` its title. `heading` is the path of headings, joined by " ‹ ", and empty
    without headings. `volume` and `page` are those of the first match that the snippet shows, `None` if they are unknown.
    `start` and `end` are the span of the part in the text of the work (`Article.text` of the whole work), in code points.
    """

    work: str
    title: str
    author: str
    volume: str | None
    page: str | None
    heading: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON values."""
        return self._asdict()


def part_id(work: str, number: int) -> str:
    """Return the id of a part of a work; the first part has the number 1."""
    return f"{work}{_SIGN}{number}"


def part_ids(work: str, count: int) -> list[str]:
    """Return the ids of the first parts of a work, in order."""
    start = f"{work}{_SIGN}"
    return [f"{start}{number}" for number in range(1, count + 1)]


def is_part_id(id: str) -> bool:
    """Tell whether an id has the form of a part's id."""
    return _SIGN in id and _PART_ID.match(id) is not None


def work_of_id(id: str) -> str:
    """Return the id of the work of a part's id; any other id as it is."""
    found = _PART_ID.match(id) if _SIGN in id else None
    return found[1] if found else id


def stored_work_of_id(id: str, is_stored: Callable[[str], bool]) -> str:
    """Return the id of the work of a stored part; any other id as it is, also that of a part which is not stored."""
    return work_of_id(id) if is_part_id(id) and is_stored(id) else id


def part_of(article: Stored) -> Mapping[str, Any] | None:
    """Return what ties a stored part to its work, `None` for any other article.

    The mapping has `work`, `title`, `number`, `edition`, `path` (pairs of a level and a heading), `heading`, `level`,
    `start` and `end`, and may have `volume`, `page` and `extra`.
    """
    if _SIGN not in article.id:
        return None
    found = article.extra.get(PART_OF)
    return found if isinstance(found, Mapping) and found.get("work") == work_of_id(article.id) else None


def split_head(article: Stored) -> Mapping[str, Any] | None:
    """Return the figures of the parts of a stored head, `None` for any other article.

    The mapping has `count`, the number of parts, `edition`, `length`, the code points of the work's text, and `cut`,
    whether the parts were cut from the body.
    """
    found = article.extra.get(PARTS) if article.extra else None
    if isinstance(found, Mapping) and _FIGURES.keys() == found.keys():
        return found if all(type(found[name]) is kind for name, kind in _FIGURES.items()) else None
    return None


def edition_of(article: Stored) -> tuple[str, int] | None:
    """Return the work that a stored document belongs to, and its edition: negative for a part; `None` without a work.

    The parts of a work and its head have the same edition. A part of another edition is left over from an older one.
    """
    if (head := split_head(article)) is not None:
        return article.id, int(head["edition"])
    if (part := part_of(article)) is not None:
        return str(part["work"]), -int(part["edition"])
    return None


def without_ties(document: Stored, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a stored document by name, without the value that ties a part to its work or counts the parts."""
    tie = PART_OF if part_of(document) is not None else PARTS if split_head(document) is not None else None
    return {name: value for name, value in values.items() if name != tie}


class PlaceEntries:
    """The places that a list such as `pages` or `headings` names, in rising order of their `start`.

    Entries of other forms are passed over. A look-up takes the logarithm of their number.
    """

    def __init__(self, entries: object) -> None:
        usable = [
            entry
            for entry in (entries if isinstance(entries, list | tuple) else ())
            if isinstance(entry, Mapping) and type(entry.get("start")) is int
        ]
        self.entries: list[Mapping[str, Any]] = sorted(usable, key=_start)
        self._starts = [*map(_start, self.entries)]

    def index_at(self, offset: int) -> int:
        """Return the index of the last entry that begins at an offset or before it, -1 without one."""
        return bisect_right(self._starts, offset) - 1

    def at(self, offset: int) -> Mapping[str, Any] | None:
        """Return the last entry that begins at an offset or before it, `None` without one."""
        index = self.index_at(offset)
        return self.entries[index] if index >= 0 else None


def _start(entry: Mapping[str, Any]) -> int:
    return int(entry["start"])


def plain_heading(value: object) -> str:
    """Return the text of a heading on one line, without the marks of direction around it."""
    return " ".join(str(value).split()).strip(_AROUND)


def stepped(path: Sequence[Step], entry: Mapping[str, Any]) -> list[Step]:
    """Return the path after an entry of `headings`: its heading replaces the headings of its level and below.

    A level that is no positive integer counts as 1. An entry without a heading changes nothing.
    """
    level, heading = entry.get("level"), plain_heading(entry.get("heading", ""))
    own = min(level, DEEPEST) if type(level) is int and level > 0 else 1
    return [*(step for step in path if step[0] < own), (own, heading)] if heading else [*path]
