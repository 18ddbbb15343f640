"""The text of a book in OpenITI mARkdown, with the places of its pages and headings.

A page mark stands at the end of its page. Offsets are code points into the text that `Book.text` returns.
Source: OpenITI mARkdown (https://alraqmiyyat.github.io/mARkdown/): `# ` begins a paragraph, `~~` continues it, `### |` is a
heading, `### $` a biography, `### @` an event, `%~%` stands between half-verses, `ms001` is a milestone.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["Book"]

_HEADING = re.compile(r"###\s*(\|+)\s*(?:(?:EDITOR|PARATEXT|TITLE PAGE)\s*\|?)?\s*(.*)", re.DOTALL)
_ENTRY = re.compile(r"###\s*(?:\$[A-Z_]*\$*|\$+|@+)\s*(?:RAW\s*)?(.*)", re.DOTALL)
_PAGE = re.compile(r"\s*PageV(\d{1,3})P(\d{1,5}[A-Z]?)\s*")
_MILESTONE = re.compile(r"(?<![A-Za-z])ms[A-Z]?\d{1,6}\b")
_VERSE = re.compile(r"\s*%~%\s*")
_TAG = re.compile(r"(?<![\w.])@[A-Z]{1,6}\d{0,5}(?:@|(?=\s|$))|#~:[^:\n]*:|</?span[^<>]*>")
_DOLLARS = re.compile(r"\$+\s+")
_SPACES = re.compile(r"[ \t\u00a0]+")
_BETWEEN_HALF_VERSES = " … "


class Book:
    """A book that is fed line by line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open: list[str] = []  # the lines of the open paragraph or heading
        self._level = 0  # of the open heading, 0 for a paragraph
        self._page_start: int | None = None
        self.pages: list[dict[str, Any]] = []
        """The pages in order: `volume` and `page` (numbers, or text such as `12A`), and `start`, the offset of its text.

        A volume or page 0, as in `PageV00P012`, is unknown and left out.
        """

        self.headings: list[dict[str, Any]] = []
        """The headings in order: `heading`, `level` from 1, and `start`, its offset."""

    def add(self, line: str) -> None:
        """Add a line after the header, without its end."""
        line = line.strip()
        if line.startswith("~~"):
            self._open.append(line[2:])
        elif line.startswith("###"):
            self._close()
            if heading := _HEADING.match(line):
                self._open, self._level = [heading[2]], len(heading[1])
            elif entry := _ENTRY.match(line):
                self._open = [entry[1]]
            else:
                self._open = [line.lstrip("# ")]
        elif line.startswith("#"):
            self._close()
            self._open = [line.lstrip("#")]
        elif line:
            if not _PAGE.fullmatch(line):  # a page mark on a line of its own may stand inside a paragraph
                self._close()
            self._open.append(line)

    def text(self) -> str:
        """Return the text: paragraphs, verses and headings, one a line. Adds nothing to an empty book."""
        self._close()
        return "".join(self._parts)

    def _close(self) -> None:
        """Append the open paragraph to the text."""
        if not self._open:
            return
        raw, level = " ".join(self._open), self._level
        self._open, self._level = [], 0
        raw = _SPACES.sub(" ", _VERSE.sub(_BETWEEN_HALF_VERSES, _TAG.sub("", _MILESTONE.sub("", raw)))).strip()
        raw = _DOLLARS.sub("", raw, count=1) if raw.startswith("$") else raw
        start: int | None = None
        at = 0
        words: list[str] = []
        for mark in [*_PAGE.finditer(raw), None]:
            piece = raw[at : mark.start() if mark else len(raw)].strip()
            if piece:
                place = self._append(piece, new_line=start is None)
                start = place if start is None else start
                words.append(piece)
            if mark:
                self._end_page(mark[1], mark[2])
                at = mark.end()
        if level and start is not None:
            self.headings.append({"heading": " ".join(words), "level": level, "start": start})

    def _append(self, piece: str, *, new_line: bool) -> int:
        """Append a piece of text and return its offset."""
        if self._parts:
            self._parts.append("\n" if new_line else " ")
            self._length += 1
        start = self._length
        if self._page_start is None:
            self._page_start = start
        self._parts.append(piece)
        self._length += len(piece)
        return start

    def _end_page(self, volume: str, page: str) -> None:
        start = self._length if self._page_start is None else self._page_start
        self._page_start = None
        number: int | str = int(page) if page.isdecimal() else page
        known = {name: value for name, value in (("volume", int(volume)), ("page", number)) if value}
        self.pages.append({**known, "start": start})
