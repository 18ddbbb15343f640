"""How long do suggestions take, compared with a search?

    python -m bench.completion --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

Each query is searched twice, for ten hits with titles and for ten hits with snippets. Then suggestions complete it from
the first letter of its last word, from half of the letters, and from all but one. Times are processor time of one
thread. Each row runs each query once. A word that two queries share is cached at its second use, in every row.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import arsearch
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_COLUMNS = ("work", "p50 ms", "p95 ms", "times a search")


def main(arguments: list[str] | None = None) -> None:
    """Index the corpus, time searches and suggestions, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.completion", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    add_query_arguments(parser)
    options = parser.parse_args(arguments)
    queries = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    with arsearch.open(":memory:", create=True) as index:
        index.add(read_docs(options.corpus, options.limit))
        index.search(queries[0])
        index.suggest(queries[0][:2])

        rows = [
            _row("search, titles", _times(lambda text: [hit.title for hit in index.search(text)], queries)),
            _row("search, snippets", _times(lambda text: [hit.snippet.html for hit in index.search(text)], queries)),
        ]
        for name, share in (("first letter", 0.0), ("half", 0.5), ("all but one", 1.0)):
            texts = [_cut(query, share) for query in queries]
            rows.append(_row(f"suggest, {name}", _times(index.suggest, texts)))
    for row in rows:
        row["times a search"] = row["p50 ms"] / rows[0]["p50 ms"]
    report = {"machine": describe_machine(), "rows": rows}
    print_report(report, [("Suggestions", table(rows, _COLUMNS))], as_json=options.json)


def _cut(query: str, share: float) -> str:
    """Return the query with that share of its last word, between one letter and all but one."""
    *whole, last = query.split()
    return " ".join([*whole, last[: max(1, round(share * (len(last) - 1)))]])


def _times(call: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return the processor time of each call, in milliseconds."""
    times = []
    for text in texts:
        start = time.process_time()
        call(text)
        times.append(1000 * (time.process_time() - start))
    return times


def _row(name: str, times: Sequence[float]) -> dict[str, Any]:
    return {"work": name, "p50 ms": statistics.median(times), "p95 ms": sorted(times)[int(0.95 * len(times))]}


if __name__ == "__main__":
    run(main)
