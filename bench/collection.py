"""A test collection: documents with distractors beside them, queries, judgements, and groups of queries."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arsearch.errors import InputError
from arsearch.evaluation import Qrels, Query, query_groups, read_qrels, read_queries
from bench.corpus import Digest, read_docs

__all__ = ["Collection", "add_distractor_arguments", "load_collection"]


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder's documents, then the distractors; the queries that are judged; their groups.

    `family` is the folder's name, `name` tells the distractors too.

    Queries are grouped that have a relevant document, or the title of one, in common: passages of one article
    and questions about one passage.
    """

    name: str
    family: str
    docs: tuple[dict[str, Any], ...]
    queries: tuple[Query, ...]
    qrels: Qrels
    groups: Mapping[str, str]
    distractors: int

    def to_dict(self) -> dict[str, Any]:
        """What it amounts to."""
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
    """Add the options that put other documents beside the judged ones."""
    parser.add_argument("--distractors", type=Path, help="documents to add that answer no query")
    parser.add_argument(
        "--distractors-limit", type=int, default=5000, help="how many of them, 0 for all (default 5,000)"
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
    """Read docs.jsonl[.xz] (of the folder `docs` if given), queries.jsonl and qrels.tsv of a folder.

    Raises `InputError` naming what is wrong.
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
    return Collection(name, folder.name, tuple(articles), tuple(queries), qrels, groups, len(articles) - own)
