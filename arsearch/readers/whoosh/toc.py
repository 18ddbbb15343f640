"""The table of contents of an index that Whoosh wrote: which segments there are, and what was deleted of them.

    _NAME_<generation>.toc    three sizes, byte order, version, release; the schema, pickled, which is passed over;
                              the generation; the segments, pickled

Nothing of Whoosh is imported, and no pickle is run (`pickles`). Source: whoosh 2.7.4, its index.py and codec/whoosh3.py;
the later forks write the same.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from arsearch.errors import CorruptIndexError, IndexVersionError, InputError, NotAnIndexError
from arsearch.index.commits.manifest import latest_generation
from arsearch.index.store.directory import Directory
from arsearch.readers.whoosh.pickle_machine import Makers, Object, Pairs, unpickled

__all__ = ["LARGEST", "Contents", "Segment", "contents", "read", "texts"]

LARGEST = 16 << 20
"""Bytes of a table of contents, or of a segment's directory."""

_TOC = re.compile(r"_(?P<name>.+)_(?P<generation>0|[1-9][0-9]{0,17})\.toc")
_VERSION = -111
_MAKERS: Makers = {
    "whoosh.codec.whoosh3.W3Segment": lambda *_: Object("W3Segment"),
    "whoosh.codec.whoosh3.W3Codec": lambda *_: Object("W3Codec"),
    "collections.defaultdict": lambda *_: Pairs(),
    "builtins.int": lambda *_: 0,
    "builtins.set": lambda items=(), *_: items,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """What the table of contents says of a segment: its file, its documents, and which of these are deleted."""

    name: str
    docs: int
    deleted: frozenset[int]
    compound: bool

    @property
    def file(self) -> str:
        """The file that stored fields are in."""
        return f"{self.name}.seg" if self.compound else f"{self.name}._stored.col"


@dataclass(frozen=True, slots=True)
class Contents:
    """A commit of a Whoosh index: the index's name, the release of Whoosh, the segments."""

    name: str
    generation: int
    release: str
    segments: tuple[Segment, ...]


def contents(directory: Directory, name: str | None = None) -> Contents:
    """The newest commit of the index of that name, or of the only one in the folder.

    Raises `NotAnIndexError` if there is none, `IndexVersionError` if it is not of the version that Whoosh 2.7 writes,
    `CorruptIndexError` if it is damaged, or names anything but the segments and codec that Whoosh 2.7 has itself.
    """
    place = repr(directory.location)
    if latest_generation(directory) >= 0:
        raise NotAnIndexError(f"{place} is an arsearch index; `arsearch export` gets its articles out")
    found: dict[str, int] = {}
    for file in directory.names():
        if match := _TOC.fullmatch(file):
            found[match["name"]] = max(int(match["generation"]), found.get(match["name"], -1))
    if not found:
        raise NotAnIndexError(
            f"{place} is no index of Whoosh's: no commit left a table of contents, _MAIN_1.toc or the like"
        )
    known = ", ".join(map(repr, sorted(found)))
    if name is None and len(found) > 1:
        raise NotAnIndexError(f"{place} has the Whoosh indexes {known}; give the name of one")
    name = next(iter(found)) if name is None else name
    if name not in found:
        raise NotAnIndexError(f"{place} has no Whoosh index {name!r}; it has {known}")
    file = f"_{name}_{found[name]}.toc"
    data = read(directory, file)
    try:
        if len(data) > LARGEST:
            raise InputError(f"it has {len(data):,} bytes; let Whoosh optimize the index")
        return _contents(name, found[name], bytes(data))
    except (InputError, struct.error, IndexError) as error:
        raise CorruptIndexError(
            f"the table of contents {directory.location}/{file} cannot be read ({error})"
        ) from error


def read(directory: Directory, file: str) -> memoryview:
    """The bytes of a file of the index; FileNotFoundError if it is gone, links and pipes are refused."""
    try:
        return directory.read(file)
    except CorruptIndexError as error:  # its advice is for our own indexes
        raise CorruptIndexError(f"the file {directory.location}/{file} cannot be read ({error.__cause__})") from error


def _contents(name: str, generation: int, data: bytes) -> Contents:
    sizes, at = data[:3], 3
    order, version = struct.unpack_from(">ii", data, at)
    at += 8
    if sizes != b"\x04\x08\x04" or order != -12345:
        raise InputError("it does not begin as one, or was written on another kind of machine")
    if version != _VERSION:
        raise IndexVersionError(
            f"the Whoosh index {name!r} has version {version}, arsearch reads {_VERSION}; "
            "let Whoosh 2.7, which writes that one, write it anew: index.optimize()"
        )
    release = []
    for _ in range(3):
        number, at = _varint(data, at)
        release.append(str(number))
    length, at = _varint(data, at)
    at += length
    if struct.unpack_from(">ii", data, at)[0] != generation:
        raise InputError("it is of another generation")
    listed = unpickled(data[at + 8 :], _MAKERS)
    if type(listed) is not list:
        raise InputError("it does not list segments")
    segments = tuple(_segment(name, entry) for entry in listed)
    if len({segment.name for segment in segments}) < len(segments):
        raise InputError("it names a segment twice")
    return Contents(name, generation, ".".join(release), segments)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, seven bits a byte, the lowest first; and the place after it."""
    value = 0
    for shift in range(0, 63, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise InputError("a number in it does not end")


def _segment(name: str, entry: Any) -> Segment:
    state = dict(texts(entry.state)) if type(entry) is Object and entry.name == "W3Segment" else {}
    id, docs, deleted = state.get("segid"), state.get("_doccount"), state.get("_deleted") or []
    if type(id) is not str or not re.fullmatch("[0-9a-z]{1,64}", id) or state.get("indexname") != name:
        raise InputError(f"impossible name of a segment: {id!r:.100}")
    if type(docs) is not int or not 0 <= docs < 1 << 32 or type(deleted) is not list:
        raise InputError(f"impossible number of documents: {docs!r:.100}")
    if not all(type(number) is int and 0 <= number < docs for number in deleted):
        raise InputError("a deleted document that there is not")
    return Segment(f"{name}_{id}", docs, frozenset(deleted), state.get("compound") is True)


def texts(pairs: Any) -> Iterator[tuple[str, Any]]:
    """The pairs whose keys are text."""
    return ((key, value) for key, value in pairs if type(key) is str) if type(pairs) is Pairs else iter(())
