"""A row of a database or frame as a record: values as JSON values, columns renamed, an id made where none is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.model.rows import is_missing, plain_value
from arsearch.readers.columns import Columns, split_tags
from arsearch.readers.values.ids import has_id, with_id

__all__ = ["row_record"]

_TEXT_FIELDS = ("title", "body", "author", "source", "url", "category")


def row_record(
    where: str,
    row: Mapping[str, Any],
    columns: Columns,
    *,
    key: str | None = None,
    decode: Callable[[bytes], str] | None = None,
) -> Record:
    """Return the record of a row.

    Missing and empty values are left out, and so are binary ones, which are told. Numbers in text fields become text.
    Without an id, the id is the value of `key`, else the url, else a digest. `decode` makes text of bytes that a database
    calls text; if it raises `InputError`, the row has this problem.
    """
    values: dict[str, Any] = {}
    for column, value in row.items():
        if isinstance(value, (bytes, bytearray, memoryview)):
            columns.tell_once(f"binary values of {column!r} are left out")
            continue
        if hasattr(value, "undecoded"):
            try:
                value = decode(value.undecoded) if decode else value.undecoded.decode()
            except (InputError, UnicodeDecodeError) as problem:
                return Record(where, None, f"{column}: {problem}")
        value = plain_value(value)
        if not is_missing(value) and value != "":
            values[str(column)] = _text_of_date(value)
    data = dict(columns.rename(values))
    for field in _TEXT_FIELDS:
        if isinstance(data.get(field), (int, float)) and not isinstance(data[field], bool):
            data[field] = str(data[field])
    if isinstance(tags := data.get("tags"), str):
        data["tags"] = split_tags(tags)
    if not has_id(data) and key is not None and has_id({"id": values.get(key)}):
        columns.tell_once(f"the primary key {key!r} is the id")
        data["id"] = values[key] if isinstance(values[key], (int, str)) else str(values[key])
    return Record(where, with_id(data, columns.tell_once))


def _text_of_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
