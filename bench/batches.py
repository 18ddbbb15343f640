"""How much faster is a batch of searches than searches one by one?

    python -m bench.batches --corpus news/docs.jsonl.xz --queries news/queries.jsonl --times 8

The queries, repeated `--times` times, are searched with snippets: one by one, as a batch in one process, and with worker
processes. Each process of a batch takes about a second to start, which counts. The order of the ways changes from round to
round; the table has the median of each.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import arsearch
from arsearch.evaluation import read_queries
from bench.corpus import add_corpus_arguments, add_query_arguments, read_docs
from bench.machine import describe_machine, log_progress, print_report, run, table

__all__ = ["main"]

_COLUMNS = ("way", "queries", "seconds", "queries/s", "times as fast")


def main() -> None:
    """Print the time of a batch of searches, in each way."""
    parser = argparse.ArgumentParser(prog="python -m bench.batches", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    add_query_arguments(parser)
    parser.add_argument("--times", type=int, default=1, help="repetitions of the queries in a batch (default 1)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each way (default 3)")
    parser.add_argument("--processes", type=int, default=2, help="worker processes (default 2)")
    options = parser.parse_args()
    queries = [query.text for query in read_queries(options.queries)][: options.queries_limit or None] * options.times
    with tempfile.TemporaryDirectory() as folder, arsearch.open(Path(folder) / "index", create=True) as index:
        index.add(read_docs(options.corpus, options.limit))
        ways: dict[str, Callable[[], None]] = {
            "one by one": lambda: _read(index.search(text) for text in queries),
            "search_many": lambda: _read(index.search_many(queries)),
            f"search_many, {options.processes} processes": lambda: _read(
                index.search_many(queries, processes=options.processes)
            ),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(options.rounds):
            log_progress(f"round {number + 1}")
            for way in list(ways)[:: 1 if number % 2 else -1]:
                start = time.perf_counter()
                ways[way]()
                taken[way].append(time.perf_counter() - start)
    medians = {way: statistics.median(seconds) for way, seconds in taken.items()}
    rows = [
        {
            "way": way,
            "queries": len(queries),
            "seconds": seconds,
            "queries/s": len(queries) / seconds,
            "times as fast": medians["one by one"] / seconds,
        }
        for way, seconds in medians.items()
    ]
    print_report(
        {"machine": describe_machine(), "batches": rows}, [("Batches", table(rows, _COLUMNS))], as_json=options.json
    )


def _read(all_results: Iterable[arsearch.SearchResults]) -> None:
    for results in all_results:
        for hit in results:
            _ = hit.snippet


if __name__ == "__main__":
    run(main)
