"""The headings of a PDF by its outline, which readers show as bookmarks.

An entry leads to a page, and mostly to a height on it. Its heading is the paragraph that begins with its words, else the first
one below the height, else the beginning of the page.
Source: ISO 32000-1:2008, 12.3.3 (document outline) and 12.3.2.2 (destinations).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.readers.pdf.metadata import one_line
from arsearch.readers.quality.presentation_forms import without_forms

__all__ = ["Entry", "Paragraph", "headings_by"]

_JUNK = re.compile(r"_\w+|[\W_]*|(?:page|slide|صفحة|شريحة)\s*\d+|\S+\.(?:docx?|odt|rtf|pptx?|pdf)", re.IGNORECASE)
"""Bookmarks that programs make by themselves."""

_NO_LETTER = re.compile(r"[\W_\u0640\u064b-\u065f\u0670]+")


class Entry(NamedTuple):
    """An entry of an outline."""

    title: str
    level: int
    page: int
    """The number of its page, from 1."""

    height: float | None
    """Where it leads on the page, in points from below; `None` for the whole page."""


class Paragraph(NamedTuple):
    """A paragraph of the body."""

    text: str
    start: int
    top: float
    """The baseline of its first line."""


def headings_by(outline: Iterable[Entry], pages: Mapping[int, Sequence[Paragraph]]) -> list[dict[str, Any]]:
    """Return the headings of an outline: `heading`, `level` from 1 and `start`, in rising order of their starts.

    `pages` has the paragraphs of each page with text, by its number. An entry of a page without text leads to the next one.
    """
    numbers = sorted(pages)
    found: list[dict[str, Any]] = []
    for entry in outline:
        title = without_forms(one_line(entry.title))
        number = entry.page if entry.page in pages else next((one for one in numbers if one > entry.page), None)
        if number is None or _JUNK.fullmatch(title):
            continue
        height = entry.height if number == entry.page else None
        found.append({"heading": title, "level": entry.level, "start": _start(title, height, pages[number])})
    return sorted(found, key=lambda heading: int(heading["start"]))


def _start(title: str, height: float | None, paragraphs: Sequence[Paragraph]) -> int:
    key = _key(title)
    below = [one for one in paragraphs if height is None or one.top <= height] or paragraphs
    named = (one for several in (below, paragraphs) for one in several if key and _key(one.text).startswith(key))
    return next(named, below[0]).start


def _key(text: str) -> str:
    return _NO_LETTER.sub("", text)
