"""`arsearch reindex`: analyse the stored articles again."""

from __future__ import annotations

import time

import click

import arsearch
from arsearch.cli.analyzer import analyzer_with
from arsearch.cli.location import find_index
from arsearch.cli.options import Pairs, field_option, index_option, json_option, progress_option, stemmer_option
from arsearch.cli.output import print_json, print_text, safe
from arsearch.cli.progress import Meter
from arsearch.cli.reports import summary, tell_failures

__all__ = ["command"]


@click.command("reindex")
@index_option
@stemmer_option("The stemmer from now on: arabic, light10, tashaphyne or none; without it the index's own.")
@field_option("Declare the further fields anew: text, keyword, int, float or date. Repeatable; none keeps them.")
@progress_option
@json_option
def command(location: str | None, stemmer: str | None, fields: Pairs, no_progress: bool, as_json: bool) -> None:
    """Rebuild the index from its own articles.

    Needed when a newer version analyses words differently, and to change the stemmer or the declared fields. Searches
    see the old index until the new one is complete.

    \b
    Examples:
      arsearch reindex
      arsearch reindex -i news --stemmer light10
    """
    folder = find_index(location)
    start = time.perf_counter()
    with Meter("reindexing", hidden=no_progress) as meter:
        report = arsearch.reindex(
            folder,
            analyzer=analyzer_with(stemmer) if stemmer else None,
            fields=dict(fields) or None,
            progress=meter.update,
        )
    report.took = report.took or time.perf_counter() - start
    if as_json:
        print_json(report.to_dict())
    else:
        print_text(f"{summary(report)} in {safe(str(folder))}")
    tell_failures(report)
