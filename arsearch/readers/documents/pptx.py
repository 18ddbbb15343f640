"""PowerPoint presentations: the shapes of each slide, its tables, diagrams and charts, then the notes of its speaker.

The title of a slide is a heading, and its place in the show is its page. Hidden slides, numbers of slides, dates, headers and
footers are left out.
Source: ECMA-376 part 1, chapters 19 (PresentationML) and 21 (DrawingML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arsearch.model import Record
from arsearch.readers.archives import Archive
from arsearch.readers.content import Content
from arsearch.readers.documents.document import Document, document_records
from arsearch.readers.documents.drawings import Shapes, read_drawings, read_shapes
from arsearch.readers.documents.kinds import has_zip_kind
from arsearch.readers.documents.members import attempt
from arsearch.readers.documents.ooxml import main_part, part_events, read_properties, relations
from arsearch.readers.reader import Reader
from arsearch.readers.safe_xml import Start

__all__ = ["PPTX", "read_pptx"]

_MAIN = "ppt/presentation.xml"
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,9})\.xml", re.IGNORECASE)


def read_pptx(content: Content) -> Iterator[Record]:
    """Yield the presentation as one record, then a problem for each slide that is damaged."""
    yield from document_records(content, _read)


def _read(content: Content, document: Document) -> None:
    with Archive(content.spooled, content.max_bytes) as archive:
        package, main = main_part(archive, document, _MAIN, "PowerPoint presentation")
        attempt(document, lambda: read_properties(archive, package, document))
        hidden = 0
        for number, slide in enumerate(_slides(archive, main, document), start=1):
            if document.flow.full:
                break
            document.flow.page_break(number)
            hidden += _read_slide(archive, slide, document)
        if hidden:
            content.tell(f"slides that are hidden and left out: {hidden}")


def _slides(archive: Archive, main: str, document: Document) -> list[str]:
    """Return the members of the slides in the order of the show; by their numbers if that is damaged."""
    targets = relations(archive, main, document)
    ids: list[str] = []

    def read() -> None:
        slides = (event for event in part_events(archive, main) if isinstance(event, Start) and event.tag == "p:sldId")
        ids.extend(slide.attributes.get("r:id", "") for slide in slides)

    attempt(document, read)
    slides = [targets[id].target for id in dict.fromkeys(ids) if id in targets and targets[id].kind == "slide"]
    if slides:
        return slides
    numbered = ((match, name) for name in archive.names if (match := _SLIDE.fullmatch(name)))
    return [name for _, name in sorted((int(match[1]), name) for match, name in numbered)]


def _read_slide(archive: Archive, slide: str, document: Document) -> bool:
    """Add a slide with its diagrams and notes to the document. Return whether it is hidden, and so left out."""
    shapes = Shapes(document.flow)
    attempt(document, lambda: shapes.read(part_events(archive, slide)))
    document.flow.end_paragraph()
    if shapes.hidden:
        return True
    found = relations(archive, slide, document).values()
    read_drawings(archive, found, document)
    for relation in found:
        if relation.kind == "notesSlide":
            read_shapes(archive, relation.target, document)
    return False


PPTX = Reader(
    name="pptx",
    label="PowerPoint presentation",
    suffixes=(".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
    binary=True,
    sniff=lambda content: has_zip_kind(content, "pptx"),
    read=read_pptx,
)
