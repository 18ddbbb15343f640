"""`arsearch suggest`: complete a partly typed query."""

from __future__ import annotations

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import indexes_option, json_option, timeout_option
from arsearch.cli.output import print_json, print_message, print_text
from arsearch.cli.style import Bidi, Color, choose_style, style_options

__all__ = ["command"]


@click.command("suggest")
@click.argument("prefix", nargs=-1, required=True)
@indexes_option
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="The number of suggestions."
)
@timeout_option
@style_options
@json_option
def command(
    prefix: tuple[str, ...],
    location: tuple[str, ...],
    limit: int,
    timeout: float,
    color: Color,
    bidi: Bidi,
    as_json: bool,
) -> None:
    """Complete a partly typed query.

    Suggests words of the index and phrases of headlines, each with its number of articles. The last word of PREFIX may
    be incomplete; a space after it, as in "الحرس ", makes it a whole word.

    \b
    Examples:
      arsearch suggest "الحرس ال"
      arsearch suggest انتخا --limit 5 --json
    """
    text = " ".join(prefix)
    with open_index(location) as index:
        suggestions = index.suggest(text, limit=limit, timeout=timeout)
    if as_json:
        shown = [suggestion.to_dict() for suggestion in suggestions]
        print_json({"prefix": text, "suggestions": shown, "partial": suggestions.partial})
        return
    if suggestions.partial:
        print_message(f"time ran out after {timeout:g} s: there may be suggestions; use a larger --timeout")
    style = choose_style(color, bidi)
    width = max((len(f"{suggestion.articles:,}") for suggestion in suggestions), default=0)
    for suggestion in suggestions:
        print_text(f"{suggestion.articles:>{width},}  {style.value(suggestion.text)}")
