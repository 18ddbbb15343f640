"""HTML in the texts of a source, as exports of content systems have it: detected by source, and turned into text.

A source has HTML if a tag or an entity stands in a fifth of its articles up to the first doubtful ones. The articles from the
first with markup on wait until 20 of them, or 1 million characters, were seen. Readers of formats that have no markup in their
texts, such as PDF, are left alone.
Source of the names: HTML Living Standard, 13.5 (named character references).
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

__all__ = ["has_markup", "headed_without_markup", "without_markup"]

_TAGS = (
    "p|br|div|span|a|b|i|u|s|em|strong|small|sub|sup|ul|ol|li|h[1-6]|img|hr|table|tbody|thead|tr|td|th|font|blockquote|figure"
    "|figcaption|article|section|iframe|script|style|center|pre|code|del|ins|mark|strike|video|audio|source|q|cite|abbr|dl|dt|dd"
)
_NAMES = (
    "nbsp|amp|quot|lt|gt|apos|laquo|raquo|[lr][sd]quo|[sb]dquo|[nm]dash|hellip|zwn?j|rlm|lrm|bull|middot|copy|reg|trade|shy"
    "|ensp|emsp|thinsp|times|deg|eacute|egrave|agrave|ccedil"
)
_MARKUP = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|&(?:{_NAMES}|#\d{{2,7}}|#x[0-9a-f]{{2,6}});", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&lt;/?(?:{_TAGS})(?:\s(?:(?!&[lg]t;)[^<>])*)?/?&gt;", re.IGNORECASE)
_ESCAPED_ENTITY = re.compile(rf"&amp;(?=(?:{_NAMES}|#\d{{2,7}}|#x[0-9a-f]{{2,6}});)", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|br|div|li|tr)\b", re.IGNORECASE)


def has_markup(text: str, fewest: int = 1) -> bool:
    """Return whether a text has at least so many tags and entities of HTML."""
    if "<" not in text and "&" not in text:
        return False
    return any(number >= fewest for number, _ in enumerate(_MARKUP.finditer(text), 1))


def without_markup(text: str, *, one_line: bool = False) -> str:
    """Return the text of HTML: entities as characters, blocks and `<br>` as line ends, other tags as nothing.

    The line ends of a text without blocks stay. HTML that was escaped once more (`&lt;p&gt;`, `&amp;nbsp;`) is read too. With
    `one_line`, as for a title, line ends become spaces.
    """
    plain = headed_without_markup(text)[0]
    return " ".join(plain.split()) if one_line else plain


def headed_without_markup(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text of HTML as `without_markup` does, and its headings with their offsets in it."""
    from arsearch.readers.html.text import headed_text

    text = _ESCAPED_ENTITY.sub("&", text)
    if not _TAG.search(text) and _ESCAPED_TAG.search(text):
        text = unescape(text)
    return headed_text(text, keep_lines=not _BLOCK.search(text))
