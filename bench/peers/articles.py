"""The articles as every contestant reads them: no format that one language parses faster than another.

For each article three lengths in bytes (32 bits, big-endian), then id, title and body in UTF-8.
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
    """Write id, title and body of each and tell what they amount to. A lone surrogate becomes a question mark."""
    from bench.corpus import Digest  # here, lest its imports count as the memory of every contestant

    digest = Digest()
    path.unlink(missing_ok=True)
    append_articles(docs, path, digest)
    return digest


def append_articles(docs: Iterable[Mapping[str, Any]], path: Path, digest: Digest) -> None:
    """Write further articles to the end of a file, and count them in."""
    with path.open("ab") as file:
        for doc in docs:
            digest.add(doc)
            parts = [doc[name].encode("utf-8", "replace") for name in ("id", "title", "body")]
            file.write(_LENGTHS.pack(*map(len, parts)) + b"".join(parts))


def read_articles(path: Path, limit: int = 0) -> Iterator[dict[str, str]]:
    """The first `limit` articles, all if 0, one at a time."""
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
