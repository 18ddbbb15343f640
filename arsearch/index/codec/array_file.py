"""A file of named arrays, mapped and never copied, each block verified when it is first read.

Layout, little endian:

    8 bytes    magic, b"ARSEG" + 2 zero bytes + the container's version; zero bytes up to 64
    arrays     each at an offset divisible by 64, zero bytes after it up to there
    directory  JSON: {"meta": {...}, "arrays": {name: [dtype, length, offset in the file]}}
    checksums  a CRC-32, 4 bytes, for every 16 KiB of all before the directory (the last block may be shorter)
    tail       8 bytes length of the directory, 8 bytes number of checksums, 4 bytes CRC-32 of both, 4 zero bytes

The directory comes last so that a file can be written in one pass, from arrays that are made while they are written.
Opening checks the version, the directory with the checksums and every bound; what an array holds is checked block by
block as it is read. All arrays have one dimension.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from arsearch.errors import CorruptIndexError, IndexVersionError
from arsearch.index.codec.checked_array import BLOCK, ChecksummedBlocks, Validator, VerifiedArray
from arsearch.index.store.directory import Directory, read_file
from arsearch.index.store.filesystem import Buffer

__all__ = ["Array", "ArrayFile", "ArrayStream", "differences", "narrowest", "raw_bytes", "write_arrays"]

Array = npt.NDArray[Any]

_MAGIC = b"ARSEG\0\0"
_MIN_VERSION = 2
_VERSION = 2
"""The container's version: the one written, and from `_MIN_VERSION` on those read."""

_TAIL = struct.Struct("<QQI4x")
_ALIGN = 64
_DTYPES = ("|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8")
_LARGEST = 4 << 20
"""No directory is larger: that would be thousands of fields."""


class ArrayStream(NamedTuple):
    """An array that is made while it is written, part after part."""

    dtype: Any
    parts: Iterable[Array]


def narrowest(values: Array) -> Array:
    """`values` in the narrowest unsigned type that holds them all."""
    top = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(top) if top else np.uint8, copy=False)


def raw_bytes(values: Array) -> bytes | memoryview:
    """The bytes of an array, not copied."""
    return values.data.cast("B") if values.size else b""


def differences(bounds: Array) -> Array:
    """The sizes of the stretches between neighbouring `bounds`."""
    difference: Array = bounds[1:].astype(np.int64) - bounds[:-1].astype(np.int64)
    return difference


def write_arrays(
    directory: Directory,
    name: str,
    arrays: Mapping[str, Array] | Iterable[tuple[str, Array | ArrayStream]],
    meta: Mapping[str, Any],
    *,
    durable: bool,
) -> int:
    """Write `arrays`, as they come, and the JSON values `meta` as one file; its size in bytes."""
    named = arrays.items() if isinstance(arrays, Mapping) else arrays
    return directory.write(name, _chunks(named, meta), durable=durable)


