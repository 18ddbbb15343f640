"""Arrays of numbers that are mostly small, in two bits each: frequencies, and positions beside their lowest byte.

A packed array is two arrays of the file. The first has a block for each `BLOCK` numbers: 4 bytes with the number of exceptions
in the blocks before it, 2 bits for each number, the first number of four in the lowest bits, and a byte for each number if
the `Packing` has low bytes; the last block has no more of these than it has numbers. Two bits tell a number above its low
byte from `least` on, or are `_EXCEPTION`: the second array has those numbers, in order.

Source: exceptions beside packed numbers are those of PFOR (Zukowski et al., "Super-scalar RAM-CPU cache compression",
2006). A fixed width instead of one for each block lets a reader begin at any number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, narrowest
from arsearch.index.codec.checked_array import Validator, VerifiedArray
from arsearch.kernel import native

__all__ = ["FREQS", "POSITIONS", "ROOT_FREQS", "Numbers", "PackedArray", "Packing", "open_numbers", "packed_arrays"]

BLOCK = 128
"""The numbers of a block."""

_SHIFT = 7
_CODES = BLOCK // 4
_EXCEPTION = 3
_LOW = np.uint64(0x5555555555555555)
_DENSE = 8
"""The exceptions of a block from which on reading all its codes takes less time."""

_CHUNK = BLOCK << 11
"""The numbers that are packed at a time."""

_SPREAD = np.array([[byte >> shift & 3 for shift in (0, 2, 4, 6)] for byte in range(256)], np.uint8)
_SPREAD.flags.writeable = False
"""The four codes of a byte."""


class Packing(NamedTuple):
    """How numbers are packed.

    `head` is the number of bytes after the codes of a block: 4, or 8 with the sum of the numbers before it. `low_bytes` is the
    number of bytes that each number has beside its two bits, 0 or 1. `least` is the least number that two bits tell.
    """

    head: int
    low_bytes: int
    least: int

    @property
    def stride(self) -> int:
        """The number of bytes of a whole block."""
        return self.low_at + BLOCK * self.low_bytes

    @property
    def low_at(self) -> int:
        """The place of the low bytes in a block."""
        return _CODES + self.head


FREQS = Packing(8, 0, 1)
ROOT_FREQS = Packing(4, 0, 0)
POSITIONS = Packing(4, 1, 0)

_PACKINGS = MappingProxyType(
    {
        names.part("", names.FREQS): FREQS,
        names.part("", names.POSITIONS): POSITIONS,
        names.field_array("", names.ROOT_FREQS): ROOT_FREQS,
    }
)


class PackedArray:
    """A packed array, read-only, indexed by a number, a slice or an array of indices, like a `VerifiedArray`.

    Reading raises CorruptIndexError if the file is damaged there. Each number that is read costs more than in a
    `VerifiedArray`, and a copy is made.
    """

    __slots__ = ("_exceptions", "_length", "_low_at", "_packed", "_packing", "_stride", "dtype")

    def __init__(self, packed: VerifiedArray, exceptions: VerifiedArray, length: int, packing: Packing) -> None:
        self._packed = packed
        self._exceptions = exceptions
        self._length = length
        self._packing = packing
        self._stride, self._low_at = packing.stride, packing.low_at
        wide = min(exceptions.dtype.itemsize << packing.low_bytes, 4)
        self.dtype: np.dtype[Any] = np.dtype(f"<u{wide}")
        """The type of the numbers."""

    def __len__(self) -> int:
        return self._length

    def arrays(self) -> tuple[VerifiedArray, VerifiedArray, int, int, int, int]:
        """Return the two arrays, the length, and the packing, for the compiled extension."""
        return self._packed, self._exceptions, self._length, *self._packing

    def whole(self) -> Array:
        """Return all numbers."""
        return self.part(0, self._length)

    def part(self, low: int, high: int) -> Array:
        """Return the numbers `[low, high)`; `low` must not be negative."""
        high = min(high, self._length)
        if low >= high:
            return np.empty(0, self.dtype)
        start = low & (BLOCK - 1)
        stop = high - low + start
        rows = self._rows(low >> _SHIFT, (high + BLOCK - 1) >> _SHIFT)
        codes = _SPREAD.take(rows[:, :_CODES], 0).ravel()[:stop]
        at = (codes == _EXCEPTION).nonzero()[0]
        _, low_bytes, least = self._packing
        numbers = codes if self.dtype == np.uint8 else codes.astype(self.dtype)
        if least:
            numbers += numbers.dtype.type(least)
        if len(at):
            first = int.from_bytes(rows[0, _CODES : _CODES + 4].tobytes(), "little")
            exceptions = self._exceptions.part(first, first + len(at))
            if len(exceptions) < len(at):
                raise self._packed.impossible()
            numbers[at] = exceptions
        if low_bytes:
            numbers <<= numbers.dtype.type(8)
            numbers |= rows[:, self._low_at :].ravel()[:stop]
        return numbers[start:] if start else numbers

    def __getitem__(self, key: int | slice | Array) -> Any:
        if isinstance(key, slice):
            low, high, step = key.indices(self._length)
            return self.part(low, high)[::step] if step > 0 else self.part(high + 1, low + 1)[::-1][::-step]
        if not isinstance(key, np.ndarray):
            at = range(self._length)[key]
            return self.part(at, at + 1)[0]
        return self._gather(key.nonzero()[0] if key.dtype == np.bool_ else key)

    def is_sound(self) -> bool:
        """Tell whether a writer makes these arrays of the numbers."""
        packer = _Packer(self._packing)
        parts = (self.part(at, at + _CHUNK) for at in range(0, self._length, _CHUNK))
        at = 0
        for blocks in packer.blocks(ArrayStream(self.dtype, parts)):
            if not np.array_equal(self._packed.part(at, at + len(blocks)), blocks):
                return False
            at += len(blocks)
        return np.array_equal(packer.exceptions(), self._exceptions.whole())

    def _rows(self, first: int, last: int) -> Array:
        """Return the blocks `[first, last)`, one in each row."""
        stride = self._stride
        packed = self._packed.part(first * stride, last * stride)
        missing = (last - first) * stride - len(packed)  # of the low bytes of the last block
        if missing:
            packed = np.concatenate((packed, np.zeros(missing, np.uint8)))
        return packed.reshape(-1, stride)

    def _gather(self, index: Array) -> Array:
        """Return the numbers at the indices, which are in any order and not negative."""
        if not len(index):
            return np.empty(0, self.dtype)
        index = index.astype(np.int64)
        extension = native()
        if extension is not None:
            found = np.empty(len(index), self.dtype)
            if not extension.gather(self.arrays(), index, found):
                raise self._packed.impossible()
            return found
        if int(index.min()) < 0 or int(index.max()) >= self._length:
            raise IndexError(f"index out of [0, {self._length})")
        _, low_bytes, least = self._packing
        block, within = index >> _SHIFT, index & (BLOCK - 1)
        begin = block * self._stride
        shifts = (within & 3).astype(np.uint8) << 1
        codes = self._packed[begin + (within >> 2)] >> shifts & _EXCEPTION
        numbers: Array = codes.astype(self.dtype)
        if least:
            numbers += numbers.dtype.type(least)
        at = (codes == _EXCEPTION).nonzero()[0]
        if len(at):
            ranks = self._ranks(begin[at], within[at])
            if int(ranks.max()) >= len(self._exceptions):
                raise self._packed.impossible()
            numbers[at] = self._exceptions[ranks]
        if low_bytes:
            numbers <<= numbers.dtype.type(8)
            numbers |= self._packed[begin + within + self._low_at]
        return numbers

    def _ranks(self, begin: Array, within: Array) -> Array:
        """Return the place of each exception among all: those of blocks that begin at `begin`, at the place `within` them."""
        changes = begin[1:] != begin[:-1]
        if (np.count_nonzero(changes) + 1) * _DENSE <= len(begin):
            return self._dense_ranks(begin, within, changes)
        heads = self._packed[begin[:, None] + np.arange(_CODES + 4)]
        codes = np.ascontiguousarray(heads[:, :_CODES]).view("<u8")
        before = np.arange(0, BLOCK, 32)[None, :]
        counted = np.clip(within[:, None] - before, 0, 32).astype(np.uint64)  # codes of each word before the number
        masks = np.where(counted == 32, ~np.uint64(0), (np.uint64(1) << (2 * counted & np.uint64(63))) - np.uint64(1))
        starts = np.ascontiguousarray(heads[:, _CODES:]).view("<u4")[:, 0].astype(np.int64)
        ranks: Array = starts + _count_exceptions(codes & masks)
        return ranks

    def _dense_ranks(self, begin: Array, within: Array, changes: Array) -> Array:
        """Do what `_ranks` does, and read each block once for a run of its exceptions.

        `changes` tells for each exception but the first whether it begins a run.
        """
        row = np.concatenate(([0], changes.cumsum(dtype=np.int64)))
        blocks = begin[np.concatenate(([True], changes))]
        heads = self._packed[blocks[:, None] + np.arange(_CODES + 4)]
        counted = (_SPREAD.take(heads[:, :_CODES], 0).reshape(-1, BLOCK) == _EXCEPTION).cumsum(1, dtype=np.uint8)
        starts = np.ascontiguousarray(heads[:, _CODES:]).view("<u4")[:, 0].astype(np.int64)
        ranks: Array = starts[row] + counted[row, within] - 1
        return ranks


Numbers = VerifiedArray | PackedArray
"""An array of numbers, packed or as it is."""


def open_numbers(
    file: ArrayFile, name: str, packing: Packing, length: int | None = None, rule: Validator | None = None
) -> Numbers:
    """Open the array of numbers of that name, packed or, as format 1 has it, with one value for each.

    `length` is the number of values it must have; a packing with low bytes tells it. `rule` is that of the numbers, or of
    exceptions. Raises CorruptIndexError if the file lacks the array, or the length or the type is impossible.
    """
    if name in file:
        return file.array(name, length, kind="u4", rule=rule)
    packed, exceptions = names.part(name, names.PACKED), names.part(name, names.EXCEPTIONS)
    size = file.length(packed)
    if packing.low_bytes:
        full, rest = divmod(size, packing.stride)
        length = full * BLOCK + (rest - packing.low_at if rest else 0)
    elif length is None:
        raise ValueError("the length is unknown")
    blocks = -(-length // BLOCK)
    expected = blocks * packing.low_at + length * packing.low_bytes
    return PackedArray(
        file.array(
            packed,
            expected,
            kind="u1",
        ),
        file.array(exceptions, kind="u4", rule=rule),
        length,
        packing,
    )


def _count_exceptions(words: Array) -> Array:
    """Return the number of exceptions in each row of words of 32 codes."""
    counts: Array = np.bitwise_count(words & (words >> np.uint64(1)) & _LOW).sum(1, dtype=np.int64)
    return counts


def packed_arrays(arrays: Iterable[tuple[str, Array | ArrayStream]]) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield named arrays, with the two arrays of a packed one in the place of frequencies and positions.

    Use each up before asking for the next.
    """
    for name, values in arrays:
        packing = next((own for ending, own in _PACKINGS.items() if name.endswith(ending)), None)
        if packing is None:
            yield name, values
            continue
        stream = values if isinstance(values, ArrayStream) else ArrayStream(values.dtype, (values,))
        packer = _Packer(packing)
        yield names.part(name, names.PACKED), ArrayStream(np.uint8, packer.blocks(stream))
        yield names.part(name, names.EXCEPTIONS), packer.exceptions()


