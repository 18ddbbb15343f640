"""The top-level values of JSON text as bytes, found by a scanner that recognises only strings and brackets.

The values are not parsed here: memory is bounded by the largest value, and a malformed one costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST, too_long

__all__ = ["Value", "scan_values"]

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)
_BLANK = b" \t\r\n,"


class Value(NamedTuple):
    """The bytes of one value, or the problem in its place."""

    data: bytes
    line: int
    """The line where the value begins, from 1."""

    number: int
    """Its number among the values of the file, from 1."""

    in_array: bool
    """Whether it is an element of an array at the top level."""

    problem: str | None = None


def scan_values(chunks: Iterable[bytes]) -> Iterator[Value]:
    """Yield the elements of an array at the top level, or the values there. A failure of `chunks` is the last value."""
    scanner = _Scanner()
    rest = b""
    block: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            block.append(chunk)
            size += len(chunk)
            # the block must be as long as the rest, so that a value of many megabytes is scanned only a few times
            if size >= len(rest):
                values, rest = scanner.feed(b"".join((rest, *block)))
                yield from values
                block, size = [], 0
                if len(rest) > LONGEST:
                    raise InputError(f"{too_long('a JSON value')}, or write one article a line")
    except InputError as problem:
        yield Value(b"", scanner.line, scanner.count + 1, scanner.in_array, str(problem))
        return
    values, rest = scanner.feed(b"".join((rest, *block)))
    yield from values
    if scanner.depth or rest.strip(_BLANK):
        reason = "not JSON: the text ends before this value does" if scanner.depth else _not_an_object(rest)
        yield Value(rest, scanner.line, scanner.count + 1, scanner.in_array, reason)


class _Scanner:
    """A scanner that is fed blocks of bytes.

    `depth` counts the open brackets of the current value, `line` is the line where the rest begins, `count` the number
    of values so far, and `in_array` tells whether a top-level array is open.
    """

    def __init__(self) -> None:
        self.in_array = False
        self.depth = 0
        self.line = 1
        self.count = 0
        self._offset = 0  # the length of the rest that has been scanned
        self._begun = False

    def feed(self, buffer: bytes) -> tuple[list[Value], bytes]:
        """Return the complete values of `buffer` and its rest, which the next buffer must begin with."""
        values: list[Value] = []
        start = 0  # of the part that no value has
        at = self._offset
        while token := _TOKEN.search(buffer, at):
            if token.group() == b'"':  # a string that ends in a later block
                at = token.start()
                break
            at = token.end()
            mark = token.group()[:1]
            if self.depth == 0:
                start = self._top_level_token(buffer[start : token.start()], token, values)
            elif mark != b'"':
                self.depth += 1 if mark in b"[{" else -1
                if self.depth == 0:
                    values.append(self._value(buffer[start:at]))
                    self._count_lines(buffer[start:at])
                    start = at
        else:
            at = max(at, len(buffer)) if self.depth else at
        self._offset = at - start
        return values, buffer[start:]

    def _top_level_token(self, between: bytes, token: re.Match[bytes], values: list[Value]) -> int:
        """Handle a token outside of all values, after the bytes `between`; return where the next value begins."""
        if between.strip(_BLANK):
            values.append(self._value(between, _not_an_object(between)))
        self._count_lines(between)
        mark = token.group()[:1]
        start = token.end()
        if mark == b"[" and not self._begun:
            self.in_array = True
        elif mark == b"]" and self.in_array:
            self.in_array = False
        elif mark in (b"]", b"}"):
            values.append(self._value(b"", f"not JSON: a {mark.decode()} that closes nothing"))
        elif mark == b'"':
            values.append(self._value(token.group(), _not_an_object(token.group())))
            self._count_lines(token.group())
        else:
            self.depth = 1
            start = token.start()
        self._begun = True
        return start

    def _value(self, data: bytes, problem: str | None = None) -> Value:
        self.count += 1
        stripped = data.lstrip(_BLANK)
        line = self.line + data[: len(data) - len(stripped)].count(b"\n")
        return Value(data, line, self.count, self.in_array, problem)

    def _count_lines(self, data: bytes) -> None:
        self.line += data.count(b"\n")


def _not_an_object(data: bytes) -> str:
    shown = data.strip(_BLANK)[:80].decode("utf-8", "backslashreplace")[:40]
    return f"not a JSON object: {shown}; an article is written {{...}}"
