"""A plain text file to one record: the path is the id, a short first line the title, the rest the body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.books.openiti import is_openiti
from arsearch.readers.content import Content
from arsearch.readers.encodings import Decoder
from arsearch.readers.exports.whatsapp import is_whatsapp
from arsearch.readers.lines import LONGEST, too_long
from arsearch.readers.reader import Reader

__all__ = ["TEXT", "is_binary", "read_text", "split_title"]

_TITLE_BEFORE_BLANK = 200
_TITLE_BEFORE_TEXT = 120
_CONTINUED = ("،", "؛", ",", ";")
_BINARY = re.compile("[\0-\x08\x0e-\x1a\x7f]")
_ARABIC_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_XML = re.compile("[\ufeff\\s]*<[?]xml")
_MARKDOWN_HEADING = re.compile(r"\A#{1,6}[ \t]+(.*?\S)(?:[ \t]+#+)?\Z")
_LATIN_LETTER = re.compile("[A-Za-z]")


def read_text(name: str, chunks: Iterable[bytes], decoder: Decoder, id: str) -> Iterator[Record]:
    """Yield the file as one record. Raises `InputError` if it is empty, not text, or of uncertain encoding."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > LONGEST:
            raise InputError(too_long("a text"))
    text = decoder.decode(b"".join(parts)).removeprefix("\ufeff")
    if not text.strip():
        raise InputError("the file is empty")
    if "\0" in text:
        raise InputError(f"a NUL character at {text.index(chr(0))}; is it a binary file?")
    title, body = split_title(text.replace("\r\n", "\n").replace("\r", "\n"))
    title = _MARKDOWN_HEADING.sub(r"\1", title)
    yield Record(name, {"id": id, "title": title, "body": body})


def split_title(text: str) -> tuple[str, str]:
    r"""Return the title and the body of a text whose lines end with `\n`.

    The first line that is not blank is the title if a blank line follows and it has at most 200 characters, or if text
    follows, it has at most 120 and does not end in a comma or semicolon. Otherwise, and for a single line, the title is
    empty. Blank lines around the body are removed.
    """
    text = text.strip("\n") if text.strip() else ""
    lines = text.split("\n", 2)
    while lines and not lines[0].strip() and len(lines) > 1:
        text = text[len(lines[0]) + 1 :]
        lines = text.split("\n", 2)
    first, body = lines[0].strip(), "\n".join(lines[1:])
    if not body.strip():
        return "", text.strip()
    before_blank = not lines[1].strip()
    longest = _TITLE_BEFORE_BLANK if before_blank else _TITLE_BEFORE_TEXT
    if len(first) > longest or (not before_blank and first.endswith(_CONTINUED)):
        return "", text.strip()
    return first, body.strip("\n").rstrip()


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
    read=lambda content: read_text(content.name, content.chunks, content.decoder, content.source.id),
)
