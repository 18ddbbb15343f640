"""The documents that benchmarks run on: JSON lines, plain or compressed."""

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

__all__ = ["Digest", "add_corpus_arguments", "find_docs", "latency_queries", "read_docs", "write_docs"]

_OPENERS = {".xz": lzma.open, ".gz": gzip.open}
_NAMES = ("docs.jsonl", "docs.jsonl.xz", "docs.jsonl.gz")


def add_corpus_arguments(parser: argparse.ArgumentParser, *, limit: int | None) -> None:
    """Add the options that every benchmark over a corpus takes; `limit` 0 means all of it."""
    parser.add_argument("--corpus", type=Path, required=True, help="docs.jsonl[.xz|.gz], or a folder that has one")
    default = "all" if limit is None else f"{limit:,}"
    parser.add_argument(
        "--limit", type=int, default=limit or 0, help=f"first articles only, 0 for all (default {default})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def find_docs(path: Path) -> Path:
    """The file of documents at `path`, itself or in the folder. Raises `InputError` if there is none."""
    for candidate in (path, *(path / name for name in _NAMES)):
        if candidate.is_file():
            return candidate
    raise InputError(f"{path}: no documents; give a file of JSON lines, or a folder with {', '.join(_NAMES)}")


def read_docs(path: Path, limit: int = 0) -> Iterator[dict[str, Any]]:
    """The first `limit` documents (all if 0), as in the file. Raises `InputError` with the line."""
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
    """Write documents as JSON lines and tell what they amount to."""
    digest = Digest()
    with path.open("w", encoding="utf-8") as file:
        for doc in docs:
            digest.add(doc)
            file.write(json.dumps(doc, ensure_ascii=False) + "\n")
    return digest


class Digest:
    """Counts documents and the UTF-8 bytes of their titles and bodies, and hashes ids, titles and bodies."""

    def __init__(self) -> None:
        self.articles = 0
        self.bytes = 0
        self._hash = hashlib.sha256()

    def add(self, doc: Mapping[str, Any]) -> None:
        """Count a document in."""
        text = [doc[name].encode("utf-8", "surrogatepass") for name in ("title", "body")]
        self.articles += 1
        self.bytes += sum(map(len, text))
        for part in (doc["id"].encode("utf-8", "surrogatepass"), *text):
            self._hash.update(len(part).to_bytes(8, "big") + part)

    @property
    def megabytes(self) -> float:
        """Millions of bytes of text."""
        return self.bytes / 1e6

    def to_dict(self) -> dict[str, Any]:
        """The figures and the start of the hash, which is that of the same documents in the same order."""
        return {
            "articles": self.articles,
            "megabytes": round(self.megabytes, 2),
            "sha256": self._hash.hexdigest()[:12],
        }


def latency_queries(path: Path, limit: int = 0) -> list[Query]:
    """The first `limit` queries of a file (all if 0)."""
    return read_queries(path)[: limit or None]
