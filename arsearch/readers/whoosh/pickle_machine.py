"""Python's pickles read as data: a machine for the opcodes that plain values are written with.

A pickle is a program, and Python's own reader runs it: what it names is imported and called. Here nothing is
imported: a name is looked up in `Makers`, our own functions, and any other is refused. Dicts come as `Pairs` and sets
as lists, so that nothing of the file is hashed; `pickled_values` makes JSON values of the result.
Source: the opcodes of protocols 2 to 5 as CPython's `pickletools` describes them. Those of protocols 0 and 1 that
later ones do without, persistent ids, extension codes and buffers out of band are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from arsearch.errors import InputError

__all__ = ["STEPS", "Makers", "Object", "Pairs", "room_for", "unpickled"]

Makers = Mapping[str, Callable[..., Any]]
"""What a pickle may name (`datetime.date`), and what makes the value from the arguments in its place.

A maker keeps no longer than the arguments are what it makes, and raises `TypeError`, `ValueError` or `ArithmeticError`
if they are not right.
"""

STEPS = 1_000_000
"""Opcodes of one pickle, about as many as it has values."""

_LONGEST_NUMBER = 1000  # bytes of an integer

_ARGUMENTS = {
    code[0]: (kind, struct.Struct(format))
    for kind, formats in {
        "number": {b"K": "B", b"M": "<H", b"J": "<i", b"G": ">d"},
        "text": {b"X": "<I", b"\x8c": "B", b"\x8d": "<Q"},
        "bytes": {b"B": "<I", b"C": "B", b"\x8e": "<Q", b"\x96": "<Q", b"T": "<i", b"U": "B"},  # and Python 2's str
        "integer": {b"\x8a": "B", b"\x8b": "<i"},
        "put": {b"q": "B", b"r": "<I"},
        "get": {b"h": "B", b"j": "<I"},
        "ignored": {b"\x80": "B", b"\x95": "<Q"},  # the protocol, a frame
    }.items()
    for code, format in formats.items()
}
"""The opcodes that are followed by a number: what it means, how it is written."""


class Pairs(list[tuple[Any, Any]]):
    """A dict as it was written: key and value in turn, of two equal keys the later one counts."""


class Object:
    """What stands for an object of a class: its name and its state, mostly `Pairs`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: Any = None


class _Name(str):
    """The name of a class or function, as a pickle gives it."""


def unpickled(data: bytes, makers: Makers) -> Any:
    """The value that the pickle at the beginning of `data` stands for. What follows it is not looked at.

    Takes at most `STEPS` steps; all that is made has at most some hundred bytes for each, beside the strings of `data`.
    Raises `InputError` for a name that is not in `makers`, for other opcodes, for damage and for too many steps.
    """
    try:
        return _Machine(data, makers).run()
    except (IndexError, KeyError, UnicodeDecodeError, struct.error) as error:
        raise InputError("the pickle is damaged or cut short") from error


def room_for(data: bytes) -> int:
    """Bytes that may be made of a pickle: what it says once takes at most its own size, but it may say it often."""
    return (64 << 10) + 100 * len(data)


