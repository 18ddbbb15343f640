"""The stored fields of the documents of a segment that Whoosh wrote.

    NAME_<segment>.seg    all files of the segment, one after another, and a pickled directory of them
    ..._stored.col        the stored fields; a file of its own, or part of the .seg file

The column has, for each document, a zlib stream of a pickled dict, or nothing. The lengths of all streams follow, then,
for many documents, their offsets, which the lengths imply; then the array types of both.
Source: whoosh 2.7.4, its codec/whoosh3.py, columns.py and filedb/compound.py.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from arsearch.errors import InputError
from arsearch.readers.lines import LONGEST, too_long
from arsearch.readers.streams import CHUNK, MOST_TIMES
from arsearch.readers.whoosh.pickle_machine import unpickled
from arsearch.readers.whoosh.toc import LARGEST, Segment, text_items

__all__ = ["stored_documents"]

_FORMATS = {"B": "B", "H": ">H", "i": ">i", "I": ">I"}
"""Python's array types of lengths and offsets, and their formats for `struct`: big-endian."""


def stored_documents(segment: Segment, data: memoryview) -> Iterator[tuple[int, bytes | InputError]]:
    """Yield for each live document its number and its pickled fields, or the problem of this document.

    A document without stored fields has empty bytes. `data` is the content of `segment.file`. Raises `InputError` if
    the remaining documents cannot be read.
    """
    try:
        column = _member(data, f"{segment.name}._stored.col") if segment.compound else data
        lengths, end = _lengths(segment.docs, column)
    except (struct.error, IndexError) as error:
        raise InputError("the stored fields are damaged or cut short") from error
    total = sum(length for (length,) in struct.iter_unpack(*lengths))
    if total != end or any(length < 0 for (length,) in struct.iter_unpack(*lengths)):
        raise InputError(f"the lengths of the stored fields add up to {total:,} bytes, there are {end:,}")
    start = unpacked = 0
    for number, (length,) in enumerate(struct.iter_unpack(*lengths)):
        if unpacked > max(LONGEST, MOST_TIMES * start):
            raise InputError(
                f"{start:,} bytes unpack to more than {LONGEST:,} bytes and {MOST_TIMES} times their size; "
                "the rest was not read"
            )
        start += length
        if number in segment.deleted:
            continue
        pieces, before = [], unpacked
        try:
            for piece in _inflated(column[start - length : start]):
                unpacked += len(piece)
                pieces.append(piece)
                if unpacked - before > LONGEST:
                    raise InputError(too_long("a document"))
        except InputError as problem:
            yield number, problem
        else:
            yield number, b"".join(pieces)


def _member(data: memoryview, name: str) -> memoryview:
    """Return the member `name` of a .seg file."""
    place, length = struct.unpack_from(">qi", data)
    if not (place >= 0 and 0 <= length <= min(LARGEST, len(data) - place)):
        raise IndexError
    directory = unpickled(bytes(data[place : place + length]), {})
    entry = dict(text_items(dict(text_items(directory)).get(name)))
    start, size = entry.get("offset"), entry.get("length")
    if (
        type(start) is not int
        or type(size) is not int
        or not (0 <= start <= len(data) and 0 <= size <= len(data) - start)
    ):
        raise InputError("the segment's directory lacks a valid place of its stored fields")
    return data[start : start + size]


def _lengths(docs: int, column: memoryview) -> tuple[tuple[str, memoryview], int]:
    """Return the lengths of the documents' streams, as arguments of `struct.iter_unpack`, and where they begin."""
    end = len(column) - 1
    code = chr(column[end])
    if code == "X":
        end -= 2
        end -= docs * struct.calcsize(_format(chr(column[end + 1])))
        code = chr(column[len(column) - 3])
    format = _format(code)
    start = end - docs * struct.calcsize(format)
    if start < 0:
        raise InputError(f"{docs:,} documents cannot be in {len(column):,} bytes")
    return (format, column[start:end]), start


def _format(code: str) -> str:
    if code not in _FORMATS:
        raise InputError(f"the lengths of the stored fields have the type {code!r}, which Whoosh does not write")
    return _FORMATS[code]


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """Yield the decompressed bytes of a zlib stream, in pieces of at most `CHUNK` bytes; nothing for an empty stream."""
    inflater = zlib.decompressobj()
    try:
        for start in range(0, len(packed), CHUNK):
            rest: memoryview | bytes = packed[start : start + CHUNK]
            while rest and not inflater.eof:
                yield inflater.decompress(rest, CHUNK)
                rest = inflater.unconsumed_tail
        while packed and not inflater.eof:
            piece = inflater.decompress(b"", CHUNK)
            if not piece:
                raise InputError("its stored fields are cut short")
            yield piece
    except zlib.error as error:
        raise InputError(f"its stored fields are damaged ({error})") from error
