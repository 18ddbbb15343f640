"""`arsearch stats`: the figures of the index."""

from __future__ import annotations

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import columns, number, print_json, safe, say, size

__all__ = ["command"]


@click.command("stats")
@index_option
@json_option
def command(location: str | None, as_json: bool) -> None:
    """Print the figures of the index.

    \b
    Examples:
      arsearch stats
      arsearch stats -i news --json
    """
    with open_found(location) as index:
        stats = index.stats()
        if as_json:
            print_json(stats.to_dict())
        else:
            rows = [
                ("location", safe(index.location)),
                ("articles", number(stats.articles)),
                ("deleted", number(stats.deleted)),
                ("segments", number(stats.segments)),
                ("size", size(stats.bytes)),
                ("commit", number(stats.generation)),
                ("format", str(stats.format)),
                ("analyzer", stats.analyzer),
                ("fields", ", ".join(f"{name} ({kind})" for name, kind in stats.fields.items())),
                ("terms", ", ".join(f"{name} {number(count)}" for name, count in stats.terms.items())),
            ]
            click.echo(columns(rows))
        if not stats.articles:
            say(f"the index at {index.location!r} is empty; add articles with `arsearch index FILE`")
