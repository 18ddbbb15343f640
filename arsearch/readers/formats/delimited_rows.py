"""The rows of CSV and TSV, as the strict mode of Python's csv module finds them.

Strict mode reports a quote that is never closed, and text after a closing quote, instead of swallowing rows or altering
words. After such a row, reading resumes at the row's second physical line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.readers.encodings import Decoder
from arsearch.readers.lines import LONGEST, Lines, too_long

__all__ = ["Row", "Rows"]


class Row(NamedTuple):
    """The cells of one row, or its problem."""

    line: int
    """The physical line where the row begins, from 1."""

    cells: list[str]
    problem: str | None = None
    broken: bool = False
    """Whether the csv module could not parse the row, so that the next rows may be fragments of it."""


class Rows:
    """The rows of a table, blank ones included. A line that cannot be decoded spoils only its row. Iterate once."""

    def __init__(self, lines: Lines, decoder: Decoder, *, separator: str, quotes: bool) -> None:
        self._lines = lines
        self._source = iter(lines)
        self._decoder = decoder
        self._of_row: list[_Line] = []
        self._to_reread: deque[_Line] = deque()
        self._reread = 0
        self._reader = csv.reader(
            _ResumableIterator(self._next_line),
            delimiter=separator,
            quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
            strict=True,
        )

    @property
    def line(self) -> int:
        """The number of the last physical line read."""
        return self._lines.number

    def __iter__(self) -> Iterator[Row]:
        # the csv module has one limit for the process, 128 Ki characters: less than an article; it is never lowered
        if csv.field_size_limit() < LONGEST:
            csv.field_size_limit(LONGEST)
        while True:
            self._of_row.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken_row(str(error))
                continue
            problem = next((line.problem for line in self._of_row if line.problem), None)
            yield Row(self._of_row[0].number, cells, problem)

    def _next_line(self) -> str:
        line = self._to_reread.popleft() if self._to_reread else self._decode(next(self._source))
        self._of_row.append(line)
        return line.text

    def _decode(self, data: bytes) -> _Line:
        number = self._lines.number
        if len(data) > LONGEST:
            return _Line(number, "\n", too_long("a line"))
        try:
            text, problem = self._decoder.decode(data), None
        except InputError as error:
            text, problem = data.decode("ascii", "backslashreplace"), str(error)
        if "\0" in text:
            text, problem = text.replace("\0", ""), problem or "a NUL character; is it a binary or UTF-16 file?"
        return _Line(number, text + "\n", problem)

    def _broken_row(self, reason: str) -> Row:
        """Return the row that the csv module refused, and schedule its further lines for a second reading."""
        first, *rest = self._of_row
        # the bound keeps the whole linear: many unclosed quotes would otherwise reread the file once for each
        if len(rest) <= 4 * self._lines.number - self._reread + 1000:
            self._reread += len(rest)
            self._to_reread.extendleft(reversed(rest))
            lost = ""
        else:
            lost = f"; {len(rest):,} lines after it are lost"
        if "unexpected end" in reason or "field larger" in reason:
            reason = "a quote opened here is never closed"
        elif "expected after" in reason:
            reason = "text after the quote that closes a cell; quotes within a cell are written twice"
        return Row(first.number, [], f"not CSV: {reason}{lost}", broken=True)


class _Line(NamedTuple):
    number: int
    text: str
    problem: str | None


class _ResumableIterator:
    """An iterator that may continue after `StopIteration`, as the csv module needs after an error at the end."""

    def __init__(self, next_line: Callable[[], str]) -> None:
        self._next_line = next_line

    def __iter__(self) -> _ResumableIterator:
        return self

    def __next__(self) -> str:
        return self._next_line()
