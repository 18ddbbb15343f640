"""How long does a search take?

    python -m bench.query --corpus news/docs.jsonl.xz --queries news/queries.jsonl
    python -m bench.query --corpus news/docs.jsonl.xz --queries news/queries.jsonl --limit 0 --only arsearch

One process, one thread, warm: every query is run once before the clock starts, then `--repeat` times; a query's time is
the median of those, the percentiles are over the queries. A search gives ten hits with id, score and stored title; with
snippets, their HTML too. Stock Whoosh has an index of the same articles under the same terms as the naive pipeline
of `bench.indexing` (Tashaphyne's stems), built with a memo of the words because its time does not count here.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import arsearch
from arsearch.evaluation import Query
from bench.corpus import add_corpus_arguments, latency_queries, read_docs, write_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

HITS = 10
_COLUMNS = ("contestant", "mode", "snippets", "p50 ms", "p95 ms", "p99 ms", "mean ms", "without hits")
Search = Callable[[str], int]


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.query", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text")
    parser.add_argument("--queries-limit", type=int, default=0, help="first queries only, 0 for all (default all)")
    parser.add_argument("--repeat", type=int, default=3, help="times each query is run (default 3)")
    parser.add_argument("--only", choices=sorted(_CONTESTANTS), help="run only this contestant")
    options = parser.parse_args(arguments)
    queries = latency_queries(options.queries, options.queries_limit)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs.jsonl"
        digest = write_docs(read_docs(options.corpus, options.limit), docs)
        for name, (build, modes) in _CONTESTANTS.items():
            if options.only in (None, name):
                place = Path(folder) / f"{name}.index"
                place.mkdir()
                with build(place, docs) as prepare:
                    rows += [
                        {"contestant": name, "mode": mode, "snippets": "yes" if snippets else "no"}
                        | _measure(prepare(mode, snippets), queries, options.repeat)
                        for mode in modes
                        for snippets in (False, True)
                    ]
    report = {
        "machine": describe_machine(),
        "corpus": digest.to_dict() | {"queries": len(queries), "repeat": options.repeat},
        "rows": rows,
    }
    print_report(report, [(f"Searching, {HITS} hits", table(rows, _COLUMNS))], as_json=options.json)


def _measure(search: Search, queries: Sequence[Query], repeat: int) -> dict[str, Any]:
    """Percentiles over the queries of each one's median time, in milliseconds, and how many found nothing."""
    empty = sum(search(query.text) == 0 for query in queries)
    times: list[list[float]] = [[] for _ in queries]
    for _ in range(repeat):
        for query, taken in zip(queries, times, strict=True):
            start = time.perf_counter()
            search(query.text)
            taken.append((time.perf_counter() - start) * 1000)
    medians = [statistics.median(taken) for taken in times]
    p50, p95, p99 = np.percentile(medians, [50, 95, 99]).tolist()
    return {"p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "mean ms": statistics.fmean(medians), "without hits": empty}


Prepare = Callable[[str, bool], Search]


@contextmanager
def _arsearch(folder: Path, docs: Path) -> Iterator[Prepare]:
    with arsearch.open(folder, create=True) as index:
        index.add(read_docs(docs))

        def prepare(mode: str, snippets: bool) -> Search:
            def search(text: str) -> int:
                results = index.search(text, limit=HITS, mode=mode)  # type: ignore[arg-type]
                for hit in results:
                    _ = (hit.id, hit.score, hit.title, hit.snippet.html if snippets else None)
                return len(results)

            return search

        yield prepare


@contextmanager
def _whoosh(folder: Path, docs: Path) -> Iterator[Prepare]:
    from bench.stock import build_index, make_parser, on_disk

    index = on_disk(folder, "stemmed, memoised")
    build_index(index, read_docs(docs))
    with index.searcher() as searcher:

        def prepare(mode: str, snippets: bool) -> Search:
            parse = make_parser(index, mode)

            def search(text: str) -> int:
                results = searcher.search(parse(text), limit=HITS)
                for hit in results:
                    _ = (hit["id"], hit.score, hit["title"], hit.highlights("body") if snippets else None)
                return int(results.scored_length())

            return search

        yield prepare


_CONTESTANTS = {
    "arsearch": (_arsearch, ("auto", "all", "any")),
    "whoosh": (_whoosh, ("all", "any")),
}


if __name__ == "__main__":
    run(main)
