"""A test collection: documents, distractors, queries, judgements, and groups of queries."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arsearch.errors import InputError
from arsearch.evaluation import Qrels, Query, query_groups, read_qrels, read_queries
from bench.corpus import Digest, read_docs

__all__ = ["Collection", "add_distractor_arguments", "load_collection"]


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents of a folder followed by the distractors, the judged queries, and the group of each query.

    `family` is the name of the folder; `name` also gives the number of distractors. Two queries are in one group if
    they share a relevant document or the title of one: questions about one passage, or about passages of one article.
    """

    name: str
    family: str
    docs: tuple[dict[str, Any], ...]
    queries: tuple[Query, ...]
    qrels: Qrels
    groups: Mapping[str, str]
    distractors: int
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of each query, such as "misspelt", for sets whose queries have kinds."""

    def to_dict(self) -> dict[str, Any]:
        """Return the name, the digest of the documents, and the numbers of distractors, queries and groups."""
        digest = Digest()
        for doc in self.docs:
            digest.add(doc)
        return {
            "name": self.name,
            **digest.to_dict(),
            "of them distractors": self.distractors,
            "queries": len(self.queries),
            "groups": len(set(self.groups.values())),
        }


def add_distractor_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options for distractors and for the number of queries."""
    parser.add_argument("--distractors", type=Path, help="further documents, none of them relevant to a query")
    parser.add_argument(
        "--distractors-limit", type=int, default=5000, help="first distractors only, 0 for all (default 5,000)"
    )
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")


def load_collection(
    folder: Path,
    *,
    docs: Path | None = None,
    distractors: Path | None = None,
    distractors_limit: int = 5000,
    queries_limit: int = 0,
) -> Collection:
    """Return the collection of docs.jsonl[.xz], queries.jsonl and qrels.tsv in `folder`.

    With `docs`, read the documents from there instead. Raise `InputError` for a missing or malformed file, or repeated
    ids.
    """
    articles = list(read_docs(docs or folder))
    own = len(articles)
    if distractors is not None:
        articles += read_docs(distractors, distractors_limit)
    if len({doc["id"] for doc in articles}) < len(articles):
        raise InputError(f"{folder}: document ids repeat, in it or with the distractors")
    qrels = read_qrels(folder / "qrels.tsv")
    queries = [query for query in read_queries(folder / "queries.jsonl") if query.id in qrels]
    queries = queries[: queries_limit or None]
    titles = {doc["id"]: doc["title"].strip() for doc in articles[:own]}
    groups = query_groups({query.id: qrels[query.id] for query in queries}, titles)
    name = folder.name if len(articles) == own else f"{folder.name} + {len(articles) - own:,}"
    kinds = _read_kinds(folder / "queries.jsonl")
    return Collection(name, folder.name, tuple(articles), tuple(queries), qrels, groups, len(articles) - own, kinds)


def _read_kinds(file: Path) -> dict[str, str]:
    """Return the kind of each query of a file that has been read, by its id; queries without a kind are left out."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return {str(row["id"]): row["kind"] for row in rows if "kind" in row}
