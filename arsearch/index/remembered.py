"""What is worth keeping from one search to the next, within bounds."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["WORDS_BYTES", "Remembered"]

WORDS_BYTES = 64 * 1024 * 1024
"""How much the scores of the words of recent queries may take, for an open index."""

_LARGEST = 16
"""Nothing larger than a sixteenth of the whole is kept: it would push out too much."""
_ASKED = 20_000
"""Of so many questions it is known that they were asked once."""

_T = TypeVar("_T")


class Remembered(Generic[_T]):
    """Answers by what they are the answer to: scored documents, spellings. Threads may share one.

    There are two generations of half the size. What is asked for moves to the young one; when that is full, the old
    one is forgotten and the young one grows old: nearly the least recently used goes first, without keeping an order.
    """

    __slots__ = ("_asked", "_half", "_old", "_size", "_young")

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._asked: set[int] = set()
        self._old: dict[Hashable, tuple[_T, int]] = {}
        self._young: dict[Hashable, tuple[_T, int]] = {}
        self._size = 0

    def takes(self, size: int) -> bool:
        """Whether something of that many bytes is kept."""
        return size * _LARGEST <= 2 * self._half

    def again(self, key: Hashable) -> bool:
        """Whether this was asked before, as far as is known: what is asked for once is not worth keeping."""
        asked = hash(key)
        if asked in self._asked:
            return True
        if len(self._asked) >= _ASKED:
            self._asked.clear()
        self._asked.add(asked)
        return False

    def get(self, key: Hashable) -> _T | None:
        """What was put there, or `None`."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self.put(key, *found)
        return found[0]

    def put(self, key: Hashable, value: _T, size: int) -> None:
        """Keep it. Two threads that do so at once may lose one: it is found again when next asked for."""
        if self._size + size > self._half:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[key] = value, size
        self._size += size
