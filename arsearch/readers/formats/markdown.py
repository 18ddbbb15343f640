"""A Markdown file to an article: the front matter, and the title without the signs of Markdown. The body stays as written.

Sources: CommonMark 0.31, sections 4.2 and 4.3 (headings); the front matter of Jekyll,
Hugo and Pandoc: YAML between `---` lines, or TOML between `+++` lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from arsearch.model.articles import keep_misfit
from arsearch.readers.formats.front_matter import split_front_matter
from arsearch.readers.formats.titles import split_title
from arsearch.works.inline import without_markdown

__all__ = ["markdown_article"]

_LONGEST_TITLE = 1000
_ATX = re.compile(r"\s{0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)[ \t]*")


def markdown_article(text: str, rename: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> tuple[dict[str, Any], str]:
    """Return the title, the body and the front matter of a text with line feeds, and a problem of the front matter.

    `rename` gives the values of a front matter our field names. A front matter that cannot be read stays in the body. Its own
    `id` and `body` are kept as `id_text` and `body_text`.
    """
    matter, text, problem = split_front_matter(text)
    if problem:
        return {"title": "", "body": text.strip("\n").rstrip()}, problem
    values = {name: value for name, value in matter.items() if name not in ("id", "body")}
    for name in ("id", "body"):
        if name in matter:
            keep_misfit(values, name, matter[name])
    data = dict(rename({**values, "body": text}))
    title, body = _split_heading(text)
    given = data.get("title")
    if not isinstance(given, str) or not given.strip():
        data["title"] = title
    elif title and title != without_markdown(given):
        body = text.strip("\n").rstrip()
    return {**data, "body": body}, ""


def _split_heading(text: str) -> tuple[str, str]:
    """Return the title and the body: the first heading at the beginning, else the first line as in a plain text."""
    text = text.strip("\n") if text.strip() else ""
    first, _, rest = text.partition("\n")
    if len(first) > _LONGEST_TITLE:
        return "", text.rstrip()
    if (heading := _ATX.fullmatch(first)) and heading[1]:
        return without_markdown(heading[1]), rest.strip("\n").rstrip()
    second, _, below = rest.partition("\n")
    if first.strip() and _UNDERLINE.fullmatch(second):
        return without_markdown(first), below.strip("\n").rstrip()
    title, body = split_title(text)
    if not any(map(str.isalnum, title)):  # a rule of dashes
        return "", text.rstrip()
    return without_markdown(title), body
