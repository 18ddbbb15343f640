"""Reports of indexing and of backups as text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from arsearch.cli.output import format_size, pluralize, print_message, safe
from arsearch.model.remarks import describe

if TYPE_CHECKING:
    from arsearch.model import AddReport, BackupReport, CopyReport, SyncReport

__all__ = [
    "format_add_report",
    "format_backup_report",
    "format_copy_report",
    "format_sync_report",
    "print_failures",
    "print_remarks",
    "print_undeclared",
]

_MAX_FAILURES = 10
_MAX_KINDS = 6
_MAX_NAMES = 12
_VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")


def format_add_report(report: AddReport) -> str:
    """Format the counts of a report: `128 added, 2 updated, 1 failed (0.4 s, 325 articles/s)`."""
    counts = f"{report.added:,} added, {report.updated:,} updated, {report.failures:,} failed"
    done = report.added + report.updated
    rate = f", {done / report.took:,.0f} articles/s" if done and report.took > 0 else ""
    parts = f", {pluralize(report.parts, 'part')}" if report.parts else ""
    return f"{counts}{parts} ({report.took:.1f} s{rate})"


def format_sync_report(report: SyncReport) -> str:
    """Format the files and the removed articles: `2 files new, 1 changed, 1 removed, 31,000 unchanged; 1 article removed`."""
    files = f"{pluralize(report.new, 'file')} new, {report.changed:,} changed, {report.removed:,} removed"
    return f"{files}, {report.unchanged:,} unchanged; {pluralize(report.deleted, 'article')} removed"


def format_backup_report(report: BackupReport) -> str:
    """Format the size and place of a copy: `126 articles in 1 segment, 345.6 kB, at '/mnt/backup/news'`."""
    counts = f"{pluralize(report.articles, 'article')} in {pluralize(report.segments, 'segment')}"
    return f"{counts}, {format_size(report.bytes)}, at {report.location!r}"


def format_copy_report(report: CopyReport) -> str:
    """Format the counts of a copy, and the digest of all articles."""
    removed = f", {report.removed:,} removed" if report.removed else ""
    rate = f", {report.added / report.took:,.0f} articles/s" if report.added and report.took > 0 else ""
    counts = f"{report.added:,} copied, {report.kept:,} there already{removed} ({report.took:.1f} s{rate})"
    return f"{counts}; all {pluralize(report.verified, 'article')} compared, digest {report.digest}"


def print_remarks(report: AddReport) -> None:
    """Print the remarks on standard error, one kind a line, with its count and a place."""
    if not report.remarks:
        return
    print_message("noticed in the articles:")
    for kind, remark in sorted(report.remarks.items(), key=lambda item: -item[1].count):
        where, text = remark.places[0]
        example = f"{where}: {text!r}" if text else where
        print_message(f"{remark.count:>9,}  {describe(kind)} ({'first' if remark.count > 1 else 'at'} {example})")


def print_undeclared(report: AddReport) -> None:
    """Print the fields that are stored but not searchable, on one line of standard error."""
    if not report.undeclared:
        return
    names = ", ".join(map(safe, report.undeclared[:_MAX_NAMES])) + (
        ", ..." if len(report.undeclared) > _MAX_NAMES else ""
    )
    are = "field is" if len(report.undeclared) == 1 else "fields are"
    print_message(
        f"{len(report.undeclared):,} {are} stored, not searchable: {names}; declare with --field NAME=KIND, in this index "
        "with `arsearch reindex --add-field NAME=KIND`"
    )


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
