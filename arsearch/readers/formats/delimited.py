"""CSV and TSV to records: a header row, one article a row, cells as strings.

The csv module in its strict mode finds the cells, so that a quote never closed or text after a closing quote is
reported instead of swallowing rows or altering words. After such a row, reading goes on at its second physical line;
until a row has the width of the header again, lines are skipped and counted.
Sources: RFC 4180; the IANA text/tab-separated-values type, which has no quotes: see `_quoting`.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import Columns, split_tags
from arsearch.readers.lines import LONGEST, too_long

if TYPE_CHECKING:
    from arsearch.readers.encodings import Decoder
    from arsearch.readers.lines import Lines

__all__ = ["Layout", "read_table", "table_layout"]

_SEPARATORS = ",;\t|"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_QUOTED = re.compile(r'"[^"]*"')
_PROPER = re.compile(r'"(?:[^"]|"")*"?')  # a closed cell, or one that goes on in the next line
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_BOM = "\ufeff"


class Layout(NamedTuple):
    """How a table is written."""

    separator: str
    quotes: bool

    @property
    def label(self) -> str:
        """As shown to people: `separated by commas`."""
        return f"separated by {_NAMES[self.separator]}" + ("" if self.quotes else ", quotes kept as text")


def table_layout(head: str, format: str) -> Layout:
    """The layout of a table that begins with `head`; `format` is `csv` or `tsv`."""
    if format == "tsv":
        return Layout("\t", _quoting(head))
    lines = head.lstrip(_BOM + "\r\n").splitlines() or [""]
    hint = _EXCEL_HINT.fullmatch(lines[0])
    if hint and hint.group(1) in _SEPARATORS:
        return Layout(hint.group(1), True)
    header = _QUOTED.sub("", lines[0])
    return Layout(max(_SEPARATORS, key=header.count), True)


def read_table(
    name: str, lines: Lines, layout: Layout, decoder: Decoder, columns: Columns, stem: str
) -> Iterator[Record]:
    """One record for each row that is not blank, at the physical line where it begins.

    A table without an id column takes the url as id, or else `stem` and the row's number. A header with neither
    title nor body, or without a mapped column, is the one problem of its table.
    """
    rows = _Rows(lines, layout, decoder)
    header: list[str] | None = None
    number = skipped = 0
    damaged = has_id = False
    for row in rows:
        where = f"{name}:{row.line}"
        if header is None:
            if row.problem:
                yield Record(where, None, f"the header row cannot be read: {row.problem}")
                return
            if _EXCEL_HINT.fullmatch(layout.separator.join(row.cells)) or _is_blank(row.cells):
                continue
            try:
                header, has_id = _header(row.cells, columns)
            except InputError as problem:
                yield Record(where, None, str(problem))
                return
            continue
        if row.problem is None and _is_blank(row.cells):
            continue
        if damaged and (row.problem or len(row.cells) != len(header)):
            skipped += 1
            continue
        if skipped:
            yield _skipped(name, row.line, skipped)
        skipped, damaged = 0, row.broken
        number += 1
        if row.problem:
            yield Record(where, None, row.problem)
        elif len(row.cells) > len(header):
            width = f"{len(row.cells)} cells, the header {len(header)}"
            yield Record(where, None, f"the row has {width}; is a cell with {layout.separator!r} not in quotes?")
        else:
            yield Record(where, _article(header, row.cells, columns, None if has_id else f"{stem}-{number}"))
    if skipped:
        yield _skipped(name, rows.line + 1, skipped)
    if header is None:
        raise InputError("the table is empty; its first row must name the columns")


def _skipped(name: str, line: int, count: int) -> Record:
    return Record(f"{name}:{line}", None, f"{count:,} rows or lines before this, after a damaged row, were skipped")


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _header(cells: list[str], columns: Columns) -> tuple[list[str], bool]:
    """The columns' names, empty for a column that is not read, and whether one is the id."""
    header: list[str] = []
    for cell in cells:
        name = cell.strip().strip(_BOM).strip()
        if name and name in header:
            columns.say_once(f"column {name!r} occurs twice; the first is read")
        header.append("" if name in header else name)
    fields = columns.plan(tuple(name for name in header if name)).fields
    shown = ", ".join(repr(name) for name in header if name) or "none"
    missing = [f"{column!r} (for {field})" for field, column in columns.mapping.items() if column not in header]
    if missing:
        raise InputError(f"no column {', '.join(missing)}; the columns are {shown}")
    if not fields & {"title", "body"}:
        raise InputError(f"no column for title or body; map one, such as body=NAME; the columns are {shown}")
    if "id" not in fields:
        columns.say_once(
            "no id column: " + ("the url is the id" if "url" in fields else "ids are made from row numbers")
        )
    return header, "id" in fields


