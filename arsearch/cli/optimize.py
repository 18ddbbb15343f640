"""`arsearch optimize`: merge all segments into one."""

from __future__ import annotations

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import format_size, pluralize, print_json

__all__ = ["command"]


@click.command("optimize")
@index_option
@json_option
def command(location: str | None, as_json: bool) -> None:
    """Merge all segments into one.

    This removes deleted articles from the disk and makes searches a little faster. It is never necessary, but useful
    after many additions or deletions. --json prints the new statistics, as `arsearch stats` does.

    \b
    Example:
      arsearch optimize -i news
    """
    with open_index(location) as index:
        before = index.stats()
        index.optimize()
        after = index.stats()
        if as_json:
            print_json(after.to_dict())
        else:
            click.echo(
                f"{pluralize(before.segments, 'segment')} to {after.segments or 'none'}, "
                f"{format_size(before.bytes)} to {format_size(after.bytes)}"
            )
