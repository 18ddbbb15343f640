"""The values that a native Whoosh index may have pickled, and their conversion to JSON values."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import struct
from decimal import Decimal
from typing import Any

from arsearch.errors import InputError
from arsearch.readers.whoosh.pickle_machine import Makers, Pairs, memory_limit, unpickled

__all__ = ["DEEPEST", "VALUES", "json_value"]

DEEPEST = 100
"""The deepest nesting of lists and dicts."""

_VALUE_BYTES = 64  # memory of a value beside its text; its pickle has at least one byte


def _bytes(text: object = "", encoding: object = "latin1") -> bytes:
    """Return the bytes that protocol 2 writes as text, one character for each byte."""
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise TypeError("bytes are written as latin1")
    return text.encode("latin1")


def _items(items: object = ()) -> object:
    """Return the members of a set."""
    if not isinstance(items, (list, tuple)):
        raise TypeError("its members are not a list")
    return items


def _date(state: object) -> str:
    year, month, day = struct.unpack(">HBB", _state(state, 4))
    return dt.date(year, month, day).isoformat()


def _time(state: object, zone: object = None) -> str:
    return _clock(_state(state, 6), zone).isoformat()


def _datetime(state: object, zone: object = None) -> str:
    data = _state(state, 10)
    year, month, day = struct.unpack_from(">HBB", data)
    month &= 127  # the high bit is `fold`: the later of two equal hours
    return dt.datetime.combine(dt.date(year, month, day), _clock(data[4:], zone)).isoformat()


def _clock(data: bytes, zone: object) -> dt.time:
    if not (zone is None or isinstance(zone, dt.timezone)):
        raise TypeError("its time zone is not a timezone")
    hour, minute, second = data[0] & 127, data[1], data[2]
    return dt.time(hour, minute, second, int.from_bytes(data[3:], "big"), zone)


def _state(state: object, length: int) -> bytes:
    if not isinstance(state, bytes) or len(state) != length:
        raise ValueError(f"its state is not {length} bytes")
    return state


def _zone(offset: object, name: object = "") -> dt.timezone:
    if not isinstance(offset, dt.timedelta) or not isinstance(name, str):
        raise TypeError("its offset is not a timedelta")
    return dt.timezone(offset)


def _decimal(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError("it is not text")
    return str(Decimal(text))


VALUES: Makers = {
    "_codecs.encode": _bytes,
    "builtins.bytes": _bytes,
    "builtins.bytearray": _bytes,
    "builtins.set": _items,
    "builtins.frozenset": _items,
    "collections.OrderedDict": lambda: Pairs(),
    "datetime.date": _date,
    "datetime.datetime": _datetime,
    "datetime.time": _time,
    "datetime.timedelta": dt.timedelta,
    "datetime.timezone": _zone,
    "decimal.Decimal": _decimal,
}
"""The makers of stored values: dates and times become ISO 8601, decimals text, sets lists."""


def json_value(pickled: bytes) -> Any:
    """Return the value of a pickle as a JSON value, in which no part is shared.

    Bytes become text if they are UTF-8 and stay bytes otherwise. Raises `InputError` as `unpickled` does, for nesting
    deeper than `DEEPEST` (a value that contains itself too), and for parts that occur so often that the result exceeds
    `memory_limit`.
    """
    return _Converter(memory_limit(pickled)).value(unpickled(pickled, VALUES), 0)


class _Converter:
    """Converts values until their memory exceeds a limit. A part that occurs many times counts many times."""

    def __init__(self, limit: int) -> None:
        self._memory_left = limit

    def value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is bytes:
            with contextlib.suppress(UnicodeDecodeError):
                value, kind = value.decode(), str
        self._memory_left -= _VALUE_BYTES + (len(value) if kind in (str, bytes) else 0)
        if self._memory_left < 0:
            raise InputError("a value with parts that occur too often")
        if kind in (str, bytes, int, float, bool, type(None)):
            return value
        if depth >= DEEPEST:
            raise InputError(f"a value nested deeper than {DEEPEST}, or within itself")
        if kind is Pairs:
            return {self._key(key, depth): self.value(item, depth + 1) for key, item in value}
        if kind in (list, tuple):
            return [self.value(item, depth + 1) for item in value]
        raise InputError(f"a value that is not text, a number, a date, a list or a dict: {kind.__name__.lstrip('_')}")

    def _key(self, key: Any, depth: int) -> str:
        key = self.value(key, depth + 1)
        if type(key) is str:
            return key
        if type(key) in (int, float, bool, type(None)):
            return json.dumps(key)  # as json.dumps writes such keys
        raise InputError(f"a dict with a key that is a {type(key).__name__}, not text")
