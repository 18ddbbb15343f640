"""`arsearch copy`: copy an index to another folder or to a cluster."""

from __future__ import annotations

import click

import arsearch
from arsearch.cli.group import InterruptError
from arsearch.cli.options import json_option, progress_option
from arsearch.cli.output import pluralize, print_json, print_message, print_text
from arsearch.cli.progress import ProgressBar
from arsearch.cli.reports import format_copy_report

__all__ = ["command"]


class _Progress:
    """Shows the running report of a copy: articles compared and added, then articles compared again."""

    def __init__(self, bar: ProgressBar) -> None:
        self._bar = bar
        self._verifying = False
        self.safe = 0
        """The articles that the target has committed."""

    def update(self, report: arsearch.CopyReport) -> None:
        self.safe = report.kept + report.committed
        self._bar.expect(report.articles)
        if report.verified and not self._verifying:
            self._verifying = True
            self._bar.begin("comparing")
        done = report.verified or report.kept + report.added
        self._bar.update(arsearch.AddReport(added=done, committed=self.safe))


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--replace",
    is_flag=True,
    help="Remove the articles of TO that FROM lacks, and replace its other versions of an article.",
)
@click.option("--commit-every", type=click.IntRange(min=1), default=10_000, show_default=True, metavar="N",
              help="Commit after every N articles, and every 30 s.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="Analyse the articles for a cluster with N processes.")  # fmt: skip
@progress_option
@json_option
def command(
    source: str, target: str, replace: bool, commit_every: int, workers: int, no_progress: bool, as_json: bool
) -> None:
    """Copy an index to another folder or to a cluster.

    FROM and TO are folders or locations of a cluster. TO is created with the analyzer and the fields of FROM. After an
    interruption, the same command goes on where the copy stopped. At the end all articles are compared. TO may not have other
    articles; with --replace it becomes like FROM, whatever it has.

    \b
    Examples:
      arsearch copy news opensearch://search1:9200/news
      arsearch copy opensearch://search1:9200/news back.arsearch
    """
    with ProgressBar("copying", hidden=no_progress) as bar:
        progress = _Progress(bar)
        try:
            report = arsearch.copy(
                source, target, replace=replace, commit_every=commit_every, workers=workers, progress=progress.update
            )
        except KeyboardInterrupt:
            safe = pluralize(progress.safe, "article")
            raise InterruptError(f"interrupted; {safe} copied and kept; the same command goes on from there") from None
    if as_json:
        print_json(report.to_dict())
    else:
        print_text(format_copy_report(report))
    if report.synced is False:
        print_message(
            "the state of `arsearch index --sync` was not copied; the next --sync of the copy reads all files"
        )
