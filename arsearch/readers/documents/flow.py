"""The text of a document in reading order: paragraphs, rows of tables, text boxes and notes, with the headings.

The parser of each format calls a `Flow` as it meets text and ends of elements. A text box or note inside a paragraph
follows that paragraph, so that it stays in its section and breaks no phrase.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from arsearch.errors import InputError
from arsearch.readers.documents.pages import MARK, Break, placed
from arsearch.readers.lines import LONGEST, too_long

__all__ = ["Block", "Flow", "joined", "stripped_lines"]

_CONTROLS = dict.fromkeys([0, *range(2, 9), 11, 12, *range(14, 32), 127])
_ONE_LINE = str.maketrans("\n\t", "  ")
_COST_OF_BLOCK = 64
_BLOCK_LENGTH = 1 << 20


class Block(NamedTuple):
    """A paragraph, heading or row of a table."""

    text: str
    level: int | None = None
    """The level of a heading, 1 for the highest; `None` for other text."""

    anchors: tuple[str, ...] = ()
    """The names of the places that links lead to, at the beginning of the block."""

    apart: bool = False
    """Whether a blank line stands before the block, where blank lines are kept."""

    breaks: tuple[Break, ...] = ()
    """The ends of pages in the block, or before it."""


class _Container:
    """What is open: the document, a text box, a note or a cell."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []  # of the open paragraph, with a mark for each of the breaks
        self.breaks: list[Break] = []
        self.after: list[Block] = []  # text boxes and notes of the open paragraph
        self.anchors: list[str] = []

    def drop_breaks(self) -> tuple[Break, ...]:
        """Return the breaks that wait for the next block, which are then those of another one."""
        breaks = tuple(self.breaks)
        self.parts.clear()
        self.breaks.clear()
        return breaks


