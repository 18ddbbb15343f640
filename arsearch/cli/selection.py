"""The articles that a query and filters select, for commands that act on all of them: `export`, `delete` and `update`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from arsearch.cli.options import Pairs, checked_by, read_filters
from arsearch.model.schema import WORK

if TYPE_CHECKING:
    from arsearch.model import Hit
    from arsearch.search.searchable import Searchable

__all__ = ["drain", "period_options", "select"]

Command = TypeVar("Command", bound=Callable[..., Any])


def period_options(command: Command) -> Command:
    """Add --from and --to."""
    checked = checked_by(_check_date)
    command = click.option(
        "--to",
        "last",
        metavar="DATE",
        callback=checked,
        help="Only articles of this day, month or year, or earlier.",
    )(command)
    return click.option(
        "--from",
        "first",
        metavar="DATE",
        callback=checked,
        help="Only articles of this day, month or year, or later.",
    )(command)


def _check_date(text: str) -> None:
    """Raise QueryError for a text that is no date."""
    from arsearch.query import parse_date_range  # few searches have dates

    parse_date_range((text, None))


def select(
    index: Searchable,
    kinds: dict[str, str],
    text: str,
    filters: Pairs = (),
    period: tuple[str | None, str | None] = (None, None),
) -> tuple[list[Hit], Sequence[str]]:
    """Return the articles that have all words of `text` and pass the filters, the best first, and the notes of the search.

    Articles with some of the words, or with a word by its root alone, are not among them. Near-duplicates are. The hit of a
    work is its best part; `work_of_id` of its id names the work.
    """
    results = index.search(
        text,
        limit=max(len(index), 1),
        filters=read_filters(filters, kinds, period) or None,
        mode="all",
        match="stem",
        collapse=WORK.name if index.has_works else None,
        inner_hits=0,
        correct=False,
        timeout=None,
    )
    return [hit for hit in results if hit.complete], results.notes


def drain(hits: list[Hit]) -> Iterator[Hit]:
    """Yield the hits in order and empty the list, so that an article that was read does not stay in memory."""
    hits.reverse()
    while hits:
        yield hits.pop()
