"""Packed positions: a byte and two bits for each, and the high parts of the few above 767 apart.

Two arrays of the file hold them. The first has a block for each `BLOCK` positions: their codes of two bits, the first of four
in the lowest bits of a byte; 4 bytes with the number of exceptions in the blocks before it; and the lowest byte of each
position. The last block has no more low bytes than positions. A code tells a position without its lowest byte, or is
`_EXCEPTION`: the second array has these in order, again without the lowest byte.

Source: exceptions beside packed numbers are those of PFOR (Zukowski et al., "Super-scalar RAM-CPU cache compression",
2006). A fixed width instead of one for each block lets a reader begin at any position.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, narrowest
from arsearch.index.codec.checked_array import VerifiedArray

__all__ = ["PackedPositions", "open_positions", "packed_arrays"]

BLOCK = 128
"""The positions of a block."""

_SHIFT = 7
_CODES = BLOCK // 4
_LOW = _CODES + 4
"""The place of the low bytes in a block."""

_STRIDE = _LOW + BLOCK
_EXCEPTION = 3
_LOWER_BITS = np.uint64(0x5555555555555555)
_CHUNK = BLOCK << 11
"""The positions that are packed at a time."""

_SPAN = 1 << 14
"""The most positions that are unpacked to take some of them: fewer steps of Python than finding each."""

_SPREAD = np.array([[byte >> shift & 3 for shift in (0, 2, 4, 6)] for byte in range(256)], np.uint8)
_SPREAD.flags.writeable = False
"""The four codes of a byte."""


class PackedPositions:
    """The positions of a field and level, read-only, indexed by a slice or an array of indices that are not negative.

    Reading raises CorruptIndexError if the file is damaged there, and IndexError for an index that is too large.
    """

    __slots__ = ("_exceptions", "_length", "_packed", "dtype")

    def __init__(self, packed: VerifiedArray, exceptions: VerifiedArray, length: int) -> None:
        self._packed = packed
        self._exceptions = exceptions
        self._length = length
        self.dtype: np.dtype[Any] = np.dtype("<u2" if exceptions.dtype.itemsize == 1 else "<u4")
        """The type of the positions."""

    def __len__(self) -> int:
        return self._length

    def arrays(self) -> tuple[VerifiedArray, VerifiedArray, int]:
        """Return the two arrays and the number of positions, for the compiled extension."""
        return self._packed, self._exceptions, self._length

    def __getitem__(self, key: slice | Array) -> Array:
        if isinstance(key, slice):
            low, high, step = key.indices(self._length)
            if step != 1:
                raise IndexError(f"a slice of positions has no step: {step}")
            return self._range(low, high)
        return self._gather(key.astype(np.int64))

    def is_sound(self) -> bool:
        """Tell whether the arrays are those that a writer makes of the positions."""
        packer = _Packer()
        parts = (self[at : at + _CHUNK] for at in range(0, self._length, _CHUNK))
        at = 0
        for blocks in packer.blocks(ArrayStream(self.dtype, parts)):
            if not np.array_equal(self._packed.part(at, at + len(blocks)), blocks):
                return False
            at += len(blocks)
        return np.array_equal(packer.exceptions(), self._exceptions.whole())

    def _range(self, low: int, high: int) -> Array:
        """Return the positions `[low, high)`, all of which exist."""
        if low >= high:
            return np.empty(0, self.dtype)
        first, last = low >> _SHIFT, (high + BLOCK - 1) >> _SHIFT
        packed = self._packed.part(first * _STRIDE, last * _STRIDE)
        missing = (last - first) * _STRIDE - len(packed)  # of the last block
        if missing:
            packed = np.concatenate((packed, np.zeros(missing, np.uint8)))
        rows = packed.reshape(-1, _STRIDE)
        stop = high - (first << _SHIFT)
        codes = _SPREAD.take(rows[:, :_CODES], 0).ravel()[:stop]
        positions: Array = codes.astype(self.dtype)
        at = (codes == _EXCEPTION).nonzero()[0]
        if len(at):
            rank = int.from_bytes(rows[0, _CODES:_LOW].tobytes(), "little")
            exceptions = self._exceptions.part(rank, rank + len(at))
            if len(exceptions) < len(at):
                raise self._packed.impossible()
            positions[at] = exceptions
        positions <<= self.dtype.type(8)
        positions |= rows[:, _LOW:].ravel()[:stop]
        return positions[low - (first << _SHIFT) :]

    def _gather(self, index: Array) -> Array:
        """Return the positions at the indices, in any order."""
        if not len(index):
            return np.empty(0, self.dtype)
        low, high = int(index.min()), int(index.max()) + 1
        if low < 0 or high > self._length:
            raise IndexError(f"index out of [0, {self._length})")
        if high - low <= _SPAN:
            return self._range(low, high).take(index - low)
        begin, within = (index >> _SHIFT) * _STRIDE, index & (BLOCK - 1)
        codes = self._packed[begin + (within >> 2)] >> ((within & 3).astype(np.uint8) << 1) & _EXCEPTION
        positions: Array = codes.astype(self.dtype)
        at = (codes == _EXCEPTION).nonzero()[0]
        if len(at):
            ranks = self._ranks(begin[at], within[at])
            if int(ranks.max()) >= len(self._exceptions):
                raise self._packed.impossible()
            positions[at] = self._exceptions[ranks]
        positions <<= self.dtype.type(8)
        positions |= self._packed[begin + within + _LOW]
        return positions

    def _ranks(self, begin: Array, within: Array) -> Array:
        """Return the place of exceptions among all: of those at the places `within` blocks that begin at `begin`."""
        heads = self._packed[begin[:, None] + np.arange(_LOW)]
        words = np.ascontiguousarray(heads[:, :_CODES]).view("<u8")
        before = np.clip(within[:, None] - np.arange(0, BLOCK, 32), 0, 32).astype(np.uint64)  # codes of each word
        masks = np.where(before == 32, ~np.uint64(0), (np.uint64(1) << (2 * before & np.uint64(63))) - np.uint64(1))
        counts = np.bitwise_count(words & (words >> np.uint64(1)) & _LOWER_BITS & masks).sum(1, dtype=np.int64)
        starts = np.ascontiguousarray(heads[:, _CODES:]).view("<u4")[:, 0]
        ranks: Array = counts + starts
        return ranks


def open_positions(file: ArrayFile, name: str) -> VerifiedArray | PackedPositions:
    """Open the positions of that name, packed or, as format 1 has them, one number for each.

    Raises CorruptIndexError if the file lacks them, or has an impossible length or type.
    """
    if name in file:
        return file.array(name, kind="u4")
    packed, exceptions = names.part(name, names.PACKED), names.part(name, names.EXCEPTIONS)
    full, rest = divmod(file.length(packed), _STRIDE)
    if 0 < rest <= _LOW:
        raise file.corrupt(f"has {rest} bytes in the last block of its array {packed!r}, which is impossible")
    length = full * BLOCK + (rest - _LOW if rest else 0)
    return PackedPositions(file.array(packed, kind="u1"), file.array(exceptions, kind="u4"), length)


def packed_arrays(arrays: Iterable[tuple[str, Array | ArrayStream]]) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield named arrays, with two packed ones in the place of positions. Use each up before asking for the next."""
    for name, values in arrays:
        if not name.endswith(names.part("", names.POSITIONS)):
            yield name, values
            continue
        packer = _Packer()
        stream = values if isinstance(values, ArrayStream) else ArrayStream(values.dtype, (values,))
        yield names.part(name, names.PACKED), ArrayStream(np.uint8, packer.blocks(stream))
        yield names.part(name, names.EXCEPTIONS), packer.exceptions()


