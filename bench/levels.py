"""What do the match levels cost, against the normalised and the stem level alone?

    python -m bench.levels --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.levels --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

Surface and vocalised are told apart by arrays of their own. Indexing is measured with and without making them, turn by
turn, in time of the processor; the size is that of the arrays in the segments. A query without vowel marks asks for the
normalised and the stem level alone; the same queries are asked with a mark in each word, which all default levels then
have a part in, and at the surface level. Warm; a query's time is the median of `--repeat`, the percentiles are over the
queries.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import arsearch
from arsearch.evaluation import Query
from arsearch.index.codec.array_file import Array
from arsearch.index.merging.surface_forms_merger import SurfaceFormsWriter
from arsearch.index.writing import field_inverter
from bench.corpus import add_corpus_arguments, latency_queries, read_docs, write_docs
from bench.embedded import reader_of
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

FATHA = "\u064e"
_ROUNDS = 5


class _NoWays:
    """Makes nothing of how words are written."""

    def __init__(self, *ignored: Any) -> None:
        pass

    def arrays(self, key: str) -> Iterator[tuple[str, Array]]:
        """Empty arrays."""
        return iter([(f"{key}.{name}", np.empty(0, np.uint8)) for name in ("blob", "ends", "terms")])

    def ordinals(self, count: int) -> Array:
        """As if each term were written in one way."""
        return np.zeros(count, np.uint8)


def main(arguments: list[str] | None = None) -> None:
    """Index and search, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.levels", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=8000)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")
    parser.add_argument("--repeat", type=int, default=5, help="times each query is run (default 5)")
    options = parser.parse_args(arguments)
    queries = latency_queries(options.queries, options.queries_limit)
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs.jsonl"
        digest = write_docs(read_docs(options.corpus, options.limit), docs)
        building = _indexing(Path(folder), docs)
        with arsearch.open(Path(folder) / "index", create=True) as index:
            index.add(read_docs(docs))
            building["index, MB"] = _sizes(index)
            searching = _searching(index, queries, options.repeat)
    rows = [
        {"cost": name, "two levels": two, "all": every, "ratio": every / two if two else None}
        for name, (two, every) in building.items()
    ]
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(queries), "repeat": options.repeat, "rounds": _ROUNDS},
        "building": rows,
        "searching": searching,
    }
    tables = [
        ("Building", table(rows, ("cost", "two levels", "all", "ratio"))),
        ("Searching, ten hits", table(searching, ("queries", "p50 ms", "p95 ms", "p50 ratio", "p95 ratio"))),
    ]
    print_report(report, tables, as_json=options.json)


def _indexing(folder: Path, docs: Path) -> dict[str, tuple[float, float]]:
    """Medians of seconds of the processor, of all threads, without and with the arrays."""
    taken: dict[bool, list[float]] = {False: [], True: []}
    for number in range(2 * _ROUNDS):
        every = number % 4 in (1, 2)
        made = SurfaceFormsWriter if every else _NoWays
        with (
            arsearch.open(folder / f"round {number}", create=True) as index,
            mock.patch.object(field_inverter, "SurfaceFormsWriter", made),
        ):
            start = time.process_time()
            index.add(read_docs(docs))
            taken[every].append(time.process_time() - start)
    return {"indexing, s": (statistics.median(taken[False]), statistics.median(taken[True]))}


def _sizes(index: arsearch.Index) -> tuple[float, float]:
    """Megabytes of the segments, without and with the arrays."""
    total = own = 0
    for segment in reader_of(index).segments:
        total += segment.file.size
        for name in segment.file.names():
            if "/written." in name:
                own += segment.file.array(name).whole().nbytes
    return (total - own) / 1e6, total / 1e6


def _searching(index: arsearch.Index, queries: list[Query], repeat: int) -> list[dict[str, Any]]:
    texts = [query.text for query in queries]
    marked = [" ".join(_marked(word) for word in text.split()) for text in texts]
    rows: list[dict[str, Any]] = []
    for name, asked, match in (
        ("no marks", texts, None),
        ("a mark in each word", marked, None),
        ("surface", texts, "surface"),
    ):
        times: list[list[float]] = [[] for _ in asked]
        for text in asked:
            index.search(text, match=match)
        for _ in range(repeat):
            for text, taken in zip(asked, times, strict=True):
                start = time.perf_counter()
                index.search(text, match=match)
                taken.append((time.perf_counter() - start) * 1000)
        p50, p95 = np.percentile([statistics.median(taken) for taken in times], [50, 95]).tolist()
        first = rows[0] if rows else {"p50 ms": p50, "p95 ms": p95}
        ratios = {"p50 ratio": p50 / first["p50 ms"], "p95 ratio": p95 / first["p95 ms"]}
        rows.append({"queries": name, "p50 ms": p50, "p95 ms": p95} | ratios)
    return rows


def _marked(word: str) -> str:
    """The word with a fatha on its second letter, if it has one."""
    return f"{word[:2]}{FATHA}{word[2:]}" if len(word) > 2 and word.isalpha() else word


if __name__ == "__main__":
    run(main)
