"""The comparisons of arsearch with the best of some rivals, and the limits of arsearch alone.

A ratio above 1 means that arsearch is better. `must` and `aim` are the goals of the project.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["LIMIT_COLUMNS", "RATIO_COLUMNS", "compare", "limits"]

RATIO_COLUMNS = ("measure", "arsearch", "rival", "its figure", "ratio", "must", "aim")
LIMIT_COLUMNS = ("measure", "arsearch", "must", "aim")
_OURS = "arsearch"
_NATIVE = ("lucene", "tantivy")
_Rows = Sequence[dict[str, Any]]
_Goal = tuple[float, float] | None  # must, aim

_INDEXING_MEASURES = {
    "MB/s": "indexing MB/s, {}",
    "index MB": "index MB",
    "peak MB": "peak MB while indexing, {}",
}
_INDEXING: tuple[tuple[int, str, tuple[str, ...], _Goal], ...] = (
    (1, "MB/s", _NATIVE, (1.0, 1.5)),
    (1, "MB/s", ("whoosh",), (40, 70)),
    (1, "index MB", ("lucene",), (0.6, 0.9)),
    (1, "peak MB", _NATIVE, None),
    (2, "MB/s", _NATIVE, (1.0, 1.5)),
)
"""Threads, figure, rivals and goal of the comparisons of indexing."""

_SEARCHING: dict[str, dict[tuple[str, ...], _Goal]] = {
    "no": {("lucene",): (1.0, 3.0), ("tantivy",): (0.7, 1.5), ("sqlite",): None},
    "yes": {_NATIVE: (0.5, 1.0), ("sqlite",): None},
}
"""Rivals and goals of the comparisons of searching, without and with snippets."""


def compare(indexing: _Rows, searching: _Rows) -> list[dict[str, Any]]:
    """Return the comparisons that the rows of `trial` allow, in a fixed order."""
    rows = []
    for threads, figure, rivals, goal in _INDEXING:
        engines = {row["engine"]: row for row in indexing if row["threads"] == threads}
        rows += _row(
            _INDEXING_MEASURES[figure].format(f"{threads} thread{'s'[: threads - 1]}"), engines, figure, rivals, goal
        )
    for (snippets, all_rivals), mode in itertools.product(_SEARCHING.items(), ("or", "and")):
        engines = {row["engine"]: row for row in searching if (row["mode"], row["snippets"]) == (mode, snippets)}
        for (rivals, goal), figure in itertools.product(all_rivals.items(), ("p50 ms", "p95 ms")):
            measure = f"{mode.upper()}{', snippets' if snippets == 'yes' else ''}, {figure}"
            rows += _row(measure, engines, figure, rivals, goal)
    return rows


def _row(
    measure: str, engines: dict[str, dict[str, Any]], figure: str, rivals: Iterable[str], goal: _Goal
) -> list[dict[str, Any]]:
    """Return the row of arsearch and the best of the rivals that ran, or nothing if either did not run."""
    rows = [engines[name] for name in rivals if name in engines]
    if _OURS not in engines or not rows:
        return []
    rate = figure == "MB/s"  # all other figures are better when lower
    best = (max if rate else min)(rows, key=lambda row: row[figure])
    ours, theirs = engines[_OURS][figure], best[figure]
    must, aim = goal or (None, None)
    return [
        {
            "measure": measure,
            "arsearch": ours,
            "rival": best["engine"],
            "its figure": theirs,
            "ratio": round(ours / theirs if rate else theirs / ours, 3),
            "must": must,
            "aim": aim,
        }
    ]


def limits(indexing: _Rows, query: float, python: float) -> list[dict[str, Any]]:
    """Return the limits of memory in millions of bytes, and of the time of a query's process relative to `python`.

    `query` and `python` are the seconds of `arsearch query` and of a Python process that does nothing.
    """
    one = next(row for row in indexing if (row["engine"], row["threads"]) == (_OURS, 1))
    measure = f"`arsearch query` as a process, {query * 1000:.0f} ms, times `python -c pass`"
    return [
        {"measure": "peak MB while indexing, 1 thread", "arsearch": one["peak MB"], "must": 600, "aim": 400},
        {"measure": measure, "arsearch": query / python, "must": 20, "aim": 15},
    ]
