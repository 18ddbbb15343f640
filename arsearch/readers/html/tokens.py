"""The tags and texts of (X)HTML, by a tokenizer that takes linear time.

`html.parser` takes quadratic time for some files, so a crafted chapter of a few megabytes would hold up reading for hours.
Source: HTML Living Standard, 13.2.5 (tokenization, which this follows for files without errors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arsearch.readers.safe_xml import End, Start, XmlEvent

__all__ = ["SKIPPED", "VOID", "html_events"]

SKIPPED = frozenset(
    "applet audio button canvas datalist head iframe math noframes noscript object rp rt rtc script select style svg template"
    " textarea video".split()
)
"""The elements without text for readers."""

VOID = frozenset("area base basefont bgsound br col embed frame hr img input link meta param source track wbr".split())
"""The elements without content and end tag."""

_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noframes", "noscript"))
_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_TAG_END = re.compile("[>\"']")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']*)))?")
_LONGEST_ATTRIBUTES = 1 << 16
_LONGEST_DECLARATION = 1 << 14


def html_events(text: str, *, lenient: bool = False) -> Iterator[XmlEvent]:
    """Yield start tags, end tags and text, with names in lower case. An element without content has both tags.

    Comments, declarations and instructions are left out. A `<` that begins no tag is text. With `lenient`, for texts that
    may be no HTML, a comment without an end is text, and a start tag of `SKIPPED` without an end tag hides nothing: its
    element is empty.
    """
    from html import unescape

    closings = _Closings(text)
    at = shown = 0
    last = text.rfind(">")
    raw = ""  # the element whose content has no tags
    while (at := text.find("<", at)) >= 0 and at < last:
        if raw:
            end = _raw_end(text, at, raw)
            if end < 0:
                at += 1
                continue
        if match := _NAME.match(text, at + 1):
            if shown < at:
                yield unescape(text[shown:at])
            end = _end_of_tag(text, match.end(), last)
            tag = match[0].lower().rpartition(":")[2]
            closed = text[end - 1] == "/"
            yield Start(tag, _attributes(text[match.end() : min(end, match.end() + _LONGEST_ATTRIBUTES)]))
            if closed or tag in VOID or (lenient and tag in SKIPPED and not closings.later(f"</{tag}", end)):
                yield End(tag)
            elif tag in _RAW and not (lenient and not closings.later(f"</{tag}", end)):
                raw = tag
        elif text.startswith("/", at + 1) and (match := _NAME.match(text, at + 2)):
            if shown < at:
                yield text[shown:at] if raw in ("script", "style") else unescape(text[shown:at])
            end = text.find(">", match.end())
            yield End(match[0].lower().rpartition(":")[2])
            raw = ""
        elif lenient and text.startswith("<!--", at) and not closings.later("-->", at):
            at += 4
            continue
        elif text[at + 1 : at + 2] in ("!", "?", "/"):
            if shown < at:
                yield unescape(text[shown:at])
            end, cdata = _end_of_declaration(text, at)
            if cdata:
                yield cdata
        else:
            at += 1
            continue
        at = shown = end + 1
    if shown < len(text):
        yield unescape(text[shown:])


class _Closings:
    """The last ends of elements and comments, each looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last: dict[str, int] = {}

    def later(self, end: str, at: int) -> bool:
        """Return whether an end, such as `</svg`, in any case of its letters, stands at `at` or after it."""
        if end not in self._last:
            pattern = re.escape(end) + (r"(?![\w-])" if end.startswith("</") else "")
            self._last[end] = max(
                (match.start() for match in re.finditer(pattern, self._text, re.IGNORECASE)), default=-1
            )
        return self._last[end] >= at


def _raw_end(text: str, at: int, raw: str) -> int:
    """Return `at` if the end tag of the raw element `raw` begins there, else -1."""
    return at if text[at : at + len(raw) + 2].lower() == f"</{raw}" else -1


def _end_of_tag(text: str, at: int, last: int) -> int:
    """Return the place of the `>` that ends a tag, outside of quotes if these are closed. There is one up to `last`."""
    first = text.find(">", at)
    while match := _TAG_END.search(text, at):
        if match[0] == ">":
            return match.start()
        before = text[at : match.start()].rstrip()
        close = (
            text.find(match[0], match.end(), match.end() + _LONGEST_ATTRIBUTES)
            if before.endswith("=")
            else match.start()
        )
        if close < 0 or close > last:
            return first
        at = close + 1
    return first


def _end_of_declaration(text: str, at: int) -> tuple[int, str]:
    """Return the place of the last character of a comment, declaration or CDATA section, and the text of the section."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 2)
        return (end + 2, "") if end >= 0 else (len(text), "")
    if text.startswith("<![CDATA[", at):
        end = text.find("]]>", at)
        return (end + 2, text[at + 9 : end]) if end >= 0 else (len(text), text[at + 9 :])
    end = text.find(">", at)
    if at < _LONGEST_DECLARATION and "[" in text[at : min(end, at + 1000)]:  # a DOCTYPE with declarations of its own
        inner = text.find("]>", at, at + _LONGEST_DECLARATION)
        end = inner + 1 if inner >= 0 else end
    return end, ""


def _attributes(text: str) -> dict[str, str]:
    if "=" not in text and not text.strip(" /"):
        return {}
    from html import unescape

    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), unescape(value) if "&" in value else value)
    return found
