"""How fast are articles indexed, with how much memory and disk space?

    python -m bench.indexing --corpus news/docs.jsonl.xz --limit 2000
    python -m bench.indexing --corpus news/docs.jsonl.xz --limit 0 --only arsearch

Each contestant reads the same JSON lines, builds an index on disk and commits it, in a process of its own. The time
runs from the first line to the end of the commit. It excludes the start of Python and the imports, and includes parsing
the JSON; the row `reading only` shows the time of parsing alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.corpus import Digest, add_corpus_arguments, read_docs, write_docs
from bench.machine import describe_machine, peak_memory, print_report, run, table, watch_memory

__all__ = ["main"]

_SAMPLING = 0.05  # seconds between two samples of the memory of the process tree
_COLUMNS = ("contestant", "indexed", "seconds", "articles/s", "MB/s", "peak MB", "index MB", "index/text")


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.indexing", description=__doc__.partition("\n")[0])
    add_corpus_arguments(parser, limit=2000)
    parser.add_argument(
        "--only", choices=sorted(_CONTESTANTS), action="append", help="run only this contestant; may be repeated"
    )
    parser.add_argument("--repeat", type=int, default=1, help="runs of each contestant; the median counts (default 1)")
    parser.add_argument("--contestant", choices=sorted(_CONTESTANTS), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.contestant:
        print(json.dumps(_run(options.contestant, options.corpus)))
        return
    names = [name for name in _CONTESTANTS if not options.only or name in options.only or name == _BASE]
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs.jsonl"
        digest = write_docs(read_docs(options.corpus, options.limit), docs)
        rows = [_median([_start(name, docs) for _ in range(options.repeat)]) for name in names]
    rows = [_with_rates(row, digest) for row in rows]
    report: dict[str, Any] = {"machine": describe_machine(), "corpus": digest.to_dict(), "rows": rows}
    notes = []
    rates = {row["contestant"]: row["articles/s"] for row in rows}
    if "arsearch" in rates and "naive" in rates:
        report["ratio"] = round(rates["arsearch"] / rates["naive"], 2)
        notes.append(f"arsearch indexes {report['ratio']} times as many articles a second as naive (goal: at least 5)")
    print_report(report, [("Indexing", table(rows, _COLUMNS))], as_json=options.json, notes=notes)


def _start(name: str, docs: Path) -> dict[str, Any]:
    """Run a contestant in a fresh process, watch the memory of its process tree, and return its row."""
    command = [sys.executable, "-m", "bench.indexing", "--contestant", name, "--corpus", str(docs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        peak = watch_memory(process, _SAMPLING)
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{name} failed with exit code {process.returncode}")
    row: dict[str, Any] = json.loads(output.splitlines()[-1])
    # Sampling covers all processes but may miss a short peak. The process reports its own peak exactly.
    row["peak MB"] = round(max(peak, row.pop("own peak")) / 1e6)
    return row


def _run(name: str, docs: Path) -> dict[str, Any]:
    """Build one index in this process and return its row."""
    with tempfile.TemporaryDirectory() as folder:
        build = _CONTESTANTS[name](Path(folder))
        start = time.perf_counter()
        count = build(docs)
        seconds = time.perf_counter() - start
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return {"contestant": name, "indexed": count, "seconds": seconds, "index MB": size / 1e6, "own peak": peak_memory()}


def _reading(folder: Path) -> Callable[[Path], int]:  # noqa: ARG001
    return lambda docs: sum(1 for _ in read_docs(docs))


def _arsearch(folder: Path) -> Callable[[Path], int]:
    import arsearch

    index = arsearch.open(folder, create=True)

    def build(docs: Path) -> int:
        report = index.add(read_docs(docs))
        return report.added + report.updated

    return build


def _naive(folder: Path) -> Callable[[Path], int]:
    from bench.stock import build_index, on_disk

    index = on_disk(folder, "stemmed")
    return lambda docs: build_index(index, read_docs(docs))


_BASE = "reading only"
_CONTESTANTS: dict[str, Callable[[Path], Callable[[Path], int]]] = {
    _BASE: _reading,
    "arsearch": _arsearch,
    "naive": _naive,
}


def _median(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return sorted(rows, key=lambda row: row["seconds"])[len(rows) // 2]


def _with_rates(row: dict[str, Any], digest: Digest) -> dict[str, Any]:
    seconds = row["seconds"]
    row = {**row, "articles/s": digest.articles / seconds, "MB/s": digest.megabytes / seconds}
    if row["contestant"] == _BASE:
        return {**row, "index MB": None}
    return {**row, "index/text": row["index MB"] / digest.megabytes if digest.bytes else None}


if __name__ == "__main__":
    run(main)
