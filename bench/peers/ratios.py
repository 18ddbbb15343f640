"""What is compared with what: arsearch against the better of some rivals, more than 1 where arsearch is better.

And what it must stay under by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["LIMIT_COLUMNS", "RATIO_COLUMNS", "compare", "limits"]

RATIO_COLUMNS = ("measure", "arsearch", "rival", "its figure", "ratio", "must", "aim")
LIMIT_COLUMNS = ("measure", "arsearch", "must", "aim")
_OURS = "arsearch"
_NATIVE = ("lucene", "tantivy")
_Rows = Sequence[dict[str, Any]]


def compare(indexing: _Rows, searching: _Rows) -> list[dict[str, Any]]:
    """The comparisons that the rows of `trial` allow, each with the ratios that the project asks of itself."""
    rows = []
    for threads in (1, 2):
        pick = {row["engine"]: row for row in indexing if row["threads"] == threads}
        rows += _row(
            f"indexing MB/s, {threads} thread{'s'[: threads - 1]}", pick, "MB/s", _NATIVE, (1.0, 1.5), more=True
        )
        if threads == 1:
            rows += _row("indexing MB/s, 1 thread", pick, "MB/s", ("whoosh",), (40, 70), more=True)
            rows += _row("index MB", pick, "index MB", ("lucene",), (0.6, 0.9))
            rows += _row("peak MB while indexing, 1 thread", pick, "peak MB", _NATIVE, None)
    for snippets, rivals in (("no", (("lucene",), ("tantivy",), ("sqlite",))), ("yes", (_NATIVE, ("sqlite",)))):
        for mode in ("or", "and"):
            pick = {row["engine"]: row for row in searching if (row["mode"], row["snippets"]) == (mode, snippets)}
            for names in rivals:
                for figure in ("p50 ms", "p95 ms"):
                    label = f"{mode.upper()}{', snippets' if snippets == 'yes' else ''}, {figure}"
                    rows += _row(label, pick, figure, names, _ASKED.get((snippets, names)))
    return rows


_ASKED: dict[tuple[str, tuple[str, ...]], tuple[float, float]] = {
    ("no", ("lucene",)): (1.0, 3.0),
    ("no", ("tantivy",)): (0.7, 1.5),
    ("yes", _NATIVE): (0.5, 1.0),
}


def _row(
    measure: str,
    rows: dict[str, dict[str, Any]],
    figure: str,
    rivals: Iterable[str],
    asked: tuple[float, float] | None,
    *,
    more: bool = False,
) -> list[dict[str, Any]]:
    """Arsearch against the best of the rivals there are, nothing without it or them. `more` is better, or less is."""
    there = [rows[name] for name in rivals if name in rows]
    if _OURS not in rows or not there:
        return []
    best = (max if more else min)(there, key=lambda row: row[figure])
    ours, its = rows[_OURS][figure], best[figure]
    must, aim = asked or (None, None)
    return [
        {
            "measure": measure,
            "arsearch": ours,
            "rival": best["engine"],
            "its figure": its,
            "ratio": round(ours / its if more else its / ours, 3),
            "must": must,
            "aim": aim,
        }
    ]


def limits(indexing: _Rows, query: float, nothing: float) -> list[dict[str, Any]]:
    """What has a limit: memory in millions of bytes, and the seconds of a query's process as a multiple of Python's."""
    one = next(row for row in indexing if (row["engine"], row["threads"]) == (_OURS, 1))
    times = f"`arsearch query` as a process, {query * 1000:.0f} ms, times `python -c pass`"
    return [
        {"measure": "peak MB while indexing, 1 thread", "arsearch": one["peak MB"], "must": 600, "aim": 400},
        {"measure": times, "arsearch": query / nothing, "must": 20, "aim": 15},
    ]
