"""Headings without the signs that Markdown and wiki text have inside of lines.

Sources: CommonMark 0.31, sections 6.2 to 6.6 (emphasis, links, images); https://www.mediawiki.org/wiki/Help:Formatting and
Help:Links.
"""

from __future__ import annotations

import re

__all__ = ["without_markdown", "without_wiki_signs"]

_LONGEST = 1000
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_CODE = re.compile(r"(`+)(.+?)\1")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|(?<!\w)_{1,3}|~~)(?=\S)(.+?)(?<=[^\s\\])\1(?:(?<!_)|(?!\w))")
_ANCHOR = re.compile(r"\s*\{#[^{}]*\}\s*$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_QUOTES = re.compile("'{2,5}")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_HIDDEN = re.compile(
    r"\{\{[^{}]*\}\}|<ref\b[^<>]*/>|<ref\b[^<>]*>[^<>]*</ref>|</?[a-z][^<>]*>|<!--[^<>]*-->", re.IGNORECASE
)


def without_markdown(text: str) -> str:
    """Return a heading without the signs of links, images, code and emphasis; one beyond 1,000 characters as it is."""
    if len(text) > _LONGEST:
        return text
    text = _ANCHOR.sub("", text)
    for pattern, group in ((_LINK, 1), (_CODE, 2), (_EMPHASIS, 2), (_EMPHASIS, 2)):
        text = pattern.sub(lambda match, group=group: match[group], text)  # type: ignore[misc]
    return _ESCAPE.sub(r"\1", text).strip()


def without_wiki_signs(text: str) -> str:
    """Return a heading without the signs of links and emphasis, notes and templates; one beyond 1,000 characters as it is."""
    if len(text) > _LONGEST:
        return text
    return " ".join(_QUOTES.sub("", _WIKI_LINK.sub(r"\1", _HIDDEN.sub("", text))).split())
