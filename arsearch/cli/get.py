"""`arsearch get`: print articles by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from arsearch.cli.location import open_index
from arsearch.cli.options import indexes_option, json_option
from arsearch.cli.output import print_json, print_text
from arsearch.cli.style import Bidi, Color, Style, choose_style, style_options
from arsearch.errors import InputError
from arsearch.model.citations import citation, page_words
from arsearch.model.locating import described
from arsearch.model.places import PARTS, Place, part_of
from arsearch.model.rows import value_text

if TYPE_CHECKING:
    from arsearch.model import Article

__all__ = ["command"]

_LISTED = ("pages", "headings", "cues")
"""Lists of places, of which the text shows the number."""


@click.command("get")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@indexes_option
@style_options
@json_option
def command(ids: tuple[str, ...], location: tuple[str, ...], color: Color, bidi: Bidi, as_json: bool) -> None:
    """Print articles by id.

    Articles that exist are printed even if others are missing. The exit code is 1 if any is missing.

    \b
    Examples:
      arsearch get news-17
      arsearch get 17 18 --json
    """
    with open_index(location) as index, index.snapshot() as snapshot:
        by_id = {id: snapshot.get(id) for id in ids}
        articles = [article for article in by_id.values() if article is not None]
        missing = [id for id, article in by_id.items() if article is None]
        if as_json:
            print_json({"articles": [described(article) for article in articles], "missing": missing})
        elif articles:
            style = choose_style(color, bidi)
            print_text("\n\n".join(_format_article(article, style) for article in articles))
        if missing:
            names = ", ".join(map(repr, missing))
            raise InputError(f"no article with the id {names} in {index.location!r}; `arsearch query` shows ids")


def _format_article(article: Article, style: Style) -> str:
    data = described(article)
    body = data.pop("body")
    if article.parts:
        del data[PARTS]
    if part_of(article) is not None:
        data["place"] = citation(article, Place(**data["place"]))
    lines = []
    for name in _LISTED:  # a book has thousands of them
        if isinstance(data.get(name), list):
            data[name] = str(len(data[name]))
    for name, value in data.items():
        text = ", ".join(map(value_text, value)) if isinstance(value, list) else value_text(value)
        if text:
            label = f"{style.value(name)}: "
            lines.append(style.dim(label) + style.line(text, " " * len(label)).removeprefix(" " * len(label)))
    if body.strip():
        lines += ["", *(style.line(line) for line in body.strip().splitlines())]
    for part in () if body.strip() == article.text.strip() else article.parts:
        volume, number = (None if name is None else str(name) for name in (part.volume, part.page))
        page = page_words(volume, number, "en")
        heading = " ".join(filter(None, ("#" * part.level, part.heading, f"({page})" if page else "")))
        lines += ["", *([style.line(heading)] if heading else [])]
        lines += [style.line(line) for line in part.body.strip().splitlines()]
    return "\n".join(lines)
