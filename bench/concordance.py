"""How fast are concordances, frequencies, and the spans of a long article?

    python -m bench.concordance --corpus DIR
    python -m bench.concordance --corpus DIR --words قال الله --lines 100000 --megabytes 10

Each row is the first call in a process of its own, on an index on disk that was read once. A concordance stops at `--lines`.
The long article is the first texts of the corpus joined, also as a work cut into parts. Spans are the least time of five calls,
after one for a short article; freeing them is not timed. `seconds` is elapsed time and `processor` processor time. `first` is
the elapsed and `first, processor` the processor time of the first call, which reads the stored text, with several threads, and
analyses the words. All are seconds. `peak MB` is the peak memory of the process, including the mapped index file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import arsearch
from arsearch.model import Span
from bench.corpus import Digest, add_corpus_arguments, read_docs
from bench.machine import describe_machine, peak_memory, print_report, run, table

__all__ = ["main"]

_WORDS = ("قال", "الله", "كتاب", '"قال رسول الله"', "زندقة")
_REPEATS = 5
_LONG, _SHORT = "long", "short"
_SHORT_LENGTH = 2_000
_COLUMNS = ("call", "query", "found", "seconds", "processor", "first", "first, processor", "peak MB")

Row = dict[str, Any]


def _lines(index: arsearch.Index, query: str, most: int, sort: str | None) -> int:
    return sum(1 for _ in islice(index.concordance(query, sort=sort), most))


def _calls(most: int) -> dict[str, tuple[str, Callable[[arsearch.Index, str], int | list[Span]], int]]:
    """Return the measured calls by name: the folder of the index, the call, and how often it is repeated."""
    return {
        "concordance": ("corpus", lambda index, query: _lines(index, query, most, None), 1),
        "concordance sorted left": ("corpus", lambda index, query: _lines(index, query, most, "left"), 1),
        "frequencies by work": (
            "corpus",
            lambda index, query: index.frequencies(query, by="work").total.occurrences,
            1,
        ),
        "spans of an article": ("article", lambda index, query: index.spans(_LONG, query), _REPEATS),
        "spans of a work in parts": ("work", lambda index, query: index.spans(_LONG, query), _REPEATS),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the indexes, run every call on every query, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.concordance", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    parser.add_argument("--words", nargs="+", default=_WORDS, metavar="QUERY", help="the queries (default %(default)s)")
    parser.add_argument("--lines", type=int, default=100_000, help="lines of a concordance (default %(default)s)")
    parser.add_argument("--megabytes", type=float, default=10, help="size of the long article (default %(default)s)")
    parser.add_argument("--call", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.call:
        print(json.dumps(_measure(options.call, options.folder, options.words[0], options.lines)))
        return
    with tempfile.TemporaryDirectory() as folder:
        digest, long = _build(Path(folder), options)
        rows = list(_rows(Path(folder), options))
    report = {
        "machine": describe_machine(),
        "corpus": {**digest.to_dict(), "long article MB": round(long / 1e6, 2)},
        "calls": rows,
    }
    print_report(report, [("Occurrences", table(rows, _COLUMNS))], as_json=options.json)


def _build(folder: Path, options: argparse.Namespace) -> tuple[Digest, int]:
    """Make the three indexes; return the digest of the corpus and the bytes of the long article."""
    digest = Digest()
    texts: list[str] = []
    size = 0

    def docs() -> Iterator[dict[str, Any]]:
        nonlocal size
        for doc in read_docs(options.corpus, options.limit):
            digest.add(doc)
            if size < options.megabytes * 1e6:
                texts.append(doc["body"])
                size += len(doc["body"].encode()) + 2
            yield doc

    with arsearch.open(folder / "corpus", create=True) as index:
        index.add(docs())
    body = "\n\n".join(texts).encode()[: int(options.megabytes * 1e6)].decode("utf-8", "ignore")
    articles = [
        {"id": _LONG, "title": "نص طويل", "body": body},
        {"id": _SHORT, "title": "نص قصير", "body": body[:_SHORT_LENGTH]},
    ]
    for name, split in (("article", None), ("work", "size")):
        with arsearch.open(folder / name, create=True) as index:
            index.add(articles, split=split)
    return digest, len(body.encode())


def _rows(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    for call in _calls(options.lines):
        for query in options.words:
            print(call, query, file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "bench.concordance", "--corpus", str(options.corpus), "--call", call]
            command += ["--folder", str(folder), "--lines", str(options.lines), "--words", query]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            yield json.loads(done.stdout)


def _measure(call: str, folder: Path, query: str, most: int) -> Row:
    name, function, repeats = _calls(most)[call]
    with arsearch.open(folder / name) as index:
        index.search("في", limit=1)
        if repeats > 1:
            index.spans(_SHORT, query)  # imports the modules
        times = []
        found = 0
        for _ in range(repeats):
            start, processor = time.perf_counter(), time.process_time()
            result = function(index, query)
            times.append((time.perf_counter() - start, time.process_time() - processor))
            found = result if isinstance(result, int) else len(result)
            del result  # freeing the spans is not timed
    return {
        "call": call,
        "query": query,
        "found": found,
        "seconds": min(seconds for seconds, _ in times),
        "processor": min(processor for _, processor in times),
        "first": times[0][0],
        "first, processor": times[0][1],
        "peak MB": peak_memory() / 1e6,
    }


if __name__ == "__main__":
    run(main)
