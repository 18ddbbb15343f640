"""A hash table whose keys are a few 64-bit words; it finds and inserts whole arrays of keys at once.

It uses open addressing with linear probing and compares whole keys. The first word of a key is never 0, the mark of an
empty slot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["ABSENT", "VectorHashTable"]

ABSENT = 0xFFFFFFFF
"""The value found for a key that is not in the table."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2 to the power of 64 divided by the golden ratio: Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4)."""

_MIN_BITS = 12
"""The smallest table has 2 to this power slots."""

_MAX_LOAD = 0.4
"""The share of slots that may be filled: most look-ups then end at the first slot."""


class VectorHashTable:
    """Maps keys to numbers below `ABSENT`. Keys are given as `width` parallel arrays of 64-bit words."""

    def __init__(self, width: int) -> None:
        self._count = 0
        self._bits = _MIN_BITS
        self._words = [np.zeros(1 << _MIN_BITS, np.uint64) for _ in range(width)]
        self._values = np.full(1 << _MIN_BITS, ABSENT, np.uint32)

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """The memory of the slots."""
        return (8 * len(self._words) + 4) << self._bits

    def items(self) -> tuple[list[Array], Array]:
        """Return all keys, as `insert` takes them, and their values, in no order."""
        used = self._values != ABSENT
        return [words[used] for words in self._words], self._values[used]

    def find(self, keys: Sequence[Array]) -> Array:
        """Return the value of each key, or `ABSENT`."""
        slots = self._home(keys)
        values: Array = self._values.take(slots)
        pending = np.flatnonzero((self._words[0].take(slots) != keys[0]) | self._differ(slots, keys))
        pending = pending[values[pending] != ABSENT]
        slots = slots[pending]
        keys = [word[pending] for word in keys]
        while len(pending):
            slots = (slots + 1) & ((1 << self._bits) - 1)
            slot_values = self._values[slots]
            values[pending] = slot_values
            going = (slot_values != ABSENT) & ((self._words[0][slots] != keys[0]) | self._differ(slots, keys))
            pending, slots, keys = pending[going], slots[going], [word[going] for word in keys]
        return values

    def insert(self, keys: Sequence[Array], values: Array) -> None:
        """Add keys that are not in the table yet, all different."""
        self._count += len(values)
        if self._count > _MAX_LOAD * len(self._values):
            old_keys, old_values = self.items()
            keys = [np.concatenate((old, new)) for old, new in zip(old_keys, keys, strict=True)]
            values = np.concatenate((old_values, values))
            self._grow()
        slots = self._home(keys)
        pending = np.arange(len(values))
        while len(pending):
            free = self._values[slots] == ABSENT
            targets, placed = slots[free], pending[free]
            self._values[targets] = placed  # of several keys that claim a slot, the last one gets it
            won = self._values[targets] == placed
            targets, placed = targets[won], placed[won]
            for words, new in zip(self._words, keys, strict=True):
                words[targets] = new[placed]
            free[free] = won
            pending, slots = pending[~free], (slots[~free] + 1) & ((1 << self._bits) - 1)
            self._values[targets] = values[placed]

    def _grow(self) -> None:
        """Replace the slots by empty ones, enough for `_count` keys."""
        self._bits = max(_MIN_BITS, int(self._count / _MAX_LOAD).bit_length())
        self._words = [np.zeros(1 << self._bits, np.uint64) for _ in self._words]
        self._values = np.full(1 << self._bits, ABSENT, np.uint32)

    def _home(self, keys: Sequence[Array]) -> Array:
        """Return the slot where the search for each key begins."""
        mixed = keys[0] * _MULTIPLIER
        for word in keys[1:]:
            mixed ^= mixed >> np.uint64(32)
            mixed += word
            mixed *= _MULTIPLIER
        mixed >>= np.uint64(64 - self._bits)
        return mixed.view(np.int64)

    def _differ(self, slots: Array, keys: Sequence[Array]) -> Array | bool:
        """Return whether the keys in the slots differ from `keys` after the first word."""
        differ: Array | bool = False
        for words, key in zip(self._words[1:], keys[1:], strict=True):
            differ = differ | (words[slots] != key)
        return differ
