"""arsearch beside the engines people would otherwise pick: indexing, searching, ratios.

    python -m bench.peers --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.peers --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

Equal work: id, title and body stored, title and body indexed with positions; one commit, waited for, with the merges it
set off; ten hits with id and title, with and without snippets of the body; OR against OR, AND against AND. What is
not installed is left out, and named.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import itertools
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.corpus import Digest, add_corpus_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table
from bench.peers import lucene
from bench.peers.articles import write_articles
from bench.peers.engines import PYTHON_ENGINES
from bench.peers.processes import Contestant
from bench.peers.ratios import LIMIT_COLUMNS, RATIO_COLUMNS, compare, limits
from bench.peers.starting import measure_start
from bench.peers.trial import INDEXING_COLUMNS, SEARCHING_COLUMNS, Plan, measure_indexing, measure_searching

__all__ = ["main"]

_MEBIBYTE = 1 << 20
_NAMES = (*PYTHON_ENGINES, "lucene")
_NOTES = """\
Times are medians of interleaved rounds, warm; `cold s` and `peak MB` are of one run without warming up, with imports.
`spread` is (slowest - fastest) / median, `CPU s` the time of all threads, `reading s` the share that goes to reading.
Ratios: more than 1 where arsearch is better, against the better of the rivals where there are several.
Threads: what is asked for. All have helpers beside them, as `CPU s` shows: tantivy the one that reads, Lucene the JVM's
own, arsearch those that compress, sort and write; its 2 threads are worker processes beside the one that reads.
Unfair to arsearch: it indexes two levels and how each word is written, keeps ids unique, counts hits exactly; Lucene
drops stop words; SQLite analyses nothing.
Unfair to the others: the naive pipeline is the obvious one, not the best one can make of Whoosh; arsearch remembers how
it analysed the words of queries and snippets and what they scored, and here they come again (the `first` columns have
each query once); Lucene can store offsets for faster snippets, which is not done here; its memory is mostly the heap
it was allowed.
Each has its own idea of a word and of a snippet: they do not find the same articles, nor show the same text."""


def main(arguments: list[str] | None = None) -> None:
    """Run what is installed and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=10_000)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds (default 3)")
    parser.add_argument(
        "--warm-up", type=int, default=10_000, help="articles indexed before the clock starts (default 10,000)"
    )
    parser.add_argument(
        "--warm-up-seconds",
        type=float,
        default=4,
        help="of searching, for each way of it, before the clock (default 4)",
    )
    parser.add_argument(
        "--memory", type=int, default=256, help="MiB an engine may collect before writing (default 256)"
    )
    parser.add_argument("--whoosh-articles", type=int, default=2000, help="for stock Whoosh, 0 for all (default 2,000)")
    parser.add_argument("--jars", type=Path, default=lucene.JARS, help=f"where Lucene's are (default {lucene.JARS})")
    parser.add_argument("--only", choices=_NAMES, action="append", help="only this engine; may be repeated")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.memory) < 1:
        parser.error("--rounds and --memory are at least 1")
    with tempfile.TemporaryDirectory() as folder:
        _run(options, Path(folder))


def _run(options: argparse.Namespace, folder: Path) -> None:
    digests = {}
    articles = folder / "articles"
    docs = read_docs(options.corpus, options.limit)
    first = list(itertools.islice(docs, options.whoosh_articles)) if options.whoosh_articles else []
    if first:
        digests[len(first)] = write_articles(first, articles)
    digests[0] = write_articles(itertools.chain(first, docs), articles)
    queries = latency_queries(options.queries, options.queries_limit)
    lines = folder / "queries"
    lines.write_text("".join(" ".join(query.text.split()) + "\n" for query in queries), "utf-8")
    contestants, skipped = _contestants(options, folder, len(first))
    plan = Plan(
        articles=articles,
        digests=digests,
        queries=lines,
        rounds=options.rounds,
        warm_up=options.warm_up,
        seconds=options.warm_up_seconds,
        memory=options.memory * _MEBIBYTE,
    )
    indexing = measure_indexing(contestants, plan, folder)
    searching = measure_searching([one for one in contestants if one.threads == 1], plan, folder)
    ours = next((one for one in contestants if (one.engine, one.threads) == ("arsearch", 1)), None)
    bounds = limits(indexing, *measure_start(folder / ours.name, queries[0].text)) if ours else []
    _report(options, digests, len(queries), (indexing, searching, bounds), skipped)


def _contestants(options: argparse.Namespace, folder: Path, whoosh_articles: int) -> tuple[list[Contestant], list[str]]:
    """Those that can run, and why the others cannot."""
    found: list[Contestant] = []
    skipped: list[str] = []
    names = [name for name in _NAMES if not options.only or name in options.only]
    for name in names:
        if name == "lucene":
            reason = lucene.missing(options.jars)
            if reason:
                skipped.append(f"lucene: {reason}")
                continue
            classes = folder / "classes"
            classes.mkdir()
            command = lucene.compile_program(options.jars, classes)
            found += [Contestant(name, threads, command, lucene.MODES) for threads in lucene.THREADS]
            continue
        engine = PYTHON_ENGINES[name]
        command = (sys.executable, "-m", "bench.peers.worker", name)
        for threads in engine.THREADS:
            reason = engine.missing(threads)
            if reason:
                skipped.append(f"{name}, {threads} threads: {reason}" if threads > 1 else f"{name}: {reason}")
            else:
                limit = whoosh_articles if name == "whoosh" else 0
                found.append(Contestant(name, threads, command, engine.MODES, limit, slow=name == "whoosh"))
    return found, skipped


def _report(
    options: argparse.Namespace,
    digests: dict[int, Digest],
    queries: int,
    measured: tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]],
    skipped: list[str],
) -> None:
    indexing, searching, bounds = measured
    ratios = compare(indexing, searching)
    notes = [_NOTES]
    for row in indexing:
        if row["articles"] < digests[0].articles:
            minutes = digests[0].megabytes / row["MB/s"] / 60
            notes.append(
                f"{row['engine']} indexed and searched the first {row['articles']:,} articles only, and once; "
                f"at that rate all of them would take {minutes:.1f} minutes."
            )
    notes += [f"Not run: {reason}." for reason in skipped]
    report = {
        "machine": describe_machine() | _versions(options),
        "corpus": digests[0].to_dict()
        | {"queries": queries, "rounds": options.rounds, "warm-up": options.warm_up, "memory MiB": options.memory},
        "indexing": indexing,
        "searching": searching,
        "ratios": ratios,
        "limits": bounds,
        "skipped": skipped,
        "notes": notes,
    }
    sections = [
        ("Indexing", table(indexing, INDEXING_COLUMNS)),
        ("Searching, top 10 with titles", table(searching, SEARCHING_COLUMNS)),
        ("arsearch against the others", table(ratios, RATIO_COLUMNS)),
        ("arsearch alone, at most", table(bounds, LIMIT_COLUMNS)),
    ]
    print_report(report, sections, as_json=options.json, notes=notes)


def _versions(options: argparse.Namespace) -> dict[str, str]:
    facts = {"sqlite": sqlite3.sqlite_version}
    if PYTHON_ENGINES["tantivy"].missing(1) is None:
        facts["tantivy"] = importlib.metadata.version("tantivy")
    return facts if lucene.missing(options.jars) else facts | lucene.describe(options.jars)


if __name__ == "__main__":
    run(main)
