"""Bound the work of one search, and record its omissions.

A search checks its deadline between look-ups, and between runs of postings if a pattern has many. Exclusions of
a query are never omitted. No hit is therefore wrong; some may be missing, and a note says so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.search.backend import TimeUpError

__all__ = ["SearchBudget", "budget_until"]


_Result = TypeVar("_Result")


def budget_until(deadline: float | None) -> SearchBudget:
    """Return a budget that ends at a reading of `time.perf_counter`; `None` is no limit."""
    return SearchBudget() if deadline is None else SearchBudget(deadline)


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

    def spend(self) -> None:
        """Raise TimeUpError if the deadline has passed."""
        if not self.in_time():
            raise TimeUpError

    def whole(self, work: Callable[[], _Result]) -> _Result | None:
        """Return what `work` returns; `None` if time ran out, so that something in the result may be missing."""
        try:
            result = work()
        except TimeUpError:
            return None
        return None if self.timed_out else result

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
