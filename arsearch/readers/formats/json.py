"""JSON to records: one object a line, or one value a file (an array of articles, an object around them, one article).

Lines are independent, so a bad one costs only itself. An array is cut into its elements by a scanner that knows
strings and brackets only: elements are parsed one by one, memory is bound by the largest, and a bad one costs only
itself again. Source: RFC 8259; of two equal names the last wins, and NaN and Infinity, which Python takes, are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.lines import LONGEST, too_long

if TYPE_CHECKING:
    from arsearch.readers.columns import Columns
    from arsearch.readers.encodings import Decoder
    from arsearch.readers.lines import Lines

__all__ = ["read_json", "read_json_lines"]

_BOM = b"\xef\xbb\xbf"
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)
_BLANK = b" \t\r\n,"


def read_json_lines(name: str, lines: Lines, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """One record for each line that is not blank, at `name:line`."""
    for line in lines:
        if not line.strip():
            continue
        where = f"{name}:{lines.number}"
        try:
            if len(line) > LONGEST:
                raise InputError(too_long("a line"))
            yield Record(where, columns.rename(_object(line.removeprefix(_BOM), decoder)))
        except InputError as problem:
            yield Record(where, None, str(problem))


def read_json(name: str, chunks: Iterable[bytes], decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """One record for each article of a JSON file, at the line where it begins, arrays with the article's number."""
    values = _values(chunks)
    first = next(values, None)
    if first is None:
        return
    second = next(values, None)
    if second is None and not first.in_array:
        yield from _read_single(name, first, decoder, columns)
        return
    for value in (first, *(() if second is None else (second,))):
        yield _record(name, value, decoder, columns)
    for value in values:
        yield _record(name, value, decoder, columns)


class _Value(NamedTuple):
    data: bytes
    line: int
    number: int
    in_array: bool
    problem: str | None = None


def _record(name: str, value: _Value, decoder: Decoder, columns: Columns) -> Record:
    where = f"{name}:{value.line} (article {value.number})" if value.in_array else f"{name}:{value.line}"
    if value.problem:
        return Record(where, None, value.problem)
    try:
        return Record(where, columns.rename(_object(value.data, decoder)))
    except InputError as problem:
        return Record(where, None, str(problem))


