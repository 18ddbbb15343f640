"""What do the checks of texts cost at reading, and how long does it take to see that a folder is unchanged?

    python -m bench.reading --corpus news.jsonl            # all articles, and a folder with a file for each

The first table reads the articles as JSON lines, with and without the checks of `arsearch.readers.quality`, in turn; the best
of three rounds counts. The second one writes a text file for each article, and syncs an index with the folder: with all files
new, and twice with all files unchanged. Seconds are those of the processor, `elapsed` those of the clock.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import arsearch
from arsearch.model import Record
from arsearch.readers import write_jsonl
from bench.corpus import add_corpus_arguments, find_docs, read_docs
from bench.machine import describe_machine, print_report, run, table

__all__ = ["main"]

_ROUNDS = 3
_OLD = 1_400_000_000
"""The time of the files, in seconds since 1970: long before the sync, as that of most files is."""

_READING = ("reading", "articles", "seconds", "articles/s", "remarks")
_SYNCING = ("sync", "new", "unchanged", "seconds", "elapsed")


class _NoChecks:
    """Stands for `TextChecks` and leaves records as they are."""

    def __init__(self, *_: object) -> None:
        pass

    def records(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records."""
        yield from records


def _timed(steps: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return the result of a function, its processor time and its elapsed time."""
    processor, elapsed = time.process_time(), time.perf_counter()
    result = steps()
    return result, time.process_time() - processor, time.perf_counter() - elapsed


def _read(path: Path) -> tuple[int, int]:
    articles = remarks = 0
    for record in arsearch.read_articles(path):
        articles += record.data is not None
        remarks += len(record.remarks)
    return articles, remarks


def _reading(path: Path) -> tuple[list[dict[str, Any]], float]:
    """Return the rows without and with the checks, and the ratio of their times."""
    best: dict[str, tuple[float, int, int]] = {}
    for _ in range(_ROUNDS):
        with mock.patch("arsearch.readers.articles.TextChecks", _NoChecks):
            measured = [("without checks", _timed(lambda: _read(path)))]
        measured.append(("with checks", _timed(lambda: _read(path))))
        for name, ((articles, remarks), seconds, _) in measured:
            best[name] = min(best.get(name, (seconds, articles, remarks)), (seconds, articles, remarks))
    rows = [
        {
            "reading": name,
            "articles": articles,
            "seconds": round(seconds, 3),
            "articles/s": round(articles / seconds),
            "remarks": remarks,
        }
        for name, (seconds, articles, remarks) in best.items()
    ]
    return rows, round(best["with checks"][0] / best["without checks"][0], 2)


def _syncing(docs: Iterable[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    for number, doc in enumerate(docs):
        path = folder / "texts" / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{doc.get('title', '')}\n\n{doc.get('body', '')}", encoding="utf-8")
        _set_time(path, _OLD + number)
    rows = []
    with arsearch.open(folder / "index", create=True) as index:
        for name in ("first", "again", "and again"):
            report, seconds, elapsed = _timed(lambda: arsearch.sync(index, folder / "texts"))
            counts = {"new": report.new, "unchanged": report.unchanged}
            rows.append({"sync": name, **counts, "seconds": round(seconds, 2), "elapsed": round(elapsed, 2)})
    return rows


def _set_time(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))


def main(arguments: list[str] | None = None) -> None:
    """Read and sync the corpus, and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=None)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        docs = find_docs(options.corpus)
        with (folder / "docs.jsonl").open("wb") as stream:
            count = write_jsonl(read_docs(docs, options.limit), stream)
        reading, ratio = _reading(folder / "docs.jsonl")
        syncing = _syncing(read_docs(docs, options.limit), folder)
    report = {
        "machine": describe_machine(),
        "corpus": {"articles": count},
        "reading": reading,
        "ratio": ratio,
        "syncing": syncing,
    }
    tables = [(f"Reading: ratio {ratio}", table(reading, _READING)), ("A folder of texts", table(syncing, _SYNCING))]
    print_report(report, tables, as_json=options.json)


if __name__ == "__main__":
    run(main)
