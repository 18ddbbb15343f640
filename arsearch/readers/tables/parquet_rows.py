"""The rows of a Parquet file, with pyarrow. This module runs in the child process of `arsearch.readers.isolation`.

Source: the Apache Parquet format; pyarrow's `ParquetFile.iter_batches`, which reads one row group at a time.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from arsearch.errors import InputError

__all__ = ["parse"]

_ROWS_AT_ONCE = 200
_ROW_BYTES = 100  # a row of missing values takes no bytes in the file


def parse(path: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield each row as `{"row": {...}}` with JSON values, or `{"problem": ...}` for the rest of a damaged row group.

    Raises `InputError` if the file cannot be read, or if its rows unpack to more than `most` bytes.
    """
    import pyarrow
    from pyarrow.parquet import ParquetFile

    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    try:
        file = ParquetFile(path, pre_buffer=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(f"not a Parquet file, or damaged: {_line(error)}") from None
    size = 0
    for group in range(file.num_row_groups):
        try:
            for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=[group], use_threads=False):
                size += batch.nbytes + _ROW_BYTES * batch.num_rows
                if size > most:
                    raise InputError(
                        f"the rows unpack to more than {most:,} bytes here; the rest was not read; "
                        "give max_bytes (--max-bytes) if the file is right"
                    )
                for row in batch.to_pylist():
                    yield {"row": {name: _json_value(value) for name, value in row.items()}}
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            yield {"problem": f"row group {group + 1} is damaged: {_line(error)}"}


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _json_value(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value[:64]).decode()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _json_value(item) for name, item in value.items()}
    return value
