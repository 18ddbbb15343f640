"""The container: a file of named arrays, mapped and never copied, each block verified when it is first read.

Layout, little endian:

    header     b"ARSEG", 2 zero bytes and the container's version in 1 byte; zero bytes up to offset 64
    arrays     each at an offset divisible by 64, with zero bytes in between
    directory  JSON: {"meta": {...}, "arrays": {name: [dtype, length, offset in the file]}}
    checksums  a CRC-32 in 4 bytes for each 16 KiB of header and arrays; the last block may be shorter
    tail       8 bytes length of the directory, 8 bytes number of checksums, 4 bytes CRC-32 of both, 4 zero bytes

The directory comes last, so a file is written in one pass and arrays may be made while they are written. Opening a file
verifies its version, the directory, the list of checksums and the bounds of every array. The content of an array is
verified block by block as it is read. All arrays have one dimension.
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
"""The version of the container that is written; versions from `_MIN_VERSION` on are read."""

_TAIL = struct.Struct("<QQI4x")
_ALIGN = 64
_DTYPES = ("|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8")
_MAX_DIRECTORY = 4 << 20
"""The size of the largest directory read, in bytes: enough for thousands of fields."""


class ArrayStream(NamedTuple):
    """An array that is written part by part, each part made when it is due."""

    dtype: Any
    parts: Iterable[Array]


def narrowest(values: Array) -> Array:
    """Return `values` in the narrowest unsigned type that holds them all; no copy is made if they have it already."""
    largest = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(largest) if largest else np.uint8, copy=False)


def raw_bytes(values: Array) -> bytes | memoryview:
    """Return the bytes of an array without copying them."""
    return values.data.cast("B") if values.size else b""


def differences(offsets: Array) -> Array:
    """Return the sizes of the ranges between neighbouring `offsets`, one fewer than there are offsets."""
    sizes: Array = offsets[1:].astype(np.int64) - offsets[:-1].astype(np.int64)
    return sizes


def write_arrays(
    directory: Directory,
    name: str,
    arrays: Mapping[str, Array] | Iterable[tuple[str, Array | ArrayStream]],
    meta: Mapping[str, Any],
    *,
    durable: bool,
) -> int:
    """Write `arrays`, in the order given, and the JSON object `meta` to one file, and return its size in bytes."""
    named = arrays.items() if isinstance(arrays, Mapping) else arrays
    return directory.write(name, _chunks(named, meta), durable=durable)


def _chunks(named: Iterable[tuple[str, Array | ArrayStream]], meta: Mapping[str, Any]) -> Iterator[Buffer]:
    checksums = _Checksums()
    entries: dict[str, tuple[str, int, int]] = {}
    yield checksums.add((_MAGIC + bytes([_VERSION])).ljust(_ALIGN, b"\0"))
    for name, values in named:
        dtype, parts = values if isinstance(values, ArrayStream) else (values.dtype, (values,))
        little = np.dtype(dtype).newbyteorder("<")
        start = checksums.size
        for part in parts:
            yield checksums.add(raw_bytes(np.ascontiguousarray(part, dtype=little)))
        entries[name] = (little.str, (checksums.size - start) // little.itemsize, start)
        yield checksums.add(bytes(-checksums.size % _ALIGN))
    directory = json.dumps({"meta": meta, "arrays": entries}, ensure_ascii=True).encode()
    packed = np.array(checksums.values(), "<u4").tobytes()
    yield directory + packed
    yield _TAIL.pack(len(directory), len(packed) // 4, zlib.crc32(directory + packed))


class _Checksums:
    """Computes the CRC-32 of each block of the bytes written to a file."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[int] = []
        self._running = 0

    def add(self, chunk: Buffer) -> Buffer:
        """Take the next bytes, and return them unchanged."""
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

    def values(self) -> list[int]:
        """Return the checksums of all blocks, the last of which may be short."""
        return [*self._full, self._running] if self.size % BLOCK else self._full


