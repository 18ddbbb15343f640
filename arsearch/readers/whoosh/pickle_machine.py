"""An interpreter of pickles as data, for the opcodes that plain values need.

A pickle is a program. Python's own unpickler runs it: it imports and calls what the pickle names. This machine imports
nothing: it looks a name up in `Makers`, which are our own functions, and refuses any other. Dicts become `Pairs` and
sets become lists, so that nothing from the file is hashed. `pickle_values` turns the result into JSON values.
Source: the opcodes of protocols 2 to 5, as CPython's `pickletools` describes them. Opcodes of protocols 0 and 1 that
later protocols do not use, persistent ids, extension codes and out-of-band buffers are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

from arsearch.errors import InputError

__all__ = ["STEPS", "Makers", "Object", "Pairs", "memory_limit", "unpickled"]

Makers = Mapping[str, Callable[..., Any]]
"""The names that a pickle may use, such as `datetime.date`, and our functions that make the values in their place.

A maker returns a value no larger than its arguments, and raises `TypeError`, `ValueError` or `ArithmeticError` if they
are wrong.
"""

STEPS = 1_000_000
"""The most opcodes of one pickle, which has about one for each value."""

_LONGEST_INTEGER = 1000  # bytes

_ARGUMENTS = {
    code[0]: (kind, struct.Struct(format))
    for kind, formats in {
        "number": {b"K": "B", b"M": "<H", b"J": "<i", b"G": ">d"},
        "text": {b"X": "<I", b"\x8c": "B", b"\x8d": "<Q"},
        "bytes": {
            b"B": "<I",
            b"C": "B",
            b"\x8e": "<Q",
            b"\x96": "<Q",
            b"T": "<i",
            b"U": "B",
        },  # the last two: str of Python 2
        "integer": {b"\x8a": "B", b"\x8b": "<i"},
        "put": {b"q": "B", b"r": "<I"},
        "get": {b"h": "B", b"j": "<I"},
        "ignored": {b"\x80": "B", b"\x95": "<Q"},  # the protocol, a frame
    }.items()
    for code, format in formats.items()
}
"""The opcodes that a number follows: the use of the number and its format."""


class Pairs(list[tuple[Any, Any]]):
    """The items of a dict in the order of the pickle. Of two equal keys, the later one counts."""


class Object:
    """A stand-in for an object: the name of its class, and its state, which is usually `Pairs`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: Any = None


class _Name(str):
    """The name of a class or function in a pickle."""


def unpickled(data: bytes, makers: Makers) -> Any:
    """Return the value of the pickle that `data` begins with. Bytes after it are ignored.

    Runs at most `STEPS` opcodes. The result takes at most a few hundred bytes for each, beside the strings of `data`.
    Raises `InputError` for a name that is not in `makers`, for other opcodes, for damage and for too many opcodes.
    """
    try:
        return _Machine(data, makers).run()
    except (IndexError, KeyError, UnicodeDecodeError, struct.error) as error:
        raise InputError("the pickle is damaged or cut short") from error


def memory_limit(data: bytes) -> int:
    """Return the most bytes of text that may be made from a pickle, which can refer to one string many times."""
    return (64 << 10) + 100 * len(data)


