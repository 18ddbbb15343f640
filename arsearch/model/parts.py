"""The parts of a work as articles list them, checked and laid out in one text.

An article lists its parts under `parts`, in order: mappings with a `heading`, its `level` from 1, `volume`, `page`,
and either the text as `body`, or the `start` of the text in the body of the article, in code points. A part with a
`start` ends where the next one begins.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from arsearch.errors import ArticleError
from arsearch.model.nesting import check_values
from arsearch.model.places import DEEPEST, Part
from arsearch.model.rows import plain_value

__all__ = [
    "LARGEST_PART",
    "LONG_PART",
    "cut_from_body",
    "encodable_parts",
    "is_too_large",
    "lay_out",
    "lists_parts",
    "plain_parts",
    "whole_text",
]

LONG_PART = 10_000_000
"""A part with more code points is remarked on: it is one place for hits."""

LARGEST_PART = 63 << 20
"""The bytes of a part's text at most: what an index stores as one document, less the room for its other fields."""

_GAP = "\n\n"
"""Stands between the bodies of parts in the text of their work."""

_FIELDS = frozenset(("heading", "level", "volume", "page", "start", "end", "body"))

Remarks = list[tuple[str, str]]


def lists_parts(value: object) -> TypeGuard[Sequence[object]]:
    """Tell whether a value of the field `parts` lists parts; other values are further fields like any other."""
    return isinstance(value, list | tuple) and any(
        isinstance(item, Mapping)
        and (isinstance(item.get("body"), str) or isinstance(item.get("heading"), str) or _is_offset(item.get("start")))
        for item in value
    )


def lay_out(body: str, value: object, remarks: Remarks | None = None) -> tuple[list[Part], bool]:
    """Return the parts that a list describes, and whether they are cut from `body`; none for a value of another kind.

    Parts with bodies follow `body`, with an empty line between them. A part that is no mapping, whose text is no
    string, or that has neither text nor heading is left out; a level or page that cannot be right is corrected or
    kept. `remarks` receives a kind and a text for each.
    """
    if not lists_parts(value):
        return [], False
    found = remarks if remarks is not None else []
    cut = cut_from_body(value)
    items = list(_readable(value, "start" if cut else "body", found))
    _check_order(items, found)
    parts = list(_cut(body, items, found) if cut else _joined(body, items, found))
    return parts, cut


def cut_from_body(value: object) -> bool:
    """Tell whether a list of parts names places in the body of its article; parts with bodies of their own do not."""
    entries = [item for item in value if isinstance(item, Mapping)] if lists_parts(value) else []
    return any("start" in item for item in entries) and not any(isinstance(item.get("body"), str) for item in entries)


def is_too_large(text: str) -> bool:
    """Tell whether the text of a part has more than `LARGEST_PART` bytes."""
    return 4 * len(text) > LARGEST_PART and len(text.encode("utf-8", "surrogatepass")) > LARGEST_PART


def plain_parts(value: Sequence[object]) -> list[object]:
    """Return a list of parts with the values of pandas and databases as JSON values; missing ones are left out."""
    return [
        {
            name: plain.isoformat() if isinstance(plain, dt.date) else plain
            for name, own in item.items()
            if (plain := plain_value(own)) is not None
        }
        if isinstance(item, Mapping)
        else item
        for item in value
    ]


def encodable_parts(value: Sequence[object], remarks: Remarks | None = None) -> list[object]:
    """Return the items of a list of parts that are JSON values and valid Unicode; `remarks` receives the others."""
    kept = []
    for number, item in enumerate(value, 1):
        try:
            check_values({"parts": item})
            json.dumps(item, allow_nan=False, ensure_ascii=False).encode()
            kept.append(item)
        except (TypeError, ValueError, RecursionError) as error:
            if remarks is not None:
                reason = str(error) if isinstance(error, ArticleError) else f"no JSON value: {error}"
                if isinstance(error, UnicodeError):
                    reason = "its text has a lone surrogate"
                remarks.append(("bad_part", f"part {number}: {reason}"[:200]))
    return kept


def whole_text(body: str, parts: Sequence[Part], cut: bool) -> str:
    """Return the text of a work: the places of its parts count in it."""
    if cut or not parts:
        return body
    return _GAP.join(text for text in (body, *(part.body for part in parts)) if text)


