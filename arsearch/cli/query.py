"""`arsearch query`: search the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

import arsearch
from arsearch.cli.hits import FACET_ROWS, add_locations, format_results
from arsearch.cli.location import offers, open_index
from arsearch.cli.options import (
    Pairs,
    QueryCommand,
    filter_option,
    indexes_option,
    json_option,
    matching_options,
    read_filters,
    read_text,
    scoring_options,
    synonyms_options,
    timeout_option,
)
from arsearch.cli.output import pluralize, print_json, print_message, print_notes, print_text, safe
from arsearch.cli.selection import period_options
from arsearch.cli.style import Bidi, Color, choose_style, style_options
from arsearch.cli.words import Language, language_option
from arsearch.cli.writing import Output, output_options, write_output
from arsearch.search.request import FACET_VALUES, INNER_HITS

__all__ = ["command"]

_FEW_RESULTS = 10
"""If fewer articles have all the words, the command asks for corrections of the query."""


def _read_facets(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, int | None]:
    """Return the number of values of each facet, `None` if none was given."""
    facets: dict[str, int | None] = {}
    for text in values:
        name, equals, number = text.partition("=")
        if equals and not (number.isdecimal() and 0 < int(number) <= FACET_VALUES):
            raise click.BadParameter(f"{text!r}: N is a number from 1 to {FACET_VALUES}", ctx, param)
        facets[name.strip()] = int(number) if equals else None
    return facets


@click.command("query", cls=QueryCommand)
@click.argument("text", nargs=-1)
@indexes_option
@click.option("-n", "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="The number of hits.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Skip this many hits.")
@filter_option
@period_options
@click.option("--sort", metavar="FIELD", help="score (default), date or another field; -date puts the newest first.")
@click.option("--facet", "facets", metavar="NAME[=N]", multiple=True, callback=_read_facets,
              help="Count the values of a field (source, category ...) or of month or year, and print the N most "
              "frequent (10). Repeatable.")  # fmt: skip
@matching_options(
    mode_help="Which words an article must have; auto: all, or some if few articles have all.",
    match_help="The loosest match allowed; by default stem, and words of the roots come last.",
)
@scoring_options
@click.option("--collapse", metavar="FIELD", help="Only the best hit for each value of a field; work for the best part of each "
              "work, the default where articles have parts.")  # fmt: skip
@click.option("--inner-hits", type=click.IntRange(min=0), default=INNER_HITS, show_default=True, metavar="N",
              help="Show N further hits of each value of --collapse.")  # fmt: skip
@click.option("--parts", is_flag=True, help="Show the parts of a work as hits of their own.")
@click.option("--duplicates", is_flag=True, help="Show near-duplicates as hits of their own.")
@click.option("--strict", is_flag=True, help="Refuse a query with a syntax error instead of repairing it.")
@timeout_option
@click.option("--max-expansions", type=click.IntRange(min=1), default=10_000, show_default=True, metavar="N",
              help="Expand a pattern such as كتا* to at most N words, the most frequent.")  # fmt: skip
@synonyms_options
@click.option("--no-snippets", is_flag=True, help="Print titles only.")
@output_options
@language_option
@style_options
@json_option
def command(
    text: tuple[str, ...],
    location: tuple[str, ...],
    limit: int,
    offset: int,
    filters: Pairs,
    first: str | None,
    last: str | None,
    duplicates: bool,
    collapse: str | None,
    inner_hits: int,
    parts: bool,
    synonyms: str | None,
    no_variants: bool,
    no_snippets: bool,
    output: str,
    format: str | None,
    fields: str | None,
    excel: bool,
    language: Language,
    facets: dict[str, int | None],
    color: Color,
    bidi: Bidi,
    as_json: bool,
    **options: Any,
) -> None:
    """Search, and print ranked hits with their matches highlighted.

    TEXT is a query: words, "a phrase", -excluded, word*, title:word ... A single - reads the query from standard input.
    Without TEXT, the filters alone select articles. Put -- before a TEXT that begins with a dash and a Latin letter.

    With -o, --format or --fields, the hits are written to a file or as text that programs read, without facets and
    without the bodies of articles, unless --fields names them.

    \b
    Examples:
      arsearch query "الحرس الثوري"
      arsearch query تعليم المرأة --from 2015-07 --facet source --sort -date
      arsearch query --filter source=الرياض --json
      arsearch query الانتخابات -n 500 -o hits.csv --excel --fields id,title,date,snippet
    """
    if not (text or filters or first or last):
        raise click.UsageError("Give a query, - to read it from standard input, or a filter.")
    target = None
    if output != "-" or format or excel or (fields and not as_json):
        if as_json or facets:
            raise click.UsageError("--json and --facet print the hits themselves; leave out -o, --format and --excel.")
        target = Output(output, format, fields, excel)
    query = read_text(text)
    style = choose_style(color, bidi)
    with open_index(location, synonyms, variants=not no_variants) as index:
        if not collapse and index.has_works and not parts:
            collapse = "work"
        elif not collapse and not duplicates and offers(index, "NEAR_DUPLICATES"):
            collapse = "duplicates"
        options["filters"] = read_filters(filters, index.fields, (first, last)) or None
        results = index.search(
            query, limit=limit, offset=offset, collapse=collapse, inner_hits=inner_hits, facets=facets, **options
        )
        correction = _correction(index, results, options["timeout"], first_page=limit > 0 and not offset)
        if target is not None:
            report = write_output(results, target)
            if not target.on_stdout:
                print_text(f"{pluralize(report.articles, 'hit')} written to {safe(output)}")
        elif as_json:
            data = _to_dict(results, fields, facets)
            if len(location) > 1 and fields is None:
                add_locations(data["hits"], results.hits)
            print_json(data | ({"did_you_mean": correction.to_dict()} if correction else {}))
        else:
            rows = {name: number or FACET_ROWS for name, number in facets.items()}
            print_text(
                format_results(
                    results,
                    style,
                    offset=offset,
                    snippets=not no_snippets,
                    language=language,
                    facet_rows=rows,
                    locations=len(location) > 1,
                )
            )
        if not len(index):
            print_message(f"the index at {index.location!r} is empty; add articles with `arsearch index FILE`")
        elif not as_json:
            print_notes(results.notes)
            if advice := _advice(results, limit, {**options, "collapse": collapse}):
                print_message(advice)
            if correction.missing or correction.queries or correction.relaxed:
                from arsearch.cli.corrections import print_correction  # few queries need it

                print_correction(correction, has_hits=bool(results.hits))


def _to_dict(results: arsearch.SearchResults, fields: str | None, facets: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the results as JSON values. With `fields`, each hit has these alone; a facet with a number has as many values."""
    data = results.to_dict(hits=fields is None)
    for name, number in facets.items():
        data["facets"][name] = dict(list(data["facets"][name].items())[:number])
    if fields is not None:
        from arsearch.writers.rows import Rows, read_fields  # few searches choose fields

        data["hits"] = list(Rows(results, read_fields(fields)))
    return data


