"""PowerPoint presentations: the shapes of each slide, its tables and diagrams, then the notes of its speaker.

The title of a slide is a heading. Hidden slides, numbers of slides, dates, headers and footers are left out.
Source: ECMA-376 part 1, chapters 19 (PresentationML) and 21 (DrawingML).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arsearch.errors import InputError
from arsearch.model import Record
from arsearch.readers.archives import Archive
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.flow import Flow
from arsearch.readers.documents.kinds import has_zip_kind
from arsearch.readers.documents.members import attempt
from arsearch.readers.documents.ooxml import first_of, part_events, read_properties, relations
from arsearch.readers.reader import Reader
from arsearch.readers.safe_xml import Start, XmlEvent, without

__all__ = ["PPTX", "read_pptx"]

_MAIN = "ppt/presentation.xml"
_DECORATION = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_TITLES = ("title", "ctrTitle")
_UNWANTED = frozenset(("mc:Fallback", "a:pPr", "a:rPr", "a:endParaRPr"))
_OFF = ("0", "false")


def read_pptx(content: Content) -> Iterator[Record]:
    """Yield the presentation as one record, then a problem for each slide that is damaged."""
    yield from document_records(content, _read)


def _read(content: Content, document: Document) -> None:
    with Archive(content.spooled, content.max_bytes) as archive:
        document.problems.extend((name, "leads out of the archive; left out") for name in archive.left_out)
        package = relations(archive, "").values()
        main = first_of("officeDocument", package, archive, _MAIN)
        if main is None:
            raise InputError(f"no {_MAIN} in it; it is no PowerPoint presentation, or a damaged one")
        attempt(document, lambda: read_properties(archive, package, document))
        hidden = 0
        for slide in _slides(archive, main):
            hidden += _read_slide(archive, slide, document)
        if hidden:
            content.tell(f"slides that are hidden and left out: {hidden}")


def _slides(archive: Archive, main: str) -> list[str]:
    """Return the members of the slides in the order of the show."""
    targets = relations(archive, main)
    ids = [
        event.attributes.get("r:id", "")
        for event in part_events(archive, main)
        if isinstance(event, Start) and event.tag == "p:sldId"
    ]
    return [targets[id].target for id in dict.fromkeys(ids) if id in targets and targets[id].kind == "slide"]


def _read_slide(archive: Archive, slide: str, document: Document) -> bool:
    """Add a slide with its diagrams and notes to the document. Return whether it is hidden, and so left out."""
    shapes = _Shapes(document.flow)
    attempt(document, lambda: shapes.read(part_events(archive, slide)))
    document.flow.end_paragraph()
    if shapes.hidden:
        return True
    for relation in relations(archive, slide).values():
        if relation.kind in ("diagramData", "notesSlide") and archive.find(relation.target):
            attempt(document, lambda part=relation.target: _Shapes(document.flow).read(part_events(archive, part)))  # type: ignore[misc]
            document.flow.end_paragraph()
    return False


class _Shapes:
    """The parser of a slide, of a diagram's data or of a speaker's notes."""

    def __init__(self, flow: Flow) -> None:
        self.hidden = False
        self._flow = flow
        self._level: int | None = None
        self._decorates = False
        self._texts = 0

    def read(self, events: Iterable[XmlEvent]) -> None:
        """Add the paragraphs of all shapes in their order."""
        for event in without(events, lambda start: start.tag in _UNWANTED):
            if isinstance(event, str):
                if self._texts and not self._decorates:
                    self._flow.text(event)
            elif isinstance(event, Start):
                self._start(event)
                if self.hidden:
                    return
            else:
                self._end(event.tag)

    def _start(self, start: Start) -> None:
        match start.tag:
            case "p:sld":
                self.hidden = start.attributes.get("show", "1") in _OFF
            case "p:sp":
                self._level, self._decorates = None, False
            case "p:ph":
                kind = start.attributes.get("type", "")
                self._level = 1 if kind in _TITLES else None
                self._decorates = kind in _DECORATION
            case "a:t":
                self._texts += 1
            case "a:br" if not self._decorates:
                self._flow.text("\n")
            case "a:tr":
                self._flow.begin_row()
            case "a:tc":
                self._flow.begin_cell()

    def _end(self, tag: str) -> None:
        match tag:
            case "a:t":
                self._texts -= 1
            case "a:p":
                self._flow.end_paragraph(self._level)
            case "a:tc":
                self._flow.end_cell()
            case "a:tr":
                self._flow.end_row()
            case "p:sp":
                self._level, self._decorates = None, False


PPTX = Reader(
    name="pptx",
    label="PowerPoint presentation",
    suffixes=(".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
    binary=True,
    sniff=lambda content: has_zip_kind(content, "pptx"),
    read=read_pptx,
)
