"""The place of an offset of a stored document: its page, and its place in a work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from arsearch.model.articles import Article
from arsearch.model.places import (
    HEADING_SEPARATOR,
    Place,
    PlaceEntries,
    Step,
    part_of,
    split_head,
    stepped,
    without_ties,
)

__all__ = ["Locator", "described"]


class Locator:
    """Finds the pages and places of offsets of one stored document's body, however many pages and headings it has."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._part = part_of(article)
        self._pages = PlaceEntries(article.extra.get("pages"))
        self._headings: PlaceEntries | None = None
        self._paths: list[list[Step]] = []

    def page(self, offset: int | None) -> str | None:
        """Return the name of the page at an offset of the body; of the whole part, if its work names no other.

        It is `None` without either. An article has pages if its field `pages` lists mappings with the name of a page
        under `page` and the offset of its first character in the body under `start`.
        """
        return _name(self._sheet(offset).get("page"))

    def place(self, offset: int | None) -> Place | None:
        """Return the place in its work of an offset of the body; `None` for a document without a work.

        Without an offset, the place is that of the whole document.
        """
        part, article = self._part, self._article
        if part is None:
            if split_head(article) is None:
                return None
            part = {"work": article.id, "title": article.title, "start": 0, "end": len(article.body)}
        sheet = self._sheet(offset)
        return Place(
            work=str(part["work"]),
            title=str(part.get("title", "")),
            author=article.author,
            volume=_name(sheet.get("volume", part.get("volume"))),
            page=_name(sheet.get("page")),
            heading=self.heading(offset or 0),
            start=int(part.get("start", 0)),
            end=int(part.get("end", 0)),
        )

    def heading(self, offset: int) -> str:
        """Return the path of the headings in force at an offset of the body; an empty string without headings."""
        return HEADING_SEPARATOR.join(heading for _, heading in self._path(self._part or {}, offset))

    def _sheet(self, offset: int | None) -> Mapping[str, Any]:
        """Return the entry of `pages` at an offset, else the place of the whole part."""
        entry = None if offset is None else self._pages.at(offset)
        return entry or self._part or {}

    def _path(self, part: Mapping[str, Any], offset: int) -> Sequence[Step]:
        """Return the headings in force at an offset, from the outermost."""
        if self._headings is None:
            self._headings = PlaceEntries(self._article.extra.get("headings"))
            self._paths = [_steps(part.get("path"))]
        at = self._headings.index_at(offset) + 1
        for entry in self._headings.entries[len(self._paths) - 1 : at]:
            self._paths.append(stepped(self._paths[-1], entry))
        return self._paths[at]


def described(article: Article) -> dict[str, Any]:
    """Return an article as JSON values for a reader: a part of a work with its `place`, any other as `Article.to_dict`."""
    values = without_ties(article, article.to_dict())
    place = Locator(article).place(None) if part_of(article) is not None else None
    return values if place is None else {**values, "place": place.to_dict()}


def _steps(path: object) -> list[Step]:
    """Return the stored path of a part: pairs of a level and a heading."""
    return [
        (step[0], str(step[1]))
        for step in (path if isinstance(path, list) else ())
        if isinstance(step, list | tuple) and len(step) == 2 and type(step[0]) is int
    ]


def _name(value: object) -> str | None:
    """Return the name of a page or volume, which may be a number; `None` for none."""
    return str(value) if value is not None and value != "" else None
