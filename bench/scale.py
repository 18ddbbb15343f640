"""What does a million articles cost, compared with thousands? arsearch and tantivy index and search generated articles.

    python -m bench.scale --corpus news/docs.jsonl.xz --queries news/queries.jsonl --sizes 31030,125000,500000,1000000

`bench.generator` generates the articles from those of the corpus. For each size, each engine indexes that many articles
once, in a process of its own whose memory is watched. Then all indexes are searched for ten hits with titles, in
interleaved rounds after some rounds of warm-up. The `first` columns show the first round, in which arsearch verifies
the data that it reads for the first time. MB/s counts titles and bodies in UTF-8; index and memory are in millions of
bytes. `commit s` is the part of the seconds after the last article was read: the commit, with the merge of all segments.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.corpus import Digest, add_query_arguments, latency_queries, read_docs
from bench.generator import Generator
from bench.machine import describe_machine, log_progress, print_report, run, table
from bench.peers.articles import append_articles, read_articles
from bench.peers.distinct import DISTINCT_COLUMNS, measure_distinct, title_queries
from bench.peers.engines import PYTHON_ENGINES
from bench.peers.processes import Contestant, Server, index_once, serving
from bench.peers.starting import measure_start

__all__ = ["main"]

_ENGINES = ("arsearch", "tantivy")
_MEBIBYTE = 1 << 20
_STARTS = 5
_CURVE = ("articles", "MB", "words", "forms", "law", "forms/law")
_INDEXING = ("articles", "engine", "MB/s", "seconds", "commit s", "peak MB", "index MB", "index/text", "rate/first")
_STARTING = ("articles", "arsearch query s", "times python -c pass")
_SEARCHING = ("articles", "engine", "mode", "p50 ms", "p95 ms", "first p50", "first p95", "without hits")


def main(arguments: list[str] | None = None) -> None:
    """Measure each size and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="docs.jsonl[.xz|.gz], or a folder that has one")
    parser.add_argument(
        "--limit", type=int, default=0, help="generate from the first articles only, 0 for all (default)"
    )
    add_query_arguments(parser)
    parser.add_argument(
        "--sizes", default="31030,125000,500000,1000000", help="numbers of articles (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds of searching (default 3)")
    parser.add_argument(
        "--warm-up", type=int, default=3, help="rounds of searching before the measured ones (default 3)"
    )
    parser.add_argument("--memory", type=int, default=256, help="MiB of an engine's indexing buffer (default 256)")
    parser.add_argument("--only", choices=_ENGINES, action="append", help="only this engine; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    try:
        sizes = sorted({int(size) for size in options.sizes.split(",")})
    except ValueError:
        sizes = []
    if not sizes or sizes[0] < 1 or options.rounds < 1 or options.warm_up < 0:
        parser.error(
            "--sizes must be numbers of articles separated by commas, --rounds at least 1, --warm-up at least 0"
        )
    with tempfile.TemporaryDirectory() as folder:
        _run(options, sizes, Path(folder))


def _run(options: argparse.Namespace, sizes: Sequence[int], folder: Path) -> None:
    articles, lines = folder / "articles", folder / "queries"
    queries = latency_queries(options.queries, options.queries_limit)
    lines.write_text("".join(" ".join(query.text.split()) + "\n" for query in queries), "utf-8")
    engines, skipped = [], []
    for name in _ENGINES:
        reason = PYTHON_ENGINES[name].missing()
        if options.only and name not in options.only:
            continue
        if reason:
            skipped.append(f"Not run: {name}: {reason}.")
        else:
            engines.append(name)
    generator = Generator(read_docs(options.corpus, options.limit), options.seed)
    generated = generator.articles(sizes[-1])
    digest = Digest()
    curve: list[dict[str, Any]] = []
    indexing: list[dict[str, Any]] = []
    starting: list[dict[str, Any]] = []
    searching: list[dict[str, Any]] = []
    distinct: list[dict[str, Any]] = []
    for size in sizes:
        log_progress(f"generating {size:,} articles")
        append_articles(itertools.islice(generated, size - digest.articles), articles, digest)
        law = generator.growth.forms(generator.words)
        curve.append(
            {
                "articles": size,
                "MB": digest.megabytes,
                "words": generator.words,
                "forms": generator.forms,
                "law": round(law),
                "forms/law": generator.forms / law,
            }
        )
        contestants = [
            Contestant(name, 1, (sys.executable, "-m", "bench.peers.worker", name), PYTHON_ENGINES[name].MODES, size)
            for name in engines
        ]
        indexing += [_index(one, articles, folder, options.memory * _MEBIBYTE, digest) for one in contestants]
        starting += [_start(one, folder, queries[0].text) for one in contestants if one.engine == "arsearch"]
        searching += _search(contestants, folder, lines, options)
        distinct += measure_distinct(
            contestants, folder, title_queries(read_articles(articles, size)), size, options.rounds
        )
        for one in contestants:
            shutil.rmtree(folder / one.name)
    first = {row["engine"]: row["MB/s"] for row in reversed(indexing)}
    for row in indexing:
        row["rate/first"] = row["MB/s"] / first[row["engine"]]
    growth = generator.growth
    report = {
        "machine": describe_machine(),
        "corpus": {"seed": options.seed, "law": f"{growth.factor:.3g} words^{growth.exponent:.4f}"} | digest.to_dict(),
        "growth": curve,
        "indexing": indexing,
        "starting": starting,
        "distinct": distinct,
        "searching": searching,
    }
    sections = [
        ("Vocabulary", table(curve, _CURVE)),
        ("Indexing, one thread", table(indexing, _INDEXING)),
        ("A query as a process", table(starting, _STARTING)),
        ("Distinct queries, each once", table(distinct, DISTINCT_COLUMNS)),
        ("The same queries again, top 10 with titles", table(searching, _SEARCHING)),
    ]
    print_report(report, sections, as_json=options.json, notes=skipped)


def _index(one: Contestant, articles: Path, folder: Path, memory: int, digest: Digest) -> dict[str, Any]:
    log_progress(f"indexing {one.limit:,}: {one.engine}")
    location = folder / one.name
    location.mkdir()
    build = index_once(one, articles, location, warm_up=0, memory=memory, watch=True)
    return {
        "articles": one.limit,
        "engine": one.engine,
        "MB/s": digest.megabytes / build["seconds"],
        "seconds": build["seconds"],
        "commit s": build["commit"],
        "peak MB": build["peak"] / 1e6,
        "index MB": build["size"] / 1e6,
        "index/text": build["size"] / digest.bytes,
    }


def _start(one: Contestant, folder: Path, query: str) -> dict[str, Any]:
    """Return the time of `arsearch query`, which opens the index; the files are in the page cache if they fit there."""
    seconds, without = measure_start(folder / one.name, query, _STARTS)
    return {"articles": one.limit, "arsearch query s": seconds, "times python -c pass": seconds / without}


def _search(
    contestants: Sequence[Contestant], folder: Path, lines: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(one, folder / one.name, lines)) for one in contestants]
        searches = [
            (server, mode) for mode in ("or", "and", "auto") for server in servers if mode in server.contestant.modes
        ]
        rounds = []
        for number in range(options.warm_up + options.rounds):
            log_progress(f"searching {contestants[0].limit:,}: round {number + 1}")
            rounds.append([server.ask(mode, False) for server, mode in searches])
    return [
        _row(server, mode, answers[0], answers[options.warm_up :])
        for (server, mode), answers in zip(searches, zip(*rounds, strict=True), strict=True)
    ]


def _row(server: Server, mode: str, first: dict[str, Any], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a search. A query's time is its median over the rounds; percentiles are over the queries."""
    p50, p95 = _percentiles(answers)
    first50, first95 = _percentiles([first])
    return {
        "articles": server.contestant.limit,
        "engine": server.contestant.engine,
        "mode": mode,
        "p50 ms": p50,
        "p95 ms": p95,
        "first p50": first50,
        "first p95": first95,
        "without hits": first["hits"].count(0),
    }


def _percentiles(answers: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    times = [statistics.median(own) / 1000 for own in zip(*(answer["micros"] for answer in answers), strict=True)]
    cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return cuts[9], cuts[18]


if __name__ == "__main__":
    run(main)
