"""Rows of data frames and databases as mappings of JSON values, without importing the libraries that make them.

| rows of | recognised by |
|---|---|
| a polars frame | `iter_rows(named=True)` |
| a pandas frame | `iloc` and `to_dict("records")` |
| a pyarrow table | `to_batches()` and `to_pylist()` |
| sqlite3, SQLAlchemy, named tuples | `keys()`, `_mapping`, `_asdict()` |

Missing values (None, NaN, NaT, pandas.NA) are left out by `Article.from_dict`.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard
from uuid import UUID

from arsearch.errors import ArticleError, shown

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Frame", "PandasFrame", "PolarsFrame", "is_missing", "json_fields", "plain_value", "rows_of", "value_text"]

_ROWS_AT_ONCE = 1000
_PLAIN = frozenset((str, int, float, bool, type(None), list, dict, tuple))
_MISSING_TYPES = frozenset(("NAType", "NaTType"))


class PolarsFrame(Protocol):
    """A frame like that of polars."""

    def iter_rows(self, *, named: Any = ...) -> Iterable[Any]: ...


class PandasFrame(Protocol):
    """A frame like that of pandas."""

    @property
    def iloc(self) -> Any: ...

    def __len__(self) -> int: ...


Frame = PolarsFrame | PandasFrame


def rows_of(items: Iterable[Any] | Frame) -> Iterator[Any]:
    """Yield the rows of a frame as mappings, lazily; of any other iterable its items, rows of databases as mappings."""
    frame: Any = items
    if hasattr(frame, "iter_rows") and hasattr(frame, "columns"):
        yield from frame.iter_rows(named=True)
    elif hasattr(frame, "iloc") and hasattr(frame, "to_dict") and hasattr(frame, "columns"):
        for start in range(0, len(frame), _ROWS_AT_ONCE):
            yield from frame.iloc[start : start + _ROWS_AT_ONCE].to_dict("records")
    elif hasattr(frame, "to_batches") and hasattr(frame, "column_names"):
        for batch in frame.to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from batch.to_pylist()
    elif hasattr(frame, "collect_schema") and hasattr(frame, "collect"):  # a lazy frame of polars
        yield from rows_of(frame.collect())
    else:
        for item in items:  # type: ignore[union-attr]  # a frame was handled above
            yield _as_mapping(item)


def _as_mapping(item: Any) -> Any:
    if isinstance(item, (Mapping, str, bytes)):
        return item
    if (mapping := getattr(item, "_mapping", None)) is not None:
        return dict(mapping)
    if type(item).__module__ == "sqlite3":
        return dict(zip(item.keys(), item, strict=True))
    return item


def is_missing(value: object) -> bool:
    """Return whether a value is None, NaN, NaT or pandas.NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in _MISSING_TYPES or (_is_decimal(value) and value.is_nan())


def _is_decimal(value: object) -> TypeGuard[Decimal]:
    """Return whether a value is a `Decimal`, without importing its module: a program that has one has imported it."""
    module = sys.modules.get("decimal")
    return module is not None and isinstance(value, module.Decimal)


def plain_value(value: Any) -> Any:
    """Return a value of numpy, pandas or a database as a JSON value or a date; any other value as it is.

    Numpy scalars become numbers, arrays lists, times of pandas datetimes, decimals and UUIDs text, days and times of other
    kinds ISO 8601. A missing value becomes `None`.
    """
    if type(value) in _PLAIN:
        return value if type(value) is not float or not math.isnan(value) else None
    if is_missing(value):
        return None
    if hasattr(value, "to_pydatetime"):  # a Timestamp of pandas
        return value.to_pydatetime(warn=False)
    if isinstance(value, dt.date):  # datetime is a date
        return value
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, UUID) or _is_decimal(value):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if type(value).__module__.partition(".")[0] == "numpy":
        return _numpy_value(value)
    return value


def json_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return further fields with all their values as JSON values, those in lists and objects too.

    A missing value becomes `None`, an infinite number the text "inf" or "-inf". Raises `ArticleError`, which names the field,
    for a value that JSON cannot have.
    """
    plain = {}
    for name, value in fields.items():
        plain[name] = _json_value(value)
        try:
            json.dumps({name: plain[name]}, allow_nan=False, ensure_ascii=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            reason = "it has a lone surrogate" if isinstance(error, UnicodeError) else str(error)
            raise ArticleError(f"the further field {shown(name)} is not a JSON value: {reason}") from None
    return plain


def _json_value(value: Any) -> Any:
    value = plain_value(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and math.isinf(value):
        return str(float(value))
    if isinstance(value, dict):
        return {name: _json_value(item) for name, item in value.items()}
    return [_json_value(item) for item in value] if isinstance(value, (list, tuple)) else value


def _numpy_value(value: Any) -> Any:
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M" and getattr(value, "ndim", 0) == 0:  # datetime64: finer units than microseconds become integers
        return value.astype("datetime64[us]").item()
    if hasattr(value, "tolist"):
        plain = value.tolist()
        return None if isinstance(plain, float) and math.isnan(plain) else plain
    return value


def value_text(value: object) -> str:
    """Return a value of a stored article as people read it: text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