def _correction(
    index: arsearch.Index, results: arsearch.SearchResults, timeout: float, *, first_page: bool
) -> arsearch.Correction:
    """Return the correction of the query; it is empty if enough articles have all the words, or the index corrects nothing."""
    if not offers(index, "CORRECT"):
        return arsearch.Correction(results.query)
    if first_page and results.total_complete < _FEW_RESULTS and results.query.strip() and len(index):
        return index.correct(results.query, timeout=timeout)
    return arsearch.Correction(results.query)


def _advice(results: arsearch.SearchResults, limit: int, options: Mapping[str, Any]) -> str | None:
    """Return advice for a page without hits; `None` if it has hits or none were requested."""
    if results.hits or not limit:
        return None
    if results.total:
        matches = pluralize(results.total, "article")
        included = ", near-duplicates included" if options["collapse"] == "duplicates" else ""
        return f"--offset skips all hits: {matches} found{included}; use a smaller --offset"
    *tips, last = _tips(results.query, options)
    tried = f"{', '.join(tips)} or {last}" if tips else last
    return f"nothing found: try {tried}; `arsearch analyze WORD` shows how a word is analysed"


def _tips(query: str, options: Mapping[str, Any]) -> Iterator[str]:
    if options["filters"]:
        yield "without --filter, --from and --to"
    if options["match"] not in (None, "stem", "root"):
        yield "with --match stem"
    if options["mode"] == "all":
        yield "with --mode any"
    yield "with fewer or other words" if query.strip() else "with a query"
