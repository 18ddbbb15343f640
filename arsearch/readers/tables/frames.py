"""Data frames and iterators of rows to records, with the columns renamed as those of files are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from arsearch.model import Record
from arsearch.model.rows import Frame, rows_of
from arsearch.readers.columns import Columns, checked_mapping
from arsearch.readers.tables.cells import row_record

__all__ = ["read_rows"]


def read_rows(
    rows: Iterable[Any] | Frame,
    *,
    mapping: Mapping[str, str] | None = None,
    name: str = "row",
    on_guess: Callable[[str], None] | None = None,
) -> Iterator[Record]:
    """Read the rows of a frame or of a database lazily, in order, one record each, for `Index.add`.

    Columns are renamed and ids are made as for files. Missing values (None, NaN, NaT), empty and binary ones are left out.
    A row that is no mapping is a record with a problem.

    Args:
        rows: A frame of pandas or polars, a table of pyarrow, or any iterable of mappings or of rows of sqlite3 and
            SQLAlchemy.
        mapping: Our field names to the names of columns: `{"body": "content"}`.
        name: The word that the places of records begin with: `row 17`.
        on_guess: Receives one line about each guess.

    Raises:
        InputError: At once, for a blank name in `mapping`.
    """
    columns = Columns(checked_mapping(mapping), on_guess or (lambda _: None))
    return _records(rows, columns, name)


def _records(rows: Iterable[Any] | Frame, columns: Columns, name: str) -> Iterator[Record]:
    for number, row in enumerate(rows_of(rows), start=1):
        where = f"{name} {number}"
        if isinstance(row, Mapping):
            yield row_record(where, row, columns)
        else:
            yield Record(where, None, f"{type(row).__name__} is not a row with names of columns; give mappings")
    columns.finish()
