"""`arsearch explain`: explain the score of an article for a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import (
    QueryCommand,
    indexes_option,
    json_option,
    matching_options,
    read_text,
    scoring_options,
    timeout_option,
)
from arsearch.cli.output import format_columns, pluralize, print_json, print_notes, print_text
from arsearch.cli.style import Bidi, Color, Style, choose_style, style_options

if TYPE_CHECKING:
    from arsearch.model import Explanation
    from arsearch.model.explanations import Listed, Recency, WordExplanation

__all__ = ["command"]

_MAX_SPANS = 8


@click.command("explain", cls=QueryCommand)
@click.argument("text", nargs=-1, required=True)
@click.option("--id", "id", metavar="ID", required=True, help="The article's id, as `arsearch query` shows it.")
@indexes_option
@matching_options(mode_help="As in `arsearch query`.", match_help="As in `arsearch query`.")
@scoring_options
@timeout_option
@style_options
@json_option
def command(
    text: tuple[str, ...], id: str, location: tuple[str, ...], color: Color, bidi: Bidi, as_json: bool, **options: Any
) -> None:
    """Explain the score of an article for a query.

    Shows each word of TEXT with its analysis step by step, the forms that it matches in the article, their offsets
    (code points, end exclusive), and its part of the score. The parts add up to the score.

    \b
    Examples:
      arsearch explain "الحرس الثوري" --id news-002
      arsearch explain وزير الداخلية --id 17 --json
    """
    with open_index(location) as index:
        explanation = index.explain(read_text(text), id, **options)
    if as_json:
        print_json(explanation.to_dict())
    else:
        print_text("\n\n".join(_blocks(explanation, choose_style(color, bidi))))
        print_notes(explanation.notes)


def _blocks(explanation: Explanation, style: Style) -> Iterator[str]:
    yield _heading(explanation, style)
    for word in explanation.words:
        yield _word(word, style)
    if explanation.pairs:
        rows = [(_score(pair.score), _formula(pair, style)) for pair in explanation.pairs]
        yield f"near each other\n{format_columns(rows, '  ')}"
    if explanation.recency is not None:
        yield f"recency\n{format_columns([_recency(explanation.recency, style)], '  ')}"
    parts = [_score(part.score) for part in explanation.parts if part.score]
    if len(parts) > 1:
        yield f"{_score(explanation.score)} = {' + '.join(parts)}"


def _heading(explanation: Explanation, style: Style) -> str:
    heading = f"{style.value(explanation.id)}  {_score(explanation.score)}"
    if not explanation.complete:
        heading += style.dim("  some of the words" if explanation.matched else "  not found by the query")
    return f"{heading}\n{style.line(explanation.title)}"


def _word(word: WordExplanation, style: Style) -> str:
    heading = f"{style.value(word.text)}  {_score(word.score)}  {style.dim(', '.join(_remarks(word)))}"
    rows = [(step.name, f"{style.value(step.result)}{style.reason(step.why)}") for step in word.steps]
    if word.forms:
        forms = [f"{style.value(form.text)} {form.times}x {form.level.label}" for form in word.forms]
        rows.append(("matched", ", ".join(forms)))
    if word.spans:
        offsets = ", ".join(f"{span.field} {span.start}-{span.end}" for span in word.spans[:_MAX_SPANS])
        more = len(word.spans) - _MAX_SPANS
        rows.append(("at", f"{offsets} and {more} more" if more > 0 else offsets))
    rows += [("score", f"{_score(part.score)}  {_formula(part, style)}") for part in word.lists]
    return f"{heading}\n{format_columns(rows, '  ')}"


def _remarks(word: WordExplanation) -> Iterator[str]:
    if word.role != "wanted":
        yield word.role
    yield word.level.label if word.level else "no match"
    if not word.counted and word.role != "excluded":
        yield "does not count"


def _formula(part: Listed, style: Style) -> str:
    """Return the term of a part of the score, and the figures that its score is computed from."""
    frequencies = ", ".join(
        f"{field.frequency:g}x in {field.field} of {pluralize(field.length, 'position')}" for field in part.fields
    )
    documents = f"in {part.articles:,} of {pluralize(part.total, 'article')}"
    weights = f"idf {part.idf:.3f}, weight {part.weight:.3f}"
    return f"{part.kind} {style.value(part.sought)}: {frequencies or 'not here'}; {documents}, {weights}"


def _recency(bonus: Recency, style: Style) -> tuple[str, str]:
    age = f"{bonus.age:.1f} days older than the newest article; halves in {bonus.half_life:g} days"
    return _score(bonus.score), f"{style.value(bonus.date)}: {age}, weight {bonus.weight:.3f}"


def _isolate_words(text: str, style: Style) -> str:
    """Isolate each Arabic word of an English sentence, so that it cannot reorder the words beside it."""
    return " ".join(map(style.value, text.split(" ")))


def _score(value: float) -> str:
    return f"{value:.4f}"
