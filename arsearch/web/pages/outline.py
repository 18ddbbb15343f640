"""The headings and pages of an article, as offsets into the text that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.model import Article
from arsearch.model.citations import page_words
from arsearch.model.locating import Locator
from arsearch.model.places import Part, Place, part_of
from arsearch.model.spans import Language

__all__ = ["Entry", "headings_of", "pages_of", "place_of_part"]

_DEEPEST = 4
_SIGNS = 12
"""The most signs, such as `## `, that stand before a heading in a text."""


class Entry(NamedTuple):
    """A heading at an offset, its depth from 1, and whether the text has its words there."""

    start: int
    text: str
    level: int
    written: bool


def headings_of(article: Article, parts: Sequence[Part], text: str) -> list[Entry]:
    """Return the headings of an article, or of all parts of a work, in the order of the text.

    `parts` are those of the article, and `text` is its text.
    """
    if not parts:
        return list(_headings(article.extra, 0, len(article.body)))
    found: list[Entry] = []
    for part in parts:
        if part.heading:
            ahead = " ".join(text[part.start : part.start + len(part.heading) + _SIGNS].split())
            written = " ".join(part.heading.split()) in ahead
            found.append(Entry(part.start, part.heading, min(max(part.level, 1), _DEEPEST), written))
        inner = _headings(part.extra, part.start, part.end)
        found += [entry for entry in inner if not (found and found[-1].start == entry.start)]
    return found


def pages_of(article: Article, parts: Sequence[Part], language: Language) -> list[tuple[int, str]]:
    """Return the offset and the words of each page of an article, or of all its `parts`, in order."""
    if not parts:
        part = part_of(article) or {}
        found = list(_pages(article.extra, 0, len(article.body), part.get("volume"), language))
        own = page_words(_name(part.get("volume")), _name(part.get("page")), language)
        return [(0, own), *found] if own and not (found and found[0][0] == 0) else found
    pages: list[tuple[int, str]] = []
    for each in parts:
        inner = list(_pages(each.extra, each.start, each.end, each.volume, language))
        own = page_words(_name(each.volume), _name(each.page), language)
        if own and not (inner and inner[0][0] == each.start):
            inner.insert(0, (each.start, own))
        pages += [page for page in inner if not (pages and pages[-1][1] == page[1])]
    return pages


def place_of_part(article: Article) -> Place | None:
    """Return the place of a part in its work; `None` for any other article."""
    return Locator(article).place(None) if part_of(article) else None


def _headings(extra: Mapping[str, Any], offset: int, end: int) -> Iterator[Entry]:
    for start, name, entry in _entries(extra.get("headings"), "heading", offset, end):
        level = entry.get("level")
        yield Entry(start, name, min(max(level, 1), _DEEPEST) if type(level) is int else 1, True)


def _pages(
    extra: Mapping[str, Any], offset: int, end: int, volume: object, language: Language
) -> Iterator[tuple[int, str]]:
    for start, name, entry in _entries(extra.get("pages"), "page", offset, end):
        yield start, page_words(_name(entry.get("volume", volume)), name, language)


def _entries(entries: object, key: str, offset: int, end: int) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Yield the offset, name and entry of each page or heading. Entries of other forms are passed over."""
    for entry in entries if isinstance(entries, list | tuple) else ():
        if isinstance(entry, Mapping) and type(start := entry.get("start")) is int:
            name = _name(entry.get(key))
            if name and 0 <= start <= end - offset:
                yield offset + start, name, entry


def _name(value: object) -> str | None:
    return None if value in (None, "") else str(value)
