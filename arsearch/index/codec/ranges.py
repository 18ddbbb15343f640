"""Index arithmetic that the arrays of the format share."""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["concat_ranges"]


def concat_ranges(starts: Array, counts: Array) -> Array:
    """Return the indices of the ranges that begin at `starts` and have `counts` members, one range after another."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    index: Array = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return index
