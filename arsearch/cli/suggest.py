"""`arsearch suggest`: complete a query that is being typed."""

from __future__ import annotations

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import number, print_json, print_text
from arsearch.cli.style import Bidi, When, choose_style, style_options

__all__ = ["command"]


@click.command("suggest")
@click.argument("prefix", nargs=-1, required=True)
@index_option
@click.option("-n", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many suggestions.")
@style_options
@json_option
def command(prefix: tuple[str, ...], location: str | None, limit: int, color: When, bidi: Bidi, as_json: bool) -> None:
    """Complete a query that is being typed.

    Words of the index and phrases of headlines, each with its number of articles. The last word of PREFIX is the
    beginning of one; with a space after it, "الحرس ", it is whole.

    \b
    Examples:
      arsearch suggest "الحرس ال"
      arsearch suggest انتخا --limit 5 --json
    """
    text = " ".join(prefix)
    with open_found(location) as index:
        suggestions = index.suggest(text, limit=limit)
    if as_json:
        print_json({"prefix": text, "suggestions": [suggestion.to_dict() for suggestion in suggestions]})
        return
    style = choose_style(color, bidi)
    width = max((len(number(one.articles)) for one in suggestions), default=0)
    for one in suggestions:
        print_text(f"{number(one.articles):>{width}}  {style.value(one.text)}")
