"""How large is an index on a cluster, and how fast is it filled, by `Index.add` and by `feed` in processes?

    python tools/opensearch_node/nodes.py 3 -- python -m bench.feeding --corpus news/docs.jsonl.xz --processes 1,2

The address of a node is in `$ARSEARCH_OPENSEARCH`. The same articles go into an index in a folder and into the cluster, each time
into a new index. Text is the UTF-8 of titles and bodies; the size of the cluster's index is that of one copy, after merging.
Client seconds are the processor time of this process and its workers. The last table multiplies: it shows what larger
collections would take at these rates and sizes, which nobody has measured. The nodes share the machine with the clients.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import arsearch
from arsearch.errors import InputError
from arsearch.opensearch import begin_load, feed, finish_load
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.location import read_location
from bench.corpus import Digest, add_corpus_arguments, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_MILLIONS = (1, 5, 20)
_HOUR = 3600
_GIGABYTE = 1e9
_PARTS = 8


def main(arguments: list[str] | None = None) -> None:
    """Fill the indexes, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.feeding", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    parser.add_argument("--processes", default="1,2", help="numbers of processes that feed (default %(default)s)")
    parser.add_argument("--shards", type=int, default=3, help="shards of the index (default 3)")
    options = parser.parse_args(arguments)
    url = os.environ.get("ARSEARCH_OPENSEARCH", "")
    if not url.startswith("http"):
        raise InputError("ARSEARCH_OPENSEARCH does not hold the URL of a node, such as http://127.0.0.1:9200")
    hosts = ",".join(one.partition("://")[2] for one in url.split(","))
    location = f"opensearch://{hosts}/bench-{os.getpid()}-{time.time_ns()}?shards={options.shards}"
    docs, digest = list(read_docs(options.corpus, options.limit)), Digest()
    for doc in docs:
        digest.add(doc)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for title, fill, place in (
            ("embedded", _add, str(Path(folder) / "index")),
            ("cluster, add", _add, location),
            *((f"cluster, feed, {count}", _feeding(int(count)), location) for count in options.processes.split(",")),
        ):
            start, used = time.perf_counter(), _processor_seconds()
            fill(docs, place)
            row = {"way": title, "articles/s": len(docs) / (time.perf_counter() - start)}
            rows.append(row | {"client seconds": _processor_seconds() - used} | _size(place, digest))
            _remove(place)
    larger = [_larger(row, millions, len(docs)) for millions in _MILLIONS for row in rows]
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"shards": options.shards, "hosts": len(url.split(","))},
        "rows": rows,
        "extrapolated": larger,
    }
    tables = [("Measured", table(rows, ("way", "articles/s", "client seconds", "MB", "index/text")))]
    tables += [("Extrapolated", table(larger, ("million articles", "way", "hours", "GB")))]
    print_report(report, tables, as_json=options.json)


def _add(docs: list[dict[str, Any]], location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add(docs, commit_every=5000)


def _feeding(processes: int) -> Callable[[list[dict[str, Any]], str], None]:
    def fill(docs: list[dict[str, Any]], location: str) -> None:
        new = begin_load(location)
        size = -(-len(docs) // _PARTS)
        parts = [list(islice(docs, at, at + size)) for at in range(0, len(docs), size)]
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            reports = list(pool.map(feed, parts, [new] * len(parts)))
        finish_load(new, location, reports)

    return fill


def _processor_seconds() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _size(location: str, digest: Digest) -> dict[str, float]:
    """Return the size of one copy of an index without deleted articles, in megabytes and as a share of the text."""
    with arsearch.open(location) as index:
        index.optimize()
    with arsearch.open(location) as index:  # the commit before holds the old segments on a cluster while it is open
        size = index.stats().bytes / 1e6
    return {"MB": size, "index/text": size / digest.megabytes}


def _remove(location: str) -> None:
    if "://" in location:
        connection = Connection(read_location(location))
        for name in connection.request("GET", f"/{connection.location.name}*/_mapping"):
            connection.request("DELETE", f"/{name}")


def _larger(row: dict[str, Any], millions: int, measured: int) -> dict[str, Any]:
    articles = millions * 1_000_000
    gigabytes = row["MB"] * 1e6 / measured * articles / _GIGABYTE
    return {
        "million articles": millions,
        "way": row["way"],
        "hours": articles / row["articles/s"] / _HOUR,
        "GB": gigabytes,
    }


if __name__ == "__main__":
    run(main)
