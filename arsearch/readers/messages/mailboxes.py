"""A mailbox cut into messages, with memory for one message at a time.

A line `From ...` begins a message if a blank line or nothing is before it, and if it ends in a date as mail programs write
it or a header follows. A line `>From ...` inside a message loses one `>`.
Source: RFC 4155 (the mbox format), appendix A; the mboxrd variant for the quoting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST

__all__ = ["begins_mailbox", "messages"]

_SEPARATOR = re.compile(rb"(?<=\n)\r?\nFrom ([^\n]{0,500})\n")
_DATED = re.compile(rb".*\d\d?:\d\d(:\d\d)?( .*)? \d{4}( .*)?$")
_LONGEST_DATED = 200
_HEADER = re.compile(rb">?[A-Za-z][A-Za-z0-9-]{0,100}:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_AHEAD = 200
_TAIL = 1000  # the bytes that may hold the beginning of a separator and of the line after it


def messages(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each message of a mailbox, and whether it is complete: of a longer one, the first `LONGEST` bytes come.

    What comes before the first message is left out if it is blank, else it is a message. A failure of `chunks` is raised
    after the last message.
    """
    message = bytearray()
    begun = False
    size = 0
    failure: InputError | None = None
    rest = b"\n\n"  # the first line of a file has nothing before it
    source = iter(chunks)
    final = False
    while not final:
        try:
            chunk = next(source, None)
        except InputError as error:
            chunk, failure = None, error
        final = chunk is None
        data = rest + (b"\n" if chunk is None else chunk)
        at = 0
        for match in _SEPARATOR.finditer(data):
            if not final and match.end() > len(data) - _AHEAD:
                break
            if not _is_dated(match[1]) and not _HEADER.match(data, match.end()):
                continue
            size += _append(message, data[at : match.start() + 1])
            if begun or message.strip():
                yield _finished(message, begun), size <= LONGEST
            message.clear()
            begun, size, at = True, 0, match.end()
        keep = len(data) if final else max(at, len(data) - _TAIL)
        size += _append(message, data[at:keep])
        rest = data[keep:]
    if begun or message.strip():
        yield _finished(message, begun), size <= LONGEST
    if failure:
        raise failure


def _append(message: bytearray, data: bytes) -> int:
    """Append as much of the data as fits into `LONGEST` bytes, and return the length of all of it."""
    message += data[: LONGEST - len(message)]
    return len(data)


def _finished(message: bytearray, begun: bool) -> bytes:
    """Return a message without the quoting of `From ` lines, and without blank lines before a file's first header."""
    return _QUOTED.sub(rb"\1", bytes(message if begun else message.lstrip(b"\r\n")))


def _is_dated(line: bytes) -> bool:
    return len(line) <= _LONGEST_DATED and _DATED.match(line.rstrip()) is not None


def begins_mailbox(head: bytes) -> bool:
    """Return whether a file begins with a message of a mailbox."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return first.startswith(b"From ") and (_is_dated(first[5:]) or _HEADER.match(rest) is not None)
