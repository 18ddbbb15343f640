"""Parquet files to records: one article a row."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.content import Content
from arsearch.readers.isolation import isolated
from arsearch.readers.reader import Reader
from arsearch.readers.spooling import spooled_whole
from arsearch.readers.streams import MOST_TIMES, UNPACKED
from arsearch.readers.tables.cells import row_record

__all__ = ["PARQUET"]

_MAGIC = b"PAR1"
_SECONDS = 3600.0
_MEGABYTES = 1536  # of addresses; pyarrow reserves many times what it uses


def _read(content: Content) -> Iterator[Record]:
    """Yield one record for each row, at its number. A damaged row group is a problem, and the next one is read."""
    if find_spec("pyarrow") is None:
        raise InputError('Parquet is read with the extra [parquet]: pip install "arsearch[parquet]"')
    number = 0
    with spooled_whole(content) as path:
        most = content.max_bytes or max(UNPACKED, MOST_TIMES * Path(path).stat().st_size)
        rows = isolated(
            "arsearch.readers.tables.parquet_rows:parse",
            path,
            seconds=_SECONDS,
            megabytes=_MEGABYTES,
            options={"most": most},
        )
        for found in rows:
            if "problem" in found:
                yield Record(content.name, None, found["problem"])
                continue
            number += 1
            row = {name: _value(value) for name, value in found["row"].items()}
            yield row_record(f"{content.name} (row {number})", row, content.columns)


def _value(value: Any) -> Any:
    return b"" if isinstance(value, dict) and value.keys() == {"$bytes"} else value


def _sniff(content: Content) -> float:
    if content.stream.head.startswith(_MAGIC):
        return 1.0
    return 0.2 if content.is_named(".parquet", ".pq") else 0.0


PARQUET = Reader(
    name="parquet",
    label="Parquet",
    suffixes=(".parquet", ".pq"),
    binary=True,
    sniff=_sniff,
    read=_read,
)
