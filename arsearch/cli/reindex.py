"""`arsearch reindex`: rebuild the index from its stored articles."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

import arsearch
from arsearch.cli.dictionaries import dictionary_option, read_dictionary
from arsearch.cli.location import find_index
from arsearch.cli.options import (
    Pairs,
    field_option,
    index_option,
    json_option,
    progress_option,
    read_fields,
    stemmer_option,
)
from arsearch.cli.output import print_json, print_text, safe
from arsearch.cli.progress import ProgressBar
from arsearch.cli.reports import format_add_report, print_failures, print_remarks
from arsearch.index.reader.opening import open_directory, open_latest

__all__ = ["command"]


@click.command("reindex")
@index_option
@stemmer_option("The new stemmer: arabic, light10, tashaphyne or none. Default: the index's own.")
@dictionary_option("Replace the dictionary; an empty file removes it. Default: the index's own.")
@field_option("Replace the declared fields: text, keyword, int, float or date. Repeatable. Default: keep them.")
@click.option("--add-field", "added", metavar="NAME=KIND", multiple=True, callback=read_fields,
              help="Declare another field, keep the others, and fill it from the stored articles. Repeatable.")  # fmt: skip
@progress_option
@json_option
def command(
    location: str | None,
    stemmer: str | None,
    dictionary_path: str | None,
    fields: Pairs,
    added: Pairs,
    no_progress: bool,
    as_json: bool,
) -> None:
    """Rebuild the index from its stored articles.

    This is necessary when a newer version analyses words differently, and to change the stemmer, the dictionary or the
    declared fields. The analyzer keeps its other options. Searches see the old index until the new one is complete.

    \b
    Examples:
      arsearch reindex
      arsearch reindex -i news --stemmer light10
      arsearch reindex -i news --add-field volume=int
    """
    folder = find_index(location)
    options: dict[str, Any] = {"stemmer": {"name": stemmer}} if stemmer else {}
    if dictionary_path is not None:
        options["dictionary"] = read_dictionary(dictionary_path).config()
    start = time.perf_counter()
    if added:
        fields = (*(fields or _declared(folder)), *added)
    with ProgressBar("reindexing", hidden=no_progress) as progress:
        if isinstance(folder, Path):
            progress.expect(open_latest(open_directory(folder)).count)
        report = arsearch.reindex(
            folder,
            options=options,
            fields=dict(fields) or None,
            progress=progress.update,
        )
    report.took = report.took or time.perf_counter() - start
    if as_json:
        print_json(report.to_dict())
    else:
        print_text(f"{format_add_report(report)} in {safe(str(folder))}")
    print_remarks(report)
    print_failures(report)


def _declared(folder: str | Path) -> Pairs:
    """Return the declared fields of an index and their kinds, whatever analyzer wrote it."""
    if not isinstance(folder, Path):
        from arsearch.opensearch import declared_fields

        return tuple(declared_fields(folder).items())
    from arsearch.index.commits.manifest import read_latest
    from arsearch.index.reader.opening import open_directory

    return tuple(read_latest(open_directory(folder)).fields.items())
