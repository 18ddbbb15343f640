"""Where the body of an article is cut into parts.

`headings` cuts at every heading, `chapters` at those of the outermost level that occurs twice, `pages` at every page, and `size`
at headings, ends of paragraphs and ends of sentences, after about a number of characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.errors import QueryError, shown
from arsearch.model.places import PlaceEntries, plain_heading
from arsearch.snippets.sentences import letter_edge, sentence_ends, skip_space, word_end
from arsearch.works.headings import find_headings

__all__ = ["KINDS", "Split", "cut", "headings_of", "read_split"]

KINDS = ("headings", "pages", "chapters", "size")

_SIZE = 2000
_MIN_SIZE, _MAX_SIZE = 200, 1_000_000
_SHORTEST, _LONGEST = 0.6, 1.25
"""A part of about a size has between these shares of it; the last part of a text may be shorter."""


class Split(NamedTuple):
    """How bodies are cut; `size` is the number of code points of a part of the kind "size"."""

    kind: str
    size: int = _SIZE

    def __str__(self) -> str:
        return f"{self.kind}:{self.size}" if self.kind == "size" else self.kind


def read_split(value: str | None) -> Split | None:
    """Return the kind that a value names: "headings", "pages", "chapters", "size" or "size:1500"; `None` for `None`.

    Raises QueryError for another value.
    """
    if value is None:
        return None
    named: object = value
    kind, colon, size = named.partition(":") if isinstance(named, str) else (shown(named), "", "")
    if kind in KINDS and not colon:
        return Split(kind)
    if kind == "size" and re.fullmatch(r"[0-9]{1,9}", size) and _MIN_SIZE <= int(size) <= _MAX_SIZE:
        return Split(kind, int(size))
    if kind == "size" and colon:
        raise QueryError(
            f"split {shown(value)} needs a size from {_MIN_SIZE} to {_MAX_SIZE:,} characters, such as size:1500"
        )
    raise QueryError(f"split {shown(value)} is unknown; known: {', '.join(KINDS)}, and a size as in size:1500")


def headings_of(body: str, headings: object) -> list[Mapping[str, Any]]:
    """Return the usable entries of a list of headings that a reader made, else the headings that the text has."""
    return _usable(headings, "heading", body) or [*find_headings(body)]


def cut(
    body: str, split: Split, headings: Sequence[Mapping[str, Any]] | None = None, pages: object = None
) -> list[dict[str, Any]]:
    """Return the parts of a body as the field `parts` lists them, in order; none if there is nothing to cut at.

    A part has its `start`, a `heading` and `level` if a heading begins there, and `volume` and `page` if they are known.
    `headings` are those of `headings_of`, `None` for those of the text, and `pages` is the list that a reader makes. Text before
    the first heading or page belongs to no part. Of several headings at one place, the outer ones are parts without text.
    """
    headings = headings_of(body, None) if headings is None else headings
    sheets = PlaceEntries(_usable(pages, "page", body))
    match split.kind:
        case "headings":
            starts = [entry["start"] for entry in headings]
        case "chapters":
            starts = [entry["start"] for entry in _chapters(headings)]
        case "pages":
            starts = [entry["start"] for entry in sheets.entries]
        case _:
            starts = list(_by_size(body, split.size, [entry["start"] for entry in headings]))
    by_start: dict[int, list[Mapping[str, Any]]] = {}
    for entry in headings:
        by_start.setdefault(entry["start"], []).append(entry)
    parts = []
    for start in dict.fromkeys(starts):
        page = sheets.at(start) or {}
        named = {name: page[name] for name in ("volume", "page") if page.get(name) is not None}
        at_start = by_start.get(start)
        heads = [{"heading": entry["heading"], "level": entry["level"]} for entry in at_start] if at_start else [{}]
        parts += [{"start": start, **head, **named} for head in heads]
    return parts


def _usable(entries: object, name: str, body: str) -> list[Mapping[str, Any]]:
    """Return the entries of a list of places that lie in the body, in rising order of their starts."""
    usable = [
        {
            **entry,
            "heading": plain_heading(entry["heading"]),
            "level": entry["level"] if type(entry.get("level")) is int and entry["level"] > 0 else 1,
        }
        if name == "heading"
        else entry
        for entry in (entries if isinstance(entries, list | tuple) else ())
        if isinstance(entry, Mapping)
        and type(entry.get("start")) is int
        and 0 <= entry["start"] <= len(body)
        and entry.get(name) not in (None, "")
        and (name == "page" or plain_heading(entry[name]))
    ]
    return sorted(usable, key=lambda entry: int(entry["start"]))


def _chapters(headings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the headings of the outermost level that occurs twice, and those above it; all if there is no such level."""
    levels = [int(entry["level"]) for entry in headings]
    outermost = min((level for level in set(levels) if levels.count(level) > 1), default=None)
    return [entry for entry in headings if outermost is None or entry["level"] <= outermost]


def _by_size(body: str, size: int, headings: Sequence[int]) -> Iterator[int]:
    """Yield the starts of parts of about `size` code points; none if the body is hardly longer."""
    start = skip_space(body, 0, len(body))
    if len(body) - start <= size * _LONGEST:
        return
    while True:
        yield start
        if len(body) - start <= size * _LONGEST:
            return
        end = skip_space(body, _cut_at(body, start, size, headings), len(body))
        if end >= len(body):
            return
        start = end


def _cut_at(body: str, start: int, size: int, headings: Sequence[int]) -> int:
    """Return the offset at which the part that begins at `start` ends: a heading, a paragraph, a sentence or a word."""
    low, high = start + int(size * _SHORTEST), min(start + int(size * _LONGEST), len(body))
    at = bisect_right(headings, start + size // 3)
    if at < len(headings) and headings[at] <= high:
        return headings[at]
    wanted = start + size
    breaks = [found.start() for found in re.finditer(r"\n", body[low:high])]
    ends = [low + found for found in breaks] or [end for end in sentence_ends(body, low, high) if end < high]
    if ends:
        return min(ends, key=lambda end: abs(end - wanted))
    end = word_end(body, low, min(wanted, high))
    return end if end > low else letter_edge(body, start, min(wanted, high))
