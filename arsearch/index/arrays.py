"""A file of named arrays: one header, then the arrays, mapped and never copied.

Layout, little endian:

    8 bytes   magic, b"ARSEG" + 2 zero bytes + the container's version
    8 bytes   length of the header
    4 bytes   CRC-32 of the header, then 4 zero bytes
    header    JSON: {"meta": {...}, "size": bytes of the file, "arrays": {name: [dtype, length, offset, CRC-32]}}
    arrays    each at an offset divisible by 64

All arrays have one dimension. Opening checks magic, header, size and every bound; `verify` also
reads each array and checks its CRC-32.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from arsearch.errors import CorruptIndexError, IndexVersionError
from arsearch.index.storage import Buffer, Storage, read_file

__all__ = ["Array", "ArrayFile", "raw_bytes", "smallest_uint", "steps", "write_arrays"]

Array = npt.NDArray[Any]

_MAGIC = b"ARSEG\0\0"
_VERSION = 1
_HEAD = struct.Struct("<8sQI4x")
_ALIGN = 64
_DTYPES = ("|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f8")


def smallest_uint(values: Array) -> Array:
    """`values` in the narrowest unsigned type that holds them all."""
    top = int(values.max()) if len(values) else 0
    return values.astype(np.min_scalar_type(top) if top else np.uint8, copy=False)


def raw_bytes(values: Array) -> bytes | memoryview:
    """The bytes of an array, not copied."""
    return values.data.cast("B") if values.size else b""


def steps(bounds: Array) -> Array:
    """The sizes of the stretches between neighbouring `bounds`."""
    difference: Array = bounds[1:].astype(np.int64) - bounds[:-1].astype(np.int64)
    return difference


def write_arrays(
    storage: Storage, name: str, arrays: Mapping[str, Array], meta: Mapping[str, Any], *, durable: bool
) -> int:
    """Write `arrays` and the JSON values `meta` as one file; its size in bytes."""
    little = {key: np.ascontiguousarray(value.astype(value.dtype.newbyteorder("<"))) for key, value in arrays.items()}
    # The header holds the offsets, and its own length moves them: offsets count from its end, rounded up.
    entries: dict[str, tuple[str, int, int, int]] = {}
    offset = 0
    for key, value in little.items():
        entries[key] = (
            value.dtype.str,
            len(value),
            offset,
            zlib.crc32(raw_bytes(value)),
        )
        offset = _aligned(offset + value.nbytes)
    header = json.dumps({"meta": meta, "size": offset, "arrays": entries}, ensure_ascii=True).encode()

    def chunks() -> Iterator[Buffer]:
        head = _HEAD.pack(_MAGIC + bytes([_VERSION]), len(header), zlib.crc32(header)) + header
        yield head + bytes(_aligned(len(head)) - len(head))
        for value in little.values():
            yield raw_bytes(value)
            yield bytes(_aligned(value.nbytes) - value.nbytes)

    return storage.write(name, chunks(), durable=durable)


def _aligned(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN


class ArrayFile:
    """An opened file of arrays: `meta`, `array(name)`, `size`."""

    def __init__(self, storage: Storage, name: str) -> None:
        self.name = name
        self._where = f"{storage.location}/{name}"
        self._bytes = read_file(storage, name)
        self.size = len(self._bytes)
        if self.size < _HEAD.size:
            raise self._corrupt("is cut short")
        magic, length, crc = _HEAD.unpack_from(self._bytes)
        if magic[:7] != _MAGIC:
            raise self._corrupt("is not a segment file")
        if magic[7] != _VERSION:
            raise IndexVersionError(f"{self._where!r} has container version {magic[7]}; this arsearch reads {_VERSION}")
        if length > self.size - _HEAD.size:
            raise self._corrupt("is cut short")
        header = bytes(self._bytes[_HEAD.size : _HEAD.size + length])
        if zlib.crc32(header) != crc:
            raise self._corrupt("has a damaged header")
        try:
            content = json.loads(header)
            self.meta: dict[str, Any] = content["meta"]
            self._entries: dict[str, list[Any]] = content["arrays"]
            size = content["size"]
            self._base = _aligned(_HEAD.size + length)
            for key, (dtype, count, offset, _) in self._entries.items():
                if dtype not in _DTYPES or not 0 <= offset <= offset + count * np.dtype(dtype).itemsize <= size:
                    raise self._corrupt(f"has an impossible array {key!r}")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if isinstance(error, CorruptIndexError):
                raise
            raise self._corrupt("has a damaged header") from error
        if self._base + size != self.size:
            raise self._corrupt(f"has {self.size} bytes where its header says {self._base + size}")

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def names(self) -> list[str]:
        """The arrays' names, in the order they were written."""
        return list(self._entries)

    def array(self, key: str) -> Array:
        """The array of that name, read only; CorruptIndexError if there is none."""
        try:
            dtype, count, offset, _ = self._entries[key]
        except KeyError:
            raise self._corrupt(f"lacks the array {key!r}") from None
        return np.frombuffer(self._bytes, dtype=dtype, count=count, offset=self._base + offset)

    def raw(self, key: str) -> memoryview:
        """The bytes of the array of that name."""
        _, _, offset, _ = self._entries[key]
        return self._bytes[self._base + offset : self._base + offset + self.array(key).nbytes]

    def verify(self) -> None:
        """Read every array; CorruptIndexError naming the first whose checksum differs."""
        for key, (_, count, _, crc) in self._entries.items():
            if count and zlib.crc32(self.raw(key)) != crc:
                raise self._corrupt(f"has a damaged array {key!r}")

    def _corrupt(self, what: str) -> CorruptIndexError:
        return CorruptIndexError(
            f"the index file {self._where!r} {what}; restore it from a backup or index the articles again"
        )