def _read_single(name: str, value: _Value, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """The only value of a file: an article, `{"articles": [...]}`, or articles by id."""
    if value.problem:
        yield _record(name, value, decoder, columns)
        return
    try:
        data = _object(value.data, decoder)
    except InputError as problem:
        yield Record(f"{name}:{value.line}", None, str(problem))
        return
    lists = [key for key, item in data.items() if isinstance(item, list) and item and isinstance(item[0], dict)]
    if columns.plan(tuple(data)).fields & {"title", "body"}:
        yield Record(f"{name}:{value.line}", columns.rename(data))
    elif len(lists) == 1:
        columns.say_once(f"the articles are those under {lists[0]!r}")
        for number, item in enumerate(data[lists[0]], start=1):
            yield _item(f"{name} (article {number})", item, None, columns)
    elif data and all(isinstance(item, dict) for item in data.values()):
        columns.say_once("the articles are the members of one object, their names the ids")
        for key, item in data.items():
            yield _item(f"{name} (article {key!r})", item, key, columns)
    else:
        yield Record(f"{name}:{value.line}", columns.rename(data))


def _item(where: str, item: object, key: str | None, columns: Columns) -> Record:
    if not isinstance(item, dict):
        return Record(where, None, f"not a JSON object but {_kind(item)}")
    data = dict(columns.rename(item))
    if key is not None:
        data.setdefault("id", key)
    return Record(where, data)


def _object(data: bytes, decoder: Decoder) -> Mapping[str, Any]:
    text = decoder.decode(data)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise InputError(f"not JSON: {error.msg} at {line}column {error.colno}") from None
    except RecursionError:
        raise InputError("not read: JSON nested too deeply") from None
    except ValueError as error:  # an integer of thousands of digits
        raise InputError(f"not read: {error}") from None
    if not isinstance(value, dict):
        raise InputError(f"not a JSON object but {_kind(value)}; an article is written {{...}}")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise InputError(f"not JSON: {name} is not a JSON value; write null")


def _kind(value: object) -> str:
    kinds = {list: "an array", str: "a string", bool: "true or false", type(None): "null", dict: "an object"}
    return kinds.get(type(value), "a number")


def _values(chunks: Iterable[bytes]) -> Iterator[_Value]:
    """The values of an array at the top, or the values at the top, as bytes."""
    scan = _Scan()
    rest = b""
    block: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            block.append(chunk)
            size += len(chunk)
            # at least as much again as is waiting, so that an element of many megabytes is scanned a few times only
            if size >= len(rest):
                values, rest = scan.feed(b"".join((rest, *block)))
                yield from values
                block, size = [], 0
                if len(rest) > LONGEST:
                    raise InputError(f"{too_long('a JSON value')}, or write one article a line")
    except InputError as problem:
        yield _Value(b"", scan.line, scan.count + 1, scan.array, str(problem))
        return
    values, rest = scan.feed(b"".join((rest, *block)))
    yield from values
    if scan.depth or rest.strip(_BLANK):
        reason = "not JSON: the text ends before this value does" if scan.depth else scan.stray(rest)
        yield _Value(rest, scan.line, scan.count + 1, scan.array, reason)


class _Scan:
    """Cuts bytes into values. `depth` counts brackets open within a value, `line` is where the rest begins."""

    def __init__(self) -> None:
        self.array = False
        self.depth = 0
        self.line = 1
        self.count = 0
        self._offset = 0  # of the rest already scanned
        self._begun = False

    def feed(self, buffer: bytes) -> tuple[list[_Value], bytes]:
        """The values complete in `buffer`, and the rest of it to be fed again with more behind it."""
        values: list[_Value] = []
        start = 0  # of what is not yet given
        at = self._offset
        while token := _TOKEN.search(buffer, at):
            mark = token.group()[:1]
            if token.group() == b'"':  # a string that ends in a later block
                at = token.start()
                break
            at = token.end()
            if mark == b'"' and self.depth:
                continue
            if self.depth == 0:
                between = buffer[start : token.start()]
                if between.strip(_BLANK):
                    values.append(self._value(between, self.stray(between)))
                self._pass(between)
                start = token.start()
                if mark == b"[" and not self.array and not self._begun:
                    self.array = self._begun = True
                    start = at
                elif mark == b"]" and self.array:
                    self.array = False
                    start = at
                elif mark in (b"]", b"}"):
                    values.append(self._value(b"", f"not JSON: a {mark.decode()} that closes nothing"))
                    start = at
                elif mark == b'"':
                    values.append(self._value(token.group(), self.stray(token.group())))
                    self._pass(token.group())
                    start = at
                else:
                    self.depth = 1
                self._begun = True
                continue
            self.depth += 1 if mark in b"[{" else -1
            if self.depth == 0:
                values.append(self._value(buffer[start:at]))
                self._pass(buffer[start:at])
                start = at
        else:
            at = max(at, len(buffer)) if self.depth else at
        self._offset = at - start
        return values, buffer[start:]

    def stray(self, data: bytes) -> str:
        """The problem of what stands where an object should."""
        shown = data.strip(_BLANK)[:40].decode("ascii", "backslashreplace")
        return f"not a JSON object: {shown}; an article is written {{...}}"

    def _value(self, data: bytes, problem: str | None = None) -> _Value:
        self.count += 1
        stripped = data.lstrip(_BLANK)
        line = self.line + data[: len(data) - len(stripped)].count(b"\n")
        return _Value(data, line, self.count, self.array, problem)

    def _pass(self, data: bytes) -> None:
        self.line += data.count(b"\n")
