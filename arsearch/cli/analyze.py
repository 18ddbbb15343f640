"""`arsearch analyze`: show how the analyzer reads a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import arsearch
from arsearch.analyzers.reasons import explained_steps
from arsearch.cli.dictionaries import (
    dictionary_option,
    format_contradiction,
    format_dictionary,
    read_dictionary,
)
from arsearch.cli.options import json_option, only_location, read_analyzer, read_text, stemmer_option
from arsearch.cli.output import format_columns, print_json, print_message, print_text, safe
from arsearch.cli.style import Bidi, Color, Style, choose_style, style_options

if TYPE_CHECKING:
    from arsearch import ArabicAnalyzer

__all__ = ["command"]

_LEVELS = ("surface", "normalised", "word", "stem")


@click.command("analyze")
@click.argument("text", nargs=-1)
@click.option("-i", "--index", "location", metavar="DIR", multiple=True, callback=only_location,
              help="Use the analyzer of this index.")  # fmt: skip
@stemmer_option("Use this stemmer: arabic (default), light10, tashaphyne or none.")
@dictionary_option("Use this dictionary; without TEXT, only check it.")
@style_options
@json_option
def command(
    text: tuple[str, ...],
    location: str | None,
    stemmer: str | None,
    dictionary_path: str | None,
    color: Color,
    bidi: Bidi,
    as_json: bool,
) -> None:
    """Show how the analyzer reads a text.

    Prints each word with its offsets (code points, end exclusive), its position, each step of its analysis, and its
    form at each match level. TEXT may be - for standard input. Needs no index.

    \b
    Examples:
      arsearch analyze وبالكتاب
      arsearch analyze "الحرس الثوري" --stemmer light10
      arsearch analyze --dictionary words.txt
    """
    if location and (stemmer or dictionary_path is not None):
        raise click.UsageError(f"Give either --index or {'--stemmer' if stemmer else '--dictionary'}.")
    if not text:
        if dictionary_path is None:
            raise click.UsageError("Missing argument 'TEXT...'.")
        _check_dictionary(dictionary_path, as_json)
        return
    if location:
        with arsearch.open(location) as index:
            analyzer = index.analyzer
    else:
        analyzer = read_analyzer(stemmer, None if dictionary_path is None else read_dictionary(dictionary_path))
    source = read_text(text)
    tokens = _tokens(source, analyzer)
    if as_json:
        print_json({"text": source, "tokens": tokens})
    elif tokens:
        style = choose_style(color, bidi)
        print_text("\n\n".join(_format_token(token, analyzer, style) for token in tokens))
    else:
        print_message("the text has no words")


def _check_dictionary(path: str, as_json: bool) -> None:
    """Print the size of a dictionary, and every line that contradicts the tables."""
    from arsearch.analyzers import check_dictionary  # reads the lexicon

    dictionary = arsearch.Dictionary.read(path)
    contradictions = check_dictionary(dictionary)
    if as_json:
        print_json({"dictionary": dictionary.config(), "warnings": [item._asdict() for item in contradictions]})
        return
    print_text(safe(format_dictionary(dictionary)))
    for contradiction in contradictions:
        print_text(safe(format_contradiction(dictionary, contradiction)))


def _tokens(text: str, analyzer: ArabicAnalyzer) -> list[dict[str, Any]]:
    """Return the tokens of a text as JSON values."""
    tokens: list[dict[str, Any]] = []
    for token in analyzer.analyze(text):
        levels = {level: getattr(token.term, level) for level in _LEVELS}
        tokens.append(
            {"text": token.text, "start": token.start, "end": token.end, "position": token.position}
            | {"steps": [list(step) for step in analyzer.steps(token.text)]}
            | levels
            | {"stop": token.term.stop}
        )
    return tokens


def _format_token(token: dict[str, Any], analyzer: ArabicAnalyzer, style: Style) -> str:
    place = f"{token['start']}-{token['end']}, position {token['position']}{', stop word' if token['stop'] else ''}"
    heading = f"{style.value(token['text'])}  {style.dim(place)}"
    steps = [(name, result) for name, result in token["steps"] if name not in (*_LEVELS, "stop")]
    reasons = {(step.name, step.result): step.why for step in explained_steps(analyzer, token["text"])}
    rows = [
        (name, f"{style.value(result)}{style.reason(reasons.get((name, result), ''))}")
        for name, result in steps + [(level, token[level]) for level in _LEVELS]
    ]
    return f"{heading}\n{format_columns(rows, '  ')}"
