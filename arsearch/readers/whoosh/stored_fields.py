"""What a segment that Whoosh wrote has stored of its documents.

    NAME_<segment>.seg    the segment's files one after another, and a pickled directory of them; or they are apart
    ..._stored.col        a zlib stream of a pickled dict for each document, or nothing; then the lengths of all, and
                          for many documents their places, which follow from them; then the types of both

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
from arsearch.readers.whoosh.toc import LARGEST, Segment, texts

__all__ = ["stored"]

_TYPES = {"B": "B", "H": ">H", "i": ">i", "I": ">I"}
"""Python's types of arrays that lengths and places are written in, the most significant byte first."""


def stored(segment: Segment, data: memoryview) -> Iterator[tuple[int, bytes | InputError]]:
    """Of each document not deleted its number and its pickled fields, empty if nothing is stored of it, or what is wrong.

    `data` is the segment's `file`. Raises `InputError` where all that follows cannot be read.
    """
    try:
        column = _member(data, f"{segment.name}._stored.col") if segment.compound else data
        lengths, end = _lengths(segment.docs, column)
    except (struct.error, IndexError) as error:
        raise InputError("the stored fields are damaged or cut short") from error
    packed = sum(length for (length,) in struct.iter_unpack(*lengths))
    if packed != end or any(length < 0 for (length,) in struct.iter_unpack(*lengths)):
        raise InputError(f"the lengths of the stored fields add up to {packed:,} bytes, there are {end:,}")
    start = unpacked = 0
    for number, (length,) in enumerate(struct.iter_unpack(*lengths)):
        if unpacked > max(LONGEST, MOST_TIMES * start):
            raise InputError(
                f"{start:,} bytes unpack to more than {LONGEST:,} and {MOST_TIMES} times as many; the rest was not read"
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
    """One of the files that are in a .seg file."""
    place, length = struct.unpack_from(">qi", data)
    if not (place >= 0 and 0 <= length <= min(LARGEST, len(data) - place)):
        raise IndexError
    directory = unpickled(bytes(data[place : place + length]), {})
    entry = dict(texts(dict(texts(directory)).get(name)))
    start, size = entry.get("offset"), entry.get("length")
    if (
        type(start) is not int
        or type(size) is not int
        or not (0 <= start <= len(data) and 0 <= size <= len(data) - start)
    ):
        raise InputError("the segment's directory does not say where its stored fields are")
    return data[start : start + size]


def _lengths(docs: int, column: memoryview) -> tuple[tuple[str, memoryview], int]:
    """The lengths of the documents' stored fields, for `struct.iter_unpack`, and where they begin in the column."""
    end = len(column) - 1
    code = chr(column[end])
    if code == "X":
        end -= 2
        end -= docs * struct.calcsize(_type(chr(column[end + 1])))
        code = chr(column[len(column) - 3])
    format = _type(code)
    start = end - docs * struct.calcsize(format)
    if start < 0:
        raise InputError(f"{docs:,} documents cannot be in {len(column):,} bytes")
    return (format, column[start:end]), start


def _type(code: str) -> str:
    if code not in _TYPES:
        raise InputError(f"stored fields with lengths of the type {code!r}")
    return _TYPES[code]


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """The pieces of what a zlib stream unpacks to; of nothing, nothing."""
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
