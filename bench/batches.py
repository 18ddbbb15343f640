"""How much faster is a batch of searches than searches one by one?

    python -m bench.batches --corpus news/docs.jsonl.xz --queries news/queries.jsonl --distinct 1500

Distinct queries are searched with snippets: one by one, as a batch in one process, and as a batch of several processes. They are
those of `--queries`, and runs of one to four words cut from the titles of the corpus, up to `--distinct` in all. A worker takes
about a second to start, which counts. The order of the ways changes from round to round; the table has the median of each.
`processor` is the processor time of this process and its workers, `busiest` that of the process with the most; `times as fast`
compares `busiest`, because on a machine with other work elapsed time says little. Queries cut from titles find the articles of
these titles, which flatters nothing here but is not what users type.
"""

from __future__ import annotations

import argparse
import os
import random
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

_COLUMNS = ("way", "queries", "seconds", "processor", "busiest", "queries/s", "times as fast")
_SEED = 5


def main() -> None:
    """Print the time of a batch of searches, in each way."""
    parser = argparse.ArgumentParser(prog="python -m bench.batches", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    add_query_arguments(parser)
    parser.add_argument("--distinct", type=int, default=0, help="queries in all, cut from titles (default: no more)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each way (default 3)")
    parser.add_argument("--processes", type=int, default=2, help="worker processes (default 2)")
    options = parser.parse_args()
    queries = [query.text for query in read_queries(options.queries)][: options.queries_limit or None]
    docs = list(read_docs(options.corpus, options.limit))
    queries = _distinct(queries, [doc["title"] for doc in docs], options.distinct)
    with tempfile.TemporaryDirectory() as folder, arsearch.open(Path(folder) / "index", create=True) as index:
        index.add(docs)
        ways: dict[str, Callable[[], None]] = {
            "one by one": lambda: _read(index.search(text) for text in queries),
            "search_many": lambda: _read(index.search_many(queries)),
            f"search_many, {options.processes} processes": lambda: _read(
                index.search_many(queries, processes=options.processes)
            ),
        }
        taken: dict[str, list[tuple[float, float, float]]] = {way: [] for way in ways}
        for number in range(options.rounds):
            log_progress(f"round {number + 1}")
            for way in list(ways)[:: 1 if number % 2 else -1]:
                start, own, workers = time.perf_counter(), time.process_time(), _workers()
                ways[way]()
                own, workers = time.process_time() - own, _workers() - workers
                busiest = max(own, workers / max(1, options.processes - 1))
                taken[way].append((time.perf_counter() - start, own + workers, busiest))
    medians = {way: tuple(map(statistics.median, zip(*times, strict=True))) for way, times in taken.items()}
    rows = [
        {
            "way": way,
            "queries": len(queries),
            "seconds": seconds,
            "processor": processor,
            "busiest": busiest,
            "queries/s": len(queries) / seconds,
            "times as fast": medians["one by one"][2] / busiest,
        }
        for way, (seconds, processor, busiest) in medians.items()
    ]
    print_report(
        {"machine": describe_machine(), "batches": rows}, [("Batches", table(rows, _COLUMNS))], as_json=options.json
    )


def _distinct(queries: list[str], titles: list[str], count: int) -> list[str]:
    """Return the distinct queries, and runs of words of titles until there are `count`, or no further titles."""
    chance = random.Random(_SEED)
    found = dict.fromkeys(queries)
    for title in chance.sample(titles, len(titles)):
        if len(found) >= count:
            break
        words = title.split()
        size = chance.randint(1, 4)
        if len(words) >= size:
            at = chance.randrange(len(words) - size + 1)
            found.setdefault(" ".join(words[at : at + size]))
    return list(found)


def _workers() -> float:
    """Return the processor time of the worker processes that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def _read(all_results: Iterable[arsearch.SearchResults]) -> None:
    for results in all_results:
        for hit in results:
            _ = hit.snippet


if __name__ == "__main__":
    run(main)
