"""`arsearch query`: search the index."""

from __future__ import annotations

import re
from typing import Any

import click

from arsearch.cli.hits import render_results
from arsearch.cli.location import open_found
from arsearch.cli.options import (
    Pairs,
    filter_option,
    index_option,
    json_option,
    read_filters,
    read_text,
    synonyms_options,
)
from arsearch.cli.output import print_json, print_text, say
from arsearch.cli.proposals import proposals
from arsearch.cli.style import Bidi, When, choose_style, style_options
from arsearch.model import Correction

__all__ = ["QueryCommand", "command"]

_FEW = 10
"""With fewer articles that have all the words, it is asked what else the query may have meant."""

_EXCLUDED = re.compile(r"-(?![-A-Za-z]).", re.DOTALL)


class QueryCommand(click.Command):
    """Takes `-إيران` for an excluded word, not for options of one letter."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # A space before it keeps click from reading it as options; `read_text` takes the space away.
        return super().parse_args(ctx, [f" {arg}" if _EXCLUDED.match(arg) else arg for arg in args])


@click.command("query", cls=QueryCommand)
@click.argument("text", nargs=-1)
@index_option
@click.option("-n", "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="How many hits to show.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="How many hits to skip first.")
@filter_option
@click.option("--from", "first", metavar="DATE", help="Only articles from that day, month or year on.")
@click.option("--to", "last", metavar="DATE", help="Only articles up to that day, month or year.")
@click.option("--sort", metavar="FIELD", help="score (default), date, or another field; -date for the newest first.")
@click.option(
    "--facet", "facets", metavar="NAME", multiple=True, help="Count values: source, category, month... Repeatable."
)
@click.option("--mode", type=click.Choice(["auto", "all", "any"]), default="auto", show_default=True,
              help="Whether all words must be there; auto: all, and when few articles have all, some.")  # fmt: skip
@click.option(
    "--match",
    type=click.Choice(["stem", "word", "normalised", "surface", "vocalised", "root"]),
    help="The loosest match allowed; default stem.",
)
@click.option("--collapse", metavar="FIELD", help="Only the best hit for each value of a field.")
@click.option("--duplicates", is_flag=True, help="Show near-duplicates too, each as a hit of its own.")
@click.option("--strict", is_flag=True, help="Refuse a query with a mistake in it instead of making the best of it.")
@click.option("--timeout", type=click.FloatRange(min=0), metavar="SECONDS", help="Answer with what was found by then.")
@click.option("--max-expansions", type=click.IntRange(min=1), metavar="N",
              help="How many words a pattern such as كتا* stands for; default 10,000, the commonest.")  # fmt: skip
@synonyms_options
@click.option("--no-snippets", is_flag=True, help="Titles only.")
@style_options
@json_option
def command(
    text: tuple[str, ...],
    location: str | None,
    limit: int,
    offset: int,
    filters: Pairs,
    first: str | None,
    last: str | None,
    duplicates: bool,
    collapse: str | None,
    synonyms: str | None,
    no_variants: bool,
    no_snippets: bool,
    color: When,
    bidi: Bidi,
    as_json: bool,
    max_expansions: int | None,
    **options: Any,
) -> None:
    """Search, and show ranked hits with their matches marked.

    TEXT is a query: words, "a phrase", -excluded, word*, title:word ... A lone - reads it from standard input; without
    TEXT, the filters alone choose. Put -- before a TEXT that begins with a dash and a Latin letter.

    \b
    Examples:
      arsearch query "الحرس الثوري"
      arsearch query تعليم المرأة --from 2015-07 --facet source --sort -date
      arsearch query --filter source=الرياض --json
    """
    if not text and not filters and not (first or last):
        raise click.UsageError("Give words to search for, - to read them from standard input, or a filter.")
    if max_expansions is not None:
        options["max_expansions"] = max_expansions
    options["collapse"] = collapse or (None if duplicates else "duplicates")
    query = read_text(text)
    style = choose_style(color, bidi)
    with open_found(location, synonyms, variants=not no_variants) as index:
        chosen = read_filters(filters, index.fields, (first, last))
        results = index.search(query, limit=limit, offset=offset, filters=chosen or None, **options)
        empty = not len(index)
        few = query.strip() and limit and not offset and results.total < _FEW
        meant = index.correct(query) if few and not empty else Correction(query)
        if as_json:
            print_json(results.to_dict() | ({"did_you_mean": meant.to_dict()} if meant else {}))
        else:
            print_text(render_results(results, style, offset=offset, snippets=not no_snippets))
        if empty:
            say(f"the index at {index.location!r} is empty; add articles with `arsearch index FILE`")
            return
    if not as_json:
        for note in results.notes:
            say(f"note: {note}")
        if not results.hits and (hint := _hint(query, bool(chosen), results.total_any, limit, options)):
            say(hint)
        for line in proposals(meant, found=bool(results.hits)):
            say(line)


def _hint(query: str, filtered: bool, found: int, limit: int, options: dict[str, Any]) -> str | None:
    """What to try when nothing is shown."""
    if not limit:
        return None
    if found:
        return f"there are only {found} articles, near-duplicates among them; give a smaller --offset"
    tips = []
    if filtered:
        tips.append("without --filter, --from and --to")
    if options["match"] not in (None, "stem", "root"):
        tips.append("with --match stem")
    if options["mode"] == "all":
        tips.append("with --mode any")
    tips.append("with fewer or other words" if query.strip() else "with a query")
    shown = " or ".join([", ".join(tips[:-1]), tips[-1]] if len(tips) > 1 else tips)
    return f"nothing found: try {shown}; `arsearch analyze WORD` shows how a word is read"
