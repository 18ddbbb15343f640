"""`arsearch concordance`: print every occurrence of a query in its line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import click

from arsearch.cli.lines import context_width, format_lines
from arsearch.cli.location import open_index
from arsearch.cli.options import (
    LEVELS,
    Pairs,
    QueryCommand,
    filter_option,
    indexes_option,
    json_option,
    read_filters,
    read_text,
    synonyms_options,
    unlimited_timeout_option,
)
from arsearch.cli.output import pluralize, print_json_list, print_notes, print_text, safe
from arsearch.cli.selection import period_options
from arsearch.cli.style import Bidi, Color, choose_style, style_options
from arsearch.cli.words import Language, language_option
from arsearch.cli.writing import output_options, read_output, write_output
from arsearch.model.occurrences import ConcordanceLine

__all__ = ["command"]


@click.command("concordance", cls=QueryCommand)
@click.argument("text", nargs=-1, required=True)
@indexes_option
@click.option("-n", "--limit", type=click.IntRange(min=0), help="The number of lines. Default: all.")
@click.option("--width", type=click.IntRange(0, 10_000), metavar="N",
              help="The most characters on either side of the keyword. Default: what the terminal holds, else 60.")  # fmt: skip
@click.option("--sort", type=click.Choice(["left", "right", "work"]),
              help="right: by the words before the keyword; left: by the words after it; work: by the "
              "title of the work.")  # fmt: skip
@click.option("--match", type=click.Choice(LEVELS), help="The loosest match that counts. Default: stem.")
@filter_option
@period_options
@synonyms_options
@unlimited_timeout_option
@output_options
@language_option
@style_options
@json_option
def command(
    text: tuple[str, ...],
    location: tuple[str, ...],
    limit: int | None,
    width: int | None,
    sort: str | None,
    match: str | None,
    filters: Pairs,
    first: str | None,
    last: str | None,
    synonyms: str | None,
    no_variants: bool,
    timeout: float | None,
    output: str,
    format: str | None,
    fields: str | None,
    excel: bool,
    language: Language,
    color: Color,
    bidi: Bidi,
    as_json: bool,
) -> None:
    """Print every occurrence of TEXT in its line, aligned at the keyword.

    TEXT is a query. The articles with all of its words are read, in order of adding; an occurrence is a place where a word,
    a quoted phrase or a pattern matches. An Arabic line reads from the right: the words before the keyword stand to its
    right. Each line begins with its id, volume and page. With -o, --format or --fields, the lines are written as a table.

    \b
    Examples:
      arsearch concordance "الحرس الثوري" --sort left
      arsearch concordance كتاب --filter category=أدب -o kitab.csv --excel
      arsearch concordance كتاب -n 20 --json
    """
    target = read_output(output, format, fields, excel, as_json=as_json)
    style = choose_style(color, bidi)
    if width is None:
        width = 60 if target or as_json else context_width(style)
    with open_index(location, synonyms, variants=not no_variants) as index:
        chosen = read_filters(filters, index.fields, (first, last)) or None
        lines = index.concordance(read_text(text), width=width, sort=sort, filters=chosen, match=match, timeout=timeout)
        shown: Iterable[ConcordanceLine] = islice(lines, limit)
        notes = lines.notes
        print_notes(notes)
        if target is not None:
            report = write_output((line.to_row() for line in shown), target)
            if not target.on_stdout:
                print_text(f"{pluralize(report.articles, 'line')} written to {safe(output)}")
        elif as_json:
            query = {"query": read_text(text), "notes": notes}
            print_json_list(query, "lines", (line.to_dict() for line in shown), lambda: {"partial": lines.partial})
        else:
            for row in format_lines(shown, style, language):
                print_text(row)
        print_notes(lines.notes[len(notes) :])
