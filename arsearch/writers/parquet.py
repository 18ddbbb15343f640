"""Parquet: one column for each field, with the type of its values. Needs the extra `parquet`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from itertools import islice
from typing import IO, Any

from arsearch.errors import InputError
from arsearch.writers.rows import Row, Rows, WideInt
from arsearch.writers.writer import Writer

__all__ = ["PARQUET"]

_BATCH = 1000
_MISSING = 'Parquet is written with the extra [parquet]: pip install "arsearch[parquet]"'


def _write(rows: Rows, stream: IO[bytes]) -> None:
    """Write the rows in groups of 1,000.

    Whole numbers, numbers, truth values and lists of text keep their types. A column named `date` holds text in ISO 8601,
    because articles have dates with and without a time. Any other column, and one with values of several types, holds
    text: JSON where a value is not text.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(_MISSING) from None
    converters: dict[str, Callable[[Any], Any]] = {}
    fields = []
    for name in rows.columns:
        kinds = frozenset(rows.types.get(name, ()))
        if kinds <= {int, WideInt} and kinds:
            type, converters[name] = pa.int64(), _same
        elif kinds <= {int, float} and kinds:
            type, converters[name] = pa.float64(), _same
        elif kinds == {bool}:
            type, converters[name] = pa.bool_(), _same
        elif name == "tags" and kinds <= {list}:
            type, converters[name] = pa.list_(pa.string()), _texts
        else:
            type, converters[name] = pa.string(), _text
        fields.append(pa.field(name, type))
    schema = pa.schema(fields)
    with pq.ParquetWriter(stream, schema) as table:
        iterator = iter(rows)
        while batch := list(islice(iterator, _BATCH)):
            columns = [_column(batch, name, converters[name]) for name in schema.names]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            table.write_batch(pa.record_batch(arrays, schema=schema))


def _column(batch: Iterable[Row], name: str, convert: Callable[[Any], Any]) -> list[Any]:
    return [None if (value := row.get(name)) is None else convert(value) for row in batch]


def _same(value: Any) -> Any:
    return value


def _texts(values: Iterable[Any]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()  # lone surrogates
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)


PARQUET = Writer(name="parquet", label="Parquet", suffixes=(".parquet",), write=_write, binary=True)
