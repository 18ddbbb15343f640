"""What `index` and `reindex` say of an AddReport, `backup` and `restore` of a BackupReport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arsearch.cli.output import counted, number, say, size

if TYPE_CHECKING:
    from arsearch.model import AddReport, BackupReport

__all__ = ["copied", "summary", "tell_failures"]

_REASONS = 10


def summary(report: AddReport) -> str:
    """`128 added, 2 updated, 1 failed (0.4 s, 325 articles/s)`"""
    counts = f"{number(report.added)} added, {number(report.updated)} updated, {number(report.failures)} failed"
    done = report.added + report.updated
    rate = f", {done / report.took:,.0f} articles/s" if done and report.took > 0 else ""
    return f"{counts} ({report.took:.1f} s{rate})"


def copied(report: BackupReport) -> str:
    """`126 articles in 1 segment, 345.6 kB, at '/mnt/backup/news'`"""
    counts = f"{counted(report.articles, 'article')} in {counted(report.segments, 'segment')}"
    return f"{counts}, {size(report.bytes)}, at {report.location!r}"


def tell_failures(report: AddReport) -> None:
    """Print where the first articles stood that were left out, and why, on standard error."""
    if not report.failures:
        return
    say("not added:")
    for failure in report.failed[:_REASONS]:
        named = f" (id {failure.id})" if failure.id is not None else ""
        say(f"- {failure.where}{named}: {failure.reason}")
    if (more := report.failures - min(len(report.failed), _REASONS)) > 0:
        say(f"- and {number(more)} more")
