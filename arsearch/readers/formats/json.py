"""JSON to records: one object a line, or one value a file (an array of articles, an object of them, one article).

Lines and elements of an array are parsed one by one, so a bad one costs only itself.
Source: RFC 8259. Of two equal names the last wins. NaN and Infinity, which Python accepts, are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NoReturn

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.columns import Columns
from arsearch.readers.encodings import Decoder
from arsearch.readers.formats.json_scanner import Value, scan_values
from arsearch.readers.lines import LONGEST, Lines, too_long
from arsearch.readers.reader import Reader

__all__ = ["JSON", "JSON_LINES", "read_json", "read_json_lines"]

_BOM = b"\xef\xbb\xbf"
_ARRAY_OF_OBJECTS = re.compile(r"\[\s*(?:[{\]]|$)")
_KINDS = {list: "an array", str: "a string", bool: "true or false", type(None): "null", dict: "an object"}


def read_json_lines(name: str, lines: Lines, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """Yield one record for each line that is not blank, at `name:line`."""
    for line in lines:
        if not line.strip():
            continue
        where = f"{name}:{lines.number}"
        try:
            if len(line) > LONGEST:
                raise InputError(too_long("a line"))
            yield Record(where, columns.rename(_parse_object(line.removeprefix(_BOM), decoder)))
        except InputError as problem:
            yield Record(where, None, str(problem))


def read_json(name: str, chunks: Iterable[bytes], decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """Yield one record for each article, at the line where it begins; elements of an array have their number too."""
    values = scan_values(chunks)
    first = next(values, None)
    if first is None:
        return
    second = next(values, None)
    if second is None and not first.in_array:
        yield from _read_single(name, first, decoder, columns)
        return
    for value in chain((first,), () if second is None else (second,), values):
        yield _record(name, value, decoder, columns)


def _record(name: str, value: Value, decoder: Decoder, columns: Columns) -> Record:
    where = f"{name}:{value.line} (article {value.number})" if value.in_array else f"{name}:{value.line}"
    if value.problem:
        return Record(where, None, value.problem)
    try:
        return Record(where, columns.rename(_parse_object(value.data, decoder)))
    except InputError as problem:
        return Record(where, None, str(problem))


def _read_single(name: str, value: Value, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """Yield the articles of a file's only value: the article itself, `{"articles": [...]}`, or articles by id."""
    where = f"{name}:{value.line}"
    if value.problem:
        yield Record(where, None, value.problem)
        return
    try:
        data = _parse_object(value.data, decoder)
    except InputError as problem:
        yield Record(where, None, str(problem))
        return
    arrays = [key for key, item in data.items() if isinstance(item, list) and item and isinstance(item[0], dict)]
    if columns.plan(tuple(data)).fields & {"title", "body"}:
        yield Record(where, columns.rename(data))
    elif len(arrays) == 1:
        columns.tell_once(f"the articles are the elements of {arrays[0]!r}")
        for number, item in enumerate(data[arrays[0]], start=1):
            yield _item(f"{name} (article {number})", item, None, columns)
    elif data and all(isinstance(item, dict) for item in data.values()):
        columns.tell_once("the articles are the members of one object; their names are the ids")
        for key, item in data.items():
            yield _item(f"{name} (article {key!r})", item, key, columns)
    else:
        yield Record(where, columns.rename(data))


def _item(where: str, item: object, key: str | None, columns: Columns) -> Record:
    if not isinstance(item, dict):
        return Record(where, None, f"not a JSON object but {_kind(item)}")
    data = dict(columns.rename(item))
    if key is not None:
        data.setdefault("id", key)
    return Record(where, data)


def _parse_object(data: bytes, decoder: Decoder) -> Mapping[str, Any]:
    """Return the object that `data` is. Raises `InputError` if it is not JSON or another value."""
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
    return _KINDS.get(type(value), "a number")


def _guess(head: str, default: str | None) -> str | None:
    """Return the reader that text with the beginning `head` needs, `jsonl` or `json`.

    `default` is the reader of the file's suffix, which decides where both fit; `None` demands that the text is JSON.
    """
    text = head.lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    following = rest.lstrip()[:1]
    if text.startswith("["):
        if default is None and not _ARRAY_OF_OBJECTS.match(text):
            return None
        return "jsonl" if following and _is_json(first) else "json"
    if not text.startswith("{"):
        return default
    if not rest:  # one line, perhaps longer than the head: in a .json file, the one value
        return default or "jsonl"
    if following == "{" or (_is_json(first) and (following or default != "json")):
        return "jsonl"
    return "jsonl" if default == "jsonl" and first.rstrip().endswith("}") else "json"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


JSON_LINES = Reader(
    name="jsonl",
    label="JSON lines",
    suffixes=(".jsonl", ".ndjson", ".jsonlines", ".jl"),
    sniff=lambda content: 0.9 if _guess(content.head, None) == "jsonl" else 0.0,
    refine=lambda content: _guess(content.head, "jsonl") or "jsonl",
    read=lambda content: read_json_lines(content.name, content.lines, content.decoder, content.columns),
)
JSON = Reader(
    name="json",
    label="JSON",
    suffixes=(".json",),
    sniff=lambda content: 0.9 if _guess(content.head, None) == "json" else 0.0,
    refine=lambda content: _guess(content.head, "json") or "json",
    read=lambda content: read_json(content.name, content.chunks, content.decoder, content.columns),
)
