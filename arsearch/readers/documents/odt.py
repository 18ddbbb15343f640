"""OpenDocument texts and presentations, as packages or as one XML file.

Tracked deletions, hidden text, comments, headers and footers are left out. A note or text box follows the paragraph that
it stands in. Source: OpenDocument 1.3 part 3, chapters 4 to 10, and part 2 (packages, encryption).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.archives import Archive
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.kinds import has_zip_kind
from arsearch.readers.documents.members import attempt, member_events, shortened, texts
from arsearch.readers.reader import Reader
from arsearch.readers.safe_xml import End, Start, XmlEvent, without, xml_events

__all__ = ["FODT", "ODT", "read_fodt", "read_odt"]

_NAMESPACE = re.compile(r"\{urn:oasis:names:tc:opendocument:xmlns:([a-z-]+):1\.\d\}(.+)", re.DOTALL)
_PREFIXES = {"drawing": "draw", "svg-compatible": "svg", "xsl-fo-compatible": "fo"}
_UNWANTED = frozenset(
    "text:tracked-changes office:annotation text:note-citation text:ruby-text text:hidden-text office:forms text:script"
    " office:event-listeners office:binary-data draw:object svg:title svg:desc text:sequence-decls"
    " text:variable-decls text:user-field-decls table:covered-table-cell presentation:settings table:shapes".split()
)
_DECORATION = frozenset(("header", "footer", "date-time", "page-number"))
_BOXES = frozenset(
    "text:note-body draw:text-box draw:custom-shape draw:rect draw:ellipse draw:circle draw:line draw:path draw:polygon"
    " draw:polyline draw:regular-polygon draw:connector draw:caption draw:measure".split()
)
_WITH_BREAKS = ("style:paragraph-properties", "style:table-properties")
_SPACES = re.compile("[ \t\r\n]+")
_MOST_SPACES = 100
_PROPERTIES = {
    "title": "title", "meta:initial-creator": "author", "creator": "author", "meta:creation-date": "date",
    "date": "modified", "language": "language", "meta:keyword": "tags", "description": "description",
}  # fmt: skip
_MANIFEST = "META-INF/manifest.xml"
_ENCRYPTED = "encrypted with a password; open it, remove the password and save it anew"


class _Style(NamedTuple):
    """What matters of a style: the style that it is derived from, whether its text is hidden, and begins or ends a page."""

    parent: str
    hidden: bool = False
    breaks: tuple[bool | None, bool | None] = (None, None)
    """Whether a page ends before and after its text; `None` if the other style tells."""


@dataclass(slots=True)
class _Paragraph:
    """An open paragraph. `nested`: it stands in another one and therefore in a box of its own."""

    level: int | None
    hidden: bool
    nested: bool
    ends_page: bool = False


def read_odt(content: Content) -> Iterator[Record]:
    """Yield the document as one record, then a problem for each part that is damaged."""
    yield from document_records(content, _read_package)


def read_fodt(content: Content) -> Iterator[Record]:
    """Yield a document that is one XML file as one record, then a problem if it is damaged."""
    yield from document_records(content, _read_flat)


def _read_package(content: Content, document: Document) -> None:
    with Archive(content.spooled, content.max_bytes) as archive:
        document.problems.extend((name, "leads out of the archive; left out") for name in archive.left_out)
        if _is_encrypted(archive):
            raise InputError(_ENCRYPTED)
        if not archive.find("content.xml"):
            raise InputError("no content.xml in it; it is no OpenDocument file, or a damaged one")
        body = _Body(document)

        def read_metadata() -> None:
            if archive.find("meta.xml"):
                _describe(member_events(archive, "meta.xml", _short), document)

        def read_styles() -> None:
            if archive.find("styles.xml"):
                body.read(member_events(archive, "styles.xml", _short))

        attempt(document, read_metadata)
        attempt(document, read_styles)
        body.read(member_events(archive, "content.xml", _short))


def _is_encrypted(archive: Archive) -> bool:
    if not archive.find(_MANIFEST):
        return archive.find("encrypted-package") is not None
    try:
        return archive.find("encrypted-package") is not None or b"encryption-data" in archive.read(_MANIFEST)
    except InputError:  # a damaged manifest hides no text
        return False


def _read_flat(content: Content, document: Document) -> None:
    events = shortened(xml_events(content.stream), _short)
    body = _Body(document)
    body.read(_with_metadata(events, document))


def _with_metadata(events: Iterator[XmlEvent], document: Document) -> Iterator[XmlEvent]:
    """Yield the events; keep the metadata, which comes before the text."""
    for event in events:
        yield event
        if isinstance(event, Start) and event.tag == "office:meta":
            _describe(_until(events, "office:meta"), document)


def _until(events: Iterator[XmlEvent], tag: str) -> Iterator[XmlEvent]:
    for event in events:
        if isinstance(event, End) and event.tag == tag:
            return
        yield event


def _describe(events: Iterable[XmlEvent], document: Document) -> None:
    found: list[tuple[str, str]] = [(tag, text) for tag, text in texts(events) if tag in _PROPERTIES]
    for property, field in _PROPERTIES.items():  # the creator is who changed the document last
        for tag, text in found:
            if tag == property:
                document.describe(field, text, joined_by="," if field == "tags" else "")


def _short(name: str) -> str:
    """Return a name with the prefix that the standard gives its namespace; the local name for other namespaces."""
    match = _NAMESPACE.fullmatch(name)
    if match is None:
        return name.rpartition("}")[2]
    return f"{_PREFIXES.get(match[1], match[1])}:{match[2]}"


class _Body:
    """The parser of styles and text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._flow = document.flow
        self._styles: dict[str, _Style] = {}
        self._style = ""  # the style that is being defined
        self._in_body = False
        self._paragraphs: list[_Paragraph] = []
        self._in_paragraph = [False]  # for each open box
        self._boxes: list[bool] = []  # for each element that may be a box, whether it is one
        self._spans: list[bool] = []  # whether each open span is hidden
        self._frames: list[bool] = []  # whether each open frame holds the title of a slide
        self._title: list[str] | None = None
        self._began = False  # whether a paragraph has ended
        self._slides = 0

    def read(self, events: Iterable[XmlEvent]) -> None:
        """Read the styles and the text of one file."""
        for event in without(events, self._is_unwanted):
            if isinstance(event, str):
                if self._paragraphs:
                    self._text(_SPACES.sub(" ", event))
            elif isinstance(event, Start):
                self._start(event)
            else:
                self._end(event)

    def _is_unwanted(self, start: Start) -> bool:
        tag, attributes = start.tag, start.attributes
        if tag in _UNWANTED or tag.endswith("-source") or attributes.get("presentation:class") in _DECORATION:
            return True
        if tag == "text:section":
            return attributes.get("text:display") == "none"
        self._slides += tag == "draw:page"
        return tag == "draw:page" and self._is_hidden(attributes.get("draw:style-name", ""))

    def _is_hidden(self, name: str) -> bool:
        for _ in range(20):  # a style may be derived from itself
            style = self._styles.get(name)
            if style is None or style.hidden:
                return style is not None
            name = style.parent
        return False

    def _breaks(self, name: str, *, after: bool = False) -> bool:
        """Return whether a style ends a page before its paragraph or, with `after`, after its paragraph."""
        for _ in range(20):
            style = self._styles.get(name)
            if style is None or style.breaks[after] is not None:
                return style is not None and bool(style.breaks[after])
            name = style.parent
        return False

    def _is_title(self, name: str) -> bool:
        style = self._styles.get(name)
        return name == "Title" or (style is not None and style.parent == "Title")

    def _text(self, text: str) -> None:
        if any(self._spans) or any(paragraph.hidden for paragraph in self._paragraphs):
            return
        self._flow.text(text)
        if self._title is not None and len(self._title) < 1000:
            self._title.append(text)

    def _start(self, start: Start) -> None:
        tag, attributes = start.tag, start.attributes
        if not self._in_body:
            self._define(start)
            return
        match tag:
            case "text:p":
                self._begin_paragraph(attributes, 1 if any(self._frames) else None)
            case "text:h":
                level = attributes.get("text:outline-level", "1")
                self._begin_paragraph(attributes, int(level) if level.isdecimal() and len(level) < 3 else 1)
            case "text:span":
                self._spans.append(self._is_hidden(attributes.get("text:style-name", "")))
            case "text:hidden-paragraph" if self._paragraphs and attributes.get("text:is-hidden") == "true":
                self._paragraphs[-1].hidden = True
            case "text:s":
                count = attributes.get("text:c", "1")
                self._text(" " * min(int(count) if count.isdecimal() and len(count) < 9 else 1, _MOST_SPACES))
            case "text:tab" | "text:line-break":
                self._text("\t" if tag == "text:tab" else "\n")
            case "draw:frame":
                self._frames.append(attributes.get("presentation:class") == "title")
            case "draw:page" | "text:soft-page-break":
                soft = tag == "text:soft-page-break"
                self._flow.page_break("" if soft else self._slides, soft=soft)
            case "table:table":
                self._break_before(attributes.get("table:style-name", ""))
            case "table:table-row":
                self._flow.begin_row()
            case "table:table-cell":
                self._flow.begin_cell()
                self._in_paragraph.append(False)
        if tag in _BOXES:
            self._boxes.append(self._in_paragraph[-1])
            if self._in_paragraph[-1]:
                self._flow.begin_box()
                self._in_paragraph.append(False)

    def _begin_paragraph(self, attributes: Mapping[str, str], level: int | None) -> None:
        style = attributes.get("text:style-name", "")
        nested = self._in_paragraph[-1]
        if nested:
            self._flow.begin_box()
        self._in_paragraph[-1] = True
        self._break_before(style)
        self._paragraphs.append(_Paragraph(level, self._is_hidden(style), nested, self._breaks(style, after=True)))
        if self._is_title(style) and not self._document.title_in_text:
            self._title = []

    def _break_before(self, style: str) -> None:
        if self._began and self._breaks(style):
            self._flow.page_break()

    def _define(self, start: Start) -> None:
        """Keep what a style says before the text."""
        tag, attributes = start.tag, start.attributes
        if tag == "office:body":
            self._in_body = True
        elif tag == "style:style":
            self._style = attributes.get("style:name", "")
            on_page = True if attributes.get("style:master-page-name") else None
            parent = attributes.get("style:parent-style-name", "")
            self._styles[self._style] = _Style(parent, breaks=(on_page, None))
        elif tag in _WITH_BREAKS and self._style in self._styles:
            style = self._styles[self._style]
            before, after = (_is_page(attributes.get(f"fo:break-{edge}")) for edge in ("before", "after"))
            self._styles[self._style] = style._replace(breaks=(style.breaks[0] or before, after))
        elif self._style in self._styles and (
            attributes.get("text:display") == "none" or attributes.get("presentation:visibility") == "hidden"
        ):
            self._styles[self._style] = self._styles[self._style]._replace(hidden=True)

    def _end(self, end: End) -> None:
        if not self._in_body:
            return
        match end.tag:
            case "office:body":
                self._in_body = False
            case "text:p" | "text:h" if self._paragraphs:
                self._end_paragraph(self._paragraphs.pop())
            case "text:span" if self._spans:
                self._spans.pop()
            case "draw:frame" if self._frames:
                self._frames.pop()
            case "table:table-row":
                self._flow.end_row()
            case "table:table-cell":
                self._in_paragraph.pop()
                self._flow.end_cell()
        if end.tag in _BOXES and self._boxes.pop():
            self._in_paragraph.pop()
            self._flow.end_box()

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        self._began = True
        self._flow.end_paragraph(paragraph.level or None)
        if paragraph.ends_page:
            self._flow.page_break()
        if paragraph.nested:
            self._flow.end_box()
        else:
            self._in_paragraph[-1] = False
        if self._title is not None:
            self._document.title_in_text = " ".join("".join(self._title).split())
            self._title = None


def _is_page(value: str | None) -> bool | None:
    return None if value is None else value == "page"


ODT = Reader(
    name="odt",
    label="OpenDocument",
    suffixes=(".odt", ".ott", ".odp", ".otp"),
    binary=True,
    sniff=lambda content: has_zip_kind(content, "odt"),
    read=read_odt,
)
FODT = Reader(
    name="fodt",
    label="OpenDocument as XML",
    suffixes=(".fodt", ".fodp"),
    binary=True,
    sniff=lambda content: 0.95 if b"urn:oasis:names:tc:opendocument:xmlns:office:1.0" in content.stream.head else 0.0,
    read=read_fodt,
)
