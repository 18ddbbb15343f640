"""How long does a search take?

    python -m bench.query --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.query --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0 --only arsearch

One process, one thread, warm caches: each query runs once before the clock starts, then `--repeat` times. A query's
time is the median of these runs; percentiles are over the queries. A search returns ten hits with id, score and stored
title, and with `snippets` also their HTML. Stock Whoosh searches an index of the same articles, with the terms of the
naive pipeline of `bench.indexing` (Tashaphyne's stems). That index is built with memoised stems because building is not
timed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch.evaluation import Query
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs, write_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main", "median_times"]

HITS = 10
_COLUMNS = ("contestant", "mode", "snippets", "p50 ms", "p95 ms", "p99 ms", "mean ms", "without hits")

Search = Callable[[str], int]
"""A function that runs a query, reads its hits, and returns their number."""

Prepare = Callable[[str, bool], Search]
"""A function from a mode, and whether to make snippets, to a search."""


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.query", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    add_query_arguments(parser)
    parser.add_argument("--repeat", type=int, default=3, help="measured runs of each query (default 3)")
    parser.add_argument("--only", choices=sorted(_CONTESTANTS), help="run only this contestant")
    options = parser.parse_args(arguments)
    queries = latency_queries(options.queries, options.queries_limit)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs.jsonl"
        digest = write_docs(read_docs(options.corpus, options.limit), docs)
        for name, (build, modes) in _CONTESTANTS.items():
            if options.only in (None, name):
                location = Path(folder) / f"{name}.index"
                location.mkdir()
                with build(location, docs) as prepare:
                    rows += [
                        {"contestant": name, "mode": mode, "snippets": "yes" if snippets else "no"}
                        | _measure(prepare(mode, snippets), queries, options.repeat)
                        for mode in modes
                        for snippets in (False, True)
                    ]
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(queries), "repeat": options.repeat},
        "rows": rows,
    }
    print_report(report, [(f"Searching, {HITS} hits", table(rows, _COLUMNS))], as_json=options.json)


def _measure(search: Search, queries: Sequence[Query], repeat: int) -> dict[str, Any]:
    """Return the percentiles of the queries' median times, and the number of queries without hits."""
    empty = sum(search(query.text) == 0 for query in queries)
    medians = median_times(search, [query.text for query in queries], repeat)
    p50, p95, p99 = np.percentile(medians, [50, 95, 99]).tolist()
    return {"p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "mean ms": statistics.fmean(medians), "without hits": empty}


def median_times(search: Callable[[str], object], texts: Sequence[str], repeat: int) -> list[float]:
    """Return the median time of each text in milliseconds, over `repeat` rounds through all texts."""
    times: list[list[float]] = [[] for _ in texts]
    for _ in range(repeat):
        for text, own in zip(texts, times, strict=True):
            start = time.perf_counter()
            search(text)
            own.append((time.perf_counter() - start) * 1000)
    return [statistics.median(own) for own in times]


@contextmanager
def _arsearch(folder: Path, docs: Path) -> Iterator[Prepare]:
    with arsearch.open(folder, create=True) as index:
        index.add(read_docs(docs))

        def prepare(mode: str, snippets: bool) -> Search:
            def search(text: str) -> int:
                results = index.search(text, limit=HITS, mode=mode)  # type: ignore[arg-type]
                for hit in results:
                    _ = (hit.id, hit.score, hit.title, hit.snippet.html if snippets else None)
                return len(results)

            return search

        yield prepare


@contextmanager
def _whoosh(folder: Path, docs: Path) -> Iterator[Prepare]:
    from bench.stock import build_index, make_parser, on_disk

    index = on_disk(folder, "stemmed, memoised")
    build_index(index, read_docs(docs))
    with index.searcher() as searcher:

        def prepare(mode: str, snippets: bool) -> Search:
            parse = make_parser(index, mode)

            def search(text: str) -> int:
                results = searcher.search(parse(text), limit=HITS)
                for hit in results:
                    _ = (hit["id"], hit.score, hit["title"], hit.highlights("body") if snippets else None)
                return int(results.scored_length())

            return search

        yield prepare


_CONTESTANTS = {
    "arsearch": (_arsearch, ("auto", "all", "any")),
    "whoosh": (_whoosh, ("all", "any")),
}


if __name__ == "__main__":
    run(main)
