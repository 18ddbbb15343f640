"""`arsearch like`: articles like one of the index."""

from __future__ import annotations

import click

from arsearch.cli.hits import render_results
from arsearch.cli.location import open_found
from arsearch.cli.options import Pairs, filter_option, index_option, json_option, read_filters
from arsearch.cli.output import print_json, print_text, say
from arsearch.cli.style import Bidi, When, choose_style, style_options

__all__ = ["command"]


@click.command("like")
@click.argument("id", metavar="ID")
@index_option
@click.option("-n", "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="How many hits to show.")
@filter_option
@click.option("--duplicates", is_flag=True, help="Show near-duplicates of it too.")
@style_options
@json_option
def command(
    id: str, location: str | None, limit: int, filters: Pairs, duplicates: bool, color: When, bidi: Bidi, as_json: bool
) -> None:
    """Show the articles most like one.

    They are found by the words that say most of it.

    \b
    Examples:
      arsearch like news-017
      arsearch like news-017 --filter source=الرياض --json
    """
    style = choose_style(color, bidi)
    with open_found(location) as index:
        chosen = read_filters(filters, index.fields)
        collapse = None if duplicates else "duplicates"
        results = index.more_like(id, limit=limit, filters=chosen or None, collapse=collapse)
        if as_json:
            print_json(results.to_dict())
            return
        print_text(render_results(results, style))
    say(f"compared by: {results.query}")
    for note in results.notes:
        say(f"note: {note}")
