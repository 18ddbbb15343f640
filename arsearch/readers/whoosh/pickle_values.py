"""The values that may be pickled in an index of Whoosh's, and what they are as JSON values."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import struct
from decimal import Decimal
from typing import Any

from arsearch.errors import InputError
from arsearch.readers.whoosh.pickle_machine import Makers, Pairs, room_for, unpickled

__all__ = ["DEEPEST", "VALUES", "values_of"]

DEEPEST = 100
"""How deep lists and dicts may be nested."""

_PART = 64  # bytes that a value takes beside its text; its pickle has at least one


def _bytes(text: object = "", encoding: object = "latin1") -> bytes:
    """Protocol 2 has no bytes: they are text, each byte a character."""
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise TypeError("bytes are written as latin1")
    return text.encode("latin1")


def _items(items: object = ()) -> object:
    """A set, as the list of its members."""
    if not isinstance(items, (list, tuple)):
        raise TypeError("its members are no list")
    return items


def _date(state: object) -> str:
    year, month, day = struct.unpack(">HBB", _state(state, 4))
    return dt.date(year, month, day).isoformat()


def _time(state: object, zone: object = None) -> str:
    return _clock(_state(state, 6), zone).isoformat()


def _datetime(state: object, zone: object = None) -> str:
    data = _state(state, 10)
    year, month, day = struct.unpack_from(">HBB", data)
    return dt.datetime.combine(
        dt.date(year, month & 127, day), _clock(data[4:], zone)
    ).isoformat()  # 128: the later of two hours


def _clock(data: bytes, zone: object) -> dt.time:
    if not (zone is None or isinstance(zone, dt.timezone)):
        raise TypeError("its time zone is none")
    hour, minute, second = data[0] & 127, data[1], data[2]
    return dt.time(hour, minute, second, int.from_bytes(data[3:], "big"), zone)


def _state(state: object, length: int) -> bytes:
    if not isinstance(state, bytes) or len(state) != length:
        raise ValueError(f"it has not the {length} bytes of one")
    return state


def _zone(offset: object, name: object = "") -> dt.timezone:
    if not isinstance(offset, dt.timedelta) or not isinstance(name, str):
        raise TypeError("its offset is none")
    return dt.timezone(offset)


def _decimal(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError("it is no text")
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
"""What may be named among stored values. Dates and times become ISO 8601, decimals their text, sets lists."""


def values_of(pickled: bytes) -> Any:
    """The JSON value of a pickle, without shared or endless parts; bytes are text if they are UTF-8, else stay bytes.

    Raises `InputError` as `unpickled` does, for what is nested deeper than `DEEPEST`, as a value within itself is, and
    for parts referred to so often that the whole has no proportion to the pickle (`room_for`).
    """
    return _Plain(room_for(pickled)).value(unpickled(pickled, VALUES), 0)


class _Plain:
    """Makes values plain until there is no more room; what is referred to many times takes it many times."""

    def __init__(self, room: int) -> None:
        self._room = room

    def value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is bytes:
            with contextlib.suppress(UnicodeDecodeError):
                value, kind = value.decode(), str
        self._room -= _PART + (len(value) if kind in (str, bytes) else 0)
        if self._room < 0:
            raise InputError("a value that refers to parts of itself too often")
        if kind in (str, bytes, int, float, bool, type(None)):
            return value
        if depth >= DEEPEST:
            raise InputError(f"a value nested deeper than {DEEPEST}, or within itself")
        if kind is Pairs:
            return {self._key(key, depth): self.value(item, depth + 1) for key, item in value}
        if kind in (list, tuple):
            return [self.value(item, depth + 1) for item in value]
        raise InputError(f"a value that is neither text nor number, date, list or dict: {kind.__name__.lstrip('_')}")

    def _key(self, key: Any, depth: int) -> str:
        key = self.value(key, depth + 1)
        if type(key) is str:
            return key
        if type(key) in (int, float, bool, type(None)):
            return json.dumps(key)  # as json itself does with keys
        raise InputError(f"a dict with a key that is {type(key).__name__}, not text")
