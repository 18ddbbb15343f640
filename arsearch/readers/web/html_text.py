"""HTML fragments, such as the entries of feeds and the posts of exports, to plain text in linear time.

The ends of blocks become line ends, `<br>` too; cells of a table row are separated by a tab. Scripts, styles and
comments are left out. Whole pages, with menus around the text, need `arsearch.readers.web.html` instead.
Source: HTML Living Standard, 13.1 (writing documents) and 15.3 (which elements are blocks).
"""

from __future__ import annotations

import re
from html import unescape

__all__ = ["html_to_text", "looks_like_html"]

_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure footer form h1"
    " h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre search section summary table tbody"
    " tfoot thead title tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_HIDDEN = frozenset("head iframe math noscript object script style svg template textarea".split())
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_LONGEST_QUOTED_TAG = 512
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)")
_LIKELY = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|img|table|tr|td|font|blockquote|figure|article|section)"
    r"(?:\s[^<>]*)?/?>|&(?:nbsp|amp|quot|lt|gt|#\d{2,7}|#x[0-9a-f]{2,6});",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_ANY_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def looks_like_html(text: str) -> bool:
    """Return whether `text` has a common tag or an entity."""
    return _LIKELY.search(text) is not None


def html_to_text(html: str, *, keep_lines: bool = False) -> str:
    """Return the text of an HTML fragment; empty for an empty one.

    Lines are stripped and at most one blank line stands between two. With `keep_lines`, line ends in the source remain,
    as in WordPress, where a blank line divides paragraphs; without it they are spaces.
    """
    parts: list[str] = []
    hidden = ""  # the name of the outermost hidden element that is open
    in_pre = False
    closings = _Closings(html)
    at = 0
    last_end = html.rfind(">")
    while (start := html.find("<", at)) >= 0:
        if not hidden:
            parts.append(_plain(html[at:start], keep_lines or in_pre))
        name, closing, at = _tag(html, start, last_end)
        if hidden:
            if closing and name == hidden:
                hidden = ""
        elif name is None:
            parts.append(html[start:at])
        elif name in _HIDDEN and not closing and not html.startswith("/>", at - 2) and closings.later(name, at):
            hidden = name
        elif name in _BLOCKS:
            in_pre = not closing if name == "pre" else in_pre
            parts.append("\n\n" if name == "p" else "\n")
        elif name in _CELLS and closing:
            parts.append("\t")
    if not hidden:
        parts.append(_plain(html[at:], keep_lines))
    return _tidy("".join(parts))


class _Closings:
    """The last end tags of hidden elements. An `<svg>` that is never closed must not hide the rest of the text."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._last: dict[str, int] = {}

    def later(self, name: str, at: int) -> bool:
        """Return whether an end tag of the element stands after `at`."""
        if name not in self._last:
            self._last[name] = max(self._html.rfind(f"</{name}"), self._html.rfind(f"</{name.upper()}"))
        return self._last[name] >= at


def _tag(html: str, start: int, last_end: int) -> tuple[str | None, bool, int]:
    """Return the lower-case name of the tag at `start`, whether it closes, and where it ends.

    The name is empty for a comment or declaration, and `None` where `<` is only a character.
    """
    if match := _TAG.match(html, start, start + _LONGEST_QUOTED_TAG):
        return match[2].lower(), match[1] == "/", match.end()
    if start > last_end:
        return None, False, start + 1
    if html.startswith("<!--", start):
        end = html.find("-->", start, None)
        return ("", False, end + 3) if end >= 0 else (None, False, start + 4)
    name = _NAME.match(html, start, start + 64)
    if name is None and not html.startswith(("<!", "<?"), start):
        return None, False, start + 1
    end = html.find(">", start)
    return (name[1].lower() if name else ""), html.startswith("</", start), end + 1


def _plain(text: str, keep_lines: bool) -> str:
    return unescape(text if keep_lines else _ANY_SPACES.sub(" ", text))


def _tidy(text: str) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        line = _SPACES.sub(" ", line) if "\t" not in line else _cells(line)
        line = line.strip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")


def _cells(line: str) -> str:
    return "\t".join(cell for part in line.split("\t") if (cell := _SPACES.sub(" ", part).strip()))
