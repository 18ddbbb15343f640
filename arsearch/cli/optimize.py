"""`arsearch optimize`: merge all segments into one."""

from __future__ import annotations

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import counted, print_json, size

__all__ = ["command"]


@click.command("optimize")
@index_option
@json_option
def command(location: str | None, as_json: bool) -> None:
    """Merge all segments into one.

    Deleted articles leave the disk, and searches get a little faster. Worth it after many additions or deletions; never
    needed. --json prints what `stats` prints, as it is afterwards.

    \b
    Example:
      arsearch optimize -i news
    """
    with open_found(location) as index:
        before = index.stats()
        index.optimize()
        after = index.stats()
        if as_json:
            print_json(after.to_dict())
        else:
            click.echo(
                f"{counted(before.segments, 'segment')} to {number_of(after.segments)}, "
                f"{size(before.bytes)} to {size(after.bytes)}"
            )


def number_of(segments: int) -> str:
    """`1`, `none`"""
    return str(segments) if segments else "none"
