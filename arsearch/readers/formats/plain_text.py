"""A plain text or Markdown file to one record: the path is the id, a short first line the title, the rest the body.

Form feeds end the pages of a plain text: programs write them when they turn a PDF or a scan into text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.books.openiti import is_openiti
from arsearch.readers.content import Content
from arsearch.readers.exports.whatsapp import is_whatsapp
from arsearch.readers.formats.titles import split_title
from arsearch.readers.lines import whole
from arsearch.readers.reader import Reader

__all__ = ["TEXT", "is_binary", "read_text"]

MARKDOWN = (".md", ".markdown")
"""The suffixes of Markdown. A `.markdown` file may also be a book of OpenITI."""

_BINARY = re.compile("[\0-\x08\x0e-\x1a\x7f]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_XML = re.compile("[\ufeff\\s]*<[?]xml")
_LATIN_LETTER = re.compile("[A-Za-z]")


def read_text(content: Content) -> Iterator[Record]:
    """Yield the file as one record. Raises `InputError` if it is empty, not text, or of uncertain encoding."""
    text = content.decoder.decode(whole(content.chunks, "a text")).removeprefix("\ufeff")
    if not text.strip():
        raise InputError("the file is empty")
    if "\0" in text:
        raise InputError(f"a NUL character at {text.index(chr(0))}; is it a binary file?")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if content.is_named(*MARKDOWN):
        from arsearch.readers.formats.markdown import markdown_article  # few texts are Markdown

        data, problem = markdown_article(text, content.columns.rename)
        if problem:
            content.tell(problem)
        yield Record(content.name, {"id": content.source.id, **data})
        return
    plain = text.replace("\f", "\n")
    title, body = split_title(plain)
    pages = _pages(text, plain.index(body, plain.index(title) + len(title)), len(body)) if "\f" in text else []
    yield Record(
        content.name, {"id": content.source.id, "title": title, "body": body, **({"pages": pages} if pages else {})}
    )


def _pages(text: str, begin: int, length: int) -> list[dict[str, int]]:
    """Return the pages of a text whose pages end with form feeds, with offsets into its body; none if all is on the first.

    The body begins at `begin` of the text and has `length` characters. Pages without text are counted.
    """
    starts: dict[int, int] = {}
    at = -begin
    for number, piece in enumerate(text.split("\f"), start=1):
        start = max(0, at + len(piece) - len(piece.lstrip()))
        if piece.strip() and at + len(piece.rstrip()) > 0 and start < length:
            starts[start] = number
        at += len(piece) + 1
    return (
        [{"page": number, "start": start} for start, number in starts.items()]
        if max(starts.values(), default=1) > 1
        else []
    )


def is_binary(head: str) -> bool:
    """Return whether the beginning of a file has control characters that no text has."""
    return _BINARY.search(head) is not None


def _sniff(content: Content) -> float:
    """Return a low confidence for any text; for a file found in a folder, only if most of its letters are Arabic."""
    if is_binary(content.head) or _XML.match(content.head) or content.source.suffix == ".xml":
        return 0.0
    if content.source.folder is None:
        return 0.1
    return 0.1 if len(_ARABIC_LETTER.findall(content.head)) > len(_LATIN_LETTER.findall(content.head)) else 0.0


def _refined(content: Content) -> str:
    if is_openiti(content.head):
        return "openiti"
    return "whatsapp" if is_whatsapp(content.head) else "text"


TEXT = Reader(
    name="text",
    label="text",
    suffixes=(".txt", ".text", ".md"),
    sniff=_sniff,
    refine=_refined,
    read=read_text,
)
