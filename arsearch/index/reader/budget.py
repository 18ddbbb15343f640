"""Bound the work of one search, and record its omissions.

A search checks its deadline between look-ups, and between runs of postings if a pattern has millions of them. Exclusions of
a query are never omitted. No hit is therefore wrong; some may be missing, and a note says so.
"""

from __future__ import annotations

import math
import time

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import VerifiedArray

__all__ = ["SearchBudget"]


class SearchBudget:
    """The budget of one execution of a query. `deadline` is a reading of `time.perf_counter`."""

    __slots__ = ("deadline", "timed_out", "truncated")

    def __init__(self, deadline: float = math.inf) -> None:
        self.deadline = deadline
        self.timed_out = False
        """Whether something was left out because the deadline had passed."""
        self.truncated: dict[str, int] = {}
        """The patterns that match more terms than they may expand to, and the number of terms they expanded to."""

    def in_time(self) -> bool:
        """Return whether the deadline is still ahead. A caller that gets `False` must leave something out."""
        self.timed_out = self.timed_out or time.perf_counter() > self.deadline
        return not self.timed_out

    def most_frequent(self, pattern: str, terms: Array, posting_offsets: VerifiedArray, limit: int | None) -> Array:
        """Return the `limit` terms with the most documents, and record a truncation; all `terms` if they are no more.

        Terms are ordinals in ascending order. `None` is no limit.
        """
        if limit is None or len(terms) <= limit:
            return terms
        self.truncated[pattern] = limit
        counts = posting_offsets[terms + 1].astype(np.int64) - posting_offsets[terms]
        kept: Array = np.sort(terms[np.argpartition(counts, len(counts) - limit)[len(counts) - limit :]])
        return kept
