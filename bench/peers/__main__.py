"""How fast is arsearch, compared with other search engines on the same articles and queries?

    python -m bench.peers --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.peers --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0

All engines do the same work. They store id, title and body, index title and body with positions, and commit once; the
time includes the merges that the commit starts. A search returns ten hits with id and title, with or without snippets
of the body; OR is compared with OR, and AND with AND. The report names the engines that are not installed.
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

from bench.corpus import Digest, add_corpus_arguments, add_query_arguments, latency_queries, read_docs
from bench.machine import describe_machine, print_report, run, table
from bench.peers import lucene
from bench.peers.articles import read_articles, write_articles
from bench.peers.distinct import DISTINCT_COLUMNS, measure_distinct, title_queries
from bench.peers.engines import PYTHON_ENGINES
from bench.peers.processes import Contestant
from bench.peers.ratios import LIMIT_COLUMNS, RATIO_COLUMNS, compare, limits
from bench.peers.starting import measure_start
from bench.peers.trial import INDEXING_COLUMNS, SEARCHING_COLUMNS, Plan, measure_indexing, measure_searching

__all__ = ["main"]

_MEBIBYTE = 1 << 20
_NAMES = (*PYTHON_ENGINES, "lucene")
_DISTINCT = ("arsearch", "tantivy", "lucene")
_STARTS = 5  # in each round
_NOTES = """\
Times are medians of interleaved rounds, with warm caches. `cold s` and `peak MB` come from one run without warm-up,
including imports. `spread` is (slowest - fastest) / median. `CPU s` is the processor time of all threads.
`reading s` is the time that reading the articles takes.
A ratio above 1 means that arsearch is better. With several rivals it is relative to the best of them.
`threads` is the number requested. Every engine uses further threads, as `CPU s` shows: tantivy one that reads,
Lucene those of the JVM, arsearch those that compress, sort and write. The 2 threads of arsearch are worker processes
besides the one that reads.
Unfair to arsearch: it indexes two levels and the spelling of each word, keeps ids unique and counts hits exactly.
Lucene drops stop words. SQLite analyses nothing.
Of the distinct queries each comes once, after 300 others, in the default mode of each engine: auto, or OR.
Unfair to the other engines: the other queries are repeated, and arsearch caches how it analysed the words of queries and
snippets and what they scored; only the `first` columns run each query once. The naive pipeline is the obvious use of
Whoosh, not the best. Lucene 8 could store offsets for faster snippets; it does not here. Its memory is mostly the
heap that it was given.
The engines define words and snippets differently: they do not find the same articles or show the same text."""


def main(arguments: list[str] | None = None) -> None:
    """Run the installed engines and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=10_000)
    add_query_arguments(parser)
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds (default 3)")
    parser.add_argument(
        "--warm-up", type=int, default=10_000, help="articles indexed before the clock starts (default 10,000)"
    )
    parser.add_argument(
        "--warm-up-seconds",
        type=float,
        default=4,
        help="seconds of searching before the clock starts, in each mode with and without snippets (default 4)",
    )
    parser.add_argument("--memory", type=int, default=256, help="MiB of an engine's indexing buffer (default 256)")
    parser.add_argument(
        "--whoosh-articles", type=int, default=2000, help="first articles for stock Whoosh, 0 for all (default 2,000)"
    )
    parser.add_argument(
        "--jars", type=Path, default=lucene.JARS, help=f"folder of Lucene's jars (default {lucene.JARS})"
    )
    parser.add_argument(
        "--lucene", type=int, choices=(8, 10), default=8, help="version of Lucene, 10 from Maven Central (default 8)"
    )
    parser.add_argument("--only", choices=_NAMES, action="append", help="only this engine; may be repeated")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.memory) < 1:
        parser.error("--rounds and --memory must be at least 1")
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
    distinct = measure_distinct(
        [one for one in contestants if one.threads == 1 and one.engine in _DISTINCT],
        folder,
        title_queries(read_articles(articles)),
        digests[0].articles,
        options.rounds,
    )
    ours = next((one for one in contestants if (one.engine, one.threads) == ("arsearch", 1)), None)
    bounds = (
        limits(indexing, *measure_start(folder / ours.name, queries[0].text, _STARTS * options.rounds)) if ours else []
    )
    _report(options, digests, len(queries), (indexing, distinct, searching, bounds), skipped)


def _contestants(options: argparse.Namespace, folder: Path, whoosh_articles: int) -> tuple[list[Contestant], list[str]]:
    """Return the contestants that can run, and the reasons why the others cannot."""
    contestants: list[Contestant] = []
    skipped: list[str] = []
    for name, engine in PYTHON_ENGINES.items():
        if options.only and name not in options.only:
            continue
        if reason := engine.missing():
            skipped.append(f"{name}: {reason}")
            continue
        command = (sys.executable, "-m", "bench.peers.worker", name)
        slow = name == "whoosh"
        limit = whoosh_articles if slow else 0
        contestants += [
            Contestant(name, threads, command, engine.MODES, limit, slow=slow) for threads in engine.THREADS
        ]
    if not options.only or "lucene" in options.only:
        if reason := lucene.missing(_lucene(options)):
            skipped.append(f"lucene: {reason}")
        else:
            classes = folder / "classes"
            classes.mkdir()
            java = lucene.compile_program(_lucene(options), classes)
            contestants += [Contestant("lucene", threads, java, lucene.MODES) for threads in lucene.THREADS]
    return contestants, skipped


def _lucene(options: argparse.Namespace) -> lucene.Lucene:
    return lucene.lucene_10() if options.lucene == 10 else lucene.lucene_8(options.jars)


def _report(
    options: argparse.Namespace,
    digests: dict[int, Digest],
    queries: int,
    measured: tuple[list[dict[str, Any]], ...],
    skipped: list[str],
) -> None:
    indexing, distinct, searching, bounds = measured
    ratios = compare(indexing, searching)
    notes = [_NOTES]
    for row in indexing:
        if row["articles"] < digests[0].articles:
            minutes = digests[0].megabytes / row["MB/s"] / 60
            notes.append(
                f"{row['engine']} indexed and searched the first {row['articles']:,} articles only, and once. "
                f"At that rate all articles would take {minutes:.1f} minutes."
            )
    notes += [f"Not run: {reason}." for reason in skipped]
    report = {
        "machine": describe_machine() | _versions(options),
        "corpus": digests[0].to_dict()
        | {"queries": queries, "rounds": options.rounds, "warm-up": options.warm_up, "memory MiB": options.memory},
        "indexing": indexing,
        "distinct": distinct,
        "searching": searching,
        "ratios": ratios,
        "limits": bounds,
        "skipped": skipped,
        "notes": notes,
    }
    sections = [
        ("Indexing", table(indexing, INDEXING_COLUMNS)),
        ("Distinct queries, each once", table(distinct, DISTINCT_COLUMNS)),
        ("The same queries again, top 10 with titles", table(searching, SEARCHING_COLUMNS)),
        ("arsearch and its rivals", table(ratios, RATIO_COLUMNS)),
        ("Limits of arsearch", table(bounds, LIMIT_COLUMNS)),
    ]
    print_report(report, sections, as_json=options.json, notes=notes)


def _versions(options: argparse.Namespace) -> dict[str, str]:
    facts = {"sqlite": sqlite3.sqlite_version}
    if PYTHON_ENGINES["tantivy"].missing() is None:
        facts["tantivy"] = importlib.metadata.version("tantivy")
    return facts if lucene.missing(_lucene(options)) else facts | lucene.describe(_lucene(options))


if __name__ == "__main__":
    run(main)
