"""Arrays in a mapped file that cannot be read without having been looked at.

Each block of an array is verified once, before anything in it is handed out for the first time: its checksum, which
notices damage, and the rule of the array (see `rules`), which notices values that no writer of ours puts there, under
whatever checksum. So readers may trust what they get, and check nothing themselves. What was handed out stays a view of
the file: nobody guards a block against what happens to the disk afterwards.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BLOCK", "ChecksummedBlocks", "Validator", "VerifiedArray"]

Validator = Callable[[npt.NDArray[Any], int, int], bool]
"""Whether the values `[low, high)` of an array, not empty, are such as may stand there."""

_SHIFT = 14
BLOCK = 1 << _SHIFT
"""Bytes a checksum stands for: few enough that a look-up in a cold file costs little (6 us a block)."""

_AT_ONCE = 4
"""An array of so many blocks or fewer is verified as a whole: one flag is quicker to look at than the blocks."""


class ChecksummedBlocks:
    """The blocks of a file: their checksums, and which of them were found right.

    Threads may look at a block twice, never skip it: its mark is set after the check.
    """

    def __init__(self, data: memoryview, sums: npt.NDArray[Any], corrupt: Callable[[str], Exception]) -> None:
        self.data = data
        self.corrupt = corrupt
        self._sums = sums
        self._seen = bytearray(len(sums))

    def check(self, block: int) -> None:
        """Look at the checksum of a block, unless that was done."""
        if not self._seen[block]:
            self._check(block)

    def verify(self) -> None:
        """Look at every checksum, once more where that was done before."""
        for block in range(len(self._sums)):
            self._check(block)

    def _check(self, block: int) -> None:
        start = block << _SHIFT
        if zlib.crc32(self.data[start : start + BLOCK]) != self._sums[block]:
            raise self.corrupt(f"is damaged between its bytes {start} and {start + BLOCK}")
        self._seen[block] = 1


class VerifiedArray:
    """One array of a file, read only. What is indexed is verified first: `[i]`, `[low:high]`, `[array of indices]`.

    Indices in arrays are not negative. All of them raise CorruptIndexError where the file is damaged or breaks the rule.
    """

    __slots__ = (
        "_blocks",
        "_done",
        "_end",
        "_first",
        "_marks",
        "_name",
        "_rule",
        "_seen",
        "_size",
        "_start",
        "_values",
    )

    def __init__(
        self,
        blocks: ChecksummedBlocks,
        dtype: np.dtype[Any],
        count: int,
        offset: int,
        rule: Validator | None = None,
        name: str = "",
    ) -> None:
        self._blocks = blocks
        self._values: npt.NDArray[Any] = np.frombuffer(blocks.data, dtype, count, offset)
        self._size = dtype.itemsize
        self._start = offset
        self._end = offset + count * dtype.itemsize
        self._rule = rule
        self._name = name
        self._first = offset >> _SHIFT
        self._seen = bytearray(((self._end - 1) >> _SHIFT) + 1 - self._first if count else 0)
        self._marks = np.frombuffer(self._seen, np.uint8)
        self._done = not count

    def __len__(self) -> int:
        return len(self._values)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""
        return self._values.dtype

    @property
    def unverified(self) -> npt.NDArray[Any]:
        """All values as they stand in the file, for rules of other arrays: they may be anything."""
        return self._values

    def __getitem__(self, key: int | slice | npt.NDArray[Any]) -> Any:
        if not self._done:
            self._touch(key)
        return self._values[key]

    def whole(self) -> npt.NDArray[Any]:
        """All values."""
        if not self._done:
            self._verify(self._start, self._end)
        return self._values

    def bytes(self, low: int, high: int) -> bytes:
        """The bytes of the values `[low, high)`, `0 <= low`, copied."""
        start = self._start + low * self._size
        end = min(self._start + high * self._size, self._end)
        if not self._done:
            self._verify(start, end)
        return self._blocks.data[start:end].tobytes()

    def _touch(self, key: int | slice | npt.NDArray[Any]) -> None:
        """Verify what `key` reads."""
        size, start = self._size, self._start
        if isinstance(key, slice):
            low, high, step = key.indices(len(self._values))
            if step != 1 or self._end - start <= _AT_ONCE * BLOCK:
                self._verify(start, self._end)
            else:
                self._verify(start + low * size, start + high * size)
        elif not isinstance(key, np.ndarray):
            at = start + range(len(self._values))[key] * size
            self._verify(at, at + size)
        elif key.dtype == np.bool_:
            self._verify(start, self._end)
        elif len(key):
            places = key.astype(np.uint64)
            if places.max() >= len(self._values):  # a negative index, as unsigned, as well
                raise IndexError(f"index out of [0, {len(self._values)})")
            blocks = ((places * np.uint64(size) + np.uint64(start)) >> np.uint64(_SHIFT)) - np.uint64(self._first)
            for block in set(blocks[self._marks[blocks] == 0].tolist()):
                self._check(block)
            self._done = self._seen.find(0) < 0

    def _verify(self, low: int, high: int) -> None:
        """Verify the blocks with the bytes `[low, high)` of the file, which are the array's, as far as that was not done."""
        if low >= high:
            return
        end = ((high - 1) >> _SHIFT) + 1 - self._first
        block = self._seen.find(0, (low >> _SHIFT) - self._first, end)
        if block < 0:
            return
        while block >= 0:
            self._check(block)
            block = self._seen.find(0, block + 1, end)
        self._done = self._seen.find(0) < 0

    def _check(self, block: int) -> None:
        """Look at the checksum and the values of one of the array's blocks."""
        self._blocks.check(self._first + block)
        if self._rule is not None:
            start = (self._first + block) << _SHIFT
            low = max(start - self._start, 0) // self._size
            high = (min(start + BLOCK, self._end) - self._start) // self._size
            if not self._rule(self._values, low, high):
                raise self._blocks.corrupt(f"has impossible values in its array {self._name!r}")
        self._seen[block] = 1
