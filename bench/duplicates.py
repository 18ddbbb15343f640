"""What near-duplicates are in a corpus, how well they are told, and what telling them costs.

    python -m bench.duplicates --corpus news/docs.jsonl.xz --limit 8000

Two articles are near-duplicates if 10 of the 16 bytes of their sketches are equal. For each number of equal bytes:
how many pairs of articles have it, and what share of their runs of three stems a sample of these has in common
(Jaccard), which the bytes estimate. `--show N` prints so many pairs a row to be read: whether two articles are one
report is for a reader to say. The cost is the processor's time in sketches while indexing, once, in one process.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from typing import Any
from unittest import mock

import numpy as np

import arsearch
from arsearch.index.codec.minhash import SIGNATURE_SIZE, minhash_signatures, near_duplicates
from arsearch.index.writing import field_inverter
from bench.corpus import add_corpus_arguments, read_docs
from bench.embedded import reader_of
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_LEAST = 5
_SAMPLE = 40
_COLUMNS = ("equal bytes", "pairs", "runs in common %", "least %")
Runs = set[tuple[str, ...]]


def main(arguments: list[str] | None = None) -> None:
    """Index, compare all pairs, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.duplicates", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=8000)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N pairs of each row, to be read")
    options = parser.parse_args(arguments)
    docs = list(read_docs(options.corpus, options.limit))
    share, index = _indexed(docs)
    with index:
        reader = reader_of(index)
        rows = reader.signatures()
        articles = [reader.article(doc) for doc in reader.all_docs().tolist()]
        words = index.analyzer.analyze

        def runs(doc: int) -> Runs:
            stems = [token.term.stem for token in words(articles[doc].body)]
            return set(zip(stems, stems[1:], stems[2:], strict=False))

        later = sum(bool(near_duplicates(rows[:doc], rows[doc]).any()) for doc in range(len(rows)))
        pairs = _pairs(rows)
        found = [_row(equal, pairs[equal], runs) for equal in sorted(pairs)]
    figures = {
        "articles": len(rows),
        "near-duplicates of an earlier one %": round(100 * later / max(len(rows), 1), 1),
        "without a sketch %": round(100 * float((~rows.any(axis=1)).mean()), 1),
        "of the time of indexing %": round(100 * share, 2),
    }
    report = {"machine": describe_machine(), "figures": figures, "rows": found}
    sections = [("Near-duplicates", table([figures], tuple(figures))), ("Pairs", table(found, _COLUMNS))]
    if options.show:
        sections.append(("To be read", _shown(pairs, articles, options.show)))
    print_report(report, sections, as_json=options.json)


def _indexed(docs: list[dict[str, Any]]) -> tuple[float, arsearch.Index]:
    """An index of the documents, and the share of the time that sketches took."""
    spent = [0.0]

    def timed(*given: Any) -> Any:
        before = time.thread_time()
        made = minhash_signatures(*given)
        spent[0] += time.thread_time() - before
        return made

    index = arsearch.open(":memory:", create=True)
    with mock.patch.object(field_inverter, "minhash_signatures", timed):
        before = time.process_time()
        index.add(docs)
        return spent[0] / (time.process_time() - before), index


def _pairs(rows: Any) -> dict[int, list[tuple[int, int]]]:
    """Pairs of documents by how many bytes of their sketches are equal, from `_LEAST` on."""
    pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for doc in np.flatnonzero(rows.any(axis=1)).tolist():
        equal = (rows[:doc] == rows[doc]).sum(axis=1)
        for other in np.flatnonzero(equal >= _LEAST).tolist():
            pairs[int(equal[other])].append((other, doc))
    return pairs


def _row(equal: int, pairs: list[tuple[int, int]], runs: Any) -> dict[str, Any]:
    common = []
    for one, other in random.Random(equal).sample(pairs, min(_SAMPLE, len(pairs))):
        first, second = runs(one), runs(other)
        common.append(100 * len(first & second) / max(len(first | second), 1))
    values = (f"{equal} of {SIGNATURE_SIZE}", len(pairs), round(sum(common) / len(common)), round(min(common)))
    return dict(zip(_COLUMNS, values, strict=True))


def _shown(pairs: dict[int, list[tuple[int, int]]], articles: list[arsearch.Article], count: int) -> str:
    lines = []
    for equal in sorted(pairs):
        lines.append(f"\n{equal} of {SIGNATURE_SIZE}")
        for pair in random.Random(equal).sample(pairs[equal], min(count, len(pairs[equal]))):
            lines += ["", *(f"{articles[doc].title} | {articles[doc].body[:100]!r}" for doc in pair)]
    return "\n".join(lines)


if __name__ == "__main__":
    run(main)
