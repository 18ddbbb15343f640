"""JSON to records: one object a line, or one value a file (an array of articles, an object of them, one article).

Lines and elements of an array are parsed one by one, so a bad one costs only itself.
Source: RFC 8259. Of two equal names the last wins. NaN and Infinity, which Python accepts, are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.model.nesting import MAX_TEXT_VALUES, has_too_many_values
from arsearch.readers.columns import Columns
from arsearch.readers.content import Content
from arsearch.readers.encodings import Decoder
from arsearch.readers.exports.bulk import BulkActions
from arsearch.readers.exports.nested_array import NestedArray, from_array, nested_array
from arsearch.readers.exports.telegram import chats_of, is_chat, message_article
from arsearch.readers.exports.wrappings import is_wrapping, looks_wrapped, unwrapped
from arsearch.readers.formats.json_scanner import Value, scan_values
from arsearch.readers.lines import LONGEST, Lines, too_long
from arsearch.readers.reader import Reader
from arsearch.readers.values.ids import has_id, with_id
from arsearch.readers.values.nested import at_path

__all__ = ["JSON", "JSON_LINES", "read_json", "read_json_lines"]

_BOM = b"\xef\xbb\xbf"
_ARRAY_OF_OBJECTS = re.compile(r"\[\s*(?:[{\]]|$)")
_SHELL = re.compile(r"\b(?:ObjectId|ISODate|NumberLong)\(")
_DEEPEST_ARRAY = 3
_KINDS = {list: "an array", str: "a string", bool: "true or false", type(None): "null", dict: "an object"}


def read_json_lines(name: str, lines: Lines, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    """Yield one record for each line that is not blank, at `name:line`.

    A line of a bulk file that is an action gives its id to the next line. A line that is a response of a search engine, or
    a chat, has several articles.
    """
    actions = BulkActions()
    for line in lines:
        if not line.strip():
            continue
        where = f"{name}:{lines.number}"
        try:
            if len(line) > LONGEST:
                raise InputError(too_long("a line"))
            data = actions.article(_parse_object(line.removeprefix(_BOM), decoder))
            if data is not None:
                yield from _articles(where, data, columns)
        except InputError as problem:
            actions.skip()
            yield Record(where, None, str(problem))
    if actions.pending:
        yield Record(f"{name}:{lines.number}", None, "the bulk file ends with an action without its source")
    if actions.deleted:
        columns.tell_once(f"left out: {actions.deleted:,} delete actions of the bulk file")


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
        yield from _records(name, value, decoder, columns)


def read_nested_array(
    name: str, chunks: Iterable[bytes], array: NestedArray, decoder: Decoder, columns: Columns
) -> Iterator[Record]:
    """Yield one record for each article of an array inside an object, at the line where it begins."""
    without_text = 0
    for value in scan_values(from_array(chunks, array.prefix)):
        if not value.in_array:  # what follows the array: the rest of its object, and further objects of the same kind
            yield from _further(name, value, decoder, columns)
            continue
        if array.kind != "messages" or value.problem:
            yield from _records(name, value, decoder, columns)
            continue
        where = _where(name, value)
        try:
            article = message_article(_parse_object(value.data, decoder), array.header)
        except InputError as problem:
            yield Record(where, None, str(problem))
            continue
        without_text += article is None
        if article is not None:
            yield _record(where, article, columns)
    _tell_without_text(without_text, columns)


def _further(name: str, value: Value, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    if value.problem:
        return
    where = _where(name, value)
    try:
        data = _parse_object(value.data, decoder)
    except InputError as problem:
        yield Record(where, None, str(problem))
        return
    if _hits(data) is not None or is_chat(data):
        yield from _articles(where, data, columns)


def _where(name: str, value: Value) -> str:
    return f"{name}:{value.line} (article {value.number})" if value.in_array else f"{name}:{value.line}"


def _records(name: str, value: Value, decoder: Decoder, columns: Columns) -> Iterator[Record]:
    where = _where(name, value)
    if value.problem:
        yield Record(where, None, value.problem)
        return
    try:
        yield from _articles(where, _parse_object(value.data, decoder), columns)
    except InputError as problem:
        yield Record(where, None, str(problem))


def _articles(where: str, data: Mapping[str, Any], columns: Columns) -> Iterator[Record]:
    """Yield the articles of an object: the hits of a response, the messages of a chat, or itself."""
    if (hits := _hits(data)) is not None:
        for number, hit in enumerate(hits, start=1):
            yield _item(f"{where} (hit {number})", hit, None, columns)
    elif is_chat(data):
        without_text = 0
        for message in data["messages"]:
            article = message_article(message, data) if isinstance(message, dict) else None
            without_text += article is None
            if article is not None:
                yield _record(f"{where} (message {message.get('id')})", article, columns)
        _tell_without_text(without_text, columns)
    else:
        yield _record(where, data, columns)


def _record(where: str, data: Mapping[str, Any], columns: Columns) -> Record:
    if looks_wrapped(data):
        data = unwrapped(data)
    return Record(where, with_id(columns.rename(data), columns.tell_once))


def _hits(data: Mapping[str, Any]) -> list[Any] | None:
    outer = data.get("hits")
    hits = outer.get("hits") if isinstance(outer, dict) else None
    return hits if isinstance(hits, list) else None


def _tell_without_text(count: int, columns: Columns) -> None:
    if count:
        columns.tell_once(f"left out: {count:,} messages without text")


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
    chats = chats_of(data)
    if _hits(data) is not None or is_chat(data) or is_wrapping(data):
        yield from _articles(where, data, columns)
    elif chats is not None:
        columns.tell_once("the articles are the messages of all chats")
        for number, chat in enumerate(chats, start=1):
            if isinstance(chat, dict) and is_chat(chat):
                yield from _articles(f"{name} (chat {number})", chat, columns)
    elif columns.plan(tuple(data)).fields & {"title", "body"} and not _is_envelope(arrays):
        yield _record(where, data, columns)
    elif len(arrays) == 1:
        columns.tell_once(f"the articles are the elements of {arrays[0]!r}")
        for number, item in enumerate(data[arrays[0]], start=1):
            yield from _elements(f"{name} (article {number})", item, columns)
    elif (path := _inner_array(data, columns)) is not None:
        columns.tell_once(f"the articles are the elements of {path!r}")
        for number, item in enumerate(at_path(data, path), start=1):
            yield from _elements(f"{name} (article {number})", item, columns)
    elif data and all(isinstance(item, dict) for item in data.values()):
        columns.tell_once("the articles are the members of one object; their names are the ids")
        for key, item in data.items():
            yield _item(f"{name} (article {key!r})", item, key, columns)
    else:
        yield _record(where, data, columns)


def _is_envelope(arrays: list[str]) -> bool:
    """Return whether an object with a title is only around its articles, as in JSON Feed."""
    return len(arrays) == 1 and arrays[0] in ("items", "articles", "results", "posts", "messages", "entries")


def _inner_array(data: Mapping[str, Any], columns: Columns) -> str | None:
    """Return the dotted path of the only list of objects inside an object without articles, such as `response.docs`."""
    found: list[str] = []
    level: list[tuple[str, Mapping[str, Any]]] = [("", data)]
    for _ in range(_DEEPEST_ARRAY):
        inner = [
            (f"{path}{name}.", item) for path, one in level for name, item in one.items() if isinstance(item, dict)
        ]
        if any(columns.plan(tuple(one)).fields & {"title", "body"} for _, one in inner):
            return None
        found += [
            f"{path}{name}"
            for path, one in inner
            for name, item in one.items()
            if isinstance(item, list) and item and isinstance(item[0], dict) and "." not in name
        ]
        level = [*inner]
    return found[0] if len(found) == 1 else None


def _elements(where: str, item: object, columns: Columns) -> Iterator[Record]:
    if isinstance(item, dict) and _hits(item) is not None:
        yield from _articles(where, item, columns)
    else:
        yield _item(where, item, None, columns)


def _item(where: str, item: object, key: str | None, columns: Columns) -> Record:
    if not isinstance(item, dict):
        return Record(where, None, f"not a JSON object but {_kind(item)}")
    if key is None:
        return _record(where, item, columns)
    data = dict(columns.rename(unwrapped(item) if looks_wrapped(item) else item))
    if not has_id(data):
        data["id"] = key
    return Record(where, data)


def _parse_object(data: bytes, decoder: Decoder) -> Mapping[str, Any]:
    """Return the object that `data` is. Raises `InputError` if it is not JSON or another value."""
    text = decoder.decode(data)
    if has_too_many_values(text):
        raise InputError(f"not read: JSON of more than {MAX_TEXT_VALUES:,} values; divide it, or leave fields out")
    try:
        value = json.loads(text, parse_constant=_constant)
    except json.JSONDecodeError as error:
        if _SHELL.search(text):
            raise InputError("notation of the mongo shell, not JSON; export with mongoexport") from None
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        near = " ".join(text[error.pos : error.pos + 30].split())
        before = f", before {near!r}" if near else ""
        raise InputError(f"not JSON: {error.msg} at {line}column {error.colno}{before}") from None
    except RecursionError:
        raise InputError("not read: JSON nested too deeply") from None
    except ValueError as error:  # an integer of thousands of digits
        raise InputError(f"not read: {error}") from None
    if not isinstance(value, dict):
        raise InputError(f"not a JSON object but {_kind(value)}; an article is written {{...}}")
    return value


def _constant(name: str) -> float | None:
    """Return the value of a name that Python and JavaScript write into JSON; NaN is a missing value."""
    return None if name == "NaN" else float(name)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")


def _guess(head: str, default: str | None) -> str | None:
    """Return the reader that text with the beginning `head` needs, `jsonl` or `json`.

    `default` is the reader of the file's suffix, which decides where both fit; `None` demands that the text is JSON.
    """
    text = head.lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    following = rest.lstrip()[:1]
    if array := nested_array(head):
        return "jsonl" if array.kind != "script" and following and _is_json(first) else "json"
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


def _read_content(content: Content) -> Iterator[Record]:
    if array := nested_array(content.head):
        yield from read_nested_array(content.name, content.chunks, array, content.decoder, content.columns)
    else:
        yield from read_json(content.name, content.chunks, content.decoder, content.columns)


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
    read=_read_content,
)
