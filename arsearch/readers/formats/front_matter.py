"""The front matter of a text: YAML between `---` lines, or TOML between `+++` lines.

YAML is read as front matters use it: scalars, quoted ones, lists and mappings of one level, block scalars. Anything else
(anchors, tags, deeper nesting) is not read, and the block stays in the text. Sources: YAML 1.2.2, chapters 7 and 8; TOML 1.0.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["split_front_matter"]

_LONGEST = 1 << 16
_BLOCK = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)(?<=\n)(\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"([^\s#'\"\[\]{}&*!|>%@`,-][^:#]*?|'[^']+'|\"[^\"]+\")[ \t]*:(?:[ \t]+(.*))?")
_SCALAR_BLOCK = re.compile(r"([|>])[+-]?\d?[+-]?(?:[ \t]+#.*)?")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*$")
_ITEMS = re.compile(r"\s*+(?:(\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+')\s*+|([^,\"'\[\]{}]*+))(?:,|$)")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


def split_front_matter(text: str) -> tuple[dict[str, Any], str, str]:
    """Return the values of a front matter, the text after it, and a problem; without a front matter, the whole text."""
    match = _BLOCK.match(text[:_LONGEST])
    if match is None or (match[1] == "+++" and match[3] != "+++"):
        return {}, text, ""
    try:
        values = _toml(match[2]) if match[1] == "+++" else _mapping(match[2].split("\n"))
    except ValueError as error:
        if ":" not in match[2] and "=" not in match[2]:  # two lines of a text that look like rules
            return {}, text, ""
        return {}, text, f"its front matter stays in the body: {error}"
    return values, text[match.end() :], ""


def _toml(block: str) -> dict[str, Any]:
    import tomllib

    def plain(value: Any) -> Any:
        if isinstance(value, (dt.date, dt.time)):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in tomllib.loads(block).items()}


def _mapping(lines: list[str]) -> dict[str, Any]:
    """Return the values of lines `name: value`. Raises ValueError for a line of another form."""
    values: dict[str, Any] = {}
    for head, below in _entries(lines):
        match = _ENTRY.fullmatch(head)
        if match is None:
            raise ValueError(f"{head[:40]!r} is not a name and a value")
        values[match[1].strip("'\"").strip()] = _value((match[2] or "").strip(), below)
    if not values:
        raise ValueError("it has no value")
    return values


def _entries(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each line at the margin with the lines that belong to it: indented ones and items of a list."""
    head: str | None = None
    below: list[str] = []
    for line in lines:
        if head is not None and (line[:1] in (" ", "\t") or line.startswith("- ") or line == "-" or not line.strip()):
            below.append(line)
        elif line.strip() and not line.startswith("#"):
            if head is not None:
                yield head, below
            head, below = line.rstrip(), []
    if head is not None:
        yield head, below


def _value(text: str, below: list[str]) -> Any:
    if block := _SCALAR_BLOCK.fullmatch(text):
        return _joined(below, "\n" if block[1] == "|" else " ")
    below = [line for line in below if line.strip() and not line.lstrip().startswith("#")]
    if not below:
        return _scalar(text)
    first = below[0].lstrip()
    if not _COMMENT.sub("", text) and (first.startswith("- ") or first == "-"):
        margin = below[0][: len(below[0]) - len(first)]
        if any(not line.startswith((f"{margin}- ", f"{margin}  ")) and line.rstrip() != f"{margin}-" for line in below):
            raise ValueError(f"{below[0].strip()[:40]!r} begins a list with lines of another margin")
        items: list[str] = []
        for line in below:
            if line.startswith(f"{margin}-"):
                items.append(line[len(margin) + 1 :].strip())
            else:
                items[-1] += f" {line.strip()}"
        return [item for item in map(_scalar, items) if item is not None]
    if not _COMMENT.sub("", text) and _ENTRY.fullmatch(first.rstrip()):
        indent = len(below[0]) - len(first)
        return _mapping([line[indent:] if not line[:indent].strip() else line for line in below])
    return _scalar(" ".join([text, *(line.strip() for line in below)]).strip())


def _joined(lines: list[str], by: str) -> str:
    """Return the text of a block scalar. Folded lines are joined, and blank lines part paragraphs."""
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    text = "\n".join(line[margin:].rstrip() for line in lines).strip("\n")
    return text if by == "\n" else re.sub(r"(?<!\n)\n(?!\n)", " ", text)


def _scalar(text: str) -> Any:
    if text[:1] in "\"'" and text:
        return _quoted(text)
    text = _COMMENT.sub("", text).strip()
    if text[:1] == "[":
        if not text.endswith("]"):
            raise ValueError(f"{text[:40]!r} is a list without an end")
        return _listed(text[1:-1])
    if text[:1] in ("{", "&", "*", "!", "|", ">", "%", "@", "`"):
        raise ValueError(f"{text[:40]!r} is not a plain value")
    return _CONSTANTS.get(text.lower(), text)


def _quoted(text: str) -> str:
    body = _COMMENT.sub("", text).strip() if text[-1:] != text[:1] else text
    if len(body) < 2 or body[-1] != body[0]:
        raise ValueError(f"{text[:40]!r} has a quote without an end")
    if body[0] == "'":
        return body[1:-1].replace("''", "'")
    try:
        return str(json.loads(body, strict=False))
    except ValueError:
        raise ValueError(f"{text[:40]!r} has an escape that is not read") from None


def _listed(text: str) -> list[Any]:
    items: list[Any] = []
    at = 0
    while at < len(text):
        match = _ITEMS.match(text, at)
        if match is None:
            raise ValueError(f"{text[at:][:40]!r} is a list that is not read")
        if (item := _scalar((match[1] or match[2]).strip())) is not None:
            items.append(item)
        at = match.end()
    return items
