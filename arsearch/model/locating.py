"""The place of an offset of a stored document: its page, and its place in a work."""

from __future__ import annotations

from arsearch.model.articles import Article
from arsearch.model.places import HEADING_SEPARATOR, Place, entry_at, part_of, path_at, split_head

__all__ = ["page_at", "place_at"]


def page_at(article: Article, offset: int | None) -> str | None:
    """Return the name of the page at an offset of the body.

    It is `None` without an offset, if the document has no pages, and before the first of them. A document has pages if its
    field `pages` lists, in order, mappings with the name of a page under `page` and the offset of its first character in
    the body under `start`.
    """
    entry = None if offset is None else entry_at(article.extra.get("pages"), offset)
    return None if entry is None else str(entry.get("page", "")) or None


def place_at(article: Article, offset: int | None) -> Place | None:
    """Return the place in its work of an offset of a document's body; `None` for a document without a work.

    Without an offset, the place is that of the whole document.
    """
    entry = None if offset is None else entry_at(article.extra.get("pages"), offset)
    if split_head(article) is not None:
        volume = None if entry is None else _name(entry.get("volume"))
        page = page_at(article, offset)
        return Place(article.id, article.title, article.author, volume, page, "", 0, len(article.body))
    part = part_of(article)
    if part is None:
        return None
    page_entry = entry or part
    path = path_at(part.get("path"), article.extra.get("headings"), 0 if offset is None else offset)
    return Place(
        work=str(part["work"]),
        title=str(part.get("title", "")),
        author=article.author,
        volume=_name(page_entry.get("volume", part.get("volume"))),
        page=_name(page_entry.get("page")),
        heading=HEADING_SEPARATOR.join(path),
        start=int(part.get("start", 0)),
        end=int(part.get("end", 0)),
    )


def _name(value: object) -> str | None:
    """Return the name of a page or volume, which may be a number; `None` for none."""
    return str(value) if value is not None and value != "" else None
