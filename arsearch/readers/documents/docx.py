"""Word documents: paragraphs, headings, tables row by row, text boxes and notes, as they would be printed.

Tracked deletions, hidden text, comments, instructions of fields, headers and footers are left out. A note follows the
paragraph that refers to it; diagrams and the names in charts come at the end.
Source: ECMA-376 part 1, chapter 17 (WordprocessingML).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from arsearch.model import Record
from arsearch.readers.archives import Archive
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.drawings import read_drawings
from arsearch.readers.documents.flow import Block, Flow
from arsearch.readers.documents.kinds import has_zip_kind
from arsearch.readers.documents.members import attempt
from arsearch.readers.documents.ooxml import first_of, main_part, part_events, read_properties, relations
from arsearch.readers.reader import Reader
from arsearch.readers.safe_xml import End, Start, XmlEvent, without

__all__ = ["DOCX", "read_docx"]

_MAIN = "word/document.xml"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")
_BODY_TEXT = 9  # the outline level of text that is no heading
_UNWANTED = frozenset(
    "w:moveFrom w:delText w:delInstrText w:instrText w:rt w:pPrChange w:rPrChange w:trPrChange w:tcPrChange w:tblPrChange"
    " w:sectPrChange w:numPr w:tabs mc:Fallback".split()
)
_CHARACTERS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_NOTES = ("footnote", "endnote")
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(slots=True)
class _Style:
    """The properties of a style that matter, before and after inheritance."""

    level: int | None = None
    hidden: bool | None = None
    is_title: bool = False
    base: str | None = None
    on_new_page: bool | None = None


def read_docx(content: Content) -> Iterator[Record]:
    """Yield the document as one record, then a problem for each part that is damaged."""
    yield from document_records(content, _read)


def _read(content: Content, document: Document) -> None:
    with Archive(content.spooled, content.max_bytes) as archive:
        package, main = main_part(archive, document, _MAIN, "Word document")
        parts = relations(archive, main, document).values()
        styles: dict[str, _Style] = {}
        notes: dict[tuple[str, str], list[Block]] = {}

        def read_styles() -> None:
            if name := first_of("styles", parts, archive, "word/styles.xml"):
                styles.update(_styles(part_events(archive, name)))

        def read_notes(kind: str) -> None:
            if name := first_of(f"{kind}s", parts, archive, f"word/{kind}s.xml"):
                _Story(Flow(), document, styles, {}).read(part_events(archive, name), notes)

        attempt(document, lambda: read_properties(archive, package, document))
        attempt(document, read_styles)
        for kind in _NOTES:
            attempt(document, partial(read_notes, kind))
        _Story(document.flow, document, styles, notes).read(part_events(archive, main))
        document.flow.end_paragraph()
        read_drawings(archive, parts, document)


def _styles(events: Iterable[XmlEvent]) -> dict[str, _Style]:
    """Return the styles by id, with what they inherit."""
    styles: dict[str, _Style] = {}
    style = _Style()
    for event in without(events, lambda start: start.tag in _UNWANTED or start.tag == "w:docDefaults"):
        if not isinstance(event, Start):
            continue
        value = event.attributes.get("w:val", "")
        if event.tag == "w:style":
            style = styles[event.attributes.get("w:styleId", "")] = _Style()
        elif event.tag == "w:name":
            style.is_title = value.lower() == "title"
            if match := _HEADING.fullmatch(value):
                style.level = int(match[1])
        elif event.tag == "w:basedOn":
            style.base = value
        elif event.tag == "w:outlineLvl":
            style.level = _level(value)
        elif event.tag == "w:vanish":
            style.hidden = value not in _OFF
        elif event.tag == "w:pageBreakBefore":
            style.on_new_page = value not in _OFF
    return {name: _inherited(style, styles) for name, style in styles.items()}


def _inherited(style: _Style, styles: Mapping[str, _Style]) -> _Style:
    level, hidden, is_title, base = style.level, style.hidden, style.is_title, style.base
    on_new_page = style.on_new_page
    for _ in range(20):  # a style may be based on itself
        parent = styles.get(base or "")
        if parent is None:
            break
        level = parent.level if level is None else level
        hidden = parent.hidden if hidden is None else hidden
        is_title = is_title or parent.is_title
        on_new_page = parent.on_new_page if on_new_page is None else on_new_page
        base = parent.base
    return _Style(level, hidden, is_title, on_new_page=on_new_page)


def _level(value: str) -> int | None:
    """Return the level of a heading for an outline level, which counts from 0; 0 for text that is no heading."""
    return (int(value) + 1) % (_BODY_TEXT + 1) if value.isdecimal() and len(value) == 1 else None


@dataclass(slots=True)
class _Paragraph:
    """An open paragraph."""

    level: int | None = None
    hidden: bool = False
    is_title: bool = False
    on_new_page: bool = False
    goes_on: bool = False
    """Whether its mark is a tracked deletion, so that the next paragraph continues it."""


@dataclass(slots=True)
class _State:
    """The elements that are open at the current event."""

    paragraphs: list[_Paragraph] = field(default_factory=list)
    runs: list[bool] = field(default_factory=list)  # whether each open run is hidden
    fields: list[bool] = field(default_factory=list)  # whether each open field has come to its result
    began: bool = False
    """Whether a paragraph has ended, so that a break before the next one ends a page."""

    in_mark: bool = False
    in_row_properties: bool = False
    deleted_rows: list[bool] = field(default_factory=list)
    text_depth: int = 0
    placeholders: list[bool] = field(default_factory=list)


class _Story:
    """The parser of one part with paragraphs: the main text or the notes."""

    def __init__(
        self, flow: Flow, document: Document, styles: Mapping[str, _Style], notes: Mapping[tuple[str, str], list[Block]]
    ) -> None:
        self._flow = flow
        self._document = document
        self._styles = styles
        self._notes = notes
        self._state = _State()
        self._title: list[str] = []

    def read(self, events: Iterable[XmlEvent], into: dict[tuple[str, str], list[Block]] | None = None) -> None:
        """Read the part. The blocks of each note go to `into`, by kind and id."""
        note: tuple[str, str] | None = None
        for event in without(events, self._is_unwanted):
            if isinstance(event, str):
                if self._state.text_depth:
                    self._text(event)
            elif isinstance(event, Start):
                if into is not None and event.tag in ("w:footnote", "w:endnote"):
                    separates = event.attributes.get("w:type") in _SEPARATORS
                    note = None if separates else (event.tag, event.attributes.get("w:id", ""))
                self._start(event)
            else:
                self._end(event)
                if into is not None and event.tag in ("w:footnote", "w:endnote"):
                    blocks = self._flow.take()
                    if note is not None:
                        into[note] = blocks

    def _is_unwanted(self, start: Start) -> bool:
        """Return whether an element is left out with its content; note what its presence means."""
        state = self._state
        if start.tag == "w:del":
            if state.in_mark and state.paragraphs:
                state.paragraphs[-1].goes_on = True
            elif state.in_row_properties and state.deleted_rows:
                state.deleted_rows[-1] = True
            return True
        return start.tag in _UNWANTED

    def _is_shown(self) -> bool:
        """Return whether text here is printed."""
        return not any(self._state.runs) and all(self._state.fields) and not any(self._state.placeholders)

    def _text(self, text: str) -> None:
        state = self._state
        if not self._is_shown():
            return
        self._flow.text(text)
        if state.paragraphs and state.paragraphs[-1].is_title and len(self._title) < 1000:
            self._title.append(text)

    def _character(self, tag: str, ends_page: bool) -> None:
        self._text(_CHARACTERS.get(tag, ""))
        soft = tag == "w:lastRenderedPageBreak"
        if (soft or ends_page) and self._is_shown():
            self._flow.page_break(soft=soft)

    def _start(self, start: Start) -> None:
        state, flow = self._state, self._flow
        match start.tag:
            case "w:t" | "m:t":
                state.text_depth += 1
            case "w:tab" | "w:br" | "w:cr" | "w:noBreakHyphen" | "w:ptab" | "w:lastRenderedPageBreak" if state.runs:
                self._character(start.tag, start.attributes.get("w:type") == "page")
            case "w:p":
                state.paragraphs.append(_Paragraph())
            case "w:r":
                state.runs.append(bool(state.paragraphs and state.paragraphs[-1].hidden))
            case "w:txbxContent":
                flow.begin_box()
            case "w:tr":
                flow.begin_row()
                state.deleted_rows.append(False)
            case "w:tc":
                flow.begin_cell()
            case "w:sdt":
                state.placeholders.append(False)
            case "w:sym" if not any(state.runs):
                self._document.symbols += 1
            case "w:pPr":
                state.in_mark = True
            case "w:trPr":
                state.in_row_properties = True
            case "w:fldChar":
                self._field(start.attributes.get("w:fldCharType", ""))
            case "w:footnoteReference" | "w:endnoteReference" if not any(state.runs):
                kind = start.tag.removesuffix("Reference")
                flow.insert(self._notes.get((kind, start.attributes.get("w:id", "")), []))
            case _:
                self._property(start.tag, start.attributes.get("w:val", ""))

    def _property(self, tag: str, value: str) -> None:
        """Note a property of the open paragraph, run or content control."""
        state = self._state
        if state.in_mark and state.paragraphs:
            paragraph = state.paragraphs[-1]
            if tag == "w:pStyle" and (style := self._styles.get(value)):
                paragraph.level = paragraph.level or style.level
                paragraph.hidden, paragraph.is_title = bool(style.hidden), style.is_title
                paragraph.on_new_page = bool(style.on_new_page)
            elif tag == "w:pageBreakBefore":
                paragraph.on_new_page = value not in _OFF
            elif tag == "w:outlineLvl":
                paragraph.level = _level(value)
        elif state.runs and tag == "w:vanish":
            state.runs[-1] = value not in _OFF
        elif state.runs and tag == "w:rStyle":
            style = self._styles.get(value)
            state.runs[-1] = state.runs[-1] or bool(style and style.hidden)
        elif state.placeholders and tag == "w:showingPlcHdr":
            state.placeholders[-1] = value not in _OFF

    def _end(self, end: End) -> None:
        state, flow = self._state, self._flow
        match end.tag:
            case "w:t" | "m:t":
                state.text_depth -= 1
            case "w:p" if state.paragraphs:
                self._end_paragraph(state.paragraphs.pop())
            case "w:pPr":
                state.in_mark = False
                if state.paragraphs and state.paragraphs[-1].on_new_page and state.began:
                    flow.page_break()
            case "w:r" if state.runs:
                state.runs.pop()
            case "w:txbxContent":
                flow.end_box()
            case "w:tc":
                flow.end_cell()
            case "w:tr":
                flow.end_row(keep=not state.deleted_rows.pop())
            case "w:trPr":
                state.in_row_properties = False
            case "w:sdt" if state.placeholders:
                state.placeholders.pop()

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        self._state.began = True
        if self._title:
            if not self._document.title_in_text:
                self._document.title_in_text = " ".join("".join(self._title).split())
            self._title.clear()
        # a field whose result never came is damage: it must not hide the rest of the document
        self._state.fields = [True for result in self._state.fields if result]
        if not paragraph.goes_on:
            self._flow.end_paragraph(paragraph.level or None)

    def _field(self, kind: str) -> None:
        fields = self._state.fields
        if kind == "begin":
            fields.append(False)
        elif kind == "separate" and fields:
            fields[-1] = True
        elif kind == "end" and fields:
            fields.pop()


DOCX = Reader(
    name="docx",
    label="Word document",
    suffixes=(".docx", ".docm", ".dotx", ".dotm"),
    binary=True,
    sniff=lambda content: has_zip_kind(content, "docx"),
    read=read_docx,
)
