"""The text of drawings in Office documents: shapes, tables, diagrams (SmartArt), and titles and names in charts.

Source: ECMA-376 part 1, chapter 21 (DrawingML).
"""

from __future__ import annotations

from collections.abc import Iterable

from arsearch.readers.archives import Archive
from arsearch.readers.documents.document import Document
from arsearch.readers.documents.flow import Flow
from arsearch.readers.documents.members import attempt
from arsearch.readers.documents.ooxml import Relation, part_events
from arsearch.readers.safe_xml import Start, XmlEvent, without

__all__ = ["Shapes", "read_drawings", "read_shapes"]

_DECORATION = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_TITLES = ("title", "ctrTitle")
_UNWANTED = frozenset(("mc:Fallback", "a:pPr", "a:rPr", "a:endParaRPr"))
_OFF = ("0", "false")


def read_drawings(archive: Archive, found: Iterable[Relation], document: Document) -> None:
    """Add the diagrams and charts that a part refers to."""
    for relation in found:
        if relation.kind in ("diagramData", "chart"):
            read_shapes(archive, relation.target, document)


def read_shapes(archive: Archive, part: str, document: Document) -> None:
    """Add the text of a part with shapes, if the archive has it; note the problem if it is damaged."""
    if archive.find(part) and not document.flow.full:
        attempt(document, lambda: Shapes(document.flow).read(part_events(archive, part)))
        document.flow.end_paragraph()


class Shapes:
    """The parser of a slide, of the notes of its speaker, of the data of a diagram, or of a chart."""

    def __init__(self, flow: Flow) -> None:
        self.hidden = False
        self._flow = flow
        self._level: int | None = None
        self._decorates = False
        self._texts = 0
        self._in_names = False
        self._names: set[str] = set()  # of the series and categories of a chart, which repeat
        self._name: list[str] | None = None

    def read(self, events: Iterable[XmlEvent]) -> None:
        """Add the paragraphs of all shapes in their order."""
        for event in without(events, lambda start: start.tag in _UNWANTED):
            if isinstance(event, str):
                if self._name is not None:
                    self._name.append(event)
                elif self._texts and not self._decorates:
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
            case "c:v" if self._in_names:
                self._name = []
            case "c:strCache":
                self._in_names = True

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
            case "c:strCache":
                self._in_names = False
            case "c:v" if self._name is not None:
                self._end_name("".join(self._name).strip())
            case "p:sp":
                self._level, self._decorates = None, False

    def _end_name(self, name: str) -> None:
        self._name = None
        if name not in self._names:
            self._names.add(name)
            self._flow.text(name)
            self._flow.end_paragraph()
