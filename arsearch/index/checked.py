"""Arrays in a mapped file that cannot be read without their checksums having been looked at.

Each block of the file is verified once, before anything in it is handed out for the first time. What was handed out
stays a view of the file: nobody guards a block against what happens to the disk afterwards.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BLOCK", "Blocks", "CheckedArray"]

_SHIFT = 14
BLOCK = 1 << _SHIFT
"""Bytes a checksum stands for: few enough that a look-up in a cold file costs little (6 us a block)."""

_AT_ONCE = 4
"""An array of so many blocks or fewer is verified as a whole: one flag is quicker to look at than the blocks."""


class Blocks:
    """The blocks of a file: their checksums, and which of them have been verified.

    Threads may verify a block twice, never skip it: its mark is set after the check.
    """

    def __init__(self, data: memoryview, sums: npt.NDArray[Any], corrupt: Callable[[str], Exception]) -> None:
        self.data = data
        self._sums = sums
        self._corrupt = corrupt
        self._seen = bytearray(len(sums))
        self._marks = np.frombuffer(self._seen, np.uint8)

    def touch(self, low: int, high: int) -> bool:
        """Verify the bytes `[low, high)`, as far as that was not done; whether anything was left to do."""
        if low >= high:
            return False
        end = ((high - 1) >> _SHIFT) + 1
        first = block = self._seen.find(0, low >> _SHIFT, end)
        while block >= 0:
            self._check(block)
            block = self._seen.find(0, block + 1, end)
        return first >= 0

    def touch_many(self, at: npt.NDArray[Any]) -> bool:
        """Verify the blocks in which the bytes `at` lie, as `touch` does."""
        blocks = at >> np.uint64(_SHIFT)
        fresh = set(blocks[self._marks[blocks] == 0].tolist())
        for block in fresh:
            self._check(block)
        return len(fresh) > 0

    def verified(self, low: int, high: int) -> bool:
        """Whether all of the bytes `[low, high)` have been verified."""
        return self._seen.find(0, low >> _SHIFT, ((high - 1) >> _SHIFT) + 1) < 0

    def verify(self) -> None:
        """Verify every block, once more where that was done before."""
        for block in range(len(self._sums)):
            self._check(block)

    def _check(self, block: int) -> None:
        start = block << _SHIFT
        if zlib.crc32(self.data[start : start + BLOCK]) != self._sums[block]:
            raise self._corrupt(f"is damaged between its bytes {start} and {start + BLOCK}")
        self._seen[block] = 1


class CheckedArray:
    """One array of a file, read only. What is indexed is verified first: `[i]`, `[low:high]`, `[array of indices]`.

    Indices in arrays are not negative. All of them raise CorruptIndexError where the file is damaged.
    """

    __slots__ = ("_blocks", "_done", "_end", "_size", "_start", "_values")

    def __init__(self, blocks: Blocks, dtype: np.dtype[Any], count: int, offset: int) -> None:
        self._blocks = blocks
        self._values: npt.NDArray[Any] = np.frombuffer(blocks.data, dtype, count, offset)
        self._size = dtype.itemsize
        self._start = offset
        self._end = offset + count * dtype.itemsize
        self._done = not count

    def __len__(self) -> int:
        return len(self._values)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""
        return self._values.dtype

    def __getitem__(self, key: int | slice | npt.NDArray[Any]) -> Any:
        if not self._done:
            self._touch(key)
        return self._values[key]

    def whole(self) -> npt.NDArray[Any]:
        """All values."""
        if not self._done:
            self._blocks.touch(self._start, self._end)
            self._done = True
        return self._values

    def bytes(self, low: int, high: int) -> bytes:
        """The bytes of the values `[low, high)`, `0 <= low`, copied."""
        start = self._start + low * self._size
        end = self._start + high * self._size
        if not self._done and self._blocks.touch(start, min(end, self._end)):
            self._done = self._blocks.verified(self._start, self._end)
        return self._blocks.data[start:end].tobytes()

    def _touch(self, key: int | slice | npt.NDArray[Any]) -> None:
        """Verify what `key` reads."""
        size, start, blocks = self._size, self._start, self._blocks
        if isinstance(key, slice):
            low, high, step = key.indices(len(self._values))
            if step != 1 or self._end - start <= _AT_ONCE * BLOCK:
                self.whole()
            elif not blocks.touch(start + low * size, start + high * size):
                return
        elif not isinstance(key, np.ndarray):
            at = start + range(len(self._values))[key] * size
            if not blocks.touch(at, at + size):
                return
        elif key.dtype == np.bool_:
            self.whole()
        elif len(key):
            places = key.astype(np.uint64)
            if places.max() >= len(self._values):  # a negative index, as unsigned, as well
                raise IndexError(f"index out of [0, {len(self._values)})")
            blocks.touch_many(places * np.uint64(size) + np.uint64(start))
        self._done = blocks.verified(start, self._end)