class ArrayFile:
    """An opened file of arrays.

    Opening raises IndexVersionError for a container version that this release does not read, and CorruptIndexError for
    a file that is cut short or has a damaged directory.
    """

    def __init__(self, directory: Directory, name: str) -> None:
        self.name = name
        self._where = f"{directory.location}/{name}"
        self._bytes = read_file(directory, name)
        self.size = len(self._bytes)
        directory_json, checksums, end = self._read_directory()
        try:
            content = json.loads(directory_json)
            self.meta: dict[str, Any] = dict(content["meta"])
            self._entries: dict[str, tuple[str, int, int]] = {}
            for key, (dtype, count, offset) in dict(content["arrays"]).items():
                valid = type(count) is int and type(offset) is int and count >= 0 and offset >= _ALIGN
                if dtype not in _DTYPES or not valid or offset % _ALIGN or offset + count * int(dtype[2]) > end:
                    raise ValueError(f"impossible array {key!r}")
                self._entries[key] = dtype, count, offset
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self.corrupt(f"has a damaged directory ({error})") from error
        # Not `self.corrupt`: a reference cycle would leave closing the file to the garbage collector.
        self._blocks = ChecksummedBlocks(self._bytes[:end], checksums, partial(_corrupt, self._where))

    def _read_directory(self) -> tuple[bytes, Array, int]:
        """Return the directory, the checksums, and the offset where the directory begins."""
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
        if length > _MAX_DIRECTORY:
            raise self.corrupt(f"has a directory of {length:,} bytes, at most {_MAX_DIRECTORY:,} are possible")
        if end < _ALIGN or zlib.crc32(self._bytes[end:tail]) != crc or count != -(-end // BLOCK):
            raise self.corrupt("is cut short, or has a damaged directory")
        return bytes(self._bytes[end : end + length]), np.frombuffer(self._bytes[end + length : tail], "<u4"), end

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order they were written."""
        return list(self._entries)

    @property
    def content(self) -> memoryview:
        """The bytes of the file, of which only the directory is verified; they stay readable when the file is removed."""
        return self._bytes

    def length(self, key: str) -> int:
        """Return the number of values of an array; raise CorruptIndexError if the file lacks it."""
        return self._entry(key)[1]

    def array(
        self, key: str, length: int | None = None, *, kind: str = "", rule: Validator | None = None
    ) -> VerifiedArray:
        """Return the array of that name, read-only.

        `length` is the number of values it must have. `kind` is a letter, "u", "i" or "f", and the largest number of
        bytes a value may take; an empty `kind` allows any type. Raises CorruptIndexError if the file lacks the array, or
        the array does not fit; reading values that break the `rule` raises it, too.
        """
        dtype, count, offset = self._entry(key)
        fits = not kind or (dtype[1] == kind[0] and dtype[2] <= kind[1])
        if not fits or (length is not None and count != length):
            raise self.corrupt(f"has {count} values of type {dtype!r} in its array {key!r}, which is impossible")
        return VerifiedArray(self._blocks, np.dtype(dtype), count, offset, rule, key)

    def _entry(self, key: str) -> tuple[str, int, int]:
        try:
            return self._entries[key]
        except KeyError:
            raise self.corrupt(f"lacks the array {key!r}") from None

    def verify(self) -> None:
        """Read the whole file again; raise CorruptIndexError at the first block whose checksum differs."""
        self._blocks.verify()

    def release(self) -> None:
        """Let the system take back the memory of pages that were read; they stay readable."""
        if isinstance(self._bytes.obj, mmap.mmap):
            self._bytes.obj.madvise(mmap.MADV_DONTNEED)

    def corrupt(self, what: str) -> CorruptIndexError:
        """Return the error to raise for the file; `what` continues a sentence that begins with its name."""
        return _corrupt(self._where, what)


def _corrupt(where: str, what: str) -> CorruptIndexError:
    return CorruptIndexError(f"the index file {where!r} {what}; see `arsearch check`")
