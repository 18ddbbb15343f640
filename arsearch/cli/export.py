"""`arsearch export`: write articles to a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

import arsearch
from arsearch.cli.location import find_indexes, open_index
from arsearch.cli.options import Pairs, QueryCommand, filter_option, indexes_option, json_option, read_text
from arsearch.cli.output import pluralize, print_json, print_notes, print_text, safe
from arsearch.cli.selection import drain, period_options, select
from arsearch.cli.writing import Output, output_options, write_output
from arsearch.model.places import work_of_id

__all__ = ["command"]


@click.command("export", cls=QueryCommand)
@click.argument("text", nargs=-1)
@indexes_option
@output_options
@filter_option
@period_options
@json_option
def command(
    text: tuple[str, ...],
    location: tuple[str, ...],
    output: str,
    format: str | None,
    fields: str | None,
    excel: bool,
    filters: Pairs,
    first: str | None,
    last: str | None,
    as_json: bool,
) -> None:
    """Write articles as JSON lines, or in another format.

    Without TEXT and filters, all articles are written, in order of adding; a single index that needs `arsearch reindex` is
    exported too. With TEXT, a query, the articles that have all its words are written, the best first. `arsearch index`
    reads JSON lines back unchanged. FILE appears only when it is complete; then the number of articles is printed, as an
    object with --json. An export to standard output prints nothing but the articles.

    \b
    Examples:
      arsearch export -o backup.jsonl.gz
      arsearch export -o news.csv --excel --fields id,title,date --filter source=الرياض
      arsearch export | grep التعليم
    """
    target = Output(output, format, fields, excel)
    if text or filters or first or last:
        with open_index(location) as index, index.snapshot() as snapshot:
            hits, notes = select(snapshot, index.fields, read_text(text), filters, (first, last))
            print_notes(notes)
            items: Iterable[Any] = drain(hits)
            if not target.fields:
                items = (whole for hit in drain(hits) if (whole := snapshot.get(work_of_id(hit.id))))
            report = write_output(items, target)
    else:
        found = find_indexes(location)
        if isinstance(found, Path):
            report = write_output(arsearch.read_index(found), target)
        else:
            with arsearch.open(found) as index, index.snapshot() as snapshot:
                report = write_output(snapshot, target)
    if target.on_stdout:
        return
    if as_json:
        print_json({"articles": report.articles, "file": output})
    else:
        print_text(f"{pluralize(report.articles, 'article')} written to {safe(output)}")
