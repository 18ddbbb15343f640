"""`arsearch delete`: delete articles."""

from __future__ import annotations

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import Pairs, filter_option, index_option, json_option, read_filters
from arsearch.cli.output import counted, print_json, say

__all__ = ["command"]


@click.command("delete")
@click.argument("ids", metavar="ID...", nargs=-1)
@index_option
@filter_option
@json_option
def command(ids: tuple[str, ...], location: str | None, filters: Pairs, as_json: bool) -> None:
    """Delete articles by their ids, or all that filters select.

    Several filters select what fits all of them; `arsearch query` with the same ones shows what would go. Ids that are
    not there are no error.

    \b
    Examples:
      arsearch delete news-17 news-18
      arsearch delete --filter source=test --filter date=2015
    """
    if bool(ids) == bool(filters):
        raise click.UsageError("Give either ids or --filter.")
    with open_found(location) as index:
        count = index.delete(ids) if ids else index.delete(filters=read_filters(filters, index.fields))
    if as_json:
        print_json({"deleted": count})
    else:
        click.echo(f"{counted(count, 'article')} deleted")
    if ids and count < len(set(ids)):
        say(f"{len(set(ids)) - count} of the ids were not in the index")
    elif not count:
        say("no article fits these filters")
