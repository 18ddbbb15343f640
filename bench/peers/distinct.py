"""Searches that come for the first time: distinct queries, each asked once, in the default mode of each engine.

    python -m bench.peers.distinct --corpus news/docs.jsonl.xz --folder indexes

As a command the module prints the table of arsearch and tantivy alone. It builds their indexes in a folder, unless they exist.

The queries are runs of one to four words cut from titles, drawn by a seed. Each round starts the engines anew: a process
opens its index, asks `WARM_UP` queries (of few titles, a sixth), and then asks each of the others once. Its figures are those of
the others. With several threads, the threads of one process share the queries, and `queries/s` counts all of them.

`CPU p50` and `CPU p95` are of the processor time of the thread that asks, which a busy machine changes less than the time.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.corpus import add_corpus_arguments, read_docs
from bench.machine import describe_machine, log_progress, print_report, run, table
from bench.peers.articles import write_articles
from bench.peers.engines import PYTHON_ENGINES
from bench.peers.processes import Contestant, index_once, serving

__all__ = ["DISTINCT_COLUMNS", "main", "measure_distinct", "title_queries"]

DISTINCT_COLUMNS = (
    *("articles", "engine", "mode", "snippets", "threads", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "queries/s"),
    "without hits",
)
QUERIES = 1500
WARM_UP = 300
_THREADS = (2, 4)
_SHORTEST_TITLE = 5
_MEMORY = 256 << 20


def title_queries(articles: Iterable[Mapping[str, str]], seed: int = 7) -> list[str]:
    """Return at most `WARM_UP` and `QUERIES` distinct queries of one to four words, each from another title."""
    titles = [article["title"] for article in articles if len(article["title"].split()) >= _SHORTEST_TITLE]
    chosen = random.Random(seed)
    chosen.shuffle(titles)
    found: dict[str, None] = {}
    for title in titles:
        words = title.split()
        count = chosen.choice([1, 2, 2, 3, 3, 4])
        start = chosen.randrange(len(words) - count)
        found[" ".join(words[start : start + count])] = None
        if len(found) == WARM_UP + QUERIES:
            break
    return list(found)


def measure_distinct(
    contestants: Sequence[Contestant], folder: Path, queries: Sequence[str], articles: int, repeat: int
) -> list[dict[str, Any]]:
    """Search the indexes in `folder`, which have that number of articles, in `repeat` rounds.

    Return a row for each engine and setting; none if there are fewer than two queries.
    """
    if len(queries) < 2:
        return []
    warm_up = min(WARM_UP, len(queries) // 6)
    lines = folder / "distinct queries"
    lines.write_text("".join(query + "\n" for query in queries), "utf-8")
    settings = [
        (one, "auto" if "auto" in one.modes else "or", snippets, threads)
        for snippets in (False, True)
        for threads in (1, *_THREADS)
        for one in contestants
        if threads == 1 or one.engine != "lucene"
    ]
    rounds: list[list[dict[str, Any]]] = [[] for _ in settings]
    for number in range(repeat):
        order = list(enumerate(settings))
        for at, (one, mode, snippets, threads) in order if number % 2 == 0 else order[::-1]:
            log_progress(
                f"distinct queries, round {number + 1}: {one.engine}, {threads} threads{', snippets' * snippets}"
            )
            with serving(one, folder / one.name, lines) as server:
                rounds[at].append(server.ask(mode, snippets, threads=threads, warm_up=warm_up))
    return [
        {
            "articles": articles,
            "engine": one.engine,
            "mode": mode,
            "snippets": "yes" if snippets else "no",
            "threads": threads,
            **_figures(answers, len(queries) - warm_up),
        }
        for (one, mode, snippets, threads), answers in zip(settings, rounds, strict=True)
    ]


def _figures(answers: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
    """Return the medians over the rounds; the last `count` queries are measured.

    An answer without `seconds`, of a program for one thread, has the queries of the warm-up too.
    """
    percentiles = [_percentiles(answer["micros"][-count:]) for answer in answers]
    figures: dict[str, Any] = {
        "p50 ms": statistics.median(p50 for p50, _ in percentiles),
        "p95 ms": statistics.median(p95 for _, p95 in percentiles),
        "without hits": answers[0]["hits"][-count:].count(0),
    }
    if "seconds" in answers[0]:
        used = [_percentiles(answer["cpu"]) for answer in answers]
        figures["CPU p50"] = statistics.median(p50 for p50, _ in used)
        figures["CPU p95"] = statistics.median(p95 for _, p95 in used)
        figures["queries/s"] = statistics.median(len(answer["micros"]) / answer["seconds"] for answer in answers)
    else:
        figures["queries/s"] = statistics.median(1e6 * count / sum(answer["micros"][-count:]) for answer in answers)
    return figures


def _percentiles(micros: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    cuts = statistics.quantiles(micros, n=20, method="inclusive")
    return cuts[9] / 1000, cuts[18] / 1000


def main(arguments: list[str] | None = None) -> None:
    """Print the table of arsearch and tantivy."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers.distinct", description=(__doc__ or "").partition("\n")[0]
    )
    add_corpus_arguments(parser, limit=None)
    parser.add_argument("--folder", type=Path, required=True, help="folder of the indexes; they stay")
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds (default 3)")
    options = parser.parse_args(arguments)
    contestants = [
        Contestant(name, 1, (sys.executable, "-m", "bench.peers.worker", name), PYTHON_ENGINES[name].MODES)
        for name in ("arsearch", "tantivy")
        if PYTHON_ENGINES[name].missing() is None
    ]
    docs = list(read_docs(options.corpus, options.limit))
    for one in contestants:
        if not (options.folder / one.name).exists():
            log_progress(f"indexing: {one.name}")
            (options.folder / one.name).mkdir(parents=True)
            articles = options.folder / "articles"
            write_articles(docs, articles)
            index_once(one, articles, options.folder / one.name, warm_up=0, memory=_MEMORY)
            articles.unlink()
    rows = measure_distinct(contestants, options.folder, title_queries(docs), len(docs), max(1, options.rounds))
    report = {
        "machine": describe_machine(),
        "corpus": {"articles": len(docs), "rounds": options.rounds},
        "distinct": rows,
    }
    print_report(report, [("Distinct queries, each once", table(rows, DISTINCT_COLUMNS))], as_json=options.json)


if __name__ == "__main__":
    run(main)
