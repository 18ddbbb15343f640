"""The text of (X)HTML: blocks, line breaks, lists, tables and headings.

Hidden elements, ruby annotations and the marks of notes are left out. `add_html` adds a page to a document; `html_to_text`
turns a fragment, such as the entry of a feed, the post of an export or a body with markup, into a text, and `headed_text`
gives its headings too.
Source: HTML Living Standard, 15.3 (rendering, which tells blocks from inline elements).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arsearch.readers.documents.flow import Flow, joined
from arsearch.readers.html.tokens import SKIPPED, VOID, html_events
from arsearch.readers.safe_xml import Start

__all__ = ["add_html", "headed_text", "html_text", "html_to_text"]

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " header hgroup hr html legend li listing main menu nav ol optgroup option p pre search section summary table tbody tfoot"
    " thead title ul xmp".split()
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_END_HEADING = frozenset("article blockquote dl main ol p pre section table ul".split())
"""The elements that end an open heading which has text, so that one without an end tag is no heading of all that follows."""

_ENDED_BY_NEXT = ("li", "dt", "dd", "td", "th", "tr", "option")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"\d+\Z")
_LONGEST_LABEL = 40
_SPACES = re.compile("[ \t\r\n\f]+")
_BLANKS = re.compile("[ \t\r\f]+")
_BLANK_LINES = re.compile("\n{3,}")
_DEEPEST_HIDDEN = 10_000
_MOST_TABLES = 50  # inside each other; the text of a cell is copied once for each


def html_text(text: str) -> str:
    """Return the text of a page or fragment: one block a line, the cells of a row separated by tabs."""
    flow = Flow()
    add_html(text, flow)
    return joined(flow.finish())[0]


def add_html(text: str, flow: Flow, prefix: str = "") -> None:
    """Add the text of a page or fragment to `flow`. Ids become anchors `prefix#id`. Raises `InputError` beyond its limit."""
    _Renderer(flow, prefix).render(text)
    flow.end_paragraph()


def html_to_text(html: str, *, keep_lines: bool = False) -> str:
    """Return the text of a fragment of HTML; empty for an empty one.

    Blocks are lines. A blank line stands between paragraphs, and where a block ends before another begins; never two. With
    `keep_lines`, line ends in the source remain, as in WordPress, where a blank line divides paragraphs; without it they
    are spaces. A comment without an end is text. An `<svg>`, `<script>` or `<iframe>` without an end tag hides nothing.
    """
    return headed_text(html, keep_lines=keep_lines)[0]


def headed_text(html: str, *, keep_lines: bool = False) -> tuple[str, list[dict[str, Any]]]:
    """Return the text of a fragment as `html_to_text` does, and its headings `<h1>` to `<h6>`.

    A heading is `{"heading": text, "level": 2, "start": offset}`; offsets are code points into the text. A heading
    beside other text in a row of a table is left out.
    """
    flow = Flow(whole=True)
    _Renderer(flow, lenient=True, keep_lines=keep_lines).render(html)
    parts: list[str] = []
    headings: list[dict[str, Any]] = []
    at = 0
    for block in flow.finish():
        if not block.text:
            continue
        parts += ("\n\n" if block.apart else "\n") if parts else "", _BLANK_LINES.sub("\n\n", block.text)
        at += len(parts[-2])
        if block.level is not None:
            headings.append({"heading": block.text, "level": block.level, "start": at})
        at += len(parts[-1])
    return "".join(parts), headings


class _Renderer:
    """Turns the events of a page into paragraphs, rows and headings of a `Flow`."""

    def __init__(self, flow: Flow, prefix: str = "", *, lenient: bool = False, keep_lines: bool = False) -> None:
        self._flow = flow
        self._prefix = prefix
        self._lenient = lenient
        self._keep_lines = keep_lines
        self._borders = 0  # the begins and ends of blocks since the last text; those of `p` count twice
        self._newlines = 0  # the line ends that stand last, where they are kept
        self._written = False  # whether the paragraph has text
        self._apart = False  # whether a blank line goes before the paragraph
        self._level: int | None = None
        self._headed = False  # whether the open heading has had text
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
        for event in html_events(text, lenient=self._lenient):
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
            text = (_BLANKS if self._keep_lines else _SPACES).sub(" ", text)
            if self._after_space:
                text = text.removeprefix(" ")
        if words := text.strip():
            if not self._written:
                leading = text[: text.index(words[0])].count("\n") if self._keep_lines else 0
                self._apart = self._borders + self._newlines + leading > 1
                self._borders, self._written = 0, True
            self._newlines = 0
        if self._keep_lines:
            self._newlines += text[len(text.rstrip()) :].count("\n")
        if text:
            self._flow.text(text)
            self._after_space = text.endswith((" ", "\n"))

    def _break(self) -> None:
        self._headed |= self._written
        self._flow.end_paragraph(self._level, apart=self._apart)
        self._borders += self._newlines
        self._newlines = 0
        self._written = self._apart = False
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
        if label := _page_label(attributes):
            self._flow.page_break(label)
            self._hidden = [] if tag in VOID else [tag]
            return
        if tag in SKIPPED or _is_hidden(attributes) or self._is_mark_of_note(tag, attributes):
            if tag not in VOID:
                self._hidden = [tag]
            return
        if tag in _HEADINGS or tag in _BLOCKS:
            self._break()
        if tag in _END_HEADING and self._headed:
            self._level = None
        self._count_border(tag)
        if name := attributes.get("id") or (tag == "a" and attributes.get("name")) or "":
            self._flow.anchor(f"{self._prefix}#{name}")
        if tag in _HEADINGS:
            self._level, self._headed = _HEADINGS[tag], False
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
        self._end_rows(self._tables[-1] if self._tables else len(self._rows))
        if self._tables:
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

    def _count_border(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _HEADINGS or tag == "tr":
            self._borders += 2 if tag == "p" else 1

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
            else:
                self._break()
        elif tag == "tr":
            self._end_rows(self._tables[-1] if self._tables else len(self._rows))
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
        if tag != "hr":  # has no end tag
            self._count_border(tag)

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


def _page_label(attributes: Mapping[str, str]) -> str:
    """Return the name of the page that an element begins, in a book with the pages of a printed edition."""
    if "pagebreak" not in f"{attributes.get('epub:type', '')} {attributes.get('role', '')}":
        return ""
    label = attributes.get("title") or attributes.get("aria-label") or ""
    in_id = _LAST_NUMBER.search(attributes.get("id", ""))
    return " ".join(label.split()).strip(" .")[:_LONGEST_LABEL] or (in_id[0] if in_id else "")


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    return "style" in attributes and _HIDDEN_STYLE.search(attributes["style"]) is not None
