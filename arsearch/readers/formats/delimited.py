"""CSV and TSV to records: a header row, one article a row, cells as strings.

After a row that cannot be parsed, rows are skipped and counted until one has the width of the header again.
Sources: RFC 4180; the IANA type text/tab-separated-values, which has no quotes (see `_quotes_wrap_cells`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import Columns, field_of, split_tags
from arsearch.readers.content import Content
from arsearch.readers.encodings import Decoder
from arsearch.readers.formats.delimited_rows import Row, Rows
from arsearch.readers.lines import Lines
from arsearch.readers.reader import Reader

__all__ = ["CSV", "TSV", "Layout", "read_table", "table_layout"]

_SEPARATORS = ",;\t|"
_ARABIC_SEPARATORS = "،؛"
_SEPARATOR_NAMES = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    "،": "Arabic commas",
    "؛": "Arabic semicolons",
}
_QUOTED = re.compile(r'"[^"]*"')
_WRAPPED_CELL = re.compile(r'"(?:[^"]|"")*"?')  # a closed cell, or one that continues in the next line
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_BOM = "\ufeff"


class Layout(NamedTuple):
    """The separator of a table's cells, and whether quotes wrap cells."""

    separator: str
    quotes: bool

    @property
    def label(self) -> str:
        """The layout as messages show it: `separated by commas`."""
        return f"separated by {_SEPARATOR_NAMES[self.separator]}" + ("" if self.quotes else ", quotes kept as text")


def table_layout(head: str, format: str) -> Layout:
    """Return the layout of a table that begins with `head`; `format` is `csv` or `tsv`."""
    if format == "tsv":
        return Layout("\t", _quotes_wrap_cells(head))
    lines = head.lstrip(_BOM + "\r\n").splitlines() or [""]
    hint = _EXCEL_HINT.fullmatch(lines[0])
    if hint and hint.group(1) in _SEPARATORS:
        return Layout(hint.group(1), True)
    header = _QUOTED.sub("", lines[0])
    separator = max(_SEPARATORS, key=header.count)
    if separator not in header:  # a table typed by hand on an Arabic keyboard
        arabic = max(_ARABIC_SEPARATORS, key=header.count)
        if arabic in header and {field_of(cell) for cell in header.split(arabic)} & {"title", "body"}:
            separator = arabic
    return Layout(separator, True)


def read_table(
    name: str, lines: Lines, layout: Layout, decoder: Decoder, columns: Columns, stem: str
) -> Iterator[Record]:
    """Yield one record for each row that is not blank, at the physical line where it begins.

    In a table without an id column, the id is the url, else `stem` and the number of the row. A header with neither
    title nor body, or without a mapped column, is the only problem of its table. Raises `InputError` if there is no row.
    """
    rows = Rows(lines, decoder, separator=layout.separator, quotes=layout.quotes)
    remaining = iter(rows)
    first = _first_row(remaining, layout.separator)
    if first is None:
        raise InputError("the table is empty; its first row must name the columns")
    if first.problem:
        yield Record(f"{name}:{first.line}", None, f"the header row cannot be read: {first.problem}")
        return
    try:
        header = _header(first.cells, columns)
    except _NoTextError as problem:
        longest = _longest_column(problem.header, remaining)
        yield Record(f"{name}:{first.line}", None, str(problem).replace("NAME", longest, 1))
        return
    except InputError as problem:
        yield Record(f"{name}:{first.line}", None, str(problem))
        return
    number = skipped = 0
    after_broken = False
    for row in remaining:
        where = f"{name}:{row.line}"
        if row.problem is None and _is_blank(row.cells):
            continue
        if after_broken and (row.problem or len(row.cells) != len(header)):
            skipped += 1
            continue
        if skipped:
            yield _skipped(name, row.line, skipped)
        skipped, after_broken = 0, row.broken
        number += 1
        if row.problem:
            yield Record(where, None, row.problem)
        elif len(row.cells) > len(header):
            width = f"{len(row.cells)} cells, the header {len(header)}"
            yield Record(where, None, f"the row has {width}; is a cell with {layout.separator!r} not in quotes?")
        else:
            yield Record(where, _article(header, row.cells, columns, f"{stem}-{number}"))
    if skipped:
        yield _skipped(name, rows.line + 1, skipped)


class _NoTextError(InputError):
    """A header without a title and a body."""

    def __init__(self, message: str, header: list[str]) -> None:
        super().__init__(message)
        self.header = header


