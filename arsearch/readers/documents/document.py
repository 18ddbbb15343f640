"""A document as a reader collects it, and the record that is made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from arsearch.dates.values import NO_DATES
from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import split_tags
from arsearch.readers.content import Content
from arsearch.readers.documents.flow import Flow, joined
from arsearch.readers.documents.pages import BrokenText, pages_of
from arsearch.readers.sources import base_name

__all__ = ["Document", "document_records"]

_LONGEST_VALUE = 10_000
_GENERIC = re.compile(
    r"(?:microsoft (?:office )?(?:word|powerpoint) - .*|(?:document|presentation|slide|untitled|unknown|مستند|عرض تقديمي)\s*\d*"
    r"|powerpoint presentation|عرض تقديمي (?:في|من) powerpoint|شريحة \d+|\S+\.(?:docx?|odt|rtf|pptx?|odp|epub|indd))",
    re.IGNORECASE,
)
"""Titles that programs write by themselves."""

_GENERIC_AUTHORS = frozenset(
    {"python-docx", "user", "admin", "administrator", "microsoft", "unknown", "windows user", "مستخدم"}
)

_NO_DATES = (*NO_DATES, "1601-01-01", "2013-12-23T23:15:00", "2013-01-27T09:14:16", "2013-01-27T09:15:58")
"""The dates of documents that have none: time 0 of Windows, and the templates of python-docx and python-pptx."""


class Document:
    """The text, the metadata and the problems of one document."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.title_in_text = ""
        """The first paragraph in the style of a title."""

        self.toc: list[tuple[str, str, int]] = []
        """The entries of a table of contents: an anchor of the flow, the title and the level."""

        self.problems: list[tuple[str, str]] = []
        """The parts that could not be read, and the reasons."""

        self.symbols = 0
        """The number of symbols that only a font can show."""

        self._metadata: dict[str, str] = {}

    def describe(self, field: str, value: str | None, *, joined_by: str = "") -> None:
        """Keep a value of the metadata. The first value of a field counts, or all of them, joined."""
        value = " ".join((value or "")[:_LONGEST_VALUE].split())
        if not value or value.lower() == "unknown" or (field == "title" and _GENERIC.fullmatch(value)):
            return
        if field in ("date", "modified") and value.startswith(_NO_DATES):
            return
        if field == "author" and value.lower() in _GENERIC_AUTHORS:
            return
        known = self._metadata.get(field)
        if known is None:
            self._metadata[field] = value
        elif joined_by and value not in known.split(joined_by) and len(known) < _LONGEST_VALUE:
            self._metadata[field] = known + joined_by + value

    def data(self, content: Content) -> dict[str, Any]:
        """Return the article: the metadata, the body, and the `headings` and `pages` if there are some."""
        blocks = self.flow.finish()
        body, headings, starts = joined(blocks)
        pages = pages_of(BrokenText(block.text, block.breaks) for block in blocks)
        if self.toc:
            headings = _with_toc(headings, self.toc, starts)
        values: dict[str, Any] = dict(self._metadata)
        title = values.pop("title", "") or self.title_in_text or next((item["heading"] for item in headings), "")
        if modified := values.pop("modified", ""):
            values.setdefault("date", modified)
        if "tags" in values:
            values["tags"] = split_tags(values["tags"])
        article = {"id": content.source.id, "title": title or name_of(content), "body": body, **values}
        if headings:
            article["headings"] = headings
        if pages:
            article["pages"] = pages
        return article


def document_records(content: Content, read: Callable[[Content, Document], None]) -> Iterator[Record]:
    """Yield the record of a document, then a record for each part of it that `read` could not read.

    Raises `InputError` if there is no text at all.
    """
    document = Document()
    try:
        read(content, document)
    except InputError as error:
        document.problems.append(("", str(error)))
    if document.symbols:
        content.tell(f"symbols of fonts without Unicode (such as Wingdings) that are left out: {document.symbols}")
    article = document.data(content)
    if article["body"]:
        yield Record(content.name, article)
    elif not document.problems:
        raise InputError("no text in it; if its pages are pictures, they need OCR")
    for part, problem in document.problems:
        yield Record(f"{content.name}:{part}" if part else content.name, None, problem)


def name_of(content: Content) -> str:
    """Return the name of a source without folders and suffix, which is the title of a text without one."""
    return PurePath(base_name(content.source.id)).stem.replace("_", " ").strip()


def _with_toc(
    headings: list[dict[str, Any]], toc: list[tuple[str, str, int]], starts: dict[str, int]
) -> list[dict[str, Any]]:
    """Return the headings, with the headings that only the table of contents has.

    A heading that begins where an entry leads gets the entry's level: the tags of a chapter tell only its own structure.
    """
    by_start = {heading["start"]: heading for heading in reversed(headings)}
    for anchor, title, level in toc:
        if (start := starts.get(anchor)) is None:
            continue
        if start in by_start:
            by_start[start]["level"] = level
        else:
            by_start[start] = {"heading": title, "level": level, "start": start}
            headings.append(by_start[start])
    return sorted(headings, key=lambda heading: heading["start"])
