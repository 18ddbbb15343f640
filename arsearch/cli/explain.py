"""`arsearch explain`: show why an article has its score for a query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import index_option, json_option, read_text
from arsearch.cli.output import columns, counted, number, print_json, print_text, say
from arsearch.cli.query import QueryCommand
from arsearch.cli.style import Bidi, Style, When, choose_style, style_options

if TYPE_CHECKING:
    from arsearch.model import Explanation
    from arsearch.model.explanations import Listed, WordExplanation

__all__ = ["command"]

_SPANS = 8


@click.command("explain", cls=QueryCommand)
@click.argument("text", nargs=-1, required=True)
@click.option("--id", "id", metavar="ID", required=True, help="The article's id, as `arsearch query` shows it.")
@index_option
@click.option("--mode", type=click.Choice(["auto", "all", "any"]), default="auto", show_default=True,
              help="As in `arsearch query`.")  # fmt: skip
@click.option(
    "--match",
    type=click.Choice(["stem", "word", "normalised", "surface", "vocalised", "root"]),
    help="As in `arsearch query`.",
)
@style_options
@json_option
def command(
    text: tuple[str, ...], id: str, location: str | None, color: When, bidi: Bidi, as_json: bool, **options: Any
) -> None:
    """Show why an article has its score for a query.

    For each word of TEXT: its analysis step by step, the forms it matched in the article and where (code points, end
    exclusive), and what that adds to the score, of which everything shown is a part.

    \b
    Examples:
      arsearch explain "الحرس الثوري" --id news-002
      arsearch explain وزير الداخلية --id 17 --json
    """
    with open_found(location) as index:
        explanation = index.explain(read_text(text), id, **options)
    if as_json:
        print_json(explanation.to_dict())
    else:
        print_text("\n\n".join(_rendered(explanation, choose_style(color, bidi))))
        for note in explanation.notes:
            say(f"note: {note}")


def _rendered(explanation: Explanation, style: Style) -> Iterator[str]:
    state = "" if explanation.complete else "  some of the words" if explanation.matched else "  not found by the query"
    head = f"{style.value(explanation.id)}  {_score(explanation.score)}{style.dim(state)}"
    yield f"{head}\n{style.line(explanation.title)}"
    for word in explanation.words:
        yield _word(word, style)
    if explanation.pairs:
        rows = [(_score(pair.score), _listed(pair, style)) for pair in explanation.pairs]
        yield f"near each other\n{columns(rows, '  ')}"
    scores = [word.score for word in explanation.words] + [pair.score for pair in explanation.pairs]
    parts = [_score(score) for score in scores if score]
    if len(parts) > 1:
        yield f"{_score(explanation.score)} = {' + '.join(parts)}"


def _word(word: WordExplanation, style: Style) -> str:
    said: list[str] = [word.role] if word.role != "wanted" else []
    said += [word.level.label if word.level else "no match"]
    said += [] if word.counted or word.role == "excluded" else ["does not count"]
    head = f"{style.value(word.text)}  {_score(word.score)}  {style.dim(', '.join(said))}"
    rows = [
        (step.name, style.value(step.result) + (style.dim(f"  ({_isolated(step.why, style)})") if step.why else ""))
        for step in word.steps
    ]
    if word.forms:
        forms = [f"{style.value(form.text)} {form.times}x {form.level.label}" for form in word.forms]
        rows.append(("matched", ", ".join(forms)))
    if word.spans:
        places = [f"{span.field} {span.start}-{span.end}" for span in word.spans[:_SPANS]]
        more = len(word.spans) - len(places)
        rows.append(("at", ", ".join(places) + (f" and {more} more" if more else "")))
    rows += [("score", f"{_score(listed.score)}  {_listed(listed, style)}") for listed in word.lists]
    return f"{head}\n{columns(rows, '  ')}"


def _listed(listed: Listed, style: Style) -> str:
    """What was looked up, and the figures of its score."""
    where = ", ".join(
        f"{field.frequency:g}x in {field.field} of {counted(field.length, 'position')}" for field in listed.fields
    )
    idf = f"idf {listed.idf:.3f}, weight {listed.weight:.3f}"
    found = f"in {number(listed.articles)} of {counted(listed.total, 'article')}"
    return f"{listed.kind} {style.value(listed.sought)}: {where or 'not here'}; {found}, {idf}"


def _isolated(text: str, style: Style) -> str:
    """A sentence with Arabic words in it, each kept from turning what stands beside it."""
    return " ".join(map(style.value, text.split(" ")))


def _score(value: float) -> str:
    return f"{value:.4f}"
