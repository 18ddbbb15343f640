"""`arsearch stats`: print statistics of the index."""

from __future__ import annotations

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import indexes_option, json_option
from arsearch.cli.output import format_columns, format_size, print_json, print_message, safe

__all__ = ["command"]


@click.command("stats")
@indexes_option
@json_option
def command(location: tuple[str, ...], as_json: bool) -> None:
    """Print statistics of the index.

    \b
    Examples:
      arsearch stats
      arsearch stats -i news --json
    """
    with open_index(location) as index:
        stats = index.stats()
        if as_json:
            print_json(stats.to_dict())
        else:
            rows = [
                ("location", safe(index.location)),
                ("articles", f"{stats.articles:,}"),
                *([("parts", f"{stats.parts:,}")] if stats.parts else []),
                ("deleted", f"{stats.deleted:,}"),
                ("segments", f"{stats.segments:,}"),
                ("size", format_size(stats.bytes)),
                ("commit", f"{stats.generation:,}"),
                ("format", str(stats.format)),
                ("analyzer", stats.analyzer),
                ("fields", ", ".join(f"{name} ({kind})" for name, kind in stats.fields.items())),
                ("terms", ", ".join(f"{name} {count:,}" for name, count in stats.terms.items())),
            ]
            click.echo(format_columns(rows))
        if not stats.articles:
            print_message(f"the index at {index.location!r} is empty; add articles with `arsearch index FILE`")
