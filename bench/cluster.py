"""Does an index on a cluster give the answers of the embedded index, and how fast?

    python tools/opensearch_node/nodes.py 3 -- python -m bench.cluster --corpus news/docs.jsonl.xz --queries news/queries.jsonl

The address of a node is in `$ARSEARCH_OPENSEARCH`. All indexes get the same articles, the cluster one index for each number of
`--shards`. Each query, and each of `--random` searches of every kind (phrases, patterns, misspellings, exclusions, fields, dates,
filters, sorting, collapsing, levels), runs once in both kinds before the clock starts, and its answers are compared: the first
ten hits in order, the totals, the facets, and the scores. Queries are not corrected.

A query's time is the median of `--repeat` runs without facets; hits are read with their snippets. `--any` also measures
searches with any of the words, which match many articles, and the approximate ones of `exact=False`. "client ms" and "nodes ms"
are the processor time of one article that is added, or of one search: of this process and its workers, and of the nodes. The
nodes share the machine with this process, which flatters neither.

`--keep FOLDER` keeps all indexes, and a further run uses them: so a quiet hour is needed for the searches alone. `--generate`
takes that many articles of `bench.generator` in the place of the corpus; they have neither dates nor sources.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch.errors import InputError
from bench.answers.queries import Search
from bench.cluster_answers import HITS, Agreement, random_searches
from bench.corpus import Digest, add_corpus_arguments, add_query_arguments, latency_queries, read_docs, write_docs
from bench.generator import Generator
from bench.machine import describe_machine, log_progress, print_report, run, table
from bench.query import median_times

__all__ = ["main"]

_COMMIT_EVERY = 20_000
_LOADING = ("index", "articles", "articles/s", "client ms", "nodes ms", "MB")
_AGREEMENT = ("index", "searches", "first ten", "totals", "facets", "largest difference")
_SEARCHING = ("index", "words", "p50 ms", "p95 ms", "client ms", "nodes ms", "same first ten")


def main(arguments: list[str] | None = None) -> None:
    """Fill the indexes, compare them, and print the report."""
    options = _parser().parse_args(arguments)
    url = os.environ.get("ARSEARCH_OPENSEARCH", "")
    if not url.startswith("http"):
        raise InputError("ARSEARCH_OPENSEARCH does not hold the URL of a node, such as http://127.0.0.1:9200")
    texts = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    shards = [int(number) for number in options.shards.split(",")]
    clocks = _Clocks(url)
    with _folder(options.keep) as folder:
        docs, digest = _docs(options, folder)
        indexes = {"embedded": arsearch.open(folder / "index", create=True)}
        for count, location in zip(shards, _locations(url, folder, shards, options.replicas), strict=True):
            indexes[f"{count} shard{'s' * (count > 1)}"] = arsearch.open(location, create=True)
        loading = []
        for name, index in indexes.items():
            kept = len(index) == len(indexes["embedded"]) > 0
            row = {} if kept else _load(index, docs, options.limit, digest.articles, options.workers, clocks)
            articles = len(index)  # also closes the commit before the merge, which holds the old segments
            loading.append({"index": name, "articles": articles, **row, "MB": index.stats().bytes / 1e6})
        agreement, different = _compare_all(indexes, texts, _random(options, docs), any_words=options.any)
        searching = _measure_all(indexes, texts, options.repeat, clocks, any_words=options.any)
        for index in indexes.values():
            index.close()
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(texts), "hosts": len(url.split(","))},
        "loading": loading,
        "agreement": agreement,
        "searching": searching,
        "different": different,
    }
    tables = [
        ("Loading", table(loading, _LOADING)),
        ("Agreement", table(agreement, _AGREEMENT)),
        ("Searching", table(searching, _SEARCHING)),
    ]
    print_report(report, tables, as_json=options.json, notes=different)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    add_query_arguments(parser)
    parser.add_argument("--shards", default="3", help="numbers of shards, an index for each (default 3)")
    parser.add_argument("--replicas", default="0-1", help="copies of each shard (default %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that analyse articles (default 1)")
    parser.add_argument("--any", action="store_true", help="search with any of the words too, also with exact=False")
    parser.add_argument("--random", type=int, default=0, help="random searches of every kind to compare (default 0)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random searches and the generator (default 1)")
    parser.add_argument("--repeat", type=int, default=3, help="measured runs of each query (default 3)")
    parser.add_argument("--generate", type=int, default=0, help="generate that many articles from the corpus")
    parser.add_argument("--keep", type=Path, help="keep the indexes; FOLDER gets the embedded one")
    return parser


class _Clocks:
    """The processor time of this process with its workers, and of all nodes."""

    def __init__(self, url: str) -> None:
        self._stats = f"{url.partition(',')[0]}/_nodes/stats/process"

    def read(self) -> tuple[float, float]:
        """Return both times in milliseconds since the start of each process."""
        times = os.times()
        with urllib.request.urlopen(self._stats, timeout=60) as answer:
            nodes = json.load(answer)["nodes"].values()
        own = times.user + times.system + times.children_user + times.children_system
        return own * 1000, math.fsum(node["process"]["cpu"]["total_in_millis"] for node in nodes)

    def since(self, before: tuple[float, float], count: int) -> dict[str, float]:
        """Return the time for each of `count` items since `before`."""
        own, nodes = ((end - begin) / count for begin, end in zip(before, self.read(), strict=True))
        return {"client ms": own, "nodes ms": nodes}


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _docs(options: argparse.Namespace, folder: Path) -> tuple[Path, Digest]:
    """Return the file of the articles, and the digest of those that are indexed."""
    if options.generate:
        generator = Generator(read_docs(options.corpus, options.limit), options.seed)
        options.limit = 0
        return folder / "docs.jsonl", write_docs(generator.articles(options.generate), folder / "docs.jsonl")
    digest = Digest()
    for doc in read_docs(options.corpus, options.limit):
        digest.add(doc)
    return options.corpus, digest


def _random(options: argparse.Namespace, docs: Path) -> list[Search]:
    if not options.random:
        return []
    return list(random_searches(list(read_docs(docs, options.limit)), options.random, options.seed))


def _locations(url: str, folder: Path, shards: Sequence[int], replicas: str) -> Iterator[str]:
    hosts = ",".join(one.partition("://")[2] for one in url.split(","))
    for count in shards:
        yield f"opensearch://{hosts}/bench-{folder.name.lower()}-{count}?shards={count}&replicas={replicas}&deadline=300"


def _load(
    index: arsearch.Index, docs: Path, limit: int, articles: int, workers: int, clocks: _Clocks
) -> dict[str, float]:
    """Add the articles, return the times for each, and merge the index."""
    before, start = clocks.read(), time.perf_counter()
    if index.backend.location.startswith("opensearch"):
        index.add(read_docs(docs, limit), workers=workers, commit_every=_COMMIT_EVERY)
    else:
        index.add(read_docs(docs, limit))
    row = {"articles/s": articles / (time.perf_counter() - start), **clocks.since(before, articles)}
    log_progress(f"{index.backend.location}: {row}")
    index.optimize()
    return row


def _compare_all(
    indexes: Mapping[str, arsearch.Index], texts: Sequence[str], random: Sequence[Search], *, any_words: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return a row for each index on the cluster and each kind of searches, and the searches with different answers."""
    kinds = {"queries": [Search(text, {}) for text in texts]}
    if any_words:
        kinds["queries, any word"] = [Search(text, {"mode": "any"}) for text in texts]
    if random:
        kinds["random"] = list(random)
    rows, different = [], []
    for name, index in indexes.items():
        for kind, searches in kinds.items() if name != "embedded" else ():
            agreement = Agreement()
            for search in searches:
                agreement.compare(indexes["embedded"], index, search)
            rows.append({"index": name, "searches": kind, **agreement.to_dict()})
            different += [f"{name}: {one}" for one in agreement.different]
            log_progress(str(rows[-1]))
    return rows, different


