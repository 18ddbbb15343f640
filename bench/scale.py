"""What does size cost? arsearch and tantivy side by side on generated articles, from thousands to a million.

    python -m bench.scale --corpus news/docs.jsonl.xz --queries news/queries.jsonl --sizes 31030,125000,500000,1000000

`bench.generator` makes the articles from those of the corpus. For each size each engine indexes the first so many in a
process of its own, once, with its memory watched; then all are searched for the first ten hits with titles, in
interleaved rounds, after some to warm up: what arsearch reads for the first time it verifies (`first` has the first
round). MB/s counts titles and bodies in UTF-8; index and memory are in millions of bytes.
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

from bench.corpus import Digest, latency_queries, read_docs
from bench.generator import Generator
from bench.machine import describe_machine, print_report, run, table
from bench.peers.articles import append_articles
from bench.peers.engines import PYTHON_ENGINES
from bench.peers.processes import Contestant, Server, index_once, serving

__all__ = ["main"]

_ENGINES = ("arsearch", "tantivy")
_MEBIBYTE = 1 << 20
_CURVE = ("articles", "MB", "words", "forms", "law", "forms/law")
_INDEXING = ("articles", "engine", "MB/s", "seconds", "peak MB", "index MB", "index/text", "rate/first")
_SEARCHING = ("articles", "engine", "mode", "p50 ms", "p95 ms", "first p50", "first p95", "without hits")


def main(arguments: list[str] | None = None) -> None:
    """Measure every size and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="docs.jsonl[.xz|.gz], or a folder that has one")
    parser.add_argument("--limit", type=int, default=0, help="articles of the corpus to draw from, 0 for all (default)")
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")
    parser.add_argument(
        "--sizes", default="31030,125000,500000,1000000", help="numbers of articles (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the generator (default 1)")
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds of searching (default 3)")
    parser.add_argument("--warm-up", type=int, default=3, help="rounds of searching before those (default 3)")
    parser.add_argument(
        "--memory", type=int, default=256, help="MiB an engine may collect before writing (default 256)"
    )
    parser.add_argument("--only", choices=_ENGINES, action="append", help="only this engine; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    try:
        sizes = sorted({int(size) for size in options.sizes.split(",")})
    except ValueError:
        sizes = []
    if not sizes or sizes[0] < 1 or options.rounds < 1 or options.warm_up < 0:
        parser.error("--sizes are numbers of articles, with commas between them; --rounds is at least 1, --warm-up 0")
    with tempfile.TemporaryDirectory() as folder:
        _run(options, sizes, Path(folder))


def _run(options: argparse.Namespace, sizes: Sequence[int], folder: Path) -> None:
    articles, lines = folder / "articles", folder / "queries"
    queries = latency_queries(options.queries, options.queries_limit)
    lines.write_text("".join(" ".join(query.text.split()) + "\n" for query in queries), "utf-8")
    engines, skipped = [], []
    for name in _ENGINES:
        reason = PYTHON_ENGINES[name].missing(1)
        if options.only and name not in options.only:
            continue
        if reason:
            skipped.append(f"Not run: {name}: {reason}.")
        else:
            engines.append(name)
    generator = Generator(read_docs(options.corpus, options.limit), options.seed)
    made = generator.articles(sizes[-1])
    digest = Digest()
    curve: list[dict[str, Any]] = []
    indexing: list[dict[str, Any]] = []
    searching: list[dict[str, Any]] = []
    for size in sizes:
        _tell(f"making {size:,} articles")
        append_articles(itertools.islice(made, size - digest.articles), articles, digest)
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
        searching += _search(contestants, folder, lines, options)
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
        "searching": searching,
    }
    sections = [
        ("Vocabulary", table(curve, _CURVE)),
        ("Indexing, one thread", table(indexing, _INDEXING)),
        ("Searching, top 10 with titles", table(searching, _SEARCHING)),
    ]
    print_report(report, sections, as_json=options.json, notes=skipped)


def _index(one: Contestant, articles: Path, folder: Path, memory: int, digest: Digest) -> dict[str, Any]:
    _tell(f"indexing {one.limit:,}: {one.engine}")
    place = folder / one.name
    place.mkdir()
    done = index_once(one, articles, place, warm_up=0, memory=memory, watch=True)
    return {
        "articles": one.limit,
        "engine": one.engine,
        "MB/s": digest.megabytes / done["seconds"],
        "seconds": done["seconds"],
        "peak MB": done["peak"] / 1e6,
        "index MB": done["size"] / 1e6,
        "index/text": done["size"] / digest.bytes,
    }


def _search(
    contestants: Sequence[Contestant], folder: Path, lines: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(one, folder / one.name, lines)) for one in contestants]
        ways = [
            (server, mode) for mode in ("or", "and", "auto") for server in servers if mode in server.contestant.modes
        ]
        rounds = []
        for number in range(options.warm_up + options.rounds):
            _tell(f"searching {contestants[0].limit:,}: round {number + 1}")
            rounds.append([server.ask(mode, False) for server, mode in ways])
    return [
        _row(server, mode, answers[0], answers[options.warm_up :])
        for (server, mode), answers in zip(ways, zip(*rounds, strict=True), strict=True)
    ]


def _row(server: Server, mode: str, first: dict[str, Any], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A query's time is its median over the rounds, percentiles are over the queries."""
    p50, p95 = _cuts(answers)
    cold50, cold95 = _cuts([first])
    return {
        "articles": server.contestant.limit,
        "engine": server.contestant.engine,
        "mode": mode,
        "p50 ms": p50,
        "p95 ms": p95,
        "first p50": cold50,
        "first p95": cold95,
        "without hits": first["hits"].count(0),
    }


def _cuts(answers: Sequence[dict[str, Any]]) -> tuple[float, float]:
    times = [statistics.median(own) / 1000 for own in zip(*(answer["micros"] for answer in answers), strict=True)]
    cuts = statistics.quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return cuts[9], cuts[18]


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
