"""How many near-duplicates does a corpus have, how precise are they, and what does finding them cost?

    python -m bench.duplicates --corpus news/docs.jsonl.xz --limit 8000

Two articles are near-duplicates if 10 of the 16 bytes of their MinHash signatures are equal. For each number of equal
bytes the script prints the number of pairs, and the Jaccard similarity of a sample of them: the share of runs of three
stems that both articles have. The number of equal bytes estimates this similarity. `--show N` prints N pairs of each
row, because only a reader can say whether two articles are one report. The cost is the share of processor time that the
signatures take in one run of indexing, in one process.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np

import arsearch
from arsearch.index.writing import field_inverter
from arsearch.minhash import SIGNATURE_SIZE, minhash_signatures, near_duplicates
from bench.corpus import add_corpus_arguments, read_docs
from bench.embedded import reader_of
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_MIN_EQUAL = 5  # equal bytes of the first row
_SAMPLE = 40  # pairs of each row whose similarity is computed
_COLUMNS = ("equal bytes", "pairs", "runs in common %", "least %")
Runs = set[tuple[str, ...]]


def main(arguments: list[str] | None = None) -> None:
    """Index the corpus, compare all pairs of articles, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.duplicates", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=8000)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N pairs of each row")
    options = parser.parse_args(arguments)
    docs = list(read_docs(options.corpus, options.limit))
    share, index = _indexed(docs)
    with index:
        reader = reader_of(index)
        signatures = reader.signatures()
        articles = [reader.article(doc) for doc in reader.all_docs().tolist()]

        def runs(doc: int) -> Runs:
            stems = [token.term.stem for token in index.analyzer.analyze(articles[doc].body)]
            return set(zip(stems, stems[1:], stems[2:], strict=False))

        count = len(signatures)
        duplicates = sum(bool(near_duplicates(signatures[:doc], signatures[doc]).any()) for doc in range(count))
        pairs = _pairs(signatures)
        rows = [_row(equal, pairs[equal], runs) for equal in sorted(pairs)]
    figures = {
        "articles": count,
        "near-duplicates of an earlier one %": round(100 * duplicates / max(count, 1), 1),
        "without a sketch %": round(100 * float((~signatures.any(axis=1)).mean()), 1),
        "of the time of indexing %": round(100 * share, 2),
    }
    report = {"machine": describe_machine(), "figures": figures, "rows": rows}
    sections = [("Near-duplicates", table([figures], tuple(figures))), ("Pairs", table(rows, _COLUMNS))]
    if options.show:
        sections.append(("Sample pairs", _sample_pairs(pairs, articles, options.show)))
    print_report(report, sections, as_json=options.json)


def _indexed(docs: list[dict[str, Any]]) -> tuple[float, arsearch.Index]:
    """Return the share of processor time that signatures take, and the index of the documents."""
    seconds = 0.0

    def timed(*arguments: Any) -> Any:
        nonlocal seconds
        start = time.thread_time()
        signatures = minhash_signatures(*arguments)
        seconds += time.thread_time() - start
        return signatures

    index = arsearch.open(":memory:", create=True)
    with mock.patch.object(field_inverter, "minhash_signatures", timed):
        start = time.process_time()
        index.add(docs)
        return seconds / (time.process_time() - start), index


def _pairs(signatures: Any) -> dict[int, list[tuple[int, int]]]:
    """Return the pairs of documents for each number of equal bytes, from `_MIN_EQUAL` upwards."""
    pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for doc in np.flatnonzero(signatures.any(axis=1)).tolist():
        equal = (signatures[:doc] == signatures[doc]).sum(axis=1)
        for other in np.flatnonzero(equal >= _MIN_EQUAL).tolist():
            pairs[int(equal[other])].append((other, doc))
    return pairs


def _row(equal: int, pairs: list[tuple[int, int]], runs: Callable[[int], Runs]) -> dict[str, Any]:
    jaccard = []
    for one, other in random.Random(equal).sample(pairs, min(_SAMPLE, len(pairs))):
        first, second = runs(one), runs(other)
        jaccard.append(100 * len(first & second) / max(len(first | second), 1))
    values = (f"{equal} of {SIGNATURE_SIZE}", len(pairs), round(sum(jaccard) / len(jaccard)), round(min(jaccard)))
    return dict(zip(_COLUMNS, values, strict=True))


def _sample_pairs(pairs: dict[int, list[tuple[int, int]]], articles: list[arsearch.Article], count: int) -> str:
    lines = []
    for equal in sorted(pairs):
        lines.append(f"\n{equal} of {SIGNATURE_SIZE}")
        for pair in random.Random(equal).sample(pairs[equal], min(count, len(pairs[equal]))):
            lines += ["", *(f"{articles[doc].title} | {articles[doc].body[:100]!r}" for doc in pair)]
    return "\n".join(lines)


if __name__ == "__main__":
    run(main)
