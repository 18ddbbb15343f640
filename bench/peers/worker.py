"""The program of a contestant's process, for engines with a Python interface. `LuceneBench.java` is its equal for Lucene.

    worker ENGINE index ARTICLES FOLDER LIMIT WARM_UP THREADS MEMORY
    worker ENGINE search FOLDER QUERIES

`index` builds a throwaway index of the first WARM_UP articles, reads all articles once to time the reading, builds the
index, and prints one line of JSON.

`search` opens the index and prints a line. Then it answers each line `MODE SNIPPETS SECONDS` of standard input with a
line of JSON. With SECONDS above 0 it runs the queries for that time as a warm-up. With 0 it runs each query once and
answers with the microseconds and the number of hits of each. A line `MODE SNIPPETS 0 THREADS WARM_UP` runs the first
WARM_UP queries, and then the others once, shared by threads. The answer has the seconds of all together, and the
microseconds, the processor time and the hits of each of the others.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.machine import peak_memory
from bench.peers.articles import read_articles
from bench.peers.engines import PYTHON_ENGINES, Engine, Search

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Run the task of the command line; the module's docstring has the syntax."""
    name, task, *rest = arguments
    engine = PYTHON_ENGINES[name]
    if task == "index":
        articles, folder, *numbers = rest
        _print(_index(engine, Path(articles), Path(folder), *map(int, numbers)))
    else:
        _serve(engine, Path(rest[0]), Path(rest[1]).read_text(encoding="utf-8").splitlines())


def _index(
    engine: Engine, source: Path, folder: Path, limit: int, warm_up: int, threads: int, memory: int
) -> dict[str, Any]:
    if warm_up:
        with tempfile.TemporaryDirectory() as throwaway:
            engine.build(Path(throwaway), read_articles(source, warm_up), threads=threads, memory=memory)
    start = time.perf_counter()
    count = sum(1 for _ in read_articles(source, limit))
    reading = time.perf_counter() - start
    ended = []

    def articles() -> Iterator[dict[str, str]]:
        yield from read_articles(source, limit)
        ended.append(time.perf_counter())

    start, used = time.perf_counter(), _cpu()
    engine.build(folder, articles(), threads=threads, memory=memory)
    end = time.perf_counter()
    return {
        "articles": count,
        "reading": reading,
        "seconds": end - start,
        "commit": end - ended[0],
        "cpu": _cpu() - used,
        "own peak": peak_memory(),
    }


def _cpu() -> float:
    """Return the processor seconds of this process and its ended children."""
    return sum(os.times()[:4])


def _serve(engine: Engine, folder: Path, queries: list[str]) -> None:
    with engine.searching(folder) as prepare:
        _print({"ready": True})
        for line in sys.stdin:
            mode, snippets, seconds, *numbers = line.split()
            search = prepare(mode, snippets == "snippets")
            if numbers:
                threads, warm_up = map(int, numbers)
                _measure(search, queries[:warm_up])
                _print(_share(search, queries[warm_up:], threads))
                continue
            _print(_warm_up(search, queries, float(seconds)) if float(seconds) else _measure(search, queries))


def _warm_up(search: Search, queries: list[str], seconds: float) -> dict[str, Any]:
    end = time.perf_counter() + seconds
    for count, query in enumerate(itertools.cycle(queries)):
        if time.perf_counter() > end:
            return {"queries": count}
        search(query)
    return {"queries": 0}


def _measure(search: Search, queries: list[str]) -> dict[str, Any]:
    micros, hits = [], []
    for query in queries:
        start = time.perf_counter_ns()
        count = search(query)
        micros.append((time.perf_counter_ns() - start) / 1000)
        hits.append(count)
    return {"micros": micros, "hits": hits}


def _share(search: Search, queries: list[str], threads: int) -> dict[str, Any]:
    """Run each query once, in some threads that take the next query when they are done with one."""
    micros, cpu, hits = [0.0] * len(queries), [0.0] * len(queries), [0] * len(queries)
    pending = iter(range(len(queries)))  # the GIL protects it

    def run() -> None:
        for at in pending:
            start, used = time.perf_counter_ns(), time.thread_time_ns()
            hits[at] = search(queries[at])
            micros[at] = (time.perf_counter_ns() - start) / 1000
            cpu[at] = (time.thread_time_ns() - used) / 1000

    workers = [threading.Thread(target=run) for _ in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {"seconds": time.perf_counter() - start, "micros": micros, "cpu": cpu, "hits": hits}


def _print(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
