"""Places in works: the parts of a work, and where a part stands in it.

A *work* is an article with parts, such as a book with chapters. The index keeps it as a *head*, the document with the id
of the work, and one document for each part. The head holds what `split_head` reads, and a part what `part_of` reads; both
values are among the further fields of the stored documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

__all__ = [
    "HEADING_SEPARATOR",
    "PARTS",
    "PART_OF",
    "Part",
    "Place",
    "edition_of",
    "entry_at",
    "is_part_id",
    "part_id",
    "part_of",
    "path_at",
    "split_head",
    "work_of_id",
]

PARTS = "parts"
"""The field of an article that lists its parts; in the stored head, the mapping that `split_head` returns."""

PART_OF = "part_of"
"""The field of a stored part that ties it to its work."""

HEADING_SEPARATOR = " ‹ "
"""Stands between the headings of a path, from the outermost to the innermost: كتاب الصلاة ‹ باب الوضوء."""

_SIGN = "¶"
_PART_ID = re.compile(rf"(?s:(.+)){_SIGN}[1-9][0-9]*\Z")


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


def is_part_id(id: str) -> bool:
    """Tell whether an id has the form of a part's id."""
    return _SIGN in id and _PART_ID.match(id) is not None


def work_of_id(id: str) -> str:
    """Return the id of the work of a part's id; any other id as it is."""
    found = _PART_ID.match(id) if _SIGN in id else None
    return found[1] if found else id


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
    if isinstance(found, Mapping) and {"count", "edition", "length", "cut"} == found.keys():
        return found
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


def entry_at(entries: object, offset: int) -> Mapping[str, Any] | None:
    """Return the last of some places, such as `pages`, that begins at an offset or before it.

    `entries` lists mappings in rising order of their `start`. Entries of other forms are passed over.
    """
    found = None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and isinstance(start := entry.get("start"), int):
            if start > offset:
                break
            found = entry
    return found


def path_at(path: object, headings: object, offset: int) -> list[str]:
    """Return the headings in force at an offset of a part, from the outermost.

    `path` lists pairs of a level and a heading, those in force at the start of the part. `headings` lists the headings
    inside the part, as mappings with `heading`, `level` and `start`.
    """
    steps = [
        (step[0], str(step[1]))
        for step in (path if isinstance(path, list) else ())
        if isinstance(step, list | tuple) and len(step) == 2 and type(step[0]) is int
    ]
    for entry in headings if isinstance(headings, list) else ():
        if not isinstance(entry, Mapping) or not isinstance(start := entry.get("start"), int) or start > offset:
            break
        level, heading = entry.get("level"), " ".join(str(entry.get("heading", "")).split())
        own = level if type(level) is int and level > 0 else 1
        if heading:
            steps = [*(step for step in steps if step[0] < own), (own, heading)]
    return [heading for _, heading in steps]
