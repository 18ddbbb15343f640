"""Chunks of bytes cut into numbered physical lines, in linear time however long a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arsearch.errors import InputError

__all__ = ["LONGEST", "Lines", "line_end", "too_long", "whole"]

LONGEST = 64 << 20
"""The most bytes of one line, element, cell or text that are kept, and so the most of one article."""


def too_long(part: str, longest: int | None = None) -> str:
    """Return the problem of a part, such as `a line`, that has more than `longest` bytes, by default `LONGEST`."""
    return f"not read: {part} of more than {longest or LONGEST:,} bytes; divide it"


def whole(chunks: Iterable[bytes], part: str, longest: int | None = None) -> bytes:
    """Return all chunks as one.

    Raises `InputError` that names the part, such as `a page`, after `longest` bytes, by default `LONGEST`.
    """
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > (longest or LONGEST):
            raise InputError(too_long(part, longest))
    return b"".join(parts)


def line_end(head: str) -> bytes:
    r"""Return what ends the lines of a file that begins with `head`: `\n`, or `\r` if only that occurs (old Macintosh)."""
    return b"\r" if "\r" in head[:-1] and "\n" not in head else b"\n"


class Lines:
    """The lines of `chunks` without their ends. `number` is the number of the line last yielded, from 1.

    Only `end` ends a line; a carriage return before it is removed too. U+2028, U+0085 and the like occur in Arabic texts
    and do not end lines, so the numbers are those that editors show. Of a line of more than `LONGEST` bytes, the first
    `LONGEST + 1` are yielded and the rest is skipped.
    """

    def __init__(self, chunks: Iterable[bytes], end: bytes = b"\n") -> None:
        self._chunks = chunks
        self._end = end
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        parts: list[bytes] = []  # of a line that spans chunks; joined once
        size = 0
        for chunk in self._chunks:
            first, *rest = chunk.split(self._end)
            if size <= LONGEST:
                parts.append(first)
                size += len(first)
            if not rest:
                continue
            yield self._finish(b"".join(parts)[: LONGEST + 1])
            for piece in rest[:-1]:
                yield self._finish(piece)
            parts = [rest[-1]]
            size = len(rest[-1])
        if last := b"".join(parts)[: LONGEST + 1]:
            yield self._finish(last)

    def _finish(self, line: bytes) -> bytes:
        self.number += 1
        return line[:-1] if line.endswith(b"\r") else line