def _chunks(named: Iterable[tuple[str, Array | ArrayStream]], meta: Mapping[str, Any]) -> Iterator[Buffer]:
    sums = _Checksums()
    entries: dict[str, tuple[str, int, int]] = {}
    yield sums.of((_MAGIC + bytes([_VERSION])).ljust(_ALIGN, b"\0"))
    for name, values in named:
        dtype, parts = values if isinstance(values, ArrayStream) else (values.dtype, (values,))
        little = np.dtype(dtype).newbyteorder("<")
        start = sums.size
        for part in parts:
            yield sums.of(raw_bytes(np.ascontiguousarray(part, dtype=little)))
        entries[name] = (little.str, (sums.size - start) // little.itemsize, start)
        yield sums.of(bytes(-sums.size % _ALIGN))
    directory = json.dumps({"meta": meta, "arrays": entries}, ensure_ascii=True).encode()
    listed = np.array(sums.listed(), "<u4").tobytes()
    yield directory + listed
    yield _TAIL.pack(len(directory), len(listed) // 4, zlib.crc32(directory + listed))


class _Checksums:
    """The CRC-32 of each block of what goes through `of`."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[int] = []
        self._running = 0

    def of(self, chunk: Buffer) -> Buffer:
        """`chunk` itself, counted in."""
        rest = memoryview(chunk)
        while len(rest):
            piece = rest[: BLOCK - self.size % BLOCK]
            self._running = zlib.crc32(piece, self._running)
            self.size += len(piece)
            rest = rest[len(piece) :]
            if self.size % BLOCK == 0:
                self._full.append(self._running)
                self._running = 0
        return chunk

    def listed(self) -> list[int]:
        """Those of all blocks, the last one as far as it goes."""
        return [*self._full, self._running] if self.size % BLOCK else self._full


class ArrayFile:
    """An opened file of arrays: `meta`, `array(name)`, `size`."""

    def __init__(self, directory: Directory, name: str) -> None:
        self.name = name
        self._where = f"{directory.location}/{name}"
        self._bytes = read_file(directory, name)
        self.size = len(self._bytes)
        entries, sums, end = self._read_entries()
        try:
            content = json.loads(entries)
            self.meta: dict[str, Any] = dict(content["meta"])
            self._entries: dict[str, tuple[str, int, int]] = {}
            for key, (dtype, count, offset) in dict(content["arrays"]).items():
                whole = type(count) is int and type(offset) is int and count >= 0 and offset >= _ALIGN
                if dtype not in _DTYPES or not whole or offset % _ALIGN or offset + count * int(dtype[2]) > end:
                    raise ValueError(f"impossible array {key!r}")
                self._entries[key] = dtype, count, offset
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.corrupt(f"has a damaged directory ({error})") from error
        # Not `self.corrupt`: in a circle, only the garbage collector would close the file.
        self._blocks = ChecksummedBlocks(self._bytes[:end], sums, partial(_corrupt, self._where))

    def _read_entries(self) -> tuple[bytes, Array, int]:
        """The directory, the checksums, and where both begin."""
        if self.size < _ALIGN + _TAIL.size:
            raise self.corrupt("is cut short")
        magic = bytes(self._bytes[:8])
        if magic[:7] != _MAGIC:
            raise self.corrupt("is not a segment file")
        if not _MIN_VERSION <= magic[7] <= _VERSION:
            readable = f"{_VERSION}" if _MIN_VERSION == _VERSION else f"{_MIN_VERSION} to {_VERSION}"
            step = "upgrade arsearch" if magic[7] > _VERSION else "index the articles again"
            raise IndexVersionError(
                f"{self._where!r} has container version {magic[7]}, this arsearch reads {readable}; {step}"
            )
        tail = self.size - _TAIL.size
        length, count, crc = _TAIL.unpack_from(self._bytes, tail)
        end = tail - length - 4 * count
        if length > _LARGEST:
            raise self.corrupt(f"has a directory of {length:,} bytes, more than any has")
        if end < _ALIGN or zlib.crc32(self._bytes[end:tail]) != crc or count != -(-end // BLOCK):
            raise self.corrupt("is cut short, or has a damaged directory")
        return bytes(self._bytes[end : end + length]), np.frombuffer(self._bytes[end + length : tail], "<u4"), end

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def names(self) -> list[str]:
        """The arrays' names, in the order they were written."""
        return list(self._entries)

    @property
    def content(self) -> memoryview:
        """All bytes of the file, unverified but for its directory; they outlive its name."""
        return self._bytes

    def length(self, key: str) -> int:
        """The number of values of an array; CorruptIndexError if there is none of that name."""
        return self._entry(key)[1]

    def array(
        self, key: str, length: int | None = None, *, kind: str = "", rule: Validator | None = None
    ) -> VerifiedArray:
        """The array of that name, read only; CorruptIndexError if there is none.

        So it is if the array has not the `length`, or its dtype is not of the `kind` (a letter, "u", "i" or "f", and the
        most bytes it may have; "" is any), or when values that break the `rule` are read.
        """
        dtype, count, offset = self._entry(key)
        fits = not kind or (dtype[1] == kind[0] and dtype[2] <= kind[1])
        if not fits or (length is not None and count != length):
            raise self.corrupt(f"has {count} values of type {dtype!r} in its array {key!r}, which cannot be")
        return VerifiedArray(self._blocks, np.dtype(dtype), count, offset, rule, key)

    def _entry(self, key: str) -> tuple[str, int, int]:
        try:
            return self._entries[key]
        except KeyError:
            raise self.corrupt(f"lacks the array {key!r}") from None

    def verify(self) -> None:
        """Read the whole file again; CorruptIndexError at the first block whose checksum differs."""
        self._blocks.verify()

    def release(self) -> None:
        """Let the system take back the memory that read pages of the file are counted for; they stay readable."""
        if isinstance(self._bytes.obj, mmap.mmap):
            self._bytes.obj.madvise(mmap.MADV_DONTNEED)

    def corrupt(self, what: str) -> CorruptIndexError:
        """The error to raise when something about the file is impossible."""
        return _corrupt(self._where, what)


def _corrupt(where: str, what: str) -> CorruptIndexError:
    return CorruptIndexError(f"the index file {where!r} {what}; see `arsearch check`")
