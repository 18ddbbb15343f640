"""`arsearch analyze`: show what becomes of each word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import arsearch
from arsearch.cli.analyzer import analyzer_with
from arsearch.cli.options import json_option, read_text, stemmer_option
from arsearch.cli.output import columns, print_json, print_text, say
from arsearch.cli.style import Bidi, Style, When, choose_style, style_options

if TYPE_CHECKING:
    from arsearch import ArabicAnalyzer

__all__ = ["command"]

_LEVELS = ("surface", "normalised", "word", "stem")


@click.command("analyze")
@click.argument("text", nargs=-1, required=True)
@click.option("-i", "--index", "location", metavar="DIR", help="Use the analyzer of that index.")
@stemmer_option("Try another stemmer: arabic (default), light10, tashaphyne or none.")
@style_options
@json_option
def command(
    text: tuple[str, ...], location: str | None, stemmer: str | None, color: When, bidi: Bidi, as_json: bool
) -> None:
    """Show what the analyzer makes of a text.

    For each word: where it stands (code points, end exclusive), its position, each step that it goes through, and the
    form under which it is found at each match level. TEXT may be - for standard input. Needs no index.

    \b
    Examples:
      arsearch analyze وبالكتاب
      arsearch analyze "الحرس الثوري" --stemmer light10
    """
    if location and stemmer:
        raise click.UsageError("Give either --index or --stemmer.")
    if location:
        with arsearch.open(location) as index:
            analyzer = index.analyzer
    else:
        analyzer = analyzer_with(stemmer)
    source = read_text(text)
    tokens = _tokens(source, analyzer)
    if as_json:
        print_json({"text": source, "tokens": tokens})
    elif tokens:
        style = choose_style(color, bidi)
        print_text("\n\n".join(_rendered(token, style) for token in tokens))
    else:
        say("no words there")


def _tokens(text: str, analyzer: ArabicAnalyzer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for token in analyzer.analyze(text):
        levels = {level: getattr(token.term, level) for level in _LEVELS}
        found.append(
            {"text": token.text, "start": token.start, "end": token.end, "position": token.position}
            | {"steps": [list(step) for step in analyzer.steps(token.text)]}
            | levels
            | {"stop": token.term.stop}
        )
    return found


def _rendered(token: dict[str, Any], style: Style) -> str:
    where = f"{token['start']}-{token['end']}, position {token['position']}{', stop word' if token['stop'] else ''}"
    head = f"{style.value(token['text'])}  {style.dim(where)}"
    steps = [(name, result) for name, result in token["steps"] if name not in (*_LEVELS, "stop")]
    rows = [(name, style.value(result)) for name, result in steps + [(level, token[level]) for level in _LEVELS]]
    return f"{head}\n{columns(rows, '  ')}"
