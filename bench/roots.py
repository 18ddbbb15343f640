"""What does the root level cost?

    python -m bench.roots --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.roots --corpus news/docs.jsonl.xz --queries arcd/queries.jsonl --limit 0

Each query is searched with its roots, the default, and at the stem level alone. "first" empties the cache of scores before
each search, so it is the time of a query that nobody has made before on a warm index. "again" repeats the queries with
full caches. Both are processor times of ten hits: the best of `--repeat` runs of a query, with the two searches in turn.
"ratio" divides the medians; "median ratio" is the median of the queries' own ratios. The share of the arrays of roots in
the index is read from the segments.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import arsearch
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs, write_docs
from bench.embedded import empty_caches, reader_of
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_COLUMNS = ("searched", "stem p50 ms", "root p50 ms", "ratio", "median ratio", "stem mean ms", "root mean ms")
_LEVELS = ("stem", None)


def main(arguments: list[str] | None = None) -> None:
    """Time the searches and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.roots", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=8000)
    add_query_arguments(parser)
    parser.add_argument("--repeat", type=int, default=5, help="measured runs of each query (default 5)")
    options = parser.parse_args(arguments)
    texts = [query.text for query in latency_queries(options.queries, options.queries_limit)]
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs.jsonl"
        digest = write_docs(read_docs(options.corpus, options.limit), docs)
        with arsearch.open(Path(folder) / "index", create=True) as index:
            index.add(read_docs(docs))
            index.optimize()
            size, of_roots = _sizes(index)
            rows = [
                _row("first", index, texts, options.repeat, before=lambda: empty_caches(index)),
                _row("again", index, texts, options.repeat),
            ]
    shares = [{"index, MB": size, "of it roots, MB": of_roots, "share %": 100 * of_roots / size}]
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(texts), "repeat": options.repeat},
        "searching": rows,
        "size": shares,
    }
    sections = [
        ("Searching, ten hits", table(rows, _COLUMNS)),
        ("Size", table(shares, ("index, MB", "of it roots, MB", "share %"))),
    ]
    print_report(report, sections, as_json=options.json)


def _row(
    name: str, index: arsearch.Index, texts: Sequence[str], repeat: int, before: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Return the times of the queries with and without roots; `before` runs before each search."""
    for _ in range(3):  # a word that occurs a second time enters the caches
        for text in texts:
            for match in _LEVELS:
                index.search(text, match=match)
    times: dict[str | None, list[float]] = {match: [] for match in _LEVELS}
    for text in texts:
        best = dict.fromkeys(_LEVELS, float("inf"))
        for _ in range(repeat):
            for match in _LEVELS:
                before()
                start = time.thread_time()
                index.search(text, match=match)
                best[match] = min(best[match], time.thread_time() - start)
        for match, seconds in best.items():
            times[match].append(seconds * 1000)
    stem, root = times["stem"], times[None]
    p50 = {"stem p50 ms": statistics.median(stem), "root p50 ms": statistics.median(root)}
    return {
        "searched": name,
        **p50,
        "ratio": p50["root p50 ms"] / p50["stem p50 ms"],
        "median ratio": statistics.median(b / a for a, b in zip(stem, root, strict=True)),
        "stem mean ms": statistics.fmean(stem),
        "root mean ms": statistics.fmean(root),
    }


def _sizes(index: arsearch.Index) -> tuple[float, float]:
    """Return the size of the segments, and of their arrays of roots, in millions of bytes."""
    size = of_roots = 0
    for segment in reader_of(index).segments:
        size += segment.file.size
        for name in segment.file.names():
            if name.startswith("root/") or name.endswith(("/root_of", "/root_freqs")):
                of_roots += segment.file.array(name).whole().nbytes
    return size / 1e6, of_roots / 1e6


if __name__ == "__main__":
    run(main)
