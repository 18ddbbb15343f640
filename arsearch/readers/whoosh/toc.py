"""The table of contents of an index that Whoosh wrote: the segments of its newest commit and their deleted documents.

    _NAME_<generation>.toc    three sizes, byte order, version, release; the pickled schema, which is skipped; the
                              generation; the pickled segments

Whoosh is not imported, and no pickle is run (`pickle_machine`). Source: whoosh 2.7.4, its index.py and
codec/whoosh3.py; later forks write the same format.
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

__all__ = ["LARGEST", "Commit", "Segment", "newest_commit", "read_file", "text_items"]

LARGEST = 16 << 20
"""The most bytes of a table of contents, or of a segment's directory."""

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
    """A segment, as the table of contents describes it."""

    name: str
    docs: int
    """The number of its documents, deleted ones included."""

    deleted: frozenset[int]
    """The numbers of the deleted documents, from 0 in each segment."""

    compound: bool
    """Whether one .seg file holds all its files."""

    @property
    def file(self) -> str:
        """The name of the file that has the stored fields."""
        return f"{self.name}.seg" if self.compound else f"{self.name}._stored.col"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a Whoosh index."""

    name: str
    """The name of the index."""

    generation: int
    release: str
    """The release of Whoosh that wrote it, such as `2.7.4`."""

    segments: tuple[Segment, ...]


def newest_commit(directory: Directory, name: str | None = None) -> Commit:
    """Return the newest commit of the index `name`, or of the only index in the folder.

    Raises `NotAnIndexError` if there is no such index, `IndexVersionError` if its version is not that of Whoosh 2.7, and
    `CorruptIndexError` if it is damaged or names a class other than Whoosh 2.7's own segment and codec.
    """
    place = repr(directory.location)
    if latest_generation(directory) >= 0:
        raise NotAnIndexError(f"{place} is an arsearch index; `arsearch export` writes its articles")
    generations: dict[str, int] = {}
    for file in directory.names():
        if match := _TOC.fullmatch(file):
            generations[match["name"]] = max(int(match["generation"]), generations.get(match["name"], -1))
    if not generations:
        raise NotAnIndexError(
            f"{place} is not a native Whoosh index: no commit left a table of contents, such as _MAIN_1.toc"
        )
    names = ", ".join(map(repr, sorted(generations)))
    if name is None and len(generations) > 1:
        raise NotAnIndexError(f"{place} has the Whoosh indexes {names}; give the name of one")
    name = next(iter(generations)) if name is None else name
    if name not in generations:
        raise NotAnIndexError(f"{place} has no Whoosh index {name!r}; it has {names}")
    file = f"_{name}_{generations[name]}.toc"
    data = read_file(directory, file)
    try:
        if len(data) > LARGEST:
            raise InputError(f"it has {len(data):,} bytes; let Whoosh optimize the index")
        return _parse(name, generations[name], bytes(data))
    except (InputError, struct.error, IndexError) as error:
        raise CorruptIndexError(
            f"the table of contents {directory.location}/{file} cannot be read ({error})"
        ) from error


def read_file(directory: Directory, file: str) -> memoryview:
    """Return the bytes of a file of the index.

    Raises `FileNotFoundError` if there is none, and `CorruptIndexError` for links, pipes and unreadable files.
    """
    try:
        return directory.read(file)
    except CorruptIndexError as error:  # its advice is for our own indexes
        raise CorruptIndexError(f"the file {directory.location}/{file} cannot be read ({error.__cause__})") from error


def _parse(name: str, generation: int, data: bytes) -> Commit:
    sizes, at = data[:3], 3
    order, version = struct.unpack_from(">ii", data, at)
    at += 8
    if sizes != b"\x04\x08\x04" or order != -12345:
        raise InputError("its first bytes are wrong, or it was written on another kind of machine")
    if version != _VERSION:
        raise IndexVersionError(
            f"the Whoosh index {name!r} has version {version}, arsearch reads {_VERSION}; "
            "rewrite it with Whoosh 2.7: index.optimize()"
        )
    release = []
    for _ in range(3):
        number, at = _varint(data, at)
        release.append(str(number))
    length, at = _varint(data, at)
    at += length
    if struct.unpack_from(">ii", data, at)[0] != generation:
        raise InputError("it belongs to another generation")
    entries = unpickled(data[at + 8 :], _MAKERS)
    if type(entries) is not list:
        raise InputError("it does not list segments")
    segments = tuple(_segment(name, entry) for entry in entries)
    if len({segment.name for segment in segments}) < len(segments):
        raise InputError("it names a segment twice")
    return Commit(name, generation, ".".join(release), segments)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the integer at `at`, seven bits a byte, lowest first, and the offset after it."""
    value = 0
    for shift in range(0, 63, 7):
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise InputError("a number in it does not end")


def _segment(name: str, entry: Any) -> Segment:
    state = dict(text_items(entry.state)) if type(entry) is Object and entry.name == "W3Segment" else {}
    id, docs, deleted = state.get("segid"), state.get("_doccount"), state.get("_deleted") or []
    if type(id) is not str or not re.fullmatch("[0-9a-z]{1,64}", id) or state.get("indexname") != name:
        raise InputError(f"impossible name of a segment: {id!r:.100}")
    if type(docs) is not int or not 0 <= docs < 1 << 32 or type(deleted) is not list:
        raise InputError(f"impossible number of documents: {docs!r:.100}")
    if not all(type(number) is int and 0 <= number < docs for number in deleted):
        raise InputError("a deleted document that does not exist")
    return Segment(f"{name}_{id}", docs, frozenset(deleted), state.get("compound") is True)


def text_items(pairs: Any) -> Iterator[tuple[str, Any]]:
    """Yield the pairs whose keys are text; none if `pairs` is not a dict."""
    return ((key, value) for key, value in pairs if type(key) is str) if type(pairs) is Pairs else iter(())