class _Machine:
    def __init__(self, data: bytes, makers: Makers) -> None:
        self._data = data
        self._makers = makers
        self._at = 0
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}
        self._room = room_for(data)

    def run(self) -> Any:
        for _ in range(STEPS):
            code = self._data[self._at]
            self._at += 1
            if code in _ARGUMENTS:
                self._argument(*_ARGUMENTS[code])
            elif code in _NEW:
                self._stack.append(_NEW[code]())
            elif code in _ACTIONS:
                _ACTIONS[code](self)
            elif code == b"."[0]:
                return self._stack.pop()
            else:
                raise InputError(f"the pickle has the opcode {bytes([code])!r}, which no plain value needs")
        raise InputError(f"the pickle has more than {STEPS:,} steps")

    def _argument(self, kind: str, format: struct.Struct) -> None:
        (argument,) = format.unpack_from(self._data, self._at)
        self._at += format.size
        if kind == "number":
            self._stack.append(argument)
        elif kind == "put":
            self._memo[argument] = self._stack[-1]
        elif kind == "get":
            self._stack.append(self._memo[argument])
        elif kind == "text":
            self._stack.append(self._piece(argument).decode("utf-8", "surrogatepass"))
        elif kind == "bytes":
            self._stack.append(self._piece(argument))
        elif kind == "integer":
            if argument > _LONGEST_NUMBER:
                raise InputError(f"the pickle has an integer of {argument:,} bytes")
            self._stack.append(int.from_bytes(self._piece(argument), "little", signed=True))

    def _piece(self, size: int) -> bytes:
        if not 0 <= size <= len(self._data) - self._at:
            raise IndexError
        self._at += size
        return self._data[self._at - size : self._at]

    def _line(self) -> str:
        return self._piece(self._data.find(b"\n", self._at) + 1 - self._at)[:-1].decode()

    def _last(self, count: int) -> list[Any]:
        """The last values, taken off."""
        if count > len(self._stack):
            raise IndexError
        at = len(self._stack) - count
        items = self._stack[at:]
        del self._stack[at:]
        return items

    def _marked(self) -> list[Any]:
        """The values since the last mark, taken off with it."""
        return self._last(max(0, len(self._stack) - self._marks.pop()))

    def _extend(self, items: list[Any]) -> None:
        if type(self._stack[-1]) is not list:
            raise InputError("the pickle adds to what is no list")
        self._stack[-1].extend(items)

    def _set(self, items: list[Any]) -> None:
        if len(items) % 2 or type(self._stack[-1]) is not Pairs:
            raise InputError("the pickle adds to what is no dict, or half a pair")
        self._stack[-1].extend(zip(items[::2], items[1::2], strict=True))

    def _name(self, module: object, name: object) -> None:
        if type(module) is not str or type(name) is not str:
            raise InputError("the pickle names something by what is no text")
        full = f"{'builtins' if module == '__builtin__' else module}.{name}"
        if full not in self._makers:
            raise InputError(f"{full[:100]!r} is named in the pickle, which is not allowed; nothing of it was run")
        self._stack.append(_Name(full))

    def _make(self, name: object, arguments: object) -> None:
        if type(name) is not _Name or type(arguments) is not tuple:
            raise InputError("the pickle calls what has no name")
        self._room -= sum(len(argument) for argument in arguments if isinstance(argument, (str, bytes)))
        if self._room < 0:
            raise InputError("the pickle converts the same text too often")
        try:
            self._stack.append(self._makers[name](*arguments))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise InputError(f"the pickle has an impossible {name} ({str(error)[:100]})") from error

    def _build(self, state: object) -> None:
        if type(self._stack[-1]) is not Object:
            raise InputError("the pickle gives a state to what has none")
        self._stack[-1].state = state

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _memoize(self) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def _push(self, value: Any) -> None:
        self._stack.append(value)


def _by_code(table: dict[bytes, Any]) -> dict[int, Any]:
    return {code[0]: value for code, value in table.items()}


_NEW: dict[int, Callable[[], Any]] = _by_code({
    b"N": lambda: None, b"\x88": lambda: True, b"\x89": lambda: False,
    b"]": list, b")": tuple, b"}": Pairs, b"\x8f": list,
})  # fmt: skip
_ACTIONS: dict[int, Callable[[_Machine], object]] = _by_code({
    b"(": _Machine._mark,
    b"\x94": _Machine._memoize,
    b"t": lambda machine: machine._push(tuple(machine._marked())),
    b"\x85": lambda machine: machine._push(tuple(machine._last(1))),
    b"\x86": lambda machine: machine._push(tuple(machine._last(2))),
    b"\x87": lambda machine: machine._push(tuple(machine._last(3))),
    b"\x91": lambda machine: machine._push(machine._marked()),
    b"a": lambda machine: machine._extend(machine._last(1)),
    b"e": lambda machine: machine._extend(machine._marked()),
    b"\x90": lambda machine: machine._extend(machine._marked()),
    b"s": lambda machine: machine._set(machine._last(2)),
    b"u": lambda machine: machine._set(machine._marked()),
    b"0": lambda machine: machine._last(1),
    b"1": lambda machine: machine._marked(),
    b"c": lambda machine: machine._name(machine._line(), machine._line()),
    b"\x93": lambda machine: machine._name(*machine._last(2)),
    b"R": lambda machine: machine._make(*machine._last(2)),
    b"\x81": lambda machine: machine._make(*machine._last(2)),
    b"b": lambda machine: machine._build(*machine._last(1)),
})  # fmt: skip
