"""Rounds over the contestants, interleaved so that a busy minute hits all of them; medians.

Indexing: first each once *cold*, with its memory watched; then `rounds` times each *warm*, having built a throwaway
index in the same process. Every time is that of a fresh process, without the start of Python or Java; a cold one has
the imports in it. Searching: all engines have their index open, each warms up for some seconds in each way of
searching; then `rounds` rounds over all of them. A query's time is its median over the rounds, percentiles are over
the queries. The `first` columns are of the very first time each query is asked in that way, before any warming up: what
an engine remembers of earlier queries does not help there (and Java has compiled nothing yet). A slow contestant's cold
run and first round are its only ones.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bench.corpus import Digest
from bench.peers.processes import Contestant, index_once, serving

__all__ = ["INDEXING_COLUMNS", "SEARCHING_COLUMNS", "Plan", "measure_indexing", "measure_searching"]

INDEXING_COLUMNS = (
    *("engine", "threads", "articles", "MB/s", "articles/s", "seconds", "spread", "cold s", "CPU s", "reading s"),
    *("peak MB", "index MB", "index/text"),
)
SEARCHING_COLUMNS = (
    *("engine", "articles", "mode", "snippets", "p50 ms", "p95 ms", "mean ms", "first p50 ms", "first p95 ms"),
    "without hits",
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What all contestants share."""

    articles: Path
    digests: dict[int, Digest]
    """What the first so many articles amount to; 0: all."""
    queries: Path
    rounds: int
    warm_up: int
    """Articles of the throwaway index; 0 for none."""
    seconds: float
    """Of warming up for each way of searching."""
    memory: int
    """Bytes an engine may hold before it writes some out."""


def measure_indexing(contestants: Sequence[Contestant], plan: Plan, folder: Path) -> list[dict[str, Any]]:
    """A row a contestant. The indexes of the cold runs are left in `folder`, under the contestants' names."""
    cold = {}
    for one in contestants:
        _tell(f"indexing, cold: {one.name}")
        place = folder / one.name
        place.mkdir()
        cold[one] = index_once(one, plan.articles, place, warm_up=0, memory=plan.memory, watch=True)
    warm: dict[Contestant, list[dict[str, Any]]] = {one: [] for one in contestants}
    for number in range(plan.rounds):
        for one in _alternate([one for one in contestants if not one.slow], number):
            _tell(f"indexing, round {number + 1}: {one.name}")
            place = Path(tempfile.mkdtemp(dir=folder))
            warm[one].append(index_once(one, plan.articles, place, warm_up=plan.warm_up, memory=plan.memory))
            shutil.rmtree(place)
    return [_indexing_row(one, cold[one], warm[one] or [cold[one]], plan.digests[one.limit]) for one in contestants]


def _indexing_row(
    contestant: Contestant, cold: dict[str, Any], warm: list[dict[str, Any]], digest: Digest
) -> dict[str, Any]:
    times = [run["seconds"] for run in warm]
    seconds = statistics.median(times)
    return {
        "engine": contestant.engine,
        "threads": contestant.threads,
        "articles": cold["articles"],
        "MB/s": digest.megabytes / seconds,
        "articles/s": cold["articles"] / seconds,
        "seconds": seconds,
        "spread": (max(times) - min(times)) / seconds,
        "cold s": cold["seconds"],
        "CPU s": statistics.median(run["cpu"] for run in warm),
        "reading s": statistics.median(run["reading"] for run in warm),
        "peak MB": cold["peak"] / 1e6,
        "index MB": cold["size"] / 1e6,
        "index/text": cold["size"] / digest.bytes if digest.bytes else None,
    }


def measure_searching(contestants: Sequence[Contestant], plan: Plan, folder: Path) -> list[dict[str, Any]]:
    """A row for each contestant, mode, and with and without snippets; of the indexes `measure_indexing` left."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(one, folder / one.name, plan.queries)) for one in contestants]
        ways = [
            (server, mode, snippets)
            for snippets in (False, True)
            for mode in ("or", "and", "auto")
            for server in servers
            if mode in server.contestant.modes
        ]
        first: list[list[float]] = []
        for server, mode, snippets in ways:
            first.append([] if server.contestant.slow else server.ask(mode, snippets)["micros"])
            _tell(f"searching, warming up: {server.contestant.engine}, {mode}{', snippets' * snippets}")
            if plan.seconds:
                server.ask(mode, snippets, plan.seconds)
        times: list[list[list[float]]] = [[] for _ in ways]
        hits: list[list[int]] = [[] for _ in ways]
        for number in range(plan.rounds):
            _tell(f"searching, round {number + 1}")
            for at in _alternate(range(len(ways)), number):
                server, mode, snippets = ways[at]
                if server.contestant.slow and number:
                    continue
                answer = server.ask(mode, snippets)
                times[at].append(answer["micros"])
                hits[at] = answer["hits"]
    return [
        {
            "engine": server.contestant.engine,
            "articles": plan.digests[server.contestant.limit].articles,
            "mode": mode,
            "snippets": "yes" if snippets else "no",
            **_percentiles(times[at]),
            **({f"first {name}": value for name, value in _percentiles([first[at]]).items()} if first[at] else {}),
            "without hits": hits[at].count(0),
            "hits": sum(hits[at]),
        }
        for at, (server, mode, snippets) in enumerate(ways)
    ]


def _percentiles(rounds: list[list[float]]) -> dict[str, float]:
    """Of each query's median, in milliseconds, from microseconds by round and query."""
    import numpy as np

    medians = np.median(np.array(rounds), axis=0) / 1000
    p50, p95 = np.percentile(medians, [50, 95]).tolist()
    return {"p50 ms": p50, "p95 ms": p95, "mean ms": float(medians.mean())}


def _alternate(items: Sequence[_T], number: int) -> list[_T]:
    """There in even rounds, back in odd ones."""
    return list(items) if number % 2 == 0 else list(items)[::-1]


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