class _Packer:
    """Packs the positions of one array."""

    def __init__(self) -> None:
        self._exceptions: list[Array] = []
        self._count = 0

    def blocks(self, stream: ArrayStream) -> Iterator[Array]:
        """Yield the bytes of all blocks."""
        waiting: list[Array] = []
        size = 0
        for part in stream.parts:
            for at in range(0, len(part), _CHUNK):
                waiting.append(part[at : at + _CHUNK].astype(stream.dtype, copy=False))
                size += len(waiting[-1])
                if size >= _CHUNK:
                    positions = np.concatenate(waiting)
                    full = size - size % BLOCK
                    yield self._packed(positions[:full])
                    waiting, size = [positions[full:]], size - full
        if size:
            yield self._packed(np.concatenate(waiting))

    def exceptions(self) -> Array:
        """Return the exceptions of all blocks."""
        return narrowest(np.concatenate(self._exceptions)) if self._exceptions else np.empty(0, np.uint8)

    def _packed(self, positions: Array) -> Array:
        """Return the blocks of positions, of which the last may be short."""
        missing = -len(positions) % BLOCK
        if missing:
            positions = np.concatenate((positions, np.zeros(missing, positions.dtype)))
        high = positions.astype(np.uint32) >> np.uint32(8)
        codes = np.minimum(high, _EXCEPTION).astype(np.uint8)
        exceptional = codes == _EXCEPTION
        self._exceptions.append(narrowest(high[exceptional]))
        ends = self._count + np.cumsum(np.count_nonzero(exceptional.reshape(-1, BLOCK), axis=1), dtype=np.int64)
        rows = np.empty((len(positions) // BLOCK, _STRIDE), np.uint8)
        quarters = codes.reshape(-1, _CODES, 4)
        rows[:, :_CODES] = quarters[:, :, 0] | quarters[:, :, 1] << 2 | quarters[:, :, 2] << 4 | quarters[:, :, 3] << 6
        rows[:, _CODES:_LOW] = np.append(self._count, ends[:-1]).astype("<u4").view(np.uint8).reshape(-1, 4)
        rows[:, _LOW:] = positions.astype(np.uint8).reshape(-1, BLOCK)
        self._count = int(ends[-1])
        return rows.ravel()[: rows.size - missing]
