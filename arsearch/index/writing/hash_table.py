"""A hash table of keys of a few 64-bit words, looked up and filled by the array.

Open addressing with linear probing. Keys are compared whole; the hash only says where to begin. No key has 0 as its
first word: that is what an empty slot has.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["ABSENT", "VectorHashTable"]

ABSENT = 0xFFFFFFFF
"""What is found for a key that is not in the table."""

_MIXER = np.uint64(0x9E3779B97F4A7C15)
_SMALLEST = 12  # slots, as a binary logarithm
_LOAD = 0.4  # at most this share of the slots is used: most look-ups then end at the first


class VectorHashTable:
    """Maps keys to numbers below `ABSENT`. Keys are given as `width` parallel arrays of 64-bit words."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._count = 0
        self._empty(_SMALLEST)

    def _empty(self, bits: int) -> None:
        self._bits = bits
        self._words = [np.zeros(1 << bits, np.uint64) for _ in range(self._width)]
        self._values = np.full(1 << bits, ABSENT, np.uint32)

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """The memory of the slots."""
        return (8 * self._width + 4) << self._bits

    def items(self) -> tuple[list[Array], Array]:
        """All keys, as `insert` takes them, and their numbers; in no order."""
        used = self._values != ABSENT
        return [words[used] for words in self._words], self._values[used]

    def find(self, keys: Sequence[Array]) -> Array:
        """The number of each key, or `ABSENT`."""
        slots = self._home(keys)
        found: Array = self._values.take(slots)
        pending = np.flatnonzero((self._words[0].take(slots) != keys[0]) | self._differ(slots, keys))
        pending = pending[found[pending] != ABSENT]
        slots = slots[pending]
        keys = [word[pending] for word in keys]
        while len(pending):
            slots = (slots + 1) & ((1 << self._bits) - 1)
            here = self._values[slots]
            found[pending] = here
            going = (here != ABSENT) & ((self._words[0][slots] != keys[0]) | self._differ(slots, keys))
            pending, slots, keys = pending[going], slots[going], [word[going] for word in keys]
        return found

    def insert(self, keys: Sequence[Array], values: Array) -> None:
        """Add keys that are not in the table yet, all different."""
        self._count += len(values)
        if self._count > _LOAD * len(self._values):
            known, numbers = self.items()
            keys = [np.concatenate((old, new)) for old, new in zip(known, keys, strict=True)]
            values = np.concatenate((numbers, values))
            self._empty(max(_SMALLEST, int(self._count / _LOAD).bit_length()))
        slots = self._home(keys)
        pending = np.arange(len(values))
        while len(pending):
            free = self._values[slots] == ABSENT
            wanted, placed = slots[free], pending[free]
            self._values[wanted] = placed  # of several that want a slot the last one has it
            won = self._values[wanted] == placed
            wanted, placed = wanted[won], placed[won]
            for words, new in zip(self._words, keys, strict=True):
                words[wanted] = new[placed]
            free[free] = won
            pending, slots = pending[~free], (slots[~free] + 1) & ((1 << self._bits) - 1)
            self._values[wanted] = values[placed]

    def _home(self, keys: Sequence[Array]) -> Array:
        mixed = keys[0] * _MIXER
        for word in keys[1:]:
            mixed ^= mixed >> np.uint64(32)
            mixed += word
            mixed *= _MIXER
        mixed >>= np.uint64(64 - self._bits)
        return mixed.view(np.int64)

    def _differ(self, slots: Array, keys: Sequence[Array]) -> Array | bool:
        """Whether the keys in the slots differ from these behind the first word."""
        differ: Array | bool = False
        for words, key in zip(self._words[1:], keys[1:], strict=True):
            differ = differ | (words[slots] != key)
        return differ
