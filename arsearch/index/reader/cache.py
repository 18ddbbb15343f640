"""Caches of values that take long to compute: a cache bounded in bytes, and a cache that keeps everything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast

from arsearch.concurrency import reset_in_children
from arsearch.kernel import untracked

__all__ = ["ClockCache", "Memo"]

_MAX_VALUE_SHARE = 16
"""A value larger than a sixteenth of the cache is not admitted: it would evict too much."""

_MAX_SEEN_KEYS = 20_000
"""The keys remembered as seen once."""

_ADMIT_EVERY = 16
"""A full cache admits one value of this number. If the values in use exceed the cache, replacing each by the next helps
no search."""

_T = TypeVar("_T")


class Memo:
    """Values that are built on first use and kept.

    Threads may share one. Two threads that ask first may both build the value, and both get the same one.
    """

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, build: Callable[[], _T]) -> _T:
        """Return the value of `key`; the first call builds it."""
        if key not in self._values:
            self._values.setdefault(key, build())
        return cast(_T, self._values[key])


class ClockCache(Generic[_T]):
    """A cache of values, such as scorers, bounded by the sum of their sizes in bytes. Threads may share one.

    When it is full, it evicts the oldest value that was not used since the last round (the clock algorithm: Corbató, "A
    Paging Experiment with the Multics System", 1968).
    """

    __slots__ = ("__weakref__", "_admissions", "_entries", "_limit", "_lock", "_seen", "_size", "_used")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: set[int] = set()
        self._entries: dict[Hashable, tuple[_T, int]] = {}
        """The values and their sizes by key."""
        self._used: set[Hashable] = set()
        """The keys that were asked for since the last round."""
        self._size = 0
        self._admissions = 0
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def may_hold(self, size: int) -> bool:
        """Return whether a value of `size` bytes leaves enough room for others."""
        return size * _MAX_VALUE_SHARE <= self._limit

    def should_admit(self, key: Hashable, size: int) -> bool:
        """Return whether a value of `size` bytes is worth keeping. It is if the key was passed before."""
        if not self.may_hold(size):
            return False
        hashed = hash(key)
        if hashed in self._seen:
            self._admissions += 1
            return self._size + size <= self._limit or self._admissions % _ADMIT_EVERY == 0
        if len(self._seen) >= _MAX_SEEN_KEYS:
            self._seen.clear()
        self._seen.add(hashed)
        return False

    def get(self, key: Hashable) -> _T | None:
        """Return the value of a key, or `None`."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._used.add(key)
        return entry[0]

    def put(self, key: Hashable, value: _T, size: int) -> None:
        """Keep a value of `size` bytes, and evict others until it fits."""
        with self._lock:
            entries = self._entries
            previous = entries.pop(key, None)
            self._size += size - (previous[1] if previous else 0)
            self._used.discard(key)
            while entries and self._size > self._limit:
                oldest = next(iter(entries))
                entry = entries.pop(oldest)
                if oldest in self._used:
                    self._used.discard(oldest)
                    entries[oldest] = entry
                else:
                    self._size -= entry[1]
            _, entries[key] = untracked((key, (value, size)))