class _Packer:
    """Packs the numbers of one array."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._exceptions: list[Array] = []
        self._count = self._sum = 0

    def blocks(self, stream: ArrayStream) -> Iterator[Array]:
        """Yield the bytes of all blocks."""
        waiting: list[Array] = []
        size = 0
        for part in stream.parts:
            for at in range(0, len(part), _CHUNK):
                waiting.append(part[at : at + _CHUNK].astype(stream.dtype, copy=False))
                size += len(waiting[-1])
                if size >= _CHUNK:
                    numbers = np.concatenate(waiting)
                    full = size - size % BLOCK
                    yield self._packed(numbers[:full])
                    waiting, size = [numbers[full:]], size - full
        if size:
            yield self._packed(np.concatenate(waiting))

    def exceptions(self) -> Array:
        """Return the exceptions of all blocks."""
        return narrowest(np.concatenate(self._exceptions)) if self._exceptions else np.empty(0, np.uint8)

    def _packed(self, numbers: Array) -> Array:
        """Return the blocks of numbers, of which the last may be short."""
        head, low_bytes, least = self._packing
        missing = -len(numbers) % BLOCK
        if missing:
            numbers = np.concatenate((numbers, np.full(missing, least, numbers.dtype)))
        high = numbers >> numbers.dtype.type(8) if low_bytes else numbers
        codes = np.minimum(high - high.dtype.type(least), _EXCEPTION).astype(np.uint8)  # a number below `least` wraps
        exceptional = codes == _EXCEPTION
        self._exceptions.append(narrowest(high[exceptional]))
        rows = np.empty((len(numbers) // BLOCK, self._packing.stride), np.uint8)
        quarters = codes.reshape(-1, _CODES, 4)
        rows[:, :_CODES] = quarters[:, :, 0] | quarters[:, :, 1] << 2 | quarters[:, :, 2] << 4 | quarters[:, :, 3] << 6
        starts, self._count = _sums_before(np.count_nonzero(exceptional.reshape(-1, BLOCK), axis=1), self._count)
        rows[:, _CODES : _CODES + 4] = starts
        if head == 8:
            rows[:, _CODES + 4 : _CODES + 8], self._sum = _sums_before(numbers.reshape(-1, BLOCK).sum(1), self._sum)
        if low_bytes:
            rows[:, self._packing.low_at :] = numbers.astype(np.uint8).reshape(-1, BLOCK)
        return rows.ravel()[: rows.size - missing * low_bytes]


def _sums_before(counts: Array, start: int) -> tuple[Array, int]:
    """Return the 4 bytes of each sum of `start` and the counts before one, and the sum of all."""
    ends = start + np.cumsum(counts, dtype=np.int64)
    return (ends - counts.astype(np.int64)).astype("<u4").view(np.uint8).reshape(-1, 4), int(ends[-1])
