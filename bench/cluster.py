"""Does an index on a cluster give the answers of the embedded index, and how fast?

    python tools/opensearch_node/nodes.py 3 -- python -m bench.cluster --corpus news/docs.jsonl.xz --queries news/queries.jsonl

The address of a node is in `$ARSEARCH_OPENSEARCH`. Both indexes get the same articles. Each query runs once in both before the
clock starts, and its answers are compared: the first ten hits in order, the totals, the facets of sources and months, and the
scores. Queries are not corrected. A query's time is the median of `--repeat` runs without facets; hits are read with their
snippets. The nodes share the machine with this process, which flatters neither.

"client ms" and "nodes ms" are the processor time of an article that is added: of this process and its workers, and of the nodes.
`--any` searches with any of the words, so that queries match many articles, and "approximate" is then `exact=False`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch.errors import InputError
from bench.corpus import Digest, add_corpus_arguments, add_query_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table
from bench.query import median_times

__all__ = ["main"]

HITS = 10
_CLOSE = 1e-5
_FACETS = ("source", "month")


def main(arguments: list[str] | None = None) -> None:
    """Fill both indexes, compare them, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    add_query_arguments(parser)
    parser.add_argument("--shards", type=int, default=3, help="shards of the index (default 3)")
    parser.add_argument("--workers", type=int, default=1, help="processes that analyse articles (default 1)")
    parser.add_argument("--any", action="store_true", help="search with any of the words")
    parser.add_argument("--repeat", type=int, default=3, help="measured runs of each query (default 3)")
    options = parser.parse_args(arguments)
    url = os.environ.get("ARSEARCH_OPENSEARCH", "")
    if not url.startswith("http"):
        raise InputError("ARSEARCH_OPENSEARCH does not hold the URL of a node, such as http://127.0.0.1:9200")
    texts = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    hosts = ",".join(one.partition("://")[2] for one in url.split(","))
    name = f"bench-{os.getpid()}-{time.time_ns()}"
    digest = Digest()
    for doc in read_docs(options.corpus, options.limit):
        digest.add(doc)
    with tempfile.TemporaryDirectory() as folder:
        embedded = arsearch.open(Path(folder) / "index", create=True)
        cluster = arsearch.open(f"opensearch://{hosts}/{name}?shards={options.shards}", create=True)
        rows = []
        for title, index in (("embedded", embedded), ("cluster", cluster)):
            workers = options.workers if title == "cluster" else 1
            start, before = time.perf_counter(), (_own_seconds(), _node_seconds(url))
            index.add(read_docs(options.corpus, options.limit), workers=workers)
            took, after = time.perf_counter() - start, (_own_seconds(), _node_seconds(url))
            client, nodes = ((end - begin) * 1000 / digest.articles for begin, end in zip(before, after, strict=True))
            rows.append({"index": title, "articles/s": digest.articles / took, "client ms": client, "nodes ms": nodes})
        how: dict[str, Any] = {"mode": "any"} if options.any else {}
        agreement = _compare(embedded, cluster, texts, how)
        for row, index in zip(rows, (embedded, cluster), strict=True):
            row |= _times(index, texts, options.repeat, how)
        if options.any:
            times = _times(cluster, texts, options.repeat, {**how, "exact": False})
            rows.append({"index": "approximate", **times, "same first ten": _same_first_ten(cluster, texts, how)})
        embedded.close()
        cluster.close()
    columns = ("index", "articles/s", "client ms", "nodes ms", "p50 ms", "p95 ms", "same first ten")
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(texts), "shards": options.shards, "hosts": len(url.split(","))},
        "agreement": agreement,
        "rows": rows,
    }
    tables = [("Agreement", table([agreement], tuple(agreement))), ("Speed", table(rows, columns))]
    print_report(report, tables, as_json=options.json)


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _node_seconds(url: str) -> float:
    """Return the processor time of all nodes since they started."""
    with urllib.request.urlopen(f"{url.partition(',')[0]}/_nodes/stats/process", timeout=60) as answer:
        nodes = json.load(answer)["nodes"].values()
    return math.fsum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1000


def _same_first_ten(cluster: arsearch.Index, texts: list[str], how: Mapping[str, Any]) -> str:
    """Return how many of the queries with an approximate page have the exact one."""
    same = approximate = 0
    for text in texts:
        found = cluster.search(text, limit=HITS, correct=False, exact=False, **how)
        if any(note.startswith("the page was chosen") for note in found.notes):
            exact = cluster.search(text, limit=HITS, correct=False, **how)
            approximate += 1
            same += [hit.id for hit in found] == [hit.id for hit in exact]
    return f"{same} of {approximate}"


def _compare(
    embedded: arsearch.Index, cluster: arsearch.Index, texts: list[str], how: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the shares of the queries with equal answers, and the largest relative difference of two scores."""
    same = dict.fromkeys(("first ten", "totals", "facets"), 0)
    furthest = 0.0
    for text in texts:
        one, other = (
            index.search(text, limit=HITS, facets=_FACETS, correct=False, **how) for index in (embedded, cluster)
        )
        ids = [hit.id for hit in one], [hit.id for hit in other]
        same["first ten"] += ids[0] == ids[1]
        same["totals"] += (one.total, one.total_complete) == (other.total, other.total_complete)
        same["facets"] += one.facets == other.facets
        scores = {hit.id: hit.score for hit in other}
        for hit in one:
            if hit.id in scores and not math.isclose(hit.score, scores[hit.id], rel_tol=_CLOSE / 1000):
                furthest = max(furthest, abs(hit.score - scores[hit.id]) / hit.score)
    return {name: f"{count} of {len(texts)}" for name, count in same.items()} | {
        "largest difference": f"{furthest:.1e}"
    }


def _times(index: arsearch.Index, texts: list[str], repeat: int, how: Mapping[str, Any]) -> dict[str, float]:
    def search(text: str) -> int:
        results = index.search(text, limit=HITS, correct=False, **how)
        return sum(len(hit.snippet.html) for hit in results)

    p50, p95 = np.percentile(median_times(search, texts, repeat), [50, 95]).tolist()
    return {"p50 ms": p50, "p95 ms": p95}


if __name__ == "__main__":
    run(main)
