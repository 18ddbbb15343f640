"""Reports of indexing and of backups as text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from arsearch.cli.output import format_size, pluralize, print_message

if TYPE_CHECKING:
    from arsearch.model import AddReport, BackupReport

__all__ = ["format_add_report", "format_backup_report", "print_failures"]

_MAX_FAILURES = 10
_MAX_KINDS = 6
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")


def format_add_report(report: AddReport) -> str:
    """Format the counts of a report: `128 added, 2 updated, 1 failed (0.4 s, 325 articles/s)`."""
    counts = f"{report.added:,} added, {report.updated:,} updated, {report.failures:,} failed"
    done = report.added + report.updated
    rate = f", {done / report.took:,.0f} articles/s" if done and report.took > 0 else ""
    return f"{counts} ({report.took:.1f} s{rate})"


def format_backup_report(report: BackupReport) -> str:
    """Format the size and place of a copy: `126 articles in 1 segment, 345.6 kB, at '/mnt/backup/news'`."""
    counts = f"{pluralize(report.articles, 'article')} in {pluralize(report.segments, 'segment')}"
    return f"{counts}, {format_size(report.bytes)}, at {report.location!r}"


def _kinds(report: AddReport) -> list[tuple[str, int]]:
    """Return the reasons without their values, such as names and numbers, and how often each occurs, the most frequent first."""
    return Counter(_VALUE.sub("…", failure.reason) for failure in report.failed).most_common()


def print_failures(report: AddReport, heading: str = "not added:") -> None:
    """Print the first failures of a report on standard error, each with its place in the input and the reason."""
    if not report.failures:
        return
    print_message(heading)
    kinds = _kinds(report)
    if 1 < len(kinds) < len(report.failed):
        for kind, count in kinds[:_MAX_KINDS]:
            print_message(f"{count:,} x {kind}")
    for failure in report.failed[:_MAX_FAILURES]:
        id = f" (id {failure.id})" if failure.id is not None else ""
        print_message(f"- {failure.where}{id}: {failure.reason}")
    if (more := report.failures - min(len(report.failed), _MAX_FAILURES)) > 0:
        print_message(f"- and {more:,} more")
