"""TREC topic files: tagged queries, each with a number and a title.

    <top>
    <num> Number: AR1
    <title> ...
    </top>

Source: the Arabic track of TREC 2001. Tags begin a line, and most of them have no closing tag.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from arsearch.evaluation.files import line_error

__all__ = ["Query", "topics"]

_TAG = re.compile(r"\s*<(/?)(\w+)[^>]*>(.*)", re.DOTALL)
_CLOSED = re.compile(r"</\w+>\s*$")
_LABEL = {
    "num": re.compile(r"\s*(?:Number|رقم)\s*:", re.IGNORECASE),
    "title": re.compile(r"\s*Topic\s*:", re.IGNORECASE),
}


class Query(NamedTuple):
    """A query of a test collection; TREC calls it a topic."""

    id: str
    text: str


def topics(path: str | os.PathLike[str], lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Query]]:
    """Yield the topics of numbered lines, each with the number of its first line; a title may span several lines.

    Raises `InputError` for a topic without a number, a title or a closing tag, and for text outside topics.
    """
    parts: dict[str, str] = {}
    start, tag = 0, ""
    for number, line in lines:
        match = _TAG.match(line)
        closing, name, text = (match[1], match[2].lower(), match[3]) if match else ("", "", line)
        if name == "top":
            if bool(closing) is not bool(start):
                raise line_error(path, number, _misplaced(bool(closing), start), line)
            if closing:
                yield start, _query(path, start, parts)
            start, parts, tag = (0 if closing else number), {}, ""
            continue
        if not start:
            raise line_error(path, number, "not inside <top> ... </top>", line)
        if name:
            tag = "" if closing else name
        if tag in _LABEL:
            parts[tag] = f"{parts.get(tag, '')} {_CLOSED.sub('', text)}"
    if start:
        raise line_error(path, start, "this topic has no </top>")


def _misplaced(closing: bool, start: int) -> str:
    return "</top> without <top>" if closing else f"<top> before the </top> of the topic on line {start}"


def _query(path: str | os.PathLike[str], start: int, parts: dict[str, str]) -> Query:
    values = []
    for name, label in _LABEL.items():
        value = " ".join(label.sub("", parts.get(name, ""), count=1).split())
        if not value:
            raise line_error(path, start, f"this topic has no <{name}>, or an empty one")
        values.append(value)
    return Query(*values)
