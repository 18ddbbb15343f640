"""The title of a text without markup: its first line, if it is short and stands apart."""

from __future__ import annotations

import re

from arsearch.works.headings import find_headings, may_be_heading

__all__ = ["split_title"]

_BEFORE_BLANK = 200
_BEFORE_TEXT = 120
_BETWEEN_SIGNS = re.compile(r"(={1,6})[ \t]*([^=\s](?:.*[^=\s])?)[ \t]*\1")
_CONTINUED = ("،", "؛", ",", ";")


def _begins_a_section(first: str, text: str) -> bool:
    """Tell whether the first line is a heading, and another of its level or of an outer one follows."""
    if not may_be_heading(first):
        return False
    headings = find_headings(text)
    if not headings or text[: headings[0]["start"]].strip():
        return False
    return any(heading["level"] <= headings[0]["level"] for heading in headings[1:])


def split_title(text: str) -> tuple[str, str]:
    r"""Return the title and the body of a text whose lines end with `\n`.

    The first line that is not blank is the title if a blank line follows and it has at most 200 characters, or if text
    follows, it has at most 120 and does not end in a comma or semicolon. Otherwise, for a single line, and for a line that
    is the heading of a first section, the title is empty. The signs of a heading of wiki text are no part of the title. Blank
    lines around the body are removed.
    """
    text = text.strip("\n") if text.strip() else ""
    lines = text.split("\n", 2)
    while lines and not lines[0].strip() and len(lines) > 1:
        text = text[len(lines[0]) + 1 :]
        lines = text.split("\n", 2)
    first, body = lines[0].strip(), "\n".join(lines[1:])
    if not body.strip():
        return "", text.strip()
    before_blank = not lines[1].strip()
    longest = _BEFORE_BLANK if before_blank else _BEFORE_TEXT
    if len(first) > longest or (not before_blank and first.endswith(_CONTINUED)):
        return "", text.strip()
    if _begins_a_section(first, text):
        return "", text.strip("\n").rstrip()
    if between := _BETWEEN_SIGNS.fullmatch(first):
        first = between[2]
    return first, body.strip("\n").rstrip()
