"""`arsearch like`: find articles similar to a given one."""

from __future__ import annotations

import click

from arsearch.cli.hits import add_locations, format_results
from arsearch.cli.location import offers, open_index
from arsearch.cli.options import Pairs, filter_option, indexes_option, json_option, read_filters, timeout_option
from arsearch.cli.output import print_json, print_message, print_notes, print_text
from arsearch.cli.style import Bidi, Color, choose_style, style_options
from arsearch.cli.words import Language, language_option

__all__ = ["command"]


@click.command("like")
@click.argument("id", metavar="ID")
@indexes_option
@click.option("-n", "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="The number of hits.")
@filter_option
@timeout_option
@click.option("--duplicates", is_flag=True, help="Show near-duplicates too, of the article and of the hits.")
@language_option
@style_options
@json_option
def command(
    id: str,
    location: tuple[str, ...],
    limit: int,
    filters: Pairs,
    timeout: float,
    duplicates: bool,
    language: Language,
    color: Color,
    bidi: Bidi,
    as_json: bool,
) -> None:
    """Find articles similar to a given one.

    The search uses the most distinctive words of the article whose id is ID.

    \b
    Examples:
      arsearch like news-017
      arsearch like news-017 --filter source=الرياض --json
    """
    style = choose_style(color, bidi)
    with open_index(location) as index:
        collapse = "duplicates" if not duplicates and offers(index, "NEAR_DUPLICATES") else None
        filters_by_name = read_filters(filters, index.fields)
        results = index.more_like(id, limit=limit, filters=filters_by_name or None, collapse=collapse, timeout=timeout)
        if as_json:
            data = results.to_dict()
            if len(location) > 1:
                add_locations(data["hits"], results.hits)
            print_json(data)
            return
        print_text(format_results(results, style, language=language, locations=len(location) > 1))
    print_message(f"compared by: {results.query}")
    print_notes(results.notes)
