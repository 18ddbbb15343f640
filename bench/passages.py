"""Is a passage found in a long article as well as by itself, and how long does a call take?

    python -m bench.passages --data DATA --distractors news/docs.jsonl.xz --corpus news/docs.jsonl.xz --queries news/queries.jsonl

The passages of each test set and the distractors are indexed one by one. Then they are shuffled, joined into articles of
`--together` passages with a blank line between two, and `index.passages` looks for them. Titles are left out of both. A result
counts as the relevant passage if it has half the word triples of the shorter of the two, in both indexes. All metrics are
those of the first relevant result of ten.

The second table has the time of a call on the articles of `--corpus`, beside a search with snippets in the same run, and the
time of a call on one article of `--megabytes` made of them.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import arsearch
from arsearch.evaluation import read_queries
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.corpus import add_corpus_arguments, read_docs
from bench.machine import describe_machine, log_progress, print_report, run, table

__all__ = ["main"]

_COLUMNS = (
    "set",
    "indexed as",
    "articles",
    "success@1",
    "recall@5",
    "recall@10",
    "MRR@10",
    "nDCG@10",
    "p50 ms",
    "p95 ms",
)
_TIMES = ("call", "p50 ms", "p95 ms", "longest ms")
_FOUND = 10
_SEED = 17

_Triples = set[tuple[str, ...]]


def main() -> None:
    """Print the quality of passages, and the time of a call."""
    parser = argparse.ArgumentParser(prog="python -m bench.passages", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    parser.add_argument("--queries", type=Path, required=True, help="JSON lines with id and text, for the times")
    add_distractor_arguments(parser)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the test sets")
    parser.add_argument("--sets", nargs="+", default=["arcd", "tydiqa"], help="the test sets (default arcd tydiqa)")
    parser.add_argument("--together", type=int, default=20, help="passages of an article (default 20)")
    parser.add_argument("--size", type=int, default=600, help="the size of a passage (default 600)")
    parser.add_argument("--megabytes", type=float, default=10, help="the length of the longest article (default 10)")
    options = parser.parse_args()
    quality = []
    for name in options.sets:
        collection = load_collection(
            options.data / name,
            distractors=options.distractors,
            distractors_limit=options.distractors_limit,
            queries_limit=options.queries_limit,
        )
        quality += _quality(collection, options.together, options.size)
    docs = list(read_docs(options.corpus, options.limit))
    queries = [query.text for query in read_queries(options.queries)][: options.queries_limit or None]
    times = _times(docs, queries, options.megabytes)
    report = {"machine": describe_machine(), "quality": quality, "times": times}
    sections = [("Quality", table(quality, _COLUMNS)), ("Time", table(times, _TIMES))]
    print_report(report, sections, as_json=options.json)


def _quality(collection: Collection, together: int, size: int) -> list[dict[str, Any]]:
    docs = [{"id": doc["id"], "body": doc["body"] or doc["title"]} for doc in collection.docs]
    random.Random(_SEED).shuffle(docs)
    joined = [
        {"id": f"joined-{number}", "body": "\n\n".join(doc["body"] for doc in batch)}
        for number, batch in enumerate(_batches(docs, together))
    ]
    relevant = {id for query in collection.queries for id in collection.qrels[query.id]}
    triples = {doc["id"]: _triples(doc["body"]) for doc in docs if doc["id"] in relevant}
    rows = []
    for label, articles, find in (
        ("passages by themselves", docs, _articles),
        (f"articles of {together}", joined, lambda index, text: _passages(index, text, size)),
    ):
        with arsearch.open(":memory:", create=True) as index:
            index.add(articles)
            log_progress(f"{collection.name}: {label}")
            ranks, taken = [], []
            for query in collection.queries:
                start = time.perf_counter()
                texts = find(index, query.text)
                taken.append(time.perf_counter() - start)
                wanted = [triples[id] for id, grade in collection.qrels[query.id].items() if grade > 0]
                ranks.append(_first(texts, wanted))
        rows.append(
            {
                "set": collection.name,
                "indexed as": label,
                "articles": len(articles),
                **_metrics(ranks),
                **_spread(taken),
            }
        )
    return rows


def _batches(docs: Sequence[dict[str, Any]], size: int) -> Iterable[Sequence[dict[str, Any]]]:
    return (docs[at : at + size] for at in range(0, len(docs), size))


def _articles(index: arsearch.Index, text: str) -> list[str]:
    return [hit.article.body for hit in index.search(text, limit=_FOUND)]


def _passages(index: arsearch.Index, text: str, size: int) -> list[str]:
    return [passage.text for passage in index.passages(text, limit=_FOUND, size=size)]


def _triples(text: str) -> _Triples:
    words = text.split()
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def _first(texts: Sequence[str], wanted: Sequence[_Triples]) -> int:
    """Return the rank of the first text that is one of the wanted ones, 0 if none is."""
    for rank, text in enumerate(texts, 1):
        own = _triples(text)
        if any(2 * len(own & other) >= min(len(own), len(other)) for other in wanted):
            return rank
    return 0


def _metrics(ranks: Sequence[int]) -> dict[str, float]:
    def mean(value: Callable[[int], float]) -> float:
        return statistics.fmean(value(rank) if rank else 0.0 for rank in ranks)

    return {
        "success@1": mean(lambda rank: rank == 1),
        "recall@5": mean(lambda rank: rank <= 5),
        "recall@10": mean(bool),
        "MRR@10": mean(lambda rank: 1 / rank),
        "nDCG@10": mean(lambda rank: 1 / math.log2(1 + rank)),
    }


def _spread(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {"p50 ms": 1000 * ordered[len(ordered) // 2], "p95 ms": 1000 * ordered[int(0.95 * len(ordered))]}


def _times(docs: Sequence[dict[str, Any]], queries: Sequence[str], megabytes: float) -> list[dict[str, Any]]:
    sizes = itertools.accumulate(len(doc["body"]) for doc in docs)
    count = sum(1 for size in sizes if size <= megabytes * 1e6)
    long = "\n\n".join(doc["body"] for doc in docs[: max(1, count)])
    rows = []
    with arsearch.open(":memory:", create=True) as index, arsearch.open(":memory:", create=True) as one:
        index.add(docs)
        one.add([{"id": "long", "body": long}])
        rows.append(_timed("search, 8 hits with snippets", queries, lambda text: _snippets(index, text)))
        rows.append(_timed("passages, 8", queries, index.passages))
        rows.append(_timed(f"passages, 8, of one article of {len(long):,} characters", queries[:40], one.passages))
    return rows


def _snippets(index: arsearch.Index, text: str) -> list[str]:
    return [hit.snippet.text for hit in index.search(text, limit=8)]


def _timed(label: str, queries: Sequence[str], call: Callable[[str], object]) -> dict[str, Any]:
    log_progress(label)
    taken = []
    for text in queries:
        start = time.process_time()
        call(text)
        taken.append(time.process_time() - start)
    return {"call": label, **_spread(taken), "longest ms": 1000 * max(taken)}


if __name__ == "__main__":
    run(main)
