"""The place of an offset of a stored document: its page, and its place in a work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arsearch.model.articles import Article
from arsearch.model.places import HEADING_SEPARATOR, Place, entry_at, part_of, path_at, split_head

__all__ = ["heading_at", "page_at", "place_at"]


def page_at(article: Article, offset: int | None) -> str | None:
    """Return the name of the page at an offset of the body; of the whole part, if its work names no other.

    It is `None` without either. An article has pages if its field `pages` lists, in order, mappings with the name of a page
    under `page` and the offset of its first character in the body under `start`.
    """
    return _name(_sheet(article, offset).get("page"))


def place_at(article: Article, offset: int | None) -> Place | None:
    """Return the place in its work of an offset of a document's body; `None` for a document without a work.

    Without an offset, the place is that of the whole document.
    """
    part = part_of(article)
    if part is None:
        if split_head(article) is None:
            return None
        part = {"work": article.id, "title": article.title, "start": 0, "end": len(article.body)}
    sheet = _sheet(article, offset)
    return Place(
        work=str(part["work"]),
        title=str(part.get("title", "")),
        author=article.author,
        volume=_name(sheet.get("volume", part.get("volume"))),
        page=_name(sheet.get("page")),
        heading=heading_at(article, offset or 0),
        start=int(part.get("start", 0)),
        end=int(part.get("end", 0)),
    )


def heading_at(article: Article, offset: int) -> str:
    """Return the path of the headings in force at an offset of the body; an empty string without headings."""
    path = (part_of(article) or {}).get("path")
    return HEADING_SEPARATOR.join(path_at(path, article.extra.get("headings"), offset))


def _sheet(article: Article, offset: int | None) -> Mapping[str, Any]:
    """Return the entry of `pages` at an offset, else the place of the whole part."""
    entry = None if offset is None else entry_at(article.extra.get("pages"), offset)
    return entry or part_of(article) or {}


def _name(value: object) -> str | None:
    """Return the name of a page or volume, which may be a number; `None` for none."""
    return str(value) if value is not None and value != "" else None
