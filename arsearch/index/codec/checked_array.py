"""Arrays in a mapped file whose blocks are verified before they are read.

Each block of an array is verified once, when something in it is first read. Its checksum detects damage; the rule of
the array (see `validators`) detects values that no writer of ours puts there, even under a right checksum. Readers can
therefore trust the values they get. The values stay a view of the file: nothing detects damage that happens to a block
after it was verified.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BLOCK", "ChecksummedBlocks", "Validator", "VerifiedArray"]

Validator = Callable[[npt.NDArray[Any], int, int], bool]
"""A test of the values `[low, high)` of an array, at least one: whether they are possible there."""

_SHIFT = 14
BLOCK = 1 << _SHIFT
"""The number of bytes of a block: so few that a look-up in a cold file costs little (6 us to verify a block)."""

_SMALL = 4
"""The number of blocks up to which an array is verified as a whole: one flag is quicker to test than several."""


class ChecksummedBlocks:
    """The blocks of a file, with their checksums and a mark on each block that was verified.

    Two threads may verify a block twice, but none skips it: its mark is set after the check.
    """

    def __init__(self, data: memoryview, checksums: npt.NDArray[Any], corrupt: Callable[[str], Exception]) -> None:
        self.data = data
        self.corrupt = corrupt
        self._checksums = checksums
        self._seen = bytearray(len(checksums))

    def check(self, block: int) -> None:
        """Verify the checksum of a block, unless that was done before."""
        if not self._seen[block]:
            self._check(block)

    def verify(self) -> None:
        """Verify every checksum, again where that was done before."""
        for block in range(len(self._checksums)):
            self._check(block)

    def _check(self, block: int) -> None:
        start = block << _SHIFT
        if zlib.crc32(self.data[start : start + BLOCK]) != self._checksums[block]:
            raise self.corrupt(f"is damaged between its bytes {start} and {start + BLOCK}")
        self._seen[block] = 1


class VerifiedArray:
    """One array of a file, read-only, indexed by a number, a slice, an array of indices or a mask.

    Reading verifies the blocks it needs, and raises CorruptIndexError if they are damaged or break the array's rule.
    Arrays of indices must not hold negative ones: these raise IndexError.
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
        """All values of the array, unverified, for the rules of other arrays."""
        return self._values

    def __getitem__(self, key: int | slice | npt.NDArray[Any]) -> Any:
        if not self._done:
            self._touch(key)
        return self._values[key]

    def block_starts(self) -> npt.NDArray[np.int64]:
        """Return the number of the first value of each block, and then the number of values."""
        later = np.arange(self._first + 1, self._first + len(self._seen), dtype=np.int64) << _SHIFT
        return np.concatenate(([0], (later - self._start) // self._size, [len(self._values)]))

    def whole(self) -> npt.NDArray[Any]:
        """Return all values, verified."""
        if not self._done:
            self._verify(self._start, self._end)
        return self._values

    def buffers(self) -> tuple[npt.NDArray[Any], bytearray, int, int]:
        """Return the values, and the marks of verified blocks, for the compiled extension, which calls `part` for others.

        Two numbers follow: the bytes of the first block before the first value, and the power of 2 of a block's size.
        """
        return self._values, self._seen, self._start - (self._first << _SHIFT), _SHIFT

    def part(self, low: int, high: int) -> npt.NDArray[Any]:
        """Return the values `[low, high)`; `low` must not be negative."""
        if not self._done:
            self._verify(self._start + low * self._size, min(self._start + high * self._size, self._end))
        return self._values[low:high]

    def bounds(self, at: int) -> list[int]:
        """Return the values at `at`, which must not be negative, and at `at + 1`."""
        bounds: list[int] = self.part(at, at + 2).tolist()
        return bounds

    def bytes(self, low: int, high: int) -> bytes:
        """Return a copy of the bytes of the values `[low, high)`; `low` must not be negative."""
        start = self._start + low * self._size
        end = min(self._start + high * self._size, self._end)
        if not self._done:
            self._verify(start, end)
        return self._blocks.data[start:end].tobytes()

    def impossible(self) -> Exception:
        """Return the error to raise when the values are impossible."""
        return self._blocks.corrupt(f"has impossible values in its array {self._name!r}")

    def _touch(self, key: int | slice | npt.NDArray[Any]) -> None:
        """Verify the blocks that indexing with `key` reads."""
        size, start = self._size, self._start
        if isinstance(key, slice):
            low, high, step = key.indices(len(self._values))
            if step != 1 or self._end - start <= _SMALL * BLOCK:
                self._verify(start, self._end)
            else:
                self._verify(start + low * size, start + high * size)
        elif not isinstance(key, np.ndarray):
            at = start + range(len(self._values))[key] * size
            self._verify(at, at + size)
        elif key.dtype == np.bool_:
            self._verify(start, self._end)
        elif len(key):
            first, last = int(key.min()), int(key.max())
            if first < 0 or last >= len(self._values):
                raise IndexError(f"index out of [0, {len(self._values)})")
            low, high = ((start + at * size) >> _SHIFT for at in (first, last))
            if self._seen.find(0, low - self._first, high + 1 - self._first) < 0:
                return
            places = key.astype(np.uint64)
            blocks = ((places * np.uint64(size) + np.uint64(start)) >> np.uint64(_SHIFT)) - np.uint64(self._first)
            for block in set(blocks[self._marks[blocks] == 0].tolist()):
                self._check(block)
            self._done = self._seen.find(0) < 0

    def _verify(self, low: int, high: int) -> None:
        """Verify the blocks that hold the bytes `[low, high)` of the file, all of them the array's, if not done before."""
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
        """Verify the checksum and the values of one of the array's blocks."""
        self._blocks.check(self._first + block)
        if self._rule is not None:
            start = (self._first + block) << _SHIFT
            low = max(start - self._start, 0) // self._size
            high = (min(start + BLOCK, self._end) - self._start) // self._size
            if not self._rule(self._values, low, high):
                raise self.impossible()
        self._seen[block] = 1
