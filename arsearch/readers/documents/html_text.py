"""The text of (X)HTML: blocks, line breaks, lists, tables and headings, by a tokenizer that takes linear time.

`html.parser` takes quadratic time for some files, so a crafted chapter of a few megabytes would hold up reading for hours.
Hidden elements, ruby annotations and the marks of notes are left out.
Source: HTML Living Standard, sections 13.2.5 (tokenization, which this follows for files without errors) and 15.3
(rendering, which tells blocks from inline elements).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from arsearch.readers.documents.flow import Flow, joined
from arsearch.readers.encodings import guess_encoding, legacy_encoding
from arsearch.readers.safe_xml import End, Start, XmlEvent

__all__ = ["add_html", "declared_charset", "decode_html", "html_events", "html_text"]

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " header hgroup hr html legend li listing main menu nav ol optgroup option p pre search section summary table tbody tfoot"
    " thead title ul xmp".split()
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_SKIPPED = frozenset(
    "applet audio button canvas datalist head iframe math noframes noscript object rp rt rtc script select style svg template"
    " textarea video".split()
)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noframes", "noscript"))
_VOID = frozenset("area base basefont bgsound br col embed frame hr img input link meta param source track wbr".split())
_ENDED_BY_NEXT = ("li", "dt", "dd", "td", "th", "tr", "option")
_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_TAG_END = re.compile("[>\"']")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']*)))?")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile("[ \t\r\n\f]+")
_LONGEST_ATTRIBUTES = 1 << 16
_LONGEST_DECLARATION = 1 << 14
_DEEPEST_HIDDEN = 10_000
_MOST_TABLES = 50  # inside each other; the text of a cell is copied once for each
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)""", re.I
)


def html_text(text: str) -> str:
    """Return the text of a page or fragment: one block a line, the cells of a row separated by tabs."""
    flow = Flow()
    add_html(text, flow)
    return joined(flow.finish())[0]


def add_html(text: str, flow: Flow, prefix: str = "") -> None:
    """Add the text of a page or fragment to `flow`. Ids become anchors `prefix#id`. Raises `InputError` beyond its limit."""
    _Renderer(flow, prefix).render(text)
    flow.end_paragraph()


