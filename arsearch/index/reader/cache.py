"""What is worth keeping from one search to the next, within bounds."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["ClockCache"]

_LARGEST = 16
"""Nothing larger than a sixteenth of the whole is kept: it would push out too much."""
_ASKED = 20_000
"""Of so many questions it is known that they were asked once."""
_TURN = 16
"""When there is no room, one answer in so many is kept: what is asked for in turn, and does not fit, helps nobody."""

_T = TypeVar("_T")


class _Kept(Generic[_T]):
    __slots__ = ("size", "used", "value")

    def __init__(self, value: _T, size: int) -> None:
        self.value = value
        self.size = size
        self.used = False


class ClockCache(Generic[_T]):
    """Answers by what they are the answer to: scored documents, spellings. Threads may share one.

    When there is no room, the oldest that was not used since it was last looked at goes first (the clock algorithm).
    """

    __slots__ = ("_asked", "_kept", "_limit", "_lock", "_size", "_turn")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._asked: set[int] = set()
        self._kept: dict[Hashable, _Kept[_T]] = {}
        self._size = 0
        self._turn = 0
        self._lock = threading.Lock()

    def should_admit(self, key: Hashable, size: int) -> bool:
        """Whether an answer of so many bytes is worth keeping: one asked for before, as far as is known."""
        if size * _LARGEST > self._limit:
            return False
        asked = hash(key)
        if asked in self._asked:
            self._turn += 1
            return self._size + size <= self._limit or self._turn % _TURN == 0
        if len(self._asked) >= _ASKED:
            self._asked.clear()
        self._asked.add(asked)
        return False

    def get(self, key: Hashable) -> _T | None:
        """What was put there, or `None`."""
        found = self._kept.get(key)
        if found is None:
            return None
        found.used = True
        return found.value

    def put(self, key: Hashable, value: _T, size: int) -> None:
        """Keep it, and forget what there is no room for then."""
        with self._lock:
            kept = self._kept
            before = kept.pop(key, None)
            self._size += size - (before.size if before else 0)
            while kept and self._size > self._limit:
                oldest = next(iter(kept))
                found = kept.pop(oldest)
                if found.used:
                    found.used = False
                    kept[oldest] = found
                else:
                    self._size -= found.size
            kept[key] = _Kept(value, size)
