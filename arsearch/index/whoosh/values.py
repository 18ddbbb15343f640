"""Values of Whoosh documents as JSON: what is stored is read back without running any of it."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from arsearch.errors import ArticleError

__all__ = ["dump", "load"]

_PLAIN = (str, int, float, bool, type(None))
# A value JSON does not know is an object with one key, its type; a mapping is written as its pairs, so no value of
# the user's looks like one.
_WRITE: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("bytes", lambda value: base64.b64encode(value).decode("ascii")),
    dt.datetime: ("datetime", dt.datetime.isoformat),
    dt.date: ("date", dt.date.isoformat),
    dt.time: ("time", dt.time.isoformat),
    dt.timedelta: ("timedelta", lambda value: [value.days, value.seconds, value.microseconds]),
    Decimal: ("decimal", str),
    tuple: ("tuple", lambda value: list(map(_plain, value))),
    set: ("set", lambda value: list(map(_plain, value))),
    frozenset: ("frozenset", lambda value: list(map(_plain, value))),
    dict: ("dict", lambda value: [[_plain(key), _plain(item)] for key, item in value.items()]),
}
_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "timedelta": lambda value: dt.timedelta(*value),
    "decimal": Decimal,
    "tuple": lambda value: tuple(map(_rich, value)),
    "set": lambda value: set(map(_rich, value)),
    "frozenset": lambda value: frozenset(map(_rich, value)),
    "dict": lambda value: {_rich(key): _rich(item) for key, item in value},
}


def dump(value: Any) -> bytes:
    """`value` as JSON; ArticleError for one of a type that cannot be written so.

    Numbers, strings, bytes, dates and times, decimals, and lists, tuples, sets and mappings of these can.
    """
    return json.dumps(_plain(value), separators=(",", ":")).encode("ascii")


def load(raw: bytes) -> Any:
    """The value that `dump` wrote: equal, and of the same types."""
    return _rich(json.loads(raw))


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return list(map(_plain, value))
    if kind not in _WRITE:
        raise ArticleError(f"a value of type {kind.__name__} cannot be stored; store text, numbers, dates or bytes")
    name, write = _WRITE[kind]
    return {name: write(value)}


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_rich, value))
    if isinstance(value, dict):
        ((name, inner),) = value.items()
        return _READ[name](inner)
    return value