def _article(header: list[str], cells: list[str], columns: Columns, fallback: str | None) -> dict[str, object]:
    # every column takes part in the renaming, so that the plan is the header's; empty cells are dropped after it
    row = dict.fromkeys((name for name in header if name), "")
    row.update((name, cell) for name, cell in zip(header, cells, strict=False) if name)
    data: dict[str, object] = {field: value for field, value in columns.rename(row).items() if value != ""}
    if isinstance(tags := data.get("tags"), str):
        data["tags"] = split_tags(tags)
    if fallback is not None:
        data = {"id": data.get("url", fallback)} | data
    return data


def _quoting(head: str) -> bool:
    """Whether quotes of a TSV file wrap cells: not if a cell of its beginning goes on after a closing quote."""
    complete = head.splitlines()[:-1] or head.splitlines()
    cells = [cell for line in complete for cell in line.split("\t") if cell.startswith('"')]
    return all(_PROPER.fullmatch(cell) for cell in cells)


class _Row(NamedTuple):
    line: int
    cells: list[str]
    problem: str | None = None
    broken: bool = False  # the csv module lost its way in it


class _Line(NamedTuple):
    number: int
    text: str
    problem: str | None


class _Rows:
    """Rows of cells with the line each begins at. A line that cannot be decoded spoils only its row."""

    def __init__(self, lines: Lines, layout: Layout, decoder: Decoder) -> None:
        self._source = iter(lines)
        self._lines = lines
        self._decoder = decoder
        self._taken: list[_Line] = []
        self._again: deque[_Line] = deque()
        self._reread = 0
        self._reader = csv.reader(
            _Feed(self._next_line),
            delimiter=layout.separator,
            quoting=csv.QUOTE_MINIMAL if layout.quotes else csv.QUOTE_NONE,
            strict=True,
        )

    @property
    def line(self) -> int:
        """The last physical line read."""
        return self._lines.number

    def __iter__(self) -> Iterator[_Row]:
        # the limit belongs to the process, so it is only ever raised: 128 Ki characters are less than an article
        if csv.field_size_limit() < LONGEST:
            csv.field_size_limit(LONGEST)
        while True:
            self._taken.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._broken(str(error))
                continue
            problem = next((line.problem for line in self._taken if line.problem), None)
            yield _Row(self._taken[0].number, cells, problem)

    def _next_line(self) -> str:
        line = self._again.popleft() if self._again else self._decoded(next(self._source))
        self._taken.append(line)
        return line.text

    def _decoded(self, data: bytes) -> _Line:
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

    def _broken(self, reason: str) -> _Row:
        first, *rest = self._taken
        # linear in all: lines are given a second chance only as long as few of all lines were
        if len(rest) <= 4 * self._lines.number - self._reread + 1000:
            self._reread += len(rest)
            self._again.extendleft(reversed(rest))
            lost = ""
        else:
            lost = f"; {len(rest):,} lines after it are lost"
        if "unexpected end" in reason or "field larger" in reason:
            reason = "a quote opened here is never closed"
        elif "expected after" in reason:
            reason = "text after the quote that closes a cell; quotes within a cell are written twice"
        return _Row(first.number, [], f"not CSV: {reason}{lost}", broken=True)


class _Feed:
    """An iterator that may go on after its end, as the csv module's reader may after an error."""

    def __init__(self, next_line: Callable[[], str]) -> None:
        self._next_line = next_line

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        return self._next_line()