class _Machine:
    def __init__(self, data: bytes, makers: Makers) -> None:
        self._data = data
        self._makers = makers
        self._offset = 0
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}
        self._memory_left = memory_limit(data)

    def run(self) -> Any:
        for _ in range(STEPS):
            code = self._data[self._offset]
            self._offset += 1
            if code in _ARGUMENTS:
                self._argument(*_ARGUMENTS[code])
            elif code in _NEW_VALUES:
                self._stack.append(_NEW_VALUES[code]())
            elif code in _ACTIONS:
                _ACTIONS[code](self)
            elif code == b"."[0]:
                return self._stack.pop()
            else:
                raise InputError(f"the pickle has the opcode {bytes([code])!r}, which plain values do not need")
        raise InputError(f"the pickle has more than {STEPS:,} opcodes")

    def _argument(self, kind: str, format: struct.Struct) -> None:
        (argument,) = format.unpack_from(self._data, self._offset)
        self._offset += format.size
        if kind == "number":
            self._stack.append(argument)
        elif kind == "put":
            self._memo[argument] = self._stack[-1]
        elif kind == "get":
            self._stack.append(self._memo[argument])
        elif kind == "text":
            self._stack.append(self._read(argument).decode("utf-8", "surrogatepass"))
        elif kind == "bytes":
            self._stack.append(self._read(argument))
        elif kind == "integer":
            if argument > _LONGEST_INTEGER:
                raise InputError(f"the pickle has an integer of {argument:,} bytes")
            self._stack.append(int.from_bytes(self._read(argument), "little", signed=True))

    def _read(self, size: int) -> bytes:
        if not 0 <= size <= len(self._data) - self._offset:
            raise IndexError
        self._offset += size
        return self._data[self._offset - size : self._offset]

    def _line(self) -> str:
        return self._read(self._data.find(b"\n", self._offset) + 1 - self._offset)[:-1].decode()

    def _pop(self, count: int) -> list[Any]:
        """Pop the last `count` values, in the order they were pushed."""
        if count > len(self._stack):
            raise IndexError
        at = len(self._stack) - count
        items = self._stack[at:]
        del self._stack[at:]
        return items

    def _pop_to_mark(self) -> list[Any]:
        """Pop the last mark and the values after it."""
        return self._pop(max(0, len(self._stack) - self._marks.pop()))

    def _extend(self, items: list[Any]) -> None:
        if type(self._stack[-1]) is not list:
            raise InputError("the pickle appends to a value that is not a list")
        self._stack[-1].extend(items)

    def _set_items(self, items: list[Any]) -> None:
        if len(items) % 2 or type(self._stack[-1]) is not Pairs:
            raise InputError("the pickle sets an item of a value that is not a dict, or half an item")
        self._stack[-1].extend(zip(items[::2], items[1::2], strict=True))

    def _name(self, module: object, name: object) -> None:
        if type(module) is not str or type(name) is not str:
            raise InputError("the pickle has a name that is not text")
        full = f"{'builtins' if module == '__builtin__' else module}.{name}"
        if full not in self._makers:
            raise InputError(f"{full[:100]!r} is named in the pickle, which is not allowed; nothing of it was run")
        self._stack.append(_Name(full))

    def _make(self, name: object, arguments: object) -> None:
        if type(name) is not _Name or type(arguments) is not tuple:
            raise InputError("the pickle calls a value that is not a name")
        self._memory_left -= sum(len(argument) for argument in arguments if isinstance(argument, (str, bytes)))
        if self._memory_left < 0:
            raise InputError("the pickle converts one text too often")
        try:
            self._stack.append(self._makers[name](*arguments))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise InputError(f"the pickle has an impossible {name} ({str(error)[:100]})") from error

    def _build(self, state: object) -> None:
        if type(self._stack[-1]) is not Object:
            raise InputError("the pickle sets the state of a value that is not an object")
        self._stack[-1].state = state

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _memoize(self) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def _push(self, value: Any) -> None:
        self._stack.append(value)


def _by_code(table: dict[bytes, Any]) -> dict[int, Any]:
    return {code[0]: value for code, value in table.items()}


_NEW_VALUES: dict[int, Callable[[], Any]] = _by_code({
    b"N": lambda: None, b"\x88": lambda: True, b"\x89": lambda: False,
    b"]": list, b")": tuple, b"}": Pairs, b"\x8f": list,
})  # fmt: skip
_ACTIONS: dict[int, Callable[[_Machine], object]] = _by_code({
    b"(": _Machine._mark,
    b"\x94": _Machine._memoize,
    b"t": lambda machine: machine._push(tuple(machine._pop_to_mark())),
    b"\x85": lambda machine: machine._push(tuple(machine._pop(1))),
    b"\x86": lambda machine: machine._push(tuple(machine._pop(2))),
    b"\x87": lambda machine: machine._push(tuple(machine._pop(3))),
    b"\x91": lambda machine: machine._push(machine._pop_to_mark()),
    b"a": lambda machine: machine._extend(machine._pop(1)),
    b"e": lambda machine: machine._extend(machine._pop_to_mark()),
    b"\x90": lambda machine: machine._extend(machine._pop_to_mark()),
    b"s": lambda machine: machine._set_items(machine._pop(2)),
    b"u": lambda machine: machine._set_items(machine._pop_to_mark()),
    b"0": lambda machine: machine._pop(1),
    b"1": lambda machine: machine._pop_to_mark(),
    b"c": lambda machine: machine._name(machine._line(), machine._line()),
    b"\x93": lambda machine: machine._name(*machine._pop(2)),
    b"R": lambda machine: machine._make(*machine._pop(2)),
    b"\x81": lambda machine: machine._make(*machine._pop(2)),
    b"b": lambda machine: machine._build(*machine._pop(1)),
})  # fmt: skip
