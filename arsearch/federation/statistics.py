"""The figures of scores, summed over all members, and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from arsearch.concurrency import reset_in_children
from arsearch.federation.member import Member
from arsearch.search.clauses import TermClause
from arsearch.search.statistics import CountKey

__all__ = ["SummedStatistics"]

_KEPT_COUNTS = 20_000


class SummedStatistics:
    """The statistics of all documents of some members; see `CollectionStatistics`. Threads may share it.

    The commits of the members never change, so each figure is counted once. A search counts all clauses of its plan with
    `prepare`, in one call of each member.
    """

    def __init__(self) -> None:
        self.members: Sequence[Member] = ()
        """The members; they are made after the collection, and need it for their scores."""
        self._counts: dict[CountKey, int] = {}
        self._averages: dict[str, float] | None = None
        self._newest: dict[int, int] = {}
        self._documents: int | None = None
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def prepare(self, keys: Iterable[CountKey], deadline: float | None = None) -> None:
        """Count the keys that have no figures yet. Raises TimeUpError after the deadline."""
        with self._lock:
            if len(self._counts) > _KEPT_COUNTS:
                self._counts.clear()
            missing = [key for key in dict.fromkeys(keys) if key not in self._counts]
        if missing:
            columns = [member.frequencies(missing, deadline) for member in self.members]
            with self._lock:
                self._counts.update(zip(missing, map(sum, zip(*columns, strict=True)), strict=True))

    def frequency(self, clause: TermClause, fields: tuple[str, ...]) -> int:
        """Return the number of documents that have a clause in any of the fields."""
        key = clause, fields
        count = self._counts.get(key)
        if count is None:
            count = sum(member.frequencies([key])[0] for member in self.members)
            with self._lock:
                self._counts[key] = count
        return count

    @property
    def documents(self) -> int:
        """The number of live documents."""
        if self._documents is None:
            self._documents = sum(member.statistics.count for member in self.members)
        return self._documents

    def average_length(self, field: str) -> float:
        """Return the mean length of a field over the documents that have it; 1 if none has."""
        if self._averages is None:
            totals: dict[str, tuple[float, int]] = {}
            for member in self.members:
                for name, (length, count) in member.total_lengths().items():
                    known = totals.get(name, (0.0, 0))
                    totals[name] = known[0] + length, known[1] + count
            self._averages = {name: length / count for name, (length, count) in totals.items() if count}
        return self._averages.get(field, 1.0)

    def newest(self, until: int) -> int:
        """Return the newest date that is not after `until`, in seconds since 1970; `until` without one."""
        newest = self._newest.get(until)
        if newest is None:
            dates = [date for member in self.members if (date := member.newest(until)) is not None]
            newest = max(dates, default=until)
            with self._lock:
                if len(self._newest) > _KEPT_COUNTS:
                    self._newest.clear()
                self._newest[until] = newest
        return newest
