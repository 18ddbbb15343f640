"""A mailbox cut into messages, with memory for one message at a time.

A line `From ...` begins a message if a blank line or nothing is before it, and if it ends in a date as mail programs write
it or a header follows. A line `>From ...` inside a message loses one `>`.
Source: RFC 4155 (the mbox format), appendix A; the mboxrd variant for the quoting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from arsearch.readers.lines import LONGEST

__all__ = ["begins_mailbox", "messages"]

_FROM = b"From "
_DATED = re.compile(rb"From .*\d\d?:\d\d(:\d\d)?( .*)? \d{4}( .*)?$")
_HEADER = re.compile(rb">?[A-Za-z][A-Za-z0-9-]*:")
_QUOTED = re.compile(rb">+From ")


def messages(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each message of a mailbox, and whether it is complete: of a longer one, the first `LONGEST` bytes come.

    `lines` have no line ends. What comes before the first message is left out if it is blank, else it is a message.
    """
    message = bytearray()
    begun = False
    complete = True
    for begins, line in _marked(lines):
        if begins:
            if begun or message.strip():
                yield bytes(message), complete
            message.clear()
            begun = complete = True
        else:
            complete = _append(message, line[1:] if _QUOTED.match(line) else line, complete)
    if begun or message.strip():
        yield bytes(message), complete


def _marked(lines: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Yield the lines, and whether each is a `From ` line that begins a message."""
    blank = True
    held: bytes | None = None  # a From line without a date, until the next line tells
    for line in lines:
        if held is not None:
            yield _HEADER.match(line) is not None, held
            held = None
        if not blank or not line.startswith(_FROM):
            yield False, line
        elif _DATED.match(line):
            yield True, line
        else:
            held = line
        blank = not line
    if held is not None:
        yield False, held


def _append(message: bytearray, line: bytes, complete: bool) -> bool:
    """Append a line to a message that is complete so far. Return whether it still is."""
    if complete and len(message) + len(line) < LONGEST:
        message += line
        message += b"\n"
        return True
    return False


def begins_mailbox(head: bytes) -> bool:
    """Return whether a file begins with a message of a mailbox."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    second = rest.partition(b"\n")[0]
    return first.startswith(_FROM) and (_DATED.match(first.rstrip()) is not None or _HEADER.match(second) is not None)
