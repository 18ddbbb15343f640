"""A plain text file to one record: its path is the id, a short first line the title, the rest the body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.lines import LONGEST, too_long

if TYPE_CHECKING:
    from arsearch.readers.encodings import Decoder

__all__ = ["read_text", "split_title"]

_TITLE_BEFORE_BLANK = 200
_TITLE_BEFORE_TEXT = 120
_GOES_ON = ("،", "؛", ",", ";")


def read_text(name: str, chunks: Iterable[bytes], decoder: Decoder, id: str) -> Iterator[Record]:
    """The file as one record. Raises `InputError` if it is empty, not text, or not certainly decoded."""
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
    yield Record(name, {"id": id, "title": title, "body": body})


def split_title(text: str) -> tuple[str, str]:
    """Title and body of a text with `\\n` line ends.

    The first line that is not blank is the title when it has at most 200 characters and a blank line follows, or
    at most 120, text follows, and it does not end in a comma or semicolon. Otherwise, and for a single line, the
    title is empty. The body loses blank lines around it, nothing else.
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
    if len(first) > longest or (not before_blank and first.endswith(_GOES_ON)):
        return "", text.strip()
    return first, body.strip("\n").rstrip()
