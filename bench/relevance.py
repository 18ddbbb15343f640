"""How good are the results?

    python -m bench.relevance --corpus arcd --distractors news/docs.jsonl.xz
    python -m bench.relevance --corpus arcd --run lucene=lucene.run

`--corpus` is a folder with docs.jsonl[.xz], queries.jsonl and qrels.tsv. The contestants index the same documents and
answer the same queries; the difference to arsearch has a 95 % interval from a paired bootstrap that draws groups of
queries (those about one article), not single ones. `--run` puts any other engine's TREC run file beside them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import arsearch
from arsearch.evaluation import METRICS, Evaluation, compare, evaluate, read_run, score_run, write_run
from arsearch.evaluation.run import Searchable
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_OURS = "arsearch"
_MAIN = "nDCG@10"
_NOTE = (
    "light10 BM25 is a stand-in for Lucene's ArabicAnalyzer, not Lucene: our tokenizer, light10 stems and stop words, "
    "title and body in one field, BM25 with k1 1.2, b 0.75. Gains are arsearch's, 95 % interval by groups of queries."
)


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents, queries and judgements")
    add_distractor_arguments(parser)
    parser.add_argument("--mode", choices=("auto", "any", "all"), default="auto", help="arsearch's mode (default auto)")
    parser.add_argument("--only", choices=sorted(_CONTESTANTS), action="append", help="only this; may be repeated")
    parser.add_argument("--run", action="append", default=[], metavar="NAME=FILE", help="another engine's TREC run")
    parser.add_argument("--runs-to", type=Path, metavar="FOLDER", help="write each contestant's TREC run there")
    parser.add_argument("--per-query", action="store_true", help="with --json: every query's values too")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    collection = load_collection(
        options.corpus,
        distractors=options.distractors,
        distractors_limit=options.distractors_limit,
        queries_limit=options.queries_limit,
    )
    found: dict[str, tuple[Evaluation, float | None]] = {}
    for name, build in _CONTESTANTS.items():
        if not options.only or name in options.only:
            with build(collection) as engine:
                start = time.perf_counter()
                result = evaluate(engine, collection.queries, collection.qrels, mode=options.mode)
                found[name] = (result, (time.perf_counter() - start) * 1000 / len(collection.queries))
    for item in options.run:
        name, _, file = item.partition("=")
        found[name] = (
            score_run(read_run(file), collection.qrels, queries=[query.id for query in collection.queries]),
            None,
        )
    if options.runs_to:
        options.runs_to.mkdir(parents=True, exist_ok=True)
        for name, (result, _) in found.items():
            tag = name.replace(" ", "-")
            write_run(result.run, options.runs_to / f"{tag}.run", tag=tag)
    rows = [_row(name, result, taken) for name, (result, taken) in found.items()]
    gains = _gains({name: result for name, (result, _) in found.items()}, collection)
    report: dict[str, Any] = {
        "machine": describe_machine(),
        "corpus": collection.to_dict(),
        "mode": options.mode,
        "rows": rows,
        "gains": gains,
    }
    if options.per_query:
        report["per_query"] = {name: result.to_dict()["per_query"] for name, (result, _) in found.items()}
    sections = [("Relevance", table(rows, ("contestant", *METRICS, "ms a query")))]
    if gains:
        sections.append((f"{_MAIN}, arsearch against", table(gains, ("rival", "gain", "low", "high", "p"))))
    print_report(report, sections, as_json=options.json, notes=[_NOTE])


def _row(name: str, result: Evaluation, taken: float | None) -> dict[str, Any]:
    return {"contestant": name, **result.mean, "ms a query": taken}


def _gains(found: dict[str, Evaluation], collection: Collection) -> list[dict[str, Any]]:
    ours = found.pop(_OURS, None)
    if ours is None:
        return []
    rows = []
    for name, result in found.items():
        gain = compare(ours.per_query[_MAIN], result.per_query[_MAIN], groups=collection.groups)
        rows.append({"rival": name, "gain": gain.difference, "low": gain.low, "high": gain.high, "p": gain.p})
    return rows


@contextmanager
def _arsearch(collection: Collection) -> Iterator[Searchable]:
    with arsearch.open(":memory:", create=True) as index:
        index.add(collection.docs)
        yield index


@contextmanager
def _light10(collection: Collection) -> Iterator[Searchable]:
    from bench.bm25 import Bm25, joined, light10_terms

    yield Bm25(joined(collection.docs), light10_terms())


def _whoosh(analyzer: str) -> Callable[[Collection], Any]:
    @contextmanager
    def build(collection: Collection) -> Iterator[Searchable]:
        from bench.stock import StockSearch, build_index, in_memory

        index = in_memory(analyzer)
        build_index(index, collection.docs)
        with index.searcher() as searcher:
            yield StockSearch(index, searcher)

    return build


_CONTESTANTS: dict[str, Callable[[Collection], Any]] = {
    _OURS: _arsearch,
    "light10 BM25": _light10,
    "whoosh normalised": _whoosh("normalised"),
    "whoosh stemmed": _whoosh("stemmed, memoised"),
}


if __name__ == "__main__":
    run(main)
