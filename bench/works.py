"""Is a passage found in a long work as well as by itself, and what do works cost?

    python -m bench.works --data DATA --corpus openiti/docs.jsonl.xz

The passages of each test set are indexed separately, then as the parts of works of `--together` passages, and then as
works of one text each that is cut after `--size` characters. A hit in a cut part counts for the passage that holds the
first match. Metrics are the means over all queries; `p` is that of the difference to separate passages.

The second table joins the paragraphs of a corpus into works of `--megabytes` and cuts them: the rate of adding beside the
same paragraphs as articles, in this order, the time of a search by works, and of reading the largest work whole.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import arsearch
from arsearch.evaluation import compare, evaluate
from bench.collection import Collection
from bench.corpus import add_corpus_arguments, read_docs
from bench.machine import describe_machine, peak_memory, print_report, run, table
from bench.relevance.sets import all_sets

__all__ = ["main"]

_METRICS = ("nDCG@10", "success@5", "recall@100")
_COLUMNS = ("set", "indexed as", *_METRICS, "difference", "p")
_COSTS = ("indexed as", "works", "parts", "MB", "MB/s", "search p50 ms", "search p95 ms", "get ms", "peak MB")
_DEPTH = 300


class _Found(NamedTuple):
    id: str


class _Works:
    """Searches works, and returns the passages that their parts hold."""

    def __init__(self, index: arsearch.Index, passages: Mapping[str, list[tuple[int, str]]]) -> None:
        self._index = index
        self._passages = passages

    def search(self, text: str, *, limit: int, mode: Any = "auto") -> list[_Found]:
        """Return the passages in order of their first hit, each once."""
        found: dict[str, None] = {}
        for hit in self._index.search(text, limit=_DEPTH, mode=mode):
            place = hit.place
            if place is not None and place.work != hit.id:
                starts = self._passages[place.work]
                spans = [span.start for span in hit.snippet.spans] if hit.snippet.field == "body" else []
                held = Counter(bisect_right(starts, (place.start + at, "\U0010ffff")) - 1 for at in spans or [0])
                found.setdefault(starts[held.most_common(1)[0][0]][1])
            if len(found) >= limit:
                break
        return [_Found(id) for id in found]


def main(arguments: list[str] | None = None) -> None:
    """Measure and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.works", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=0)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the test sets")
    parser.add_argument("--together", type=int, default=50, help="the passages of a work (default 50)")
    parser.add_argument("--size", type=int, default=800, help="the characters of a part (default 800)")
    parser.add_argument("--megabytes", type=float, default=8, help="the size of a work of the corpus (default 8)")
    parser.add_argument("--distractors-limit", type=int, default=5000)
    parser.add_argument("--queries-limit", type=int, default=0)
    options = parser.parse_args(arguments)
    sets = all_sets(options.data, distractors_limit=options.distractors_limit, queries_limit=options.queries_limit)
    quality = [row for one in sets[:3] for row in _quality(one[0], options.together, options.size)]
    costs = list(_costs(list(read_docs(options.corpus, options.limit)), options.megabytes, options.size))
    report = {"machine": describe_machine(), "quality": quality, "costs": costs}
    sections = [("Passages of works", table(quality, _COLUMNS)), ("Costs", table(costs, _COSTS))]
    print_report(report, sections, as_json=options.json)


def _quality(collection: Collection, together: int, size: int) -> Iterator[dict[str, Any]]:
    docs = [doc for doc in collection.docs if f"{doc.get('title', '')}{doc['body']}".strip()]
    groups = [docs[at : at + together] for at in range(0, len(docs), together)]
    base: Mapping[str, float] = {}
    kinds: dict[str, Iterable[tuple[Mapping[str, Any], list[tuple[int, str]]]]] = {
        "parts of works": (_listed(f"w{number}", group) for number, group in enumerate(groups)),
        f"cut after {size}": (_joined(f"w{number}", group) for number, group in enumerate(groups)),
    }
    for name in ("articles", *kinds):
        with arsearch.open(":memory:", create=True) as index:
            passages: dict[str, list[tuple[int, str]]] = {}
            if name == "articles":
                index.add(docs)
                engine: Any = index
            else:
                works = list(kinds[name])
                passages = {str(work["id"]): places for work, places in works}
                index.add([work for work, _ in works], split=None if name == "parts of works" else f"size:{size}")
                engine = _Works(index, passages)
            result = evaluate(engine, collection.queries, collection.qrels)
        values = result.per_query[_METRICS[0]]
        base = base or values
        against = compare(values, base, groups=collection.groups)
        yield {
            "set": collection.name,
            "indexed as": name,
            **{metric: result.mean[metric] for metric in _METRICS},
            "difference": against.difference,
            "p": against.p,
        }


def _listed(id: str, group: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], list[tuple[int, str]]]:
    """Return a work whose parts are passages, and where each begins in its text."""
    work = {"id": id, "title": id, "parts": [{"heading": doc.get("title", ""), "body": doc["body"]} for doc in group]}
    parts = arsearch.Article.from_dict(work).parts
    return work, [(part.start, doc["id"]) for part, doc in zip(parts, group, strict=True)]


def _joined(id: str, group: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], list[tuple[int, str]]]:
    """Return a work of one text, with the titles of its passages in it, and where each passage begins."""
    places, texts, at = [], [], 0
    for doc in group:
        text = "\n".join(filter(None, (doc.get("title", ""), doc["body"]))) + "\n\n"
        places.append((at, str(doc["id"])))
        texts.append(text)
        at += len(text)
    return {"id": id, "title": id, "body": "".join(texts)}, places


def _costs(docs: Sequence[Mapping[str, Any]], megabytes: float, size: int) -> Iterator[dict[str, Any]]:
    bodies = [str(doc["body"]) for doc in docs]
    amount = sum(len(body.encode()) for body in bodies) / 1e6
    works: list[dict[str, Any]] = []
    texts: list[str] = []
    weight = 0
    for body in [*bodies, None]:
        if body is None or weight > megabytes * 1e6:
            works.append({"id": f"w{len(works)}", "title": f"w{len(works)}", "body": "\n".join(texts)})
            texts, weight = [], 0
        if body is not None:
            texts.append(body)
            weight += len(body.encode())
    queries = [" ".join(body.split()[10:13]) for body in bodies[:: max(1, len(bodies) // 500)]]
    for name, items, split in (("articles", docs, None), (f"works, cut after {size}", works, f"size:{size}")):
        with tempfile.TemporaryDirectory() as folder, arsearch.open(Path(folder) / "index", create=True) as index:
            start = time.perf_counter()
            index.add(items, split=split)
            seconds = time.perf_counter() - start
            times = []
            for query in queries:
                start = time.perf_counter()
                results = index.search(query, collapse="work" if split else None)
                _ = [hit.snippet.text for hit in results]
                times.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            index.get(str(max(items, key=lambda item: len(item["body"]))["id"]))
            got = (time.perf_counter() - start) * 1000
            yield {
                "indexed as": name,
                "works": len(index),
                "parts": index.stats().parts,
                "MB": amount,
                "MB/s": amount / seconds,
                "search p50 ms": statistics.median(times),
                "search p95 ms": statistics.quantiles(times, n=20)[-1],
                "get ms": got,
                "peak MB": peak_memory() / 1e6,
            }


if __name__ == "__main__":
    run(main)
