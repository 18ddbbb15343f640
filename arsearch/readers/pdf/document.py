"""A PDF as one record, and a problem for what could not be read of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.brackets import kinds_to_mirror, mirrored
from arsearch.readers.content import Content
from arsearch.readers.isolation import isolated
from arsearch.readers.lines import LONGEST, too_long
from arsearch.readers.pdf.body import Body, heading
from arsearch.readers.pdf.metadata import fields_of
from arsearch.readers.pdf.outline import Entry, Paragraph, headings_by
from arsearch.readers.pdf.running import PageLine, running_lines
from arsearch.readers.quality.reversed_text import is_reversed, repaired
from arsearch.readers.spooling import spooled

__all__ = ["read_pdf"]

_PARSER = "arsearch.readers.pdf.parser:parse"
_MOST_LOST = 0.05
_LOST = re.compile(
    r"[\u0621-\u064a][A-Za-z+*&$<=>\\^`|~]|[A-Za-z+*&$<=>\\^`|~][\u0621-\u064a]|[\u0621-\u064a]['\"()][\u0621-\u064a]"
)
"""ASCII in an Arabic word: a glyph that lost its Unicode value. Digits and signs that words may touch are left out."""

_WORD = re.compile(r"\S*[\u0621-\u064a]\S*")


@dataclass(slots=True)
class _Page:
    number: int
    label: str
    lines: list[PageLine] = field(default_factory=list)
    images: int = 0
    unmapped: int = 0
    letters: int = 0
    problem: str = ""


@dataclass(slots=True)
class _Document:
    count: int = 0
    metadata: dict[str, str] = field(default_factory=dict)
    outline: list[Entry] = field(default_factory=list)
    pages: list[_Page] = field(default_factory=list)
    failure: InputError | None = None


def read_pdf(content: Content) -> Iterator[Record]:
    """Yield the text of a PDF as one record, then a problem for the pages that have none.

    The record has `pages`: for each page with text its label, or its number, under `page`, and under `start` the offset
    of its first character in the body, in code points. It has `headings` if the PDF has an outline.

    Raises `InputError` if no page can be read.
    """
    with spooled(content) as (path, cut):
        document = _parsed(path)
    failure = document.failure or cut
    data = _data(content, document)
    if data is not None:
        yield Record(content.name, data)
    elif failure is None:
        raise InputError(_without_text(document))
    for page in document.pages:
        if page.problem:
            yield Record(f"{content.name}:page {page.number}", None, page.problem)
    scanned = [page for page in document.pages if _is_scan(page)]
    if data is not None and scanned:
        yield Record(f"{content.name}:page {scanned[0].number}", None, _scans(scanned, document))
    if failure is not None:
        raise failure


def _parsed(path: str) -> _Document:
    """Return what the parser read of a file before it ended, and how it failed."""
    document = _Document()
    size = 0
    try:
        for message in isolated(_PARSER, path):
            if "count" in message:
                document.count, document.metadata = message["count"], message["metadata"]
                document.outline = [Entry(*entry) for entry in message["outline"]]
                continue
            page = _page(message)
            size += sum(len(line.text) for line in page.lines)
            if size > LONGEST:
                raise InputError(too_long("the text of a PDF"))
            document.pages.append(page)
    except InputError as failure:
        document.failure = failure
    return document


def _page(message: dict[str, Any]) -> _Page:
    page = _Page(message["number"], message["label"], problem=message.get("problem", ""))
    if not page.problem:
        page.lines = [PageLine(text, tuple(turned), *box) for text, turned, *box in message["lines"]]
        page.images, page.unmapped, page.letters = message["images"], message["unmapped"], message["letters"]
    return page


def _data(content: Content, document: _Document) -> dict[str, Any] | None:
    """Return the fields of the article; `None` if the document has no text."""
    pages = document.pages
    wrong = kinds_to_mirror((line.text, line.turned) for page in pages for line in page.lines)
    for page in pages:
        page.lines = [line._replace(text=mirrored(line.text, line.turned, wrong)) for line in page.lines]
    _turn_reversed(content, pages)
    _tell_lost_letters(content, pages)
    running = running_lines([page.lines for page in pages], [page.label for page in pages])
    body = Body()
    left_out: dict[str, int] = {}
    title = ""
    paragraphs: dict[int, list[Paragraph]] = {}
    for page, places in zip(pages, running, strict=True):
        for place in places:
            left_out[page.lines[place].text] = page.number
        lines = [line for place, line in enumerate(page.lines) if place not in places]
        title = title or (heading(lines) if page is pages[0] else "")
        if added := body.add(page.label or page.number, lines):
            paragraphs[page.number] = added if document.outline else []
    if left_out:
        count = sum(bool(places) for places in running)
        example = next(iter(left_out))[:60]
        content.tell(f"running headers and footers of {count} pages are left out, such as {example!r}")
    if not body.text.strip():
        return None
    fields = fields_of(document.metadata)
    data: dict[str, Any] = {"id": content.source.id, "title": title, "body": body.text}
    headings = headings_by(document.outline, paragraphs)
    return data | fields | {"pages": body.pages} | ({"headings": headings} if headings else {})


def _turn_reversed(content: Content, pages: list[_Page]) -> None:
    """Turn the lines of a document that shows its text backwards, as programs without Arabic write it."""
    text = "\n".join(line.text for page in pages for line in page.lines)
    if not is_reversed(text):
        return
    lines = iter(repaired(text).split("\n"))
    for page in pages:
        page.lines = [line._replace(text=next(lines)) for line in page.lines]
    content.tell("the text is reversed: it shows its letters from left to right; it was turned")


def _is_scan(page: _Page) -> bool:
    return not page.letters and page.images > 0 and not page.problem


def _scans(scanned: list[_Page], document: _Document) -> str:
    return f"{len(scanned)} of {document.count} pages are images without text; they need OCR"


def _without_text(document: _Document) -> str:
    scanned = [page for page in document.pages if _is_scan(page)]
    if not scanned:
        return "the PDF has no text"
    return f"scanned: {_scans(scanned, document)}, for example by ocrmypdf"


def _tell_lost_letters(content: Content, pages: list[_Page]) -> None:
    """Report letters that the file has only as glyphs without Unicode values. They cannot be recovered."""
    words = broken = 0
    for page in pages:
        for line in page.lines:
            found = _WORD.findall(line.text)
            words += len(found)
            broken += sum(_LOST.search(word) is not None for word in found)
    letters = sum(page.letters for page in pages)
    unmapped = sum(page.unmapped for page in pages)
    lost = max(broken / words if words else 0.0, unmapped / (letters + unmapped) if unmapped else 0.0)
    if lost > _MOST_LOST:
        what = f"{lost:.0%} of its words have lost letters" if broken else f"{lost:.0%} of its letters are lost"
        content.tell(f"{what}: the PDF has no Unicode values for them; make it anew from its source, or use OCR")
