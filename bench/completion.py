"""How long does completing take, beside searching?

    python -m bench.completion --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

Each query, headlines' words, is searched as it is, ten hits with titles and again with snippets, and completed as it
was when its last word had one letter, half and all but one of its letters. The processor's time, of one thread. Each
query is met once in each row; a word that queries share is known when it comes again, to either.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import arsearch
from bench.corpus import add_corpus_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_COLUMNS = ("work", "p50 ms", "p95 ms", "times a search")


def main(arguments: list[str] | None = None) -> None:
    """Index, measure and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.completion", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with the text of each query")
    options = parser.parse_args(arguments)
    queries = [query.text for query in latency_queries(options.queries)]
    with arsearch.open(":memory:", create=True) as index:
        index.add(read_docs(options.corpus, options.limit))
        index.search(queries[0])
        index.suggest(queries[0][:2])

        def shown(text: str) -> None:
            for hit in index.search(text):
                hit.snippet.html  # noqa: B018

        found = [
            _row("search, titles", _times(lambda text: [hit.title for hit in index.search(text)], queries)),
            _row("search, snippets", _times(shown, queries)),
        ]
        for name, share in (("first letter", 0.0), ("half", 0.5), ("all but one", 1.0)):
            texts = [_cut(query, share) for query in queries]
            found.append(_row(f"suggest, {name}", _times(index.suggest, texts)))
    for row in found:
        row["times a search"] = row["p50 ms"] / found[0]["p50 ms"]
    report = {"machine": describe_machine(), "rows": found}
    print_report(report, [("Completing", table(found, _COLUMNS))], as_json=options.json)


def _cut(query: str, share: float) -> str:
    *whole, last = query.split()
    return " ".join([*whole, last[: max(1, round(share * (len(last) - 1)))]])


def _times(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        start = time.process_time()
        work(text)
        times.append(1000 * (time.process_time() - start))
    return times


def _row(name: str, times: Sequence[float]) -> dict[str, Any]:
    return {"work": name, "p50 ms": statistics.median(times), "p95 ms": sorted(times)[int(0.95 * len(times))]}


if __name__ == "__main__":
    run(main)
