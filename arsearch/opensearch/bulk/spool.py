"""The operations since the last commit, in order, in a temporary file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any, NamedTuple, cast

from arsearch.opensearch.documents import key_of

__all__ = ["Operation", "Spool", "deletion", "encoded"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DELETE = b'{"delete"'


class Operation(NamedTuple):
    """The lines of one operation in a bulk request, and the id of its document."""

    lines: bytes
    id: str


def deletion(id: str) -> Operation:
    """Return the operation that deletes a document."""
    return Operation(_encode({"delete": {"_id": key_of(id)}}).encode() + b"\n", id)


def encoded(id: str, document: dict[str, Any]) -> bytes:
    """Return the lines of the operation that puts a document."""
    action = _encode({"index": {"_id": key_of(id)}})
    return f"{action}\n{_encode(document)}\n".encode()


class Spool:
    """Operations in order, up to `memory` bytes in memory and then in a file; the ids stay in memory.

    `repeats` tells whether a document has several operations: these must be sent one after another.
    """

    def __init__(self, memory: int) -> None:
        self._file = _temporary_file(memory)
        self._ids: list[str] = []
        self._seen: set[str] = set()
        self.repeats = False

    def put(self, id: str, document: dict[str, Any]) -> None:
        """Add the operation that puts a document."""
        self.write(id, encoded(id, document))

    def delete(self, id: str) -> None:
        """Add the operation that deletes a document."""
        self.write(id, deletion(id).lines)

    def write(self, id: str, lines: bytes) -> None:
        """Add an operation by its lines."""
        self.repeats = self.repeats or id in self._seen
        self._seen.add(id)
        self._ids.append(id)
        self._file.write(lines)

    def operations(self) -> Iterator[Operation]:
        """Yield the operations in order."""
        self._file.seek(0)
        for id in self._ids:
            line = self._file.readline()
            yield Operation(line if line.startswith(_DELETE) else line + self._file.readline(), id)

    def close(self) -> None:
        """Forget the operations."""
        self._file.close()


def _temporary_file(memory: int) -> IO[bytes]:
    return cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=memory))
