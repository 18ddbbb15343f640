"""The parts of a work as articles list them, checked and laid out in one text.

An article lists its parts under `parts`, in order: mappings with a `heading`, its `level` from 1, `volume`, `page`,
and either the text as `body`, or the `start` of the text in the body of the article, in code points. A part with a
`start` ends where the next one begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arsearch.model.places import Part

__all__ = ["LONG_PART", "lay_out", "lists_parts", "whole_text"]

LONG_PART = 10_000_000
"""A part with more code points is remarked on: it is one place for hits."""

_GAP = "\n\n"
"""Stands between the bodies of parts in the text of their work."""

_FIELDS = frozenset(("heading", "level", "volume", "page", "start", "end", "body"))

Remarks = list[tuple[str, str]]


def lists_parts(value: object) -> bool:
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
    assert isinstance(value, Sequence)
    found = remarks if remarks is not None else []
    entries = [item for item in value if isinstance(item, Mapping)]
    cut = any("start" in item for item in entries) and not any(isinstance(item.get("body"), str) for item in entries)
    items = list(_readable(value, "start" if cut else "body", found))
    _check_order(items, found)
    parts = list(_cut(body, items, found) if cut else _joined(body, items, found))
    return parts, cut


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
    if needed == "start":
        return None if _is_offset(item.get("start")) else "no start in the body"
    body = item.get("body")
    if not isinstance(body, str | None):
        return f"body is {type(body).__name__}, not a string"
    texts = (body or "", _text(item.get("heading")))
    if not any(text.strip() for text in texts):
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
        yield _part(number, item, item["start"], end, body[item["start"] : end], remarks)


def _part(number: int, item: Mapping[str, Any], start: int, end: int, text: str, remarks: Remarks) -> Part:
    heading = " ".join(_text(item.get("heading")).split())
    level = item.get("level")
    if not heading:
        level = 0
    elif level is None:
        level = 1
    elif not isinstance(level, int) or isinstance(level, bool) or level < 1:
        remarks.append(("part_level", f"part {number}: level {str(level)[:40]!r}"))
        level = 1
    if len(text) > LONG_PART:
        remarks.append(("long_part", f"part {number}: {len(text):,} characters"))
    extra = {name: value for name, value in item.items() if name not in _FIELDS and isinstance(name, str)}
    return Part(heading, level, _name(item.get("volume")), _name(item.get("page")), start, end, text, extra)


def _check_order(items: Sequence[tuple[int, Mapping[str, Any]]], remarks: Remarks) -> None:
    """Remark on headings that skip a level, and on pages that go backwards within a volume."""
    level = page = 0
    volume: object = None
    for number, item in items:
        own = item.get("level")
        if type(own) is int and own > 0 and item.get("heading"):
            if level and own > level + 1:
                remarks.append(("part_level", f"part {number}: level {own} after level {level}"))
            level = own
        if item.get("volume") != volume:
            volume, page = item.get("volume"), 0
        own_page = _number(item.get("page"))
        if own_page is not None:
            if own_page < page:
                remarks.append(("page_order", f"part {number}: page {own_page} after page {page}"))
            page = own_page


def _number(value: object) -> int | None:
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


def _is_offset(value: object) -> bool:
    return type(value) is int and value >= 0


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _name(value: object) -> int | str | None:
    """Return the number or the name of a page or volume; `None` for none."""
    return value if type(value) is int else _text(value).strip() or None
