"""Chunks of bytes to numbered physical lines, in linear time however long a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["LONGEST", "Lines", "line_end", "too_long"]

LONGEST = 64 << 20
"""Bytes that are kept of one line; an article in JSON lines cannot have more."""


def too_long(what: str) -> str:
    """The problem of a line, element, cell or text of more than `LONGEST` bytes."""
    return f"not read: {what} of more than {LONGEST:,} bytes; divide it"


def line_end(head: str) -> bytes:
    r"""What ends a line in a file that begins with `head`: `\n`, or `\r` if it has nothing else (old Macintosh)."""
    return b"\r" if "\r" in head[:-1] and "\n" not in head else b"\n"


class Lines:
    """The lines of `chunks` without their ends; `number` is that of the line last given, from 1.

    Only a line feed ends a line (or `end`), with a carriage return before it taken along: U+2028, U+0085 and
    the like are part of Arabic texts found in the wild and do not shift the numbers an editor shows. Of a line of more
    than `LONGEST` bytes one byte more than these is given, whatever follows is passed over.
    """

    def __init__(self, chunks: Iterable[bytes], end: bytes = b"\n") -> None:
        self._chunks = chunks
        self._end = end
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        parts: list[bytes] = []  # of a line longer than a chunk; joined once
        size = 0
        for chunk in self._chunks:
            first, *rest = chunk.split(self._end)
            if size <= LONGEST:
                parts.append(first)
                size += len(first)
            if not rest:
                continue
            yield self._line(b"".join(parts)[: LONGEST + 1])
            for piece in rest[:-1]:
                yield self._line(piece)
            parts = [rest[-1]]
            size = len(rest[-1])
        if last := b"".join(parts)[: LONGEST + 1]:
            yield self._line(last)

    def _line(self, line: bytes) -> bytes:
        self.number += 1
        return line[:-1] if line.endswith(b"\r") else line
