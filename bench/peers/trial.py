"""Interleaved rounds over the contestants, so that a busy minute slows all of them, and the medians of the rounds.

Indexing: each contestant first runs once *cold*, with its memory watched. Then it runs `rounds` times *warm*, after
building a throwaway index in the same process. Each run has a fresh process. The time excludes the start of Python or
Java; a cold time includes the imports.

Searching: all engines have their index open. Each warms up for some seconds in each mode, with and without snippets;
then `rounds` rounds follow. A query's time is its median over the rounds; percentiles are over the queries. The `first`
columns show the first run of each query, before any warm-up: caches do not help there, and Java has compiled nothing
yet.

A slow contestant has only its cold run and its first round.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bench.corpus import Digest
from bench.machine import log_progress
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
    """The input and the settings that all contestants share."""

    articles: Path
    digests: dict[int, Digest]
    """The digests of the first articles, by their number; that of all articles under 0."""
    queries: Path
    rounds: int
    warm_up: int
    """The number of articles in the throwaway index; 0 for no such index."""
    seconds: float
    """Seconds of warm-up in each mode, with and without snippets."""
    memory: int
    """The size of an engine's indexing buffer in bytes."""


def measure_indexing(contestants: Sequence[Contestant], plan: Plan, folder: Path) -> list[dict[str, Any]]:
    """Return a row for each contestant. The indexes of the cold runs stay in `folder`, in folders with their names."""
    cold = {}
    for one in contestants:
        log_progress(f"indexing, cold: {one.name}")
        location = folder / one.name
        location.mkdir()
        cold[one] = index_once(one, plan.articles, location, warm_up=0, memory=plan.memory, watch=True)
    warm: dict[Contestant, list[dict[str, Any]]] = {one: [] for one in contestants}
    for number in range(plan.rounds):
        for one in _alternate([one for one in contestants if not one.slow], number):
            log_progress(f"indexing, round {number + 1}: {one.name}")
            location = Path(tempfile.mkdtemp(dir=folder))
            warm[one].append(index_once(one, plan.articles, location, warm_up=plan.warm_up, memory=plan.memory))
            shutil.rmtree(location)
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
    """Search the indexes that `measure_indexing` left in `folder`.

    Return a row for each contestant and mode, without and with snippets.
    """
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(one, folder / one.name, plan.queries)) for one in contestants]
        searches = [
            (server, mode, snippets)
            for snippets in (False, True)
            for mode in ("or", "and", "auto")
            for server in servers
            if mode in server.contestant.modes
        ]
        first: list[list[float]] = []
        for server, mode, snippets in searches:
            first.append([] if server.contestant.slow else server.ask(mode, snippets)["micros"])
            log_progress(f"searching, warming up: {server.contestant.engine}, {mode}{', snippets' * snippets}")
            if plan.seconds:
                server.ask(mode, snippets, plan.seconds)
        times: list[list[list[float]]] = [[] for _ in searches]
        hits: list[list[int]] = [[] for _ in searches]
        for number in range(plan.rounds):
            log_progress(f"searching, round {number + 1}")
            for at in _alternate(range(len(searches)), number):
                server, mode, snippets = searches[at]
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
        for at, (server, mode, snippets) in enumerate(searches)
    ]


def _percentiles(rounds: list[list[float]]) -> dict[str, float]:
    """Return the percentiles and the mean of the queries' medians in milliseconds. `rounds` has microseconds."""
    import numpy as np

    medians = np.median(np.array(rounds), axis=0) / 1000
    p50, p95 = np.percentile(medians, [50, 95]).tolist()
    return {"p50 ms": p50, "p95 ms": p95, "mean ms": float(medians.mean())}


def _alternate(items: Sequence[_T], number: int) -> list[_T]:
    """Return the items, reversed in rounds with an odd number."""
    return list(items) if number % 2 == 0 else list(items)[::-1]
