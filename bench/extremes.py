"""What do inputs and queries of unusual size cost? Each case runs in a process of its own.

    python -m bench.extremes                    # a million tiny articles, one of 50 MB, ...
    python -m bench.extremes --scale 0.01       # all sizes divided by a hundred
    python -m bench.extremes --corpus news/     # the dearest of 10,000 queries of 200 characters on a corpus

With `--corpus` the queries of `hostile_queries` are searched, each once and without a timeout, and the dearest are printed in
seconds of processor. The calls that a user can send then run with the 50 dearest queries: without a timeout, and with one of
0.1 s. `late by` is the longest time that a call took beyond it, in elapsed seconds and in seconds of processor: other work on
the machine lengthens only the first. Concordances and frequencies have no timeout of their own, and run with that of 0.1 s alone.

All texts are generated from a seed. `seconds` is elapsed time, `processor` is processor time in seconds. `peak MB` is
the peak memory of the process, including the mapped index files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import arsearch
from bench.corpus import find_docs, read_docs
from bench.hostile_queries import frequent_words, hostile_queries
from bench.machine import describe_machine, peak_memory, print_report, run, table

__all__ = ["main"]

_LETTERS = "ابتثجحدرسعفقكلمنهوي"
_COLUMNS = ("case", "size", "seconds", "processor", "peak MB", "index MB", "hits", "notes")

_DEAREST = 50
"""The dearest queries, with which the other calls run."""

_SHOWN = 10

_TIMEOUT = 0.1
"""The timeout, in seconds, that the calls with the dearest queries are held to."""

_WITHOUT_TIMEOUT = ("concordance", "frequencies")
"""Calls that run to their end by default, which takes minutes with the dearest queries."""

Row = dict[str, Any]


def _words(count: int) -> list[str]:
    random = Random(1)
    return ["".join(random.choices(_LETTERS, k=random.randint(3, 7))) for _ in range(count)]


def _tiny_articles(path: Path, scale: float) -> Row:
    count = int(1_000_000 * scale)
    words = _words(50_000)

    def articles() -> Iterator[dict[str, str]]:
        for number in range(count):
            yield {"id": str(number), "title": words[number % 50_000], "body": words[number * 7 % 50_000]}

    with arsearch.open(path, create=True) as index:
        added = index.add(articles()).added
    return {"size": f"{added:,} articles of two words"}


def _one_article(path: Path, scale: float) -> Row:
    body = " ".join(Random(2).choices(_words(50_000), k=int(4_250_000 * scale)))
    with arsearch.open(path, create=True) as index:
        index.add([{"id": "1", "body": body}], strict=True)
    return {"size": f"{len(body.encode()) / 1e6:.0f} MB of text"}


def _long_word(path: Path, scale: float) -> Row:
    word = "".join(Random(3).choices(_LETTERS, k=int(100_000 * scale)))
    with arsearch.open(path, create=True) as index:
        index.add([{"id": "1", "body": f"كتاب {word}"}, {"id": "2", "body": "كتاب"}], strict=True)
    return _search(path, word, f"a word of {len(word):,} letters")


def _many_terms(path: Path, scale: float) -> Row:
    count = int(10_000 * scale)
    return _search(path, " ".join(_words(count)), f"{count:,} words")


def _search(path: Path, query: str, size: str = "") -> Row:
    with arsearch.open(path) as index:
        results = index.search(query, mode="any")
        for hit in results:
            json.dumps(hit.to_dict())
        return {"size": size or query, "hits": results.total, "notes": len(results.notes)}


_CASES: dict[str, tuple[str, Callable[[Path, float], Row]]] = {  # case: the index that it builds or searches, its steps
    "tiny articles": ("tiny", _tiny_articles),
    "many terms": ("tiny", _many_terms),
    "every article": ("tiny", lambda path, _: _search(path, "*")),
    "a letter": ("tiny", lambda path, _: _search(path, "*ا*")),
    "three letters": ("tiny", lambda path, _: _search(path, "?*?*?*")),
    "one article": ("one", _one_article),
    "a search of it": ("one", lambda path, _: _search(path, " ".join(_words(3)))),
    "long word": ("word", _long_word),
}


def main(arguments: list[str] | None = None) -> None:
    """Run every case and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.extremes", description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="factor of all sizes (default %(default)s)")
    parser.add_argument("--corpus", type=Path, help="search generated queries on this docs.jsonl[.xz|.gz] instead")
    parser.add_argument("--queries", type=int, default=10_000, help="generated queries (default %(default)s)")
    parser.add_argument("--limit", type=int, default=0, help="first articles of the corpus only, 0 for all (default)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the queries (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--case", choices=_CASES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.scale <= 0:
        parser.error(f"--scale {options.scale:g} is not above 0")
    if options.case:
        print(json.dumps(_measure(options.case, options.folder, options.scale)))
        return
    if options.corpus:
        _report_dearest(options)
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in _CASES:
            print(case, file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "bench.extremes", "--scale", str(options.scale)]
            done = subprocess.run([*command, "--case", case, "--folder", folder], stdout=subprocess.PIPE, check=True)
            rows.append(json.loads(done.stdout))
    report = {"machine": describe_machine(), "corpus": {"scale": options.scale}, "cases": rows}
    print_report(report, [("Inputs and queries of unusual size", table(rows, _COLUMNS))], as_json=options.json)


def _report_dearest(options: argparse.Namespace) -> None:
    path = find_docs(options.corpus)
    with tempfile.TemporaryDirectory() as folder, arsearch.open(Path(folder) / "index", create=True) as index:
        index.add(read_docs(path, options.limit))
        frequent = frequent_words(read_docs(path, options.limit))
        queries = list(islice(hostile_queries(frequent, seed=options.seed), options.queries))
        costs = _searched(index, queries)
        dearest = sorted(costs, key=lambda cost: -cost[0])[:_DEAREST]
        calls = _called(index, dearest)
    corpus = {"file": path.name, "articles": options.limit or "all", "queries": len(queries), "seed": options.seed}
    every = sorted(seconds for seconds, _, _ in costs)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
    spread: Row = {name: every[min(int(share * len(every)), len(every) - 1)] for name, share in shares.items()}
    rows = [{"query": query, "processor": seconds, "hits": hits} for seconds, query, hits in dearest[:_SHOWN]]
    report = {"machine": describe_machine(), "corpus": corpus, "searches": [spread], "dearest": rows, "calls": calls}
    tables = [
        ("Searches of generated queries, seconds of processor", table([spread], tuple(spread))),
        ("The dearest", table(rows, ("query", "processor", "hits"))),
        (
            f"Calls with the {len(dearest)} dearest queries",
            table(calls, ("call", "processor", "late by", "late by processor", "query")),
        ),
    ]
    print_report(report, tables, as_json=options.json)


def _searched(index: arsearch.Index, queries: Sequence[str]) -> list[tuple[float, str, int]]:
    """Return the processor time of each search and its snippets, the query, and the number of hits."""
    index.search("من كتاب*", timeout=None)
    costs = []
    for number, query in enumerate(queries):
        start = time.process_time()
        results = index.search(query, timeout=None)
        for hit in results:
            hit.to_dict()
        costs.append((time.process_time() - start, query, results.total))
        if number % 500 == 499:
            print(f"{number + 1:,} queries, at most {max(costs)[0]:.2f} s", file=sys.stderr, flush=True)
    return costs


def _called(index: arsearch.Index, dearest: Sequence[tuple[float, str, int]]) -> list[Row]:
    """Return the dearest query of each call, with its processor time, and the longest overrun of a short timeout."""
    id = next(iter(index)).id
    calls: dict[str, Callable[[str, float | None], object]] = {
        "search": lambda query, timeout: index.search(query, timeout=timeout),
        "explain": lambda query, timeout: index.explain(query, id, timeout=timeout),
        "correct": lambda query, timeout: index.correct(query, timeout=timeout),
        "suggest": lambda query, timeout: index.suggest(query, timeout=timeout),
        "more_like": lambda query, timeout: index.more_like(text=query, timeout=timeout),
        "passages": lambda query, timeout: index.passages(query, timeout=timeout),
        "spans": lambda query, timeout: index.spans(id, query, timeout=timeout),
        "concordance": lambda query, timeout: list(index.concordance(query, timeout=timeout)),
        "frequencies": lambda query, timeout: index.frequencies(query, by="year", timeout=timeout),
    }
    rows = []
    for name, call in calls.items():
        most: Row = {"call": name, "processor": 0.0, "late by": 0.0, "late by processor": 0.0, "query": ""}
        for _, query, _ in dearest:
            if name not in _WITHOUT_TIMEOUT:
                start = time.process_time()
                call(query, None)
                seconds = time.process_time() - start
                if seconds > most["processor"]:
                    most |= {"processor": seconds, "query": query}
            start, used = time.perf_counter(), time.process_time()
            call(query, _TIMEOUT)
            for kind, taken in (
                ("late by", time.perf_counter() - start),
                ("late by processor", time.process_time() - used),
            ):
                most[kind] = max(most[kind], taken - _TIMEOUT)
        rows.append(most)
    return rows


def _measure(case: str, folder: Path, scale: float) -> Row:
    name, steps = _CASES[case]
    path = folder / name
    start = time.perf_counter()
    row = steps(path, scale)
    return {
        "case": case,
        **row,
        "seconds": time.perf_counter() - start,
        "processor": time.process_time(),
        "peak MB": peak_memory() / 1e6,
        "index MB": sum(file.stat().st_size for file in path.iterdir()) / 1e6,
    }


if __name__ == "__main__":
    run(main)
