"""What do inputs and queries of unusual size cost? Each of them in a process of its own, with its time and peak memory.

    python -m bench.extremes                    # a million tiny articles, one of 50 MB, ...
    python -m bench.extremes --scale 0.01       # all a hundred times smaller

Everything is made up from a seed. `seconds` are of the clock, `processor` of the processor; `peak MB` is the most
memory that the process held, mapped index files among it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import arsearch
from bench.machine import describe_machine, peak_memory, print_report, run, table

__all__ = ["main"]

_LETTERS = "ابتثجحدرسعفقكلمنهوي"
_COLUMNS = ("case", "size", "seconds", "processor", "peak MB", "index MB", "hits", "notes")

Found = dict[str, Any]


def _words(count: int) -> list[str]:
    chance = Random(1)
    return ["".join(chance.choices(_LETTERS, k=chance.randint(3, 7))) for _ in range(count)]


def _tiny_articles(path: Path, scale: float) -> Found:
    count = int(1_000_000 * scale)
    words = _words(50_000)

    def articles() -> Iterator[dict[str, str]]:
        for number in range(count):
            yield {"id": str(number), "title": words[number % 50_000], "body": words[number * 7 % 50_000]}

    with arsearch.open(path, create=True) as index:
        added = index.add(articles()).added
    return {"size": f"{added:,} articles of two words"}


def _one_article(path: Path, scale: float) -> Found:
    words, chance = _words(50_000), Random(2)
    body = " ".join(chance.choices(words, k=int(4_250_000 * scale)))
    with arsearch.open(path, create=True) as index:
        index.add([{"id": "1", "body": body}], strict=True)
    return {"size": f"{len(body.encode()) / 1e6:.0f} MB of text"}


def _long_word(path: Path, scale: float) -> Found:
    word = "".join(Random(3).choices(_LETTERS, k=int(100_000 * scale)))
    with arsearch.open(path, create=True) as index:
        index.add([{"id": "1", "body": f"كتاب {word}"}, {"id": "2", "body": "كتاب"}], strict=True)
    return _searched(path, word, f"a word of {len(word):,} letters")


def _many_terms(path: Path, scale: float) -> Found:
    count = int(10_000 * scale)
    return _searched(path, " ".join(_words(count)), f"{count:,} words")


def _searched(path: Path, query: str, size: str = "") -> Found:
    with arsearch.open(path) as index:
        results = index.search(query, mode="any")
        for hit in results:
            json.dumps(hit.to_dict())
        return {"size": size or query, "hits": results.total, "notes": len(results.notes)}


_CASES: dict[str, tuple[str, Callable[[Path, float], Found]]] = {  # case: the index it makes or searches, what it does
    "tiny articles": ("tiny", _tiny_articles),
    "many terms": ("tiny", _many_terms),
    "every article": ("tiny", lambda path, _: _searched(path, "*")),
    "a letter": ("tiny", lambda path, _: _searched(path, "*ا*")),
    "three letters": ("tiny", lambda path, _: _searched(path, "?*?*?*")),
    "one article": ("one", _one_article),
    "a search of it": ("one", lambda path, _: _searched(path, " ".join(_words(3)))),
    "long word": ("word", _long_word),
}


def main(arguments: list[str] | None = None) -> None:
    """Run every case and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.extremes", description=__doc__.partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="of all sizes (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--case", choices=_CASES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.scale <= 0:
        parser.error("--scale is above 0")
    if options.case:
        print(json.dumps(_measured(options.case, options.folder, options.scale)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in _CASES:
            print(case, file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "bench.extremes", "--scale", str(options.scale)]
            done = subprocess.run([*command, "--case", case, "--folder", folder], stdout=subprocess.PIPE, check=True)
            rows.append(json.loads(done.stdout))
    report = {"machine": describe_machine(), "corpus": {"scale": options.scale}, "cases": rows}
    print_report(report, [("Inputs and queries of unusual size", table(rows, _COLUMNS))], as_json=options.json)


def _measured(case: str, folder: Path, scale: float) -> Found:
    name, act = _CASES[case]
    path = folder / name
    start = time.perf_counter()
    found = act(path, scale)
    return {
        "case": case,
        **found,
        "seconds": time.perf_counter() - start,
        "processor": time.process_time(),
        "peak MB": peak_memory() / 1e6,
        "index MB": sum(file.stat().st_size for file in path.iterdir()) / 1e6,
    }


if __name__ == "__main__":
    run(main)
