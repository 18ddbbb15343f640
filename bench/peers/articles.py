"""The file of articles that all contestants read. No language parses the format much faster than another.

An article is three lengths in bytes (32 bits, big-endian), followed by id, title and body in UTF-8.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.corpus import Digest

__all__ = ["append_articles", "read_articles", "write_articles"]

_LENGTHS = struct.Struct(">III")
_BUFFER = 1 << 20


def write_articles(docs: Iterable[Mapping[str, Any]], path: Path) -> Digest:
    """Write the articles to a new file and return their digest. A lone surrogate becomes a question mark."""
    from bench.corpus import Digest  # not at the top: its imports would add to the memory of every contestant

    digest = Digest()
    path.unlink(missing_ok=True)
    append_articles(docs, path, digest)
    return digest


def append_articles(docs: Iterable[Mapping[str, Any]], path: Path, digest: Digest) -> None:
    """Append articles to a file and add them to `digest`."""
    with path.open("ab") as file:
        for doc in docs:
            digest.add(doc)
            parts = [doc[name].encode("utf-8", "replace") for name in ("id", "title", "body")]
            file.write(_LENGTHS.pack(*map(len, parts)) + b"".join(parts))


def read_articles(path: Path, limit: int = 0) -> Iterator[dict[str, str]]:
    """Yield the first `limit` articles, or all if `limit` is 0."""
    numbers = range(limit) if limit else itertools.count()
    with path.open("rb", buffering=_BUFFER) as file:
        for _ in numbers:
            head = file.read(_LENGTHS.size)
            if not head:
                return
            id, title, body = _LENGTHS.unpack(head)
            data = file.read(id + title + body)
            yield {
                "id": data[:id].decode("utf-8"),
                "title": data[id : id + title].decode("utf-8"),
                "body": data[id + title :].decode("utf-8"),
            }
