"""Our files of arrays in a Whoosh storage: those of a folder are mapped, those of any other are read into memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from whoosh.filedb.filestore import FileStorage as WhooshFileStorage
from whoosh.filedb.filestore import Storage as WhooshStorage

from arsearch.index.codec.array_file import Array, ArrayFile, write_arrays
from arsearch.index.store.directory import FSDirectory, RAMDirectory

__all__ = ["open_arrays", "read_bytes", "save_arrays"]


def save_arrays(
    storage: WhooshStorage, name: str, arrays: Iterable[tuple[str, Array]], meta: Mapping[str, Any]
) -> None:
    """Write a file of arrays."""
    if isinstance(storage, WhooshFileStorage):
        write_arrays(FSDirectory(storage.folder), name, arrays, meta, durable=False)
        return
    memory = RAMDirectory()
    write_arrays(memory, name, arrays, meta, durable=False)
    with contextlib.closing(storage.create_file(name)) as file:
        file.write(bytes(memory.read(name)))


def open_arrays(storage: WhooshStorage, name: str) -> ArrayFile:
    """Open a file of arrays; CorruptIndexError if it is none or damaged."""
    if isinstance(storage, WhooshFileStorage):
        return ArrayFile(FSDirectory(storage.folder), name)
    memory = RAMDirectory()
    memory.write(name, [read_bytes(storage, name)], durable=False)
    return ArrayFile(memory, name)


def read_bytes(storage: WhooshStorage, name: str) -> bytes:
    """All of a file."""
    with contextlib.closing(storage.open_file(name)) as file:
        return bytes(file.read())