def _measure_all(
    indexes: Mapping[str, arsearch.Index], texts: Sequence[str], repeat: int, clocks: _Clocks, *, any_words: bool
) -> list[dict[str, Any]]:
    """Return a row for each index and each way to search."""
    ways: dict[str, dict[str, Any]] = {"auto": {}}
    if any_words:
        ways |= {"any": {"mode": "any"}, "any, approximate": {"mode": "any", "exact": False}}
    rows = []
    for name, index in indexes.items():
        for words, how in ways.items():
            if name == "embedded" and "exact" in how:
                continue
            row = {"index": name, "words": words, **_measure(index, texts, repeat, how, clocks)}
            if "exact" in how:
                row["same first ten"] = _same_first_ten(index, texts, how)
            rows.append(row)
            log_progress(str(row))
    return rows


def _measure(
    index: arsearch.Index, texts: Sequence[str], repeat: int, how: Mapping[str, Any], clocks: _Clocks
) -> dict[str, float]:
    def search(text: str) -> int:
        results = index.search(text, limit=HITS, correct=False, **how)
        return sum(len(hit.snippet.html) for hit in results)

    before = clocks.read()
    p50, p95 = np.percentile(median_times(search, texts, repeat), [50, 95]).tolist()
    return {"p50 ms": p50, "p95 ms": p95, **clocks.since(before, len(texts) * repeat)}


def _same_first_ten(cluster: arsearch.Index, texts: Sequence[str], how: Mapping[str, Any]) -> str:
    """Return how many of the queries with an approximate page have the exact one."""
    same = approximate = 0
    for text in texts:
        found = cluster.search(text, limit=HITS, correct=False, **how)
        if any(note.startswith("the page was chosen") for note in found.notes):
            exact = cluster.search(text, limit=HITS, correct=False, **{**how, "exact": True})
            approximate += 1
            same += [hit.id for hit in found] == [hit.id for hit in exact]
    return f"{same} of {approximate}"


if __name__ == "__main__":
    run(main)
