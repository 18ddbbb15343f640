"""CSV and TSV: a header and one row a line, cells in quotes where they need them (RFC 4180), UTF-8.

The variant for Excel begins with a byte order mark, without which Excel reads UTF-8 in the encoding of the system. It ends
lines with CR LF. A cell of text that a spreadsheet would run as a formula gets an apostrophe in front: text that begins
with `=`, `+`, `-`, `@`, a tab or a carriage return, or with a full-width form of these signs
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable
from typing import IO, Any

from arsearch.writers.rows import Rows
from arsearch.writers.writer import Writer

__all__ = ["CSV", "TSV"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_TAG_SEPARATORS = ",،;؛|\n"
_EXCEL_LIMIT = 32_767
"""The characters that Excel keeps of a cell (Excel specifications and limits)."""


def _cell(value: Any) -> str:
    """Return the text of a JSON value: lists of text joined by `; `, other lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and all(
        isinstance(item, str) and not any(sign in item for sign in _TAG_SEPARATORS) for item in value
    ):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


class _ExcelCells:
    """Turns values into cells for Excel, and counts the changed and the long ones."""

    def __init__(self) -> None:
        self.changed = 0
        self.long = 0

    def __call__(self, value: Any) -> str:
        text = _cell(value)
        if text.startswith(_FORMULA) and not isinstance(value, (int, float)):
            self.changed += 1
            text = f"'{text}"
        self.long += len(text) > _EXCEL_LIMIT
        return text

    def notes(self) -> list[str]:
        """Return a sentence for each thing that Excel would make of the cells."""
        notes = []
        if self.changed:
            notes.append(f"{_cells(self.changed, 'begins', 'begin')} like a formula: an apostrophe stands in front")
        if self.long:
            notes.append(
                f"{_cells(self.long, 'is', 'are')} longer than {_EXCEL_LIMIT:,} characters: Excel cuts the rest"
            )
        return notes


def _cells(count: int, one: str, many: str) -> str:
    return f"1 cell {one}" if count == 1 else f"{count:,} cells {many}"


class _LineFeeds:
    """Ends the rows of `csv.writer` with LF. Told to do it, the writer would leave a carriage return without quotes."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def write(self, row: str) -> int:
        """Write one row, which ends in CR LF."""
        return self._text.write(row.removesuffix("\r\n") + "\n")


def _writer(name: str, label: str, suffixes: tuple[str, ...], delimiter: str) -> Writer:
    def write(rows: Rows, stream: IO[bytes]) -> None:
        excel = _ExcelCells()
        cell: Callable[[Any], str] = excel if rows.excel else _cell
        columns = rows.columns
        if rows.excel:
            stream.write(codecs.BOM_UTF8)
        text = io.TextIOWrapper(stream, "utf-8", errors="backslashreplace", newline="", write_through=True)
        try:
            table = csv.writer(text if rows.excel else _LineFeeds(text), delimiter=delimiter)
            if columns:  # without rows and chosen fields there are none
                table.writerow(map(cell, columns))
            for row in rows:
                table.writerow([cell(row.get(name)) for name in columns])
        finally:
            text.detach()  # closing would close the stream too
        rows.notes += excel.notes()

    return Writer(name=name, label=label, suffixes=suffixes, write=write, excel=True)


CSV = _writer("csv", "CSV", (".csv",), ",")
TSV = _writer("tsv", "TSV", (".tsv", ".tab"), "\t")
