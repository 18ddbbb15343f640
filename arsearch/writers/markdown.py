"""Markdown (CommonMark): a heading for each article, a list of its fields, then its snippet and its body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from arsearch.model.parts import lay_out, lists_parts
from arsearch.model.rows import value_text
from arsearch.model.safety import safe
from arsearch.writers.rows import Row, Rows
from arsearch.writers.writer import Writer

__all__ = ["MARKDOWN"]

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]")
_LINE_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")


def _escape(text: str) -> str:
    """Return a text on one line, in which no sign is markup (CommonMark 2.4)."""
    text = _SPECIAL.sub(r"\\\g<0>", safe(text).strip())
    return _LINE_START.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", text)


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value))
    return _escape(value_text(value))


def _blocks(row: Row) -> Iterator[str]:
    """Yield the blocks of one article."""
    rank = f"{row['rank']}\\. " if row.get("rank") is not None else ""
    title = row.get("title") or row.get("id") or "—"
    yield f"## {rank}{_value(title)}"
    used = ("rank", "title", "snippet", "body", "parts")
    facts = [
        f"- {_escape(name)}: {_value(value)}"
        for name, value in row.items()
        if (name not in used or (name == "parts" and not lists_parts(value))) and _has(value)
    ]
    if facts:
        yield "\n".join(facts)
    if _has(snippet := row.get("snippet")):
        yield f"> {_value(snippet)}"
    yield from _paragraphs(row.get("body"))
    parts, cut = lay_out(str(row.get("body") or ""), row.get("parts"))
    for part in () if cut else parts:
        if part.heading:
            yield f"{'#' * min(2 + part.level, 6)} {_escape(part.heading)}"
        yield from _paragraphs(part.body)


def _paragraphs(text: object) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text) if isinstance(text, str) else ():
        if lines := [_escape(line) for line in paragraph.splitlines() if line.strip()]:
            yield "\\\n".join(lines)


def _has(value: Any) -> bool:
    return value is not None and value not in ("", [], ())


def _write(rows: Rows, stream: IO[bytes]) -> None:
    for number, row in enumerate(rows):
        text = "\n\n".join(_blocks(row))
        stream.write(("\n" * bool(number) + text + "\n").encode("utf-8", "backslashreplace"))


MARKDOWN = Writer(name="markdown", label="Markdown", suffixes=(".md", ".markdown"), write=_write)
