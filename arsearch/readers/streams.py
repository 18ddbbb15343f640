"""The bytes of one input: opened, decompressed, capped, in chunks of bounded size.

Compression is told by the first bytes, never by the name, so a misnamed file or a pipe reads all the same. A stream
that is damaged or cut short delivers everything before the damage, then raises `InputError`.
Sources: RFC 1952 (gzip), the .xz file format 1.2.0 (magic bytes, concatenated streams, zero padding).
"""

from __future__ import annotations

import itertools
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from arsearch.errors import InputError

__all__ = ["CHUNK", "MOST_TIMES", "STDIN", "UNPACKED", "Stream", "decompressed", "file_chunks", "stdin_chunks"]

STDIN = "-"
CHUNK = 1 << 18
SAMPLE = 1 << 16
_GZIP_MAGIC = b"\x1f\x8b"
_XZ_MAGIC = b"\xfd7zXZ\0"
_GZIP_WBITS = 31  # zlib's way of asking for a gzip header and trailer, checksum verified
UNPACKED = 1 << 30
MOST_TIMES = 100
"""What is packed may unpack to `UNPACKED` bytes, or if that is more, to so many times what was read of it: Arabic text
packs 4 to 10 times, while a crafted file packs a thousand times and more. `max_bytes` takes the place of both."""
_XZ_MEMORY = 1 << 28  # bytes; `xz -9` needs 2^26, a crafted header may ask for 2^32


def file_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file or named pipe. Raises `InputError` if it cannot be opened or read."""
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise InputError(_why(error)) from error


def stdin_chunks() -> Iterator[bytes]:
    """The bytes of standard input, which is left open. Raises `InputError` if there is none."""
    stdin: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stdin is None:
        raise InputError("there is no standard input; name a file instead")
    read: Callable[[int], bytes] = getattr(stdin, "read1", stdin.read)
    try:
        while chunk := read(CHUNK):
            yield chunk
    except (OSError, ValueError) as error:  # ValueError: closed
        raise InputError(_why(error)) from error


def decompressed(chunks: Iterable[bytes], max_bytes: int | None = None) -> Iterator[bytes]:
    """`chunks` with gzip or xz undone if the first bytes say so, at most `max_bytes` of the result.

    Raises `InputError` after the last good byte when the data is damaged, cut short, longer than `max_bytes`, or when
    without `max_bytes` it unpacks to so much that it can only be meant to fill the disk.
    """
    packed = _Counted(chunks)
    chunks = iter(packed)
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(_XZ_MAGIC):
            break
    plain: Iterator[bytes] = itertools.chain((first,) if first else (), chunks)
    if first.startswith(_GZIP_MAGIC):
        plain = _translated(_gunzipped(plain), "gzip")
    elif first.startswith(_XZ_MAGIC):
        plain = _translated(_unxzed(plain), "xz")
    elif max_bytes is None:
        return plain
    return _plausible(plain, packed) if max_bytes is None else _capped(plain, max_bytes)


class _Counted:
    """Chunks, and how many bytes of them were read up to now."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            yield chunk


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj(_GZIP_WBITS)
    for chunk in chunks:
        while chunk:
            if decoder.eof:
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    break
                decoder = zlib.decompressobj(_GZIP_WBITS)
            if out := decoder.decompress(chunk, CHUNK):
                yield out
            chunk = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if not decoder.eof:
        raise EOFError


def _unxzed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    for chunk in chunks:
        while chunk or not (decoder.eof or decoder.needs_input):
            if decoder.eof:
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    break
                decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
            if out := decoder.decompress(chunk, CHUNK):
                yield out
            chunk = decoder.unused_data if decoder.eof else b""
    if not decoder.eof:
        raise EOFError


def _translated(chunks: Iterator[bytes], kind: str) -> Iterator[bytes]:
    try:
        yield from chunks
    except EOFError:
        raise InputError(f"the {kind} data is cut short here; what came before it was read") from None
    except (zlib.error, lzma.LZMAError) as error:
        raise InputError(f"the {kind} data is damaged here ({error}); what came before it was read") from error


def _plausible(chunks: Iterator[bytes], packed: _Counted) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max(UNPACKED, MOST_TIMES * packed.size):
            raise InputError(
                f"{packed.size:,} bytes unpack to more than {UNPACKED:,} and {MOST_TIMES} times as many here; "
                "the rest was not read; give max_bytes (--max-bytes) if that is right"
            )
        yield chunk


def _capped(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    left = max_bytes
    for chunk in chunks:
        if len(chunk) > left:
            if left:
                yield chunk[:left]
            raise InputError(f"longer than the limit of {max_bytes:,} bytes; the rest was not read (max_bytes)")
        left -= len(chunk)
        yield chunk


class Stream:
    """Chunks whose first bytes have been looked at: `head` holds up to 64 KiB or so, iteration gives them all.

    A failure within the head waits until iteration comes to it. `complete`: the head is the whole input.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._first: list[bytes] = []
        self._failure: InputError | None = None
        self.complete = False
        size = 0
        try:
            while size < SAMPLE:
                chunk = next(chunks, None)
                if chunk is None:
                    self.complete = True
                    break
                self._first.append(chunk)
                size += len(chunk)
        except InputError as failure:
            self._failure = failure
        self.head = b"".join(self._first)[:SAMPLE]
        if self._failure and not self.head:
            raise self._failure

    def __iter__(self) -> Iterator[bytes]:
        while self._first:
            yield self._first.pop(0)
        if self._failure:
            raise self._failure
        yield from self._chunks


def _why(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"cannot be read: {reason}; check the path and its permissions"
