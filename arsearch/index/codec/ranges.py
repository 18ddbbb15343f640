"""Index arithmetic that the arrays of the format share."""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["concat_ranges", "count_runs", "distinct"]


def concat_ranges(starts: Array, counts: Array) -> Array:
    """Return the indices of the ranges that begin at `starts` and have `counts` members, one range after another."""
    ends = counts.cumsum(dtype=np.int64)
    index: Array = (starts - ends + counts).repeat(counts)
    index += np.arange(len(index))
    return index


def distinct(values: Array) -> Array:
    """Sort integers in place, and return the distinct ones, in ascending order.

    This takes a fraction of the time of `np.unique`, which imports `numpy.ma` at its first call.
    """
    values.sort()
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def count_runs(values: Array) -> tuple[Array, Array]:
    """Return the distinct ones of sorted values, and how often each occurs."""
    if not len(values):
        return values, np.empty(0, np.int64)
    starts = np.concatenate(([True], values[1:] != values[:-1])).nonzero()[0]
    return values[starts], np.diff(starts, append=len(values))
