"""The reading order of the segments of a right-to-left page.

Programs mostly write a page in the order of reading, columns and all. That order is kept unless it jumps up the page
often; then the page is cut at gutters into columns, and between blocks.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

from arsearch.readers.pdf.lines import Segment

__all__ = ["in_reading_order"]

_MOST_JUMPS = 0.05
_JUMP = 1.2  # em
_SAME_ROW = 0.40  # em
_GUTTER = 0.6  # em
_BLOCK_GAP = 1.9  # em
_COLUMN_WIDTH = 0.25  # of the page's text
_COLUMN_FILLED = 0.6  # of the column's width, by a median line
_COLUMN_ROWS = 3
_COLUMN_WORDS = 3
_CUTS = 6


def in_reading_order(segments: Sequence[Segment], em: float) -> list[list[Segment]]:
    """Return the rows of a page in reading order. The cells of a row are sorted from right to left."""
    by_file = sorted(segments, key=lambda segment: segment.order)
    jumps = sum(b.y - a.y > _JUMP * em for a, b in itertools.pairwise(by_file))
    if jumps > max(2, _MOST_JUMPS * len(by_file)) or _crosses_columns(by_file, em):
        return _rows(list(_cut(by_file, em)), em)
    return _rows(by_file, em)


def _crosses_columns(by_file: list[Segment], em: float) -> bool:
    """Tell whether the file draws columns of text row by row: half of the rows have cells of several words."""
    rows = _rows(by_file, em)
    cells = [segment for row in rows if len(row) > 1 for segment in row]
    if 2 * sum(len(row) > 1 for row in rows) < len(rows) or len(cells) < 2 * _COLUMN_ROWS:
        return False
    words = statistics.median(1 + sum(one.is_space for one in segment.clusters) for segment in cells)
    return words >= _COLUMN_WORDS and any(_columns(part, em) for part in _parts(by_file, em))


def _parts(segments: list[Segment], em: float) -> Iterator[list[Segment]]:
    yield segments
    for parts in _blocks(segments, em):
        yield from parts


def _rows(order: Sequence[Segment], em: float) -> list[list[Segment]]:
    rows: list[list[Segment]] = []
    for segment in order:
        if rows and abs(rows[-1][-1].y - segment.y) < _SAME_ROW * em:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda segment: -segment.right)
    return rows


def _cut(segments: list[Segment], em: float) -> Iterator[Segment]:
    """Yield segments in reading order: columns from right to left, where there are any, else from the top down."""
    if columns := _columns(segments, em):
        for column in columns:
            yield from _cut(column, em)
        return
    for upper, lower in _blocks(segments, em):
        if any(len(part) > 2 * _COLUMN_ROWS and _columns(part, em) for part in (upper, lower)):
            yield from _cut(upper, em)
            yield from _cut(lower, em)
            return
    yield from sorted(segments, key=lambda segment: (-round(segment.y), -segment.right))


def _columns(segments: Sequence[Segment], em: float) -> tuple[list[Segment], list[Segment]] | None:
    """Return the segments at the right and the left of a gutter, if both sides are columns of text."""
    spans = sorted((segment.left, segment.right) for segment in segments)
    if len(spans) < 2 * _COLUMN_ROWS:
        return None
    low, high = spans[0][0], max(right for _, right in spans)
    end = spans[0][1]
    for left, right in spans[1:]:
        if left - end > _GUTTER * em and min(end - low, high - left) > _COLUMN_WIDTH * (high - low):
            sides = [one for one in segments if one.left >= left], [one for one in segments if one.right <= end]
            if _is_column(sides[0], high - left) and _is_column(sides[1], end - low):
                return sides
        end = max(end, right)
    return None


def _is_column(segments: Sequence[Segment], width: float) -> bool:
    rows = len({round(segment.y) for segment in segments})
    lengths = [segment.right - segment.left for segment in segments]
    return rows >= _COLUMN_ROWS and statistics.median(lengths) > _COLUMN_FILLED * width


def _blocks(segments: Sequence[Segment], em: float) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Yield the cuts of a page at its widest gaps between lines, the widest first."""
    heights = sorted({round(segment.y, 1) for segment in segments}, reverse=True)
    gaps = sorted(((a - b, (a + b) / 2) for a, b in itertools.pairwise(heights)), reverse=True)
    for gap, at in gaps[:_CUTS]:
        if gap < _BLOCK_GAP * em:
            return
        yield [one for one in segments if one.y > at], [one for one in segments if one.y < at]
