"""How much work one search may do, and what had to be left out for it.

Time is looked at between look-ups and, where one pattern stands for millions of postings, between pieces of them; what
is left out is never what a query excludes. So no answer is wrong: some may be missing, and a note says so.
"""

from __future__ import annotations

import math
import time

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import VerifiedArray

__all__ = ["SearchBudget"]


class SearchBudget:
    """Of one run of a query. `deadline` is a reading of `time.perf_counter`."""

    __slots__ = ("deadline", "timed_out", "truncated")

    def __init__(self, deadline: float = math.inf) -> None:
        self.deadline = deadline
        self.timed_out = False
        """Whether time ran out, and something was left out."""
        self.truncated: dict[str, int] = {}
        """The patterns that fit more words than they may stand for, and for how many they stood."""

    @property
    def exact(self) -> bool:
        """Whether nothing was left out up to now."""
        return not self.timed_out and not self.truncated

    def in_time(self) -> bool:
        """Whether there is time left; if not, whoever asks leaves something out."""
        self.timed_out = self.timed_out or time.perf_counter() > self.deadline
        return not self.timed_out

    def most_frequent(self, pattern: str, terms: Array, first: VerifiedArray, most: int | None) -> Array:
        """Of `terms`, which rise, the `most` that stand in most documents, rising; all if they are no more."""
        if most is None or len(terms) <= most:
            return terms
        self.truncated[pattern] = most
        counts = first[terms + 1].astype(np.int64) - first[terms]
        kept: Array = np.sort(terms[np.argpartition(counts, len(counts) - most)[len(counts) - most :]])
        return kept
