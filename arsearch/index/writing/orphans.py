"""Find parts whose work has gone: deleted, or replaced by another edition. Each commit deletes them.

A work is one head and its parts, which may lie in several segments. A part belongs to the live head with the same work
and edition; adding or deleting an article only changes heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import SortedSetDocValues
from arsearch.index.reader.segment import SegmentReader
from arsearch.model.schema import EDITION, WORK

__all__ = ["orphan_parts"]


def orphan_parts(
    segments: Sequence[SegmentReader], deletions: Mapping[str, set[int]]
) -> Iterator[tuple[SegmentReader, Array]]:
    """Yield each segment with parts whose work has gone, and these documents; `deletions` are those not yet committed."""
    columns = [
        (segment, *_column(segment, deletions.get(segment.name, ()))) for segment in segments if segment.has_works
    ]
    editions: dict[str, int] = {}
    for _, works, ordinals, numbers in columns:
        heads = np.flatnonzero(numbers > 0)
        editions |= {works[at]: number for at, number in zip(ordinals[heads], numbers[heads].tolist(), strict=True)}
    for segment, works, ordinals, numbers in columns:
        of_work = np.array([editions.get(work, 0) for work in works], np.int64)
        parts = np.flatnonzero(numbers < 0)
        orphans = parts[of_work[ordinals[parts]] != -numbers[parts]]
        if len(orphans):
            yield segment, orphans


def _column(segment: SegmentReader, deleted: set[int] | tuple[()]) -> tuple[list[str], Array, Array]:
    """Return the works of a segment, the ordinal of each document's work, and the edition of each live document, else 0."""
    column, numbers = segment.doc_values(WORK), segment.doc_values(EDITION)
    assert isinstance(column, SortedSetDocValues)
    assert not isinstance(numbers, SortedSetDocValues)
    ordinals = np.zeros(segment.docs, np.int64)
    with_work = np.flatnonzero(np.diff(column.first))
    ordinals[with_work] = column.ordinals[column.first[with_work]]
    live = np.zeros(segment.docs, bool)
    live[with_work] = True
    if segment.live is not None:
        live &= segment.live
    live[np.fromiter(deleted, np.int64, len(deleted))] = False
    return list(column.values), ordinals, np.where(live, numbers, 0)
