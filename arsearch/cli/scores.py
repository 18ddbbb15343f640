"""Reports of evaluations as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from arsearch.cli.output import pluralize, safe
from arsearch.evaluation import METRICS

if TYPE_CHECKING:
    from arsearch.evaluation import Evaluation, Query, Report

__all__ = ["format_report"]

_MAIN = next(iter(METRICS))
_WIDTH = 10


def format_report(report: Report, queries: Iterable[Query] = ()) -> str:
    """Format the mean of each measure, the comparison with the rival, and the measures of each of `queries`.

    The worst queries come first; with a rival, the queries that lose most against it. Queries without a
    measure are skipped.
    """
    result, rival = report.found, report.other
    sizes = [f"{result.queries:,} queries", pluralize(report.drawn, "group"), pluralize(report.articles, "article")]
    rows: list[tuple[str, Sequence[str]]] = [("", list(METRICS)), (report.setting, _means(result))]
    if rival is not None:
        comparisons = report.comparison.values()
        rows += [
            (report.rival, _means(rival)),
            ("difference", [f"{comparison.difference:+.4f}" for comparison in comparisons]),
            ("95 % from", [f"{comparison.low:+.4f}" for comparison in comparisons]),
            ("95 % to", [f"{comparison.high:+.4f}" for comparison in comparisons]),
            ("p", [f"{comparison.p:.4f}" for comparison in comparisons]),
        ]
    lines = [", ".join(sizes), "", *_aligned(rows)]
    measured = [query for query in queries if query.id in result.run]
    if measured:
        lines += ["", *_by_query(report, measured)]
    return "\n".join(lines)


def _means(evaluation: Evaluation) -> list[str]:
    return [f"{value:.4f}" for value in evaluation.mean.values()]


def _aligned(rows: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    first = max(len(name) for name, _ in rows)
    return [(name.ljust(first) + "".join(f"  {cell:>{_WIDTH}}" for cell in cells)).rstrip() for name, cells in rows]


def _by_query(report: Report, queries: Iterable[Query]) -> list[str]:
    """Return a table of the measures of each query. Id and text come last, because their width is unknown."""
    measures, rival = report.found.per_query, report.other

    def gain(id: str) -> float:
        return measures[_MAIN][id] - rival.per_query[_MAIN][id] if rival is not None else 0.0

    names = [*METRICS, *(["difference"] if rival is not None else [])]
    lines = ["".join(f"{name:>{_WIDTH}}  " for name in names) + "query"]
    for query in sorted(queries, key=lambda query: (gain(query.id), measures[_MAIN][query.id])):
        cells = [f"{values[query.id]:.4f}" for values in measures.values()]
        cells += [f"{gain(query.id):+.4f}"] if rival is not None else []
        lines.append("".join(f"{cell:>{_WIDTH}}  " for cell in cells) + f"{safe(query.id)}  {safe(query.text)}")
    return lines
