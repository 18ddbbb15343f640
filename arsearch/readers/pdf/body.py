"""The lines of pages joined to a text of paragraphs, with the offset at which each page begins."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Sequence

from arsearch.readers.pdf.outline import Paragraph
from arsearch.readers.pdf.running import PageLine

__all__ = ["Body", "heading"]

_LEADING = 1.25  # of the usual distance of lines
_SAME_EM = 0.15
_LARGE = 1.15  # of the usual em
_HEADING_LINES = 3
_LONGEST_HEADING = 200


class Body:
    """A text that grows page by page."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self.pages: list[dict[str, object]] = []
        """Each page with text: `page`, its label or number, and `start`, the offset of its first character."""

    def add(self, name: str | int, lines: Sequence[PageLine]) -> list[Paragraph]:
        """Add the lines of a page in reading order, and return its paragraphs. A page without text is left out of `pages`."""
        added: list[Paragraph] = []
        for text, top in _paragraphs(lines):
            if self._parts:
                self._parts.append("\n")
                self._size += 1
            if not added:
                self.pages.append({"page": name, "start": self._size})
            added.append(Paragraph(text, self._size, top))
            self._parts.append(text)
            self._size += len(text)
        return added

    @property
    def text(self) -> str:
        return "".join(self._parts)


def _paragraphs(lines: Sequence[PageLine]) -> Iterable[tuple[str, float]]:
    """Yield the paragraphs of a page, each with the baseline of its first line.

    A line continues the one before if that reaches the end of its column.
    """
    usual = _usual_distance(lines)
    current, top = "", 0.0
    last: PageLine | None = None
    for line in lines:
        if last is not None and not _continues(last, line, lines, usual):
            if current:
                yield current, top
            current = ""
        top = top if current else line.y
        current = f"{current} {line.text}" if current else line.text
        last = line
    if current:
        yield current, top


def _usual_distance(lines: Sequence[PageLine]) -> float:
    """Return the median distance of neighbouring lines, in em."""
    pairs = [(a.y - b.y, max(a.em, b.em)) for a, b in itertools.pairwise(lines)]
    steps = [step / em for step, em in pairs if 0 < step < 3 * em]
    return statistics.median(steps) if steps else 0.0


def _continues(last: PageLine, line: PageLine, lines: Sequence[PageLine], usual: float) -> bool:
    """Tell whether a line continues the paragraph of the line before.

    It does if the two are as far apart as lines of one size usually are, if it is not indented, and if its first word
    would not have fitted on the line before.
    """
    if not last.em or "\t" in last.text or "\t" in line.text:
        return False
    em = max(last.em, line.em)
    if not 0 < last.y - line.y <= _LEADING * usual * em or abs(last.em - line.em) > _SAME_EM * em:
        return False
    if line.right < last.right - em:
        return False
    column = min(one.left for one in lines if one.em and one.left < last.right and last.left < one.right)
    first = len(line.text.partition(" ")[0]) / len(line.text) * (line.right - line.left)
    return last.left - column < first + 0.5 * em


def heading(lines: Sequence[PageLine]) -> str:
    """Return the heading of a first page: its first lines if their letters are larger than those of the page."""
    sizes = [line.em for line in lines for _ in line.text]
    if not sizes:
        return ""
    usual = statistics.median(sizes)
    top = lines[0].em
    if top < _LARGE * usual:
        return ""
    parts: list[str] = []
    for line in lines[:_HEADING_LINES]:
        if abs(line.em - top) > _SAME_EM * top:
            break
        parts.append(line.text)
    text = " ".join(parts).replace("\t", " ")
    return text if len(text) <= _LONGEST_HEADING else ""
