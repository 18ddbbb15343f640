"""`arsearch delete`: delete articles by id or by filter."""

from __future__ import annotations

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import Pairs, filter_option, index_option, json_option, read_filters
from arsearch.cli.output import pluralize, print_json, print_message

__all__ = ["command"]


@click.command("delete")
@click.argument("ids", metavar="ID...", nargs=-1)
@index_option
@filter_option
@json_option
def command(ids: tuple[str, ...], location: str | None, filters: Pairs, as_json: bool) -> None:
    """Delete articles by id or by filter.

    Filters of several fields select the articles that match all of them; `arsearch query` with the same filters shows
    these articles. An id that is not in the index is not an error.

    \b
    Examples:
      arsearch delete news-17 news-18
      arsearch delete --filter source=test --filter date=2015
    """
    if bool(ids) == bool(filters):
        raise click.UsageError("Give either ids or --filter.")
    with open_index(location) as index:
        count = index.delete(ids) if ids else index.delete(filters=read_filters(filters, index.fields))
    if as_json:
        print_json({"deleted": count})
    else:
        click.echo(f"{pluralize(count, 'article')} deleted")
    if missing := len(set(ids)) - count if ids else 0:
        print_message(f"{pluralize(missing, 'id')} not in the index")
    elif not count:
        print_message("no article matches these filters")