def _readable(value: Sequence[object], needed: str, remarks: Remarks) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the parts that have what they need, each with its number from 1."""
    for number, item in enumerate(value, 1):
        problem = _problem(item, needed)
        if problem is None:
            assert isinstance(item, Mapping)
            yield number, item
        else:
            remarks.append(("bad_part", f"part {number}: {problem}"))


def _problem(item: object, needed: str) -> str | None:
    """Return why a part cannot be read, or `None`."""
    if not isinstance(item, Mapping):
        return f"{type(item).__name__} is no mapping"
    if needed == "start" and not _is_offset(item.get("start")):
        return "no start in the body"
    body = item.get("body")
    if not isinstance(body, str | None):
        return f"body is {type(body).__name__}, not a string"
    if needed == "body" and is_too_large(body or ""):
        return f"its text has more than {LARGEST_PART:,} bytes; divide it"
    texts = (body or "", _text(item.get("heading")))
    if needed == "body" and not any(text.strip() for text in texts):
        return "neither text nor heading"
    for text in texts:
        if "\0" in text:
            return "its text has a NUL character"
        if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
            return "its text has a lone surrogate"
    return None


def _joined(body: str, items: Sequence[tuple[int, Mapping[str, Any]]], remarks: Remarks) -> Iterator[Part]:
    at = len(body)
    for number, item in items:
        text = item.get("body") or ""
        start = at + (len(_GAP) if at and text else 0)
        at = start + len(text)
        yield _part(number, item, start, at, text, remarks)


def _cut(body: str, items: Sequence[tuple[int, Mapping[str, Any]]], remarks: Remarks) -> Iterator[Part]:
    kept: list[tuple[int, Mapping[str, Any]]] = []
    for number, item in items:
        if (kept and item["start"] < kept[-1][1]["start"]) or item["start"] > len(body):
            remarks.append(
                ("bad_part", f"part {number}: begins at {item['start']}, before its neighbour or after the text")
            )
        else:
            kept.append((number, item))
    ends = [item["start"] for _, item in kept[1:]] + [len(body)]
    for (number, item), end in zip(kept, ends, strict=True):
        if item["start"] == end and not _text(item.get("heading")).strip():
            remarks.append(("bad_part", f"part {number}: neither text nor heading"))
            continue
        yield _part(number, item, item["start"], end, body[item["start"] : end], remarks)


def _part(number: int, item: Mapping[str, Any], start: int, end: int, text: str, remarks: Remarks) -> Part:
    heading = " ".join(_text(item.get("heading")).split())
    named = item.get("level")
    level = _number(named)
    if not heading:
        level = 0
    elif named is None:
        level = 1
    elif level is None or not 1 <= level <= DEEPEST:
        remarks.append(("part_level", f"part {number}: level {str(named)[:40]!r}"))
        level = 1 if level is None or level < 1 else DEEPEST
    if len(text) > LONG_PART:
        remarks.append(("long_part", f"part {number}: {len(text):,} characters"))
    extra = {str(name): value for name, value in item.items() if name not in _FIELDS}
    return Part(heading, level, _name(item.get("volume")), _name(item.get("page")), start, end, text, extra)


def _check_order(items: Sequence[tuple[int, Mapping[str, Any]]], remarks: Remarks) -> None:
    """Remark on headings that skip a level, and on pages that go backwards within a volume."""
    level = page = 0
    volume: object = None
    for number, item in items:
        own = _number(item.get("level")) or 0
        if 0 < own <= DEEPEST and item.get("heading"):
            if level and own > level + 1:
                remarks.append(("part_level", f"part {number}: level {own} after level {level}"))
            level = own
        if _name(item.get("volume")) != volume:
            volume, page = _name(item.get("volume")), 0
        own_page = _number(item.get("page"))
        if own_page is not None:
            if own_page < page:
                remarks.append(("page_order", f"part {number}: page {own_page} after page {page}"))
            page = own_page


def _number(value: object) -> int | None:
    """Return the integer that a value is or names, such as 3, 3.0 and "٣"; `None` for another value."""
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():  # a column of numbers with gaps has 3.0
        return int(value)
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


def _is_offset(value: object) -> bool:
    return type(value) is int and value >= 0


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _name(value: object) -> int | str | None:
    """Return the number or the name of a page or volume; `None` for none."""
    number = None if isinstance(value, str) else _number(value)
    return number if number is not None else _text(value).strip() or None
