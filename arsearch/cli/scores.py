"""How `eval` prints its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from arsearch.cli.output import counted, safe
from arsearch.evaluation import METRICS

if TYPE_CHECKING:
    from arsearch.evaluation import Query, Report

__all__ = ["render_report"]

_MAIN = next(iter(METRICS))
_WIDTH = 10


def render_report(report: Report, queries: Iterable[Query] = ()) -> str:
    """The figures as text; those of each of `queries` that was measured too, the worst (or most worsened) first."""
    found, other = report.found, report.other
    counts = [f"{found.queries:,} queries", counted(report.drawn, "group"), counted(report.articles, "article")]
    rows: list[tuple[str, Sequence[str]]] = [("", list(METRICS))]
    rows.append((report.setting, [f"{value:.4f}" for value in found.mean.values()]))
    if other is not None:
        results = report.comparison.values()
        rows.append((report.rival, [f"{value:.4f}" for value in other.mean.values()]))
        rows.append(("difference", [f"{one.difference:+.4f}" for one in results]))
        rows.append(("95 % from", [f"{one.low:+.4f}" for one in results]))
        rows.append(("95 % to", [f"{one.high:+.4f}" for one in results]))
        rows.append(("p", [f"{one.p:.4f}" for one in results]))
    lines = [", ".join(counts), "", *_aligned(rows)]
    measured = [query for query in queries if query.id in found.run]
    if measured:
        lines += ["", *_by_query(report, measured)]
    return "\n".join(lines)


def _aligned(rows: list[tuple[str, Sequence[str]]]) -> list[str]:
    first = max(len(name) for name, _ in rows)
    return [(name.ljust(first) + "".join(f"  {cell:>{_WIDTH}}" for cell in cells)).rstrip() for name, cells in rows]


def _by_query(report: Report, queries: list[Query]) -> list[str]:
    """Id last but text, because neither has a known width."""
    found, other = report.found.per_query, report.other

    def gain(id: str) -> float:
        return found[_MAIN][id] - other.per_query[_MAIN][id] if other is not None else 0.0

    queries.sort(key=lambda query: (gain(query.id), found[_MAIN][query.id]))
    extra = ["difference"] if other is not None else []
    lines = ["".join(f"{name:>{_WIDTH}}  " for name in (*METRICS, *extra)) + "query"]
    for query in queries:
        cells = [f"{values[query.id]:.4f}" for values in found.values()]
        cells += [f"{gain(query.id):+.4f}"] if extra else []
        lines.append("".join(f"{cell:>{_WIDTH}}  " for cell in cells) + f"{safe(query.id)}  {safe(query.text)}")
    return lines