def _longest_column(header: list[str], rows: Iterator[Row]) -> str:
    """Return the name of the column with the longest cells in the first rows, `NAME` if none has words."""
    lengths = dict.fromkeys(header, 0)
    for row in islice(rows, 100):
        for name, cell in zip(header, row.cells, strict=False):
            lengths[name] += len(cell) if len(cell.split()) > 1 else 0
    lengths.pop("", None)
    longest = max(lengths, key=lambda name: lengths[name], default="NAME")
    return longest if lengths.get(longest) else "NAME"


def _first_row(rows: Iterator[Row], separator: str) -> Row | None:
    """Return the first row that is damaged, or neither blank nor Excel's hint of the separator; `None` without one."""
    for row in rows:
        hint = _EXCEL_HINT.fullmatch(separator.join(row.cells))
        if row.problem or not (hint or _is_blank(row.cells)):
            return row
    return None


def _skipped(name: str, line: int, count: int) -> Record:
    return Record(f"{name}:{line}", None, f"{count:,} rows or lines before this, after a damaged row, were skipped")


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _header(cells: list[str], columns: Columns) -> list[str]:
    """Return the names of the columns, empty for one that is not read.

    Raises `InputError` if a mapped column is missing, or if no column is the title or the body. In a table of changes, a
    column of ids must not be missing instead.
    """
    header = _column_names(cells, columns)
    fields = columns.plan(tuple(name for name in header if name)).fields
    shown = ", ".join(repr(name) for name in header if name) or "none"
    missing = [f"{column!r} (for {field})" for field, column in columns.mapping.items() if column not in header]
    if missing:
        raise InputError(f"no column {', '.join(missing)}; the columns are {shown}")
    if columns.exact:
        if "id" not in fields or len(header) < 2:
            raise InputError(f"a table of changes has a column id and others named as fields; the columns are {shown}")
        return header
    if not fields & {"title", "body"}:
        raise _NoTextError(f"no column for title or body; map one, such as body=NAME; the columns are {shown}", header)
    if "id" not in fields:
        source = "the url is the id" if "url" in fields else "ids are made from row numbers"
        columns.tell_once(f"no id column: {source}")
    return header


def _column_names(cells: list[str], columns: Columns) -> list[str]:
    """Return the names of the columns: `column 3` for one without a name.

    A name that occurs again becomes empty, and `columns` reports it.
    """
    header: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip().strip(_BOM).strip() or f"column {number}"
        if name and name in header:
            columns.tell_once(f"column {name!r} occurs twice; the first is read")
        header.append("" if name in header else name)
    return header


def _article(header: list[str], cells: list[str], columns: Columns, fallback_id: str) -> dict[str, object]:
    # rename every column, so that one plan serves all rows; empty cells are dropped afterwards
    row = dict.fromkeys((name for name in header if name), "")
    row.update((name, cell) for name, cell in zip(header, cells, strict=False) if name)
    data: dict[str, object] = {field: value for field, value in columns.rename(row).items() if value != ""}
    if isinstance(tags := data.get("tags"), str):
        data["tags"] = split_tags(tags)
    if "id" not in data:
        data = {"id": data.get("url", fallback_id)} | data
    return data


def _quotes_wrap_cells(head: str) -> bool:
    """Return whether quotes in a TSV file wrap cells: false if text follows a closing quote in the head."""
    complete = head.splitlines()[:-1] or head.splitlines()
    cells = [cell for line in complete for cell in line.split("\t") if cell.startswith('"')]
    return all(_WRAPPED_CELL.fullmatch(cell) for cell in cells)


def _guess(head: str) -> str | None:
    """Return `csv` or `tsv` if the first line names at least two of our fields, title or body among them."""
    first = head.lstrip("\ufeff\r\n").partition("\n")[0]
    for separator, format in (("\t", "tsv"), (",", "csv"), (";", "csv"), ("|", "csv")):
        cells = [cell.strip().strip('"') for cell in first.split(separator)]
        fields = {field_of(cell) for cell in cells} - {None}
        if len(cells) > 1 and len(fields) > 1 and fields & {"title", "body"}:
            return format
    return None


def _reader(name: str, label: str, suffixes: tuple[str, ...]) -> Reader:
    def read(content: Content) -> Iterator[Record]:
        layout = table_layout(content.head, name)
        return read_table(content.name, content.lines, layout, content.decoder, content.columns, content.stem)

    return Reader(
        name=name,
        label=label,
        suffixes=suffixes,
        sniff=lambda content: 0.5 if _guess(content.head) == name else 0.0,
        describe=lambda content: f"{label} {table_layout(content.head, name).label}",
        read=read,
    )


CSV = _reader("csv", "CSV", (".csv",))
TSV = _reader("tsv", "TSV", (".tsv", ".tab"))