class Flow:
    """Collects the text of one document. Raises `InputError` beyond `LONGEST` bytes; the text before that is kept.

    With `whole`, for a text that is in memory already, there is no limit, and control characters stay.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole
        self._open = [_Container()]
        self._rows: list[list[list[Block]]] = []  # the cells of the open rows, innermost last
        self._size = 0
        self.full = False
        """Whether there is more text than the limit, so that nothing further is taken."""

    def text(self, text: str) -> None:
        """Add text to the open paragraph. A line end is a line break inside the paragraph."""
        if not self._whole:
            self._count(len(text.encode("utf-8", "surrogatepass")))
            text = text.replace(MARK, "")
        self._open[-1].parts.append(text)

    def page_break(self, label: int | str = "", *, soft: bool = False) -> None:
        """End a page here, inside or between paragraphs. The next one has the label, if there is one."""
        if not self._whole:
            self._count(_COST_OF_BLOCK)
            self._open[-1].parts.append(MARK)
            self._open[-1].breaks.append(Break(0, label, soft))

    def anchor(self, name: str) -> None:
        """Name the next block, so that `starts` tells where it begins."""
        self._count(len(name) + _COST_OF_BLOCK)
        self._open[-1].anchors.append(name)

    def end_paragraph(self, level: int | None = None, *, apart: bool = False) -> None:
        """End the open paragraph, a heading if it has a `level`. An empty one leaves no trace."""
        container = self._open[-1]
        if container.parts:
            marked = "".join(container.parts)
            marked = marked if self._whole else marked.translate(_CONTROLS)
            text = marked.replace(MARK, "") if container.breaks else marked
            text = stripped_lines(text, str.strip).strip()
            container.parts = [MARK] * len(container.breaks)
            if text:
                self._count(_COST_OF_BLOCK)
                text = text if level is None else " ".join(text.split())
                breaks = placed(marked, text, container.breaks) if container.breaks else ()
                container.blocks.append(Block(text, level, tuple(container.anchors), apart, breaks))
                container.anchors.clear()
                container.drop_breaks()
        if container.after:
            container.blocks.extend(container.after)
            container.after.clear()

    def begin_box(self) -> None:
        """Begin a text box or note: its paragraphs follow the open one."""
        self._open.append(_Container())

    def end_box(self) -> None:
        """End the innermost text box or note."""
        self._open[-2].after.extend(block._replace(breaks=()) for block in self._close().blocks)

    def insert(self, blocks: list[Block]) -> None:
        """Add blocks, such as those of a note, after the open paragraph."""
        self._count(sum(len(block.text.encode("utf-8", "surrogatepass")) + _COST_OF_BLOCK for block in blocks))
        self._open[-1].after.extend(block._replace(breaks=()) for block in blocks)

    def begin_row(self) -> None:
        """Begin a row of a table."""
        self.end_paragraph()
        self._rows.append([])

    def begin_cell(self) -> None:
        """Begin a cell. Without a row, it stands in one of its own."""
        if not self._rows:
            self.begin_row()
        self._count(_COST_OF_BLOCK)
        self._open.append(_Container())

    def end_cell(self) -> None:
        """End the innermost cell."""
        self._rows[-1].append(self._close().blocks)

    def end_row(self, *, keep: bool = True) -> None:
        """End the innermost row: one line whose cells are separated by tabs. A single cell keeps its paragraphs.

        A row that is not to be kept, because it is deleted, leaves no trace.
        """
        cells = self._rows.pop()
        filled = [cell for cell in cells if cell]
        blocks = self._open[-1].blocks
        if not keep or not filled:
            return
        self.end_paragraph()
        before = self._open[-1].drop_breaks()
        if len(filled) == 1:
            first, *others = filled[0]
            blocks += [first._replace(breaks=before + first.breaks), *others]
            return
        texts = [" ".join(block.text.translate(_ONE_LINE) for block in cell) for cell in cells]
        anchors = tuple(anchor for cell in cells for block in cell for anchor in block.anchors)
        text = "\t".join(texts).strip("\t")
        breaks = before + _breaks_of_row(filled, len(text))
        blocks.append(Block(text, None, anchors, filled[0][0].apart, breaks))

    def take(self) -> list[Block]:
        """Return the blocks so far, as of one note, and begin anew. The limit goes on counting."""
        self.end_paragraph()
        blocks, self._open[-1].blocks = self._open[-1].blocks, []
        return blocks

    def finish(self) -> list[Block]:
        """Close what is open, as at the end of a cut file, and return all blocks."""
        container = self._open[0]
        container.after.extend(block for row in self._rows for cell in row for block in cell)
        self._rows.clear()
        inner: list[list[Block]] = []
        while len(self._open) > 1:
            self.end_paragraph()
            inner.append(self._open.pop().blocks)
        container.after.extend(block for blocks in reversed(inner) for block in blocks)
        self.end_paragraph()
        if container.anchors:
            container.blocks.append(Block("", None, tuple(container.anchors)))
            container.anchors.clear()
        return container.blocks

    def _close(self) -> _Container:
        self.end_paragraph()
        container = self._open.pop()
        self._open[-1].anchors.extend(container.anchors)
        return container

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > LONGEST and not self._whole:
            self.full = True
            raise InputError(too_long("the text of a document") + "; the part before was read")


def _breaks_of_row(cells: list[list[Block]], length: int) -> tuple[Break, ...]:
    """Return the breaks of a row: those of the cell with the most, at its beginning or its end."""
    by_cell = [[one for block in cell for one in block.breaks] for cell in cells]
    most = max(by_cell, key=len)
    begins = any(block.breaks and block.breaks[0].at == 0 for block in (cell[0] for cell in cells))
    return tuple(one._replace(at=0 if begins and place == 0 else length) for place, one in enumerate(most))


def stripped_lines(text: str, strip: Callable[[str], str]) -> str:
    """Return the text with each line stripped, a megabyte at a time: a list of all lines may take fifty times the text."""
    if "\n" not in text:
        return strip(text)
    blocks: list[str] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at + _BLOCK_LENGTH)
        end = len(text) if end < 0 else end + 1
        blocks.append("\n".join(map(strip, text[at:end].split("\n"))))
        at = end
    return "".join(blocks)


def joined(blocks: list[Block]) -> tuple[str, list[dict[str, Any]], dict[str, int]]:
    """Return the body of blocks, one a line, its headings, and the offsets of its anchors.

    A heading is `{"heading": text, "level": 1, "start": offset}`; offsets are code points into the body.
    """
    headings: list[dict[str, Any]] = []
    starts: dict[str, int] = {}
    lines: list[str] = []
    at = 0
    for block in blocks:
        for anchor in block.anchors:
            starts.setdefault(anchor, at)
        if not block.text:
            continue
        if block.level is not None:
            headings.append({"heading": block.text, "level": block.level, "start": at})
        lines.append(block.text)
        at += len(block.text) + 1
    body = "\n".join(lines)
    return body, headings, {name: min(start, len(body)) for name, start in starts.items()}
