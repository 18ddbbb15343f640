"""The deleted documents of a segment: a file of their numbers beside the segment's own file.

A segment never changes. A commit that deletes some of its documents writes the file anew, under a name of its own
generation, so that readers of earlier commits keep the file they opened.
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, write_arrays
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.codec.validators import all_below
from arsearch.index.store.directory import Directory

__all__ = ["read_deletions", "write_deletions"]


def write_deletions(
    directory: Directory, info: SegmentInfo, deleted: Array, generation: int, *, durable: bool
) -> SegmentInfo:
    """Write the numbers of a segment's deleted documents, in rising order, and return the segment's new description."""
    name = f"{info.name}.{generation}.del"
    numbers = deleted.astype(np.uint32)
    write_arrays(directory, name, {names.DELETED: numbers}, {"docs": info.docs, "kind": "deletions"}, durable=durable)
    return SegmentInfo(info.name, info.docs, len(numbers), name, info.bytes)


def read_deletions(directory: Directory, info: SegmentInfo) -> Array:
    """Return the numbers of a segment's deleted documents, in rising order; an empty array if none is deleted.

    Raises CorruptIndexError if the file contradicts `info`, or does not list the numbers in rising order.
    """
    if info.deletions is None:
        return np.empty(0, np.uint32)
    file = ArrayFile(directory, info.deletions)
    deleted = file.array(names.DELETED, info.deleted, kind="u4", rule=all_below(info.docs)).whole()
    if (deleted[1:] <= deleted[:-1]).any():
        raise file.corrupt("names documents out of order")
    return deleted
