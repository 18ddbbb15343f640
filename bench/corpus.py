"""The documents and queries that benchmarks run on: JSON lines, plain or compressed."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from arsearch.errors import InputError
from arsearch.evaluation import Query, read_queries

__all__ = [
    "Digest",
    "add_corpus_arguments",
    "add_query_arguments",
    "find_docs",
    "latency_queries",
    "read_docs",
    "write_docs",
]

_OPENERS = {".xz": lzma.open, ".gz": gzip.open}
_NAMES = ("docs.jsonl", "docs.jsonl.xz", "docs.jsonl.gz")


def add_corpus_arguments(parser: argparse.ArgumentParser, *, limit: int | None) -> None:
    """Add the options of every benchmark over a corpus. A default `limit` of None means the whole corpus."""
    parser.add_argument("--corpus", type=Path, required=True, help="docs.jsonl[.xz|.gz], or a folder that has one")
    default = "all" if limit is None else f"{limit:,}"
    parser.add_argument(
        "--limit", type=int, default=limit or 0, help=f"first articles only, 0 for all (default {default})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def add_query_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of every benchmark that runs queries."""
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")


def find_docs(path: Path) -> Path:
    """Return the documents file: `path` itself, or the one in the folder `path`. Raise `InputError` if there is none."""
    for candidate in (path, *(path / name for name in _NAMES)):
        if candidate.is_file():
            return candidate
    raise InputError(f"{path}: no documents; give a file of JSON lines, or a folder with {', '.join(_NAMES)}")


def read_docs(path: Path, limit: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the first `limit` documents, or all if `limit` is 0, in the file's order.

    Raise `InputError` with the line number for a line that is no document.
    """
    path = find_docs(path)
    opener: Any = _OPENERS.get(path.suffix, open)
    file: IO[str]
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(itertools.islice(file, limit or None), 1):
            try:
                doc = json.loads(line)
                yield {**doc, "id": str(doc["id"]), "title": doc.get("title") or "", "body": doc.get("body") or ""}
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError(f"{path}, line {number}: not a document with an id: {error!r}") from error


def write_docs(docs: Iterable[Mapping[str, Any]], path: Path) -> Digest:
    """Write documents as JSON lines and return their digest."""
    digest = Digest()
    with path.open("w", encoding="utf-8") as file:
        for doc in docs:
            digest.add(doc)
            file.write(json.dumps(doc, ensure_ascii=False) + "\n")
    return digest


class Digest:
    """The number of documents, the UTF-8 bytes of their titles and bodies, and a hash of ids, titles and bodies."""

    def __init__(self) -> None:
        self.articles = 0
        self.bytes = 0
        self._hash = hashlib.sha256()

    def add(self, doc: Mapping[str, Any]) -> None:
        """Add a document to the counts and the hash."""
        text = [doc[name].encode("utf-8", "surrogatepass") for name in ("title", "body")]
        self.articles += 1
        self.bytes += sum(map(len, text))
        for part in (doc["id"].encode("utf-8", "surrogatepass"), *text):
            self._hash.update(len(part).to_bytes(8, "big") + part)

    @property
    def megabytes(self) -> float:
        """The size of titles and bodies in millions of bytes."""
        return self.bytes / 1e6

    def to_dict(self) -> dict[str, Any]:
        """Return the figures and the first 12 digits of the hash. Equal documents in equal order have equal hashes."""
        return {
            "articles": self.articles,
            "megabytes": round(self.megabytes, 2),
            "sha256": self._hash.hexdigest()[:12],
        }


def latency_queries(path: Path, limit: int = 0) -> list[Query]:
    """Return the first `limit` queries of a file, or all if `limit` is 0."""
    return read_queries(path)[: limit or None]
