"""The bytes of one input: opened, decompressed and limited, in chunks of bounded size.

The first bytes tell the compression, never the name: a misnamed file or a pipe is read as well. Damaged or truncated
data is delivered up to the damage; then `InputError` is raised.
Sources: RFC 1952 (gzip); the .xz file format 1.2.0 (magic bytes, concatenated streams, zero padding); the format of
bzip2 1.0 (magic bytes, concatenated streams).
"""

from __future__ import annotations

import bz2
import itertools
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from arsearch.errors import InputError

__all__ = ["CHUNK", "MOST_TIMES", "STDIN", "UNPACKED", "StoredChunks", "Stream", "file_chunks", "stdin_chunks"]

STDIN = "-"
CHUNK = 1 << 18
SAMPLE = 1 << 16
"""Bytes of the head that encodings and formats are guessed from."""

UNPACKED = 1 << 30
MOST_TIMES = 100
"""Compressed data may expand to the larger of `UNPACKED` bytes and `MOST_TIMES` times the bytes read. Arabic text
expands 4 to 10 times, a crafted file a thousand times and more. `max_bytes` replaces both limits."""

_GZIP_MAGIC = b"\x1f\x8b"
_XZ_MAGIC = b"\xfd7zXZ\0"
_BZIP2_MAGIC = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")  # a block or, in an empty file, the end follows
_LONGEST_MAGIC = 10
_GZIP_WBITS = 31  # makes zlib expect a gzip header and trailer and verify the checksum
_XZ_MEMORY = 1 << 28  # bytes; `xz -9` needs 2^26, a crafted header may request 2^32


def file_chunks(path: Path) -> Generator[bytes, None, None]:
    """Yield the bytes of a file or named pipe. Raises `InputError` if it cannot be opened or read."""
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise InputError(_reason(error)) from error


def stdin_chunks() -> Generator[bytes, None, None]:
    """Yield the bytes of standard input and leave it open. Raises `InputError` if there is none."""
    stdin: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stdin is None:
        raise InputError("there is no standard input; name a file instead")
    read: Callable[[int], bytes] = getattr(stdin, "read1", stdin.read)
    try:
        while chunk := read(CHUNK):
            yield chunk
    except (OSError, ValueError) as error:  # ValueError: standard input is closed
        raise InputError(_reason(error)) from error


class StoredChunks:
    """The chunks of a file as they are stored, which count themselves. Iterate once."""

    def __init__(self, chunks: Generator[bytes, None, None]) -> None:
        self._chunks = chunks
        self.position = 0
        """The number of bytes delivered."""

    def close(self) -> None:
        """Close the file. Further iteration ends at once."""
        self._chunks.close()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.position += len(chunk)
            yield chunk


class Stream:
    """The decompressed chunks of a file, whose beginning has been read already. Iterate once, from the first byte.

    Iteration raises `InputError` after the last good byte if the data is damaged, truncated or longer than `max_bytes`.
    Without `max_bytes`, compressed data must not expand beyond `UNPACKED` and `MOST_TIMES`. A failure within the head is
    raised when iteration reaches it, and at once if there is no byte before it.
    """

    def __init__(self, stored: StoredChunks, max_bytes: int | None = None) -> None:
        self._stored = stored
        self._chunks = _decompressed(stored, max_bytes)
        self._first: list[bytes] = []
        self._failure: InputError | None = None
        self.complete = False
        """Whether `head` is the whole input."""
        size = 0
        try:
            while size < SAMPLE:
                chunk = next(self._chunks, None)
                if chunk is None:
                    self.complete = True
                    break
                self._first.append(chunk)
                size += len(chunk)
        except InputError as failure:
            self._failure = failure
        self.head = b"".join(self._first)[:SAMPLE]
        """The first bytes, at most `SAMPLE`."""
        if self._failure and not self.head:
            self.close()
            raise self._failure

    @property
    def position(self) -> int:
        """The number of stored bytes read: compressed bytes of compressed data. It is up to `CHUNK` ahead."""
        return self._stored.position

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._stored.close()

    def __iter__(self) -> Iterator[bytes]:
        while self._first:
            yield self._first.pop(0)
        if self._failure:
            raise self._failure
        yield from self._chunks


def _decompressed(stored: StoredChunks, max_bytes: int | None) -> Iterator[bytes]:
    """Return the chunks, decompressed if the first bytes are those of gzip, xz or bzip2, within the limits."""
    chunks = iter(stored)
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= _LONGEST_MAGIC:
            break
    plain: Iterator[bytes] = itertools.chain((first,) if first else (), chunks)
    if first.startswith(_GZIP_MAGIC):
        plain = _with_input_errors(_gunzipped(plain), "gzip")
    elif first.startswith(_XZ_MAGIC):
        plain = _with_input_errors(_unxzed(plain), "xz")
    elif _BZIP2_MAGIC.match(first):
        plain = _with_input_errors(_bunzipped(plain), "bzip2")
    elif max_bytes is None:
        return plain
    return _within_expansion(plain, stored) if max_bytes is None else _within_size(plain, max_bytes)


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


def _bunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = bz2.BZ2Decompressor()
    for chunk in chunks:
        while chunk or not (decoder.eof or decoder.needs_input):
            if decoder.eof:
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    break
                decoder = bz2.BZ2Decompressor()
            if out := decoder.decompress(chunk, CHUNK):
                yield out
            chunk = decoder.unused_data if decoder.eof else b""
    if not decoder.eof:
        raise EOFError


def _with_input_errors(chunks: Iterator[bytes], compression: str) -> Iterator[bytes]:
    """Yield the chunks; raise the decompressor's errors as `InputError`."""
    try:
        yield from chunks
    except EOFError:
        raise InputError(f"the {compression} data is cut short here; the part before was read") from None
    except (zlib.error, lzma.LZMAError, OSError) as error:
        raise InputError(f"the {compression} data is damaged here ({error}); the part before was read") from error


def _within_expansion(chunks: Iterator[bytes], stored: StoredChunks) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max(UNPACKED, MOST_TIMES * stored.position):
            raise InputError(
                f"{stored.position:,} bytes unpack to more than {UNPACKED:,} bytes and {MOST_TIMES} times their size "
                "here; the rest was not read; give max_bytes (--max-bytes) if the file is right"
            )
        yield chunk


def _within_size(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    left = max_bytes
    for chunk in chunks:
        if len(chunk) > left:
            if left:
                yield chunk[:left]
            raise InputError(f"longer than the limit of {max_bytes:,} bytes; the rest was not read (max_bytes)")
        left -= len(chunk)
        yield chunk


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"cannot be read: {reason}; check the path and its permissions"
