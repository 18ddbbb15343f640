"""`arsearch frequencies`: count the occurrences of a query by year, work or another value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import click

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
from arsearch.cli.output import pluralize, print_json, print_notes, print_text, safe
from arsearch.cli.selection import period_options
from arsearch.cli.style import Bidi, Color, Style, choose_style, style_options
from arsearch.cli.wrapping import printed_width
from arsearch.cli.writing import output_options, read_output, write_output
from arsearch.model.occurrences import Frequencies, FrequencyRow

__all__ = ["command"]

_EIGHTHS = " ▏▎▍▌▋▊▉"
_WIDTH = 100  # columns of a pipe
_SHORTEST_BAR = 10
_LONGEST_LABEL = 40
_NO_VALUE = "(none)"

Measure = Literal["rate", "occurrences"]


@click.command("frequencies", cls=QueryCommand)
@click.argument("text", nargs=-1, required=True)
@indexes_option
@click.option("--by", metavar="NAME", default="year", show_default=True,
              help="year, month or hijri_year of the date; work; or a field such as category or source.")  # fmt: skip
@click.option("-n", "--limit", type=click.IntRange(min=0), help="The number of rows. Default: all.")
@click.option("--bars", "measure", type=click.Choice(["rate", "occurrences"]), default="rate", show_default=True,
              help="What the bars show: the occurrences in a million words, or the occurrences.")  # fmt: skip
@click.option("--match", type=click.Choice(LEVELS), help="The loosest match that counts. Default: stem.")
@filter_option
@period_options
@synonyms_options
@unlimited_timeout_option
@output_options
@style_options
@json_option
def command(
    text: tuple[str, ...],
    location: tuple[str, ...],
    by: str,
    limit: int | None,
    measure: Measure,
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
    color: Color,
    bidi: Bidi,
    as_json: bool,
) -> None:
    """Count the occurrences of TEXT by year, work or another value.

    TEXT is a query: of several words each counts, of a quoted phrase the phrase. The columns are the value, the
    occurrences, and the occurrences in a million words of the articles with the value; bars show the last column. With
    -o, --format or --fields, the rows are written as a table.

    \b
    Examples:
      arsearch frequencies الانتخابات
      arsearch frequencies "الحرس الثوري" --by source --bars occurrences
      arsearch frequencies كتاب --by hijri_year -o kitab.csv --excel
    """
    target = read_output(output, format, fields, excel, as_json=as_json)
    style = choose_style(color, bidi)
    with open_index(location, synonyms, variants=not no_variants) as index:
        chosen = read_filters(filters, index.fields, (first, last)) or None
        table = index.frequencies(read_text(text), by=by, filters=chosen, match=match, timeout=timeout)
    rows = table.rows[:limit]
    print_notes(table.notes)
    if target is not None:
        report = write_output((row.to_dict() for row in rows), target)
        if not target.on_stdout:
            print_text(f"{pluralize(report.articles, 'row')} written to {safe(output)}")
    elif as_json:
        print_json(table.to_dict() | {"rows": [row.to_dict() for row in rows]})
    else:
        print_text("\n".join([_total(table), *_bars(rows, style, measure)]))


def _total(table: Frequencies) -> str:
    total = table.total
    rate = f", {total.rate:,.1f} in a million words" if total.words else ""
    return f"{pluralize(total.occurrences, 'occurrence')} in {pluralize(total.articles, 'article')}{rate}"


def _bars(rows: Sequence[FrequencyRow], style: Style, measure: Measure) -> Iterator[str]:
    """Yield a line for each row: its value, its figures, and a bar of block characters in eighths of a column."""
    labels = [style.value(_label(row)) for row in rows]
    first = max(map(printed_width, labels), default=0)
    counts = max((len(f"{row.occurrences:,}") for row in rows), default=0)
    rates = max((len(f"{row.rate:,.1f}") for row in rows), default=0)
    room = max((style.width or _WIDTH) - first - counts - rates - 6, _SHORTEST_BAR)
    most = max((getattr(row, measure) for row in rows), default=0) or 1
    for row, label in zip(rows, labels, strict=True):
        value = label + " " * (first - printed_width(label))
        bar = _bar(getattr(row, measure) / most * room)
        yield f"{value}  {row.occurrences:>{counts},}  {row.rate:>{rates},.1f}  {bar}".rstrip()


def _label(row: FrequencyRow) -> str:
    label = safe(row.title or row.value or "") or _NO_VALUE
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _bar(columns: float) -> str:
    eighths = max(round(columns * 8), 1 if columns > 0 else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
