"""What do the match levels cost, compared with the normalised and stem levels alone?

    python -m bench.levels --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.levels --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

The surface and vocalised levels have arrays of their own. Indexing is timed alternately with and without these arrays,
in processor time; their size is read from the segments. Queries run in three forms. Without vowel marks they use only
the normalised and stem levels. With a mark in each word they use all default levels. The third form searches at the
surface level. Caches are warm. A query's time is the median of `--repeat` runs; percentiles are over the queries.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import arsearch
from arsearch.evaluation import Query
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.surface_forms_writer import SurfaceFormsWriter
from arsearch.index.writing import field_inverter
from bench.corpus import add_corpus_arguments, add_query_arguments, latency_queries, read_docs, write_docs
from bench.embedded import reader_of
from bench.machine import describe_machine, print_report, run, table
from bench.query import median_times

__all__ = ["main"]

FATHA = "\u064e"
_ROUNDS = 5


class _NoSurfaceForms:
    """A stand-in for `SurfaceFormsWriter` that writes no surface forms."""

    def __init__(self, *ignored: Any) -> None:
        pass

    def arrays(self, key: str) -> Iterator[tuple[str, Array]]:
        """Yield empty arrays."""
        return iter([(f"{key}.{name}", np.empty(0, np.uint8)) for name in ("blob", "ends", "terms")])

    def form_ids(self, count: int) -> Array:
        """Return form ids as if each term had one surface form."""
        return np.zeros(count, np.uint8)


def main(arguments: list[str] | None = None) -> None:
    """Time indexing and searching, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.levels", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=8000)
    add_query_arguments(parser)
    parser.add_argument("--repeat", type=int, default=5, help="measured runs of each query (default 5)")
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
        {"cost": name, "two levels": without, "all": with_all, "ratio": with_all / without if without else None}
        for name, (without, with_all) in building.items()
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
    """Return the median processor seconds of all threads, without and with the arrays."""
    seconds: dict[bool, list[float]] = {False: [], True: []}
    for number in range(2 * _ROUNDS):
        with_arrays = number % 4 in (1, 2)
        writer = SurfaceFormsWriter if with_arrays else _NoSurfaceForms
        with (
            arsearch.open(folder / f"round {number}", create=True) as index,
            mock.patch.object(field_inverter, "SurfaceFormsWriter", writer),
        ):
            start = time.process_time()
            index.add(read_docs(docs))
            seconds[with_arrays].append(time.process_time() - start)
    return {"indexing, s": (statistics.median(seconds[False]), statistics.median(seconds[True]))}


def _sizes(index: arsearch.Index) -> tuple[float, float]:
    """Return the size of the segments in millions of bytes, without and with the arrays."""
    total = arrays = 0
    for segment in reader_of(index).segments:
        total += segment.file.size
        for name in segment.file.names():
            if "/written." in name:
                arrays += segment.file.array(name).whole().nbytes
    return (total - arrays) / 1e6, total / 1e6


def _searching(index: arsearch.Index, queries: Sequence[Query], repeat: int) -> list[dict[str, Any]]:
    plain = [query.text for query in queries]
    marked = [" ".join(_marked(word) for word in text.split()) for text in plain]
    rows: list[dict[str, Any]] = []
    for name, texts, match in (
        ("no marks", plain, None),
        ("a mark in each word", marked, None),
        ("surface", plain, "surface"),
    ):
        search = partial(index.search, match=match)
        for text in texts:
            search(text)
        p50, p95 = np.percentile(median_times(search, texts, repeat), [50, 95]).tolist()
        first = rows[0] if rows else {"p50 ms": p50, "p95 ms": p95}
        ratios = {"p50 ratio": p50 / first["p50 ms"], "p95 ratio": p95 / first["p95 ms"]}
        rows.append({"queries": name, "p50 ms": p50, "p95 ms": p95} | ratios)
    return rows


def _marked(word: str) -> str:
    """Return the word with a fatha on its second letter, if it has more than two letters."""
    return f"{word[:2]}{FATHA}{word[2:]}" if len(word) > 2 and word.isalpha() else word


if __name__ == "__main__":
    run(main)