def decode_html(data: bytes) -> str:
    """Return the text of a page by its byte order mark, its declaration, or the encoding that its bytes suggest.

    Bytes that are not in the encoding become U+FFFD.
    """
    guess = guess_encoding(data, complete=True)
    codec = declared_charset(data)
    if guess.skip or codec is None:
        codec = guess.codec
    else:
        if guess.codec == "utf-8" and guess.settled and not data.isascii() and not legacy_encoding(data):
            codec = "utf-8"  # valid UTF-8 is UTF-8, whatever the declaration says
    try:
        return data[guess.skip :].decode(codec, "replace")
    except (LookupError, UnicodeError):
        return data[guess.skip :].decode(guess.codec, "replace")


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the XML declaration or a `meta` element at the beginning of a page names, or `None`."""
    match = _DECLARED.search(data[:2048])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def html_events(text: str) -> Iterator[XmlEvent]:
    """Yield start tags, end tags and text, with names in lower case. An element without content has both tags.

    Comments, declarations and instructions are left out. A `<` that begins no tag is text.
    """
    from html import unescape

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
            yield Start(tag, _attributes(text[match.end() : end][:_LONGEST_ATTRIBUTES]))
            if closed or tag in _VOID:
                yield End(tag)
            elif tag in _RAW:
                raw = tag
        elif text.startswith("/", at + 1) and (match := _NAME.match(text, at + 2)):
            if shown < at:
                yield text[shown:at] if raw in ("script", "style") else unescape(text[shown:at])
            end = text.find(">", match.end())
            yield End(match[0].lower().rpartition(":")[2])
            raw = ""
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
    from html import unescape

    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), unescape(value) if "&" in value else value)
    return found


class _Renderer:
    """Turns the events of a page into paragraphs, rows and headings of a `Flow`."""

    def __init__(self, flow: Flow, prefix: str) -> None:
        self._flow = flow
        self._prefix = prefix
        self._level: int | None = None
        self._hidden: list[str] = []  # the hidden element and the open ones of its name inside it
        self._preformatted = 0
        self._tables: list[int] = []  # for each open table, the number of open rows around it
        self._too_deep = 0  # the open tables inside those
        self._rows: list[bool] = []  # for each open row, whether a cell is open
        self._after_space = True
        self._superscripts = 0
        self._in_link = False  # to a place in a page

    def render(self, text: str) -> None:
        """Add the text of a page to the flow."""
        for event in html_events(text):
            if isinstance(event, str):
                if not self._hidden:
                    self._text(event)
            elif isinstance(event, Start):
                if not self._hidden or self._ends_hidden(event.tag):
                    self._start(event.tag, event.attributes)
            elif not self._hidden or self._ends_hidden_at_end(event.tag):
                self._end(event.tag)
        self._end_rows(0)

    def _ends_hidden(self, tag: str) -> bool:
        """Return whether a start tag ends the hidden element because the end tag of that may be omitted."""
        hidden = self._hidden[0]
        if hidden == "head":
            ends = tag == "body" or (tag in _BLOCKS and tag != "title")
        elif hidden == "p":
            ends = tag in _BLOCKS
        else:
            ends = hidden == tag and hidden in _ENDED_BY_NEXT
        if ends:
            self._hidden.clear()
        elif tag == hidden and len(self._hidden) < _DEEPEST_HIDDEN:
            self._hidden.append(tag)
        return ends

    def _ends_hidden_at_end(self, tag: str) -> bool:
        """Return whether an end tag ends the hidden element and another one around it."""
        if tag == self._hidden[0]:
            self._hidden.pop()
        elif tag in _BLOCKS and self._hidden[0] in ("p", *_ENDED_BY_NEXT):
            self._hidden.clear()
            return True
        return False

    def _text(self, text: str) -> None:
        text = text.replace("\xa0", " ")
        if not self._preformatted:
            text = _SPACES.sub(" ", text)
            if self._after_space:
                text = text.removeprefix(" ")
        if text:
            self._flow.text(text)
            self._after_space = text.endswith((" ", "\n"))

    def _break(self) -> None:
        self._flow.end_paragraph(self._level)
        self._after_space = True
        self._superscripts = 0
        self._in_link = False

    def _is_mark_of_note(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Return whether a link or superscript is the mark of a note, which would become a part of the word before it."""
        if tag == "sup":
            self._superscripts += 1
            return self._in_link
        if tag == "a":
            self._in_link = "#" in attributes.get("href", "")
            kind = f"{attributes.get('epub:type', '')} {attributes.get('role', '')}"
            return "noteref" in kind or bool(self._superscripts)
        return False

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _SKIPPED or _is_hidden(attributes) or self._is_mark_of_note(tag, attributes):
            if tag not in _VOID:
                self._hidden = [tag]
            return
        if tag in _HEADINGS or tag in _BLOCKS:
            self._break()
        if name := attributes.get("id") or (tag == "a" and attributes.get("name")) or "":
            self._flow.anchor(f"{self._prefix}#{name}")
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "br":
            self._flow.text("\n")
            self._after_space = True
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "table":
            if len(self._tables) < _MOST_TABLES:
                self._tables.append(len(self._rows))
            else:
                self._too_deep += 1
        elif tag == "tr":
            self._begin_row()
        elif tag in ("td", "th"):
            self._begin_cell()

    def _begin_row(self) -> None:
        if self._tables:
            self._end_rows(self._tables[-1])
            self._flow.begin_row()
            self._rows.append(False)

    def _begin_cell(self) -> None:
        self._break()
        if not self._tables:
            return
        if len(self._rows) == self._tables[-1]:
            self._begin_row()
        self._end_cell()
        self._flow.begin_cell()
        self._rows[-1] = True

    def _end(self, tag: str) -> None:
        if tag == "sup":
            self._superscripts = max(0, self._superscripts - 1)
        elif tag == "a":
            self._in_link = False
        elif tag in _HEADINGS:
            self._break()
            self._level = None
        elif tag in ("td", "th"):
            if self._tables and len(self._rows) > self._tables[-1]:
                self._end_cell()
        elif tag == "tr":
            if self._tables:
                self._end_rows(self._tables[-1])
        elif tag == "table":
            if self._too_deep:
                self._too_deep -= 1
            elif self._tables:
                self._end_rows(self._tables.pop())
            self._break()
        elif tag in _BLOCKS:
            if tag == "pre":
                self._preformatted = max(0, self._preformatted - 1)
            self._break()

    def _end_cell(self) -> None:
        self._break()
        if self._rows[-1]:
            self._flow.end_cell()
            self._rows[-1] = False

    def _end_rows(self, around: int) -> None:
        """End the open rows but those around the table, innermost first."""
        while len(self._rows) > around:
            self._end_cell()
            self._rows.pop()
            self._flow.end_row()
        self._break()


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    return "style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None
