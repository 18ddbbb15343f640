"""The choice of the tables whose rows are the articles: the caller's, the only one, or those with columns like ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from arsearch.errors import InputError
from arsearch.readers.columns import Columns

__all__ = ["Table", "chosen_tables"]

_MOST_SHOWN = 20


class Table(NamedTuple):
    """A table or view of a database."""

    name: str
    columns: tuple[str, ...]
    is_view: bool = False
    key: str | None = None
    """The only column of the primary key."""

    problem: str | None = None
    """Why its columns cannot be read."""


def chosen_tables(
    tables: Iterable[Table], named: str | None, mapping: Mapping[str, str], tell: Callable[[str], None]
) -> list[Table]:
    """Return the tables to read, in their order.

    Without a name, a table with columns for title and body comes before one with either; a table before a view of the same
    rows. Several tables that are equally good are all read, and `tell` names them. Raises `InputError` if the table is
    missing or none looks like articles.
    """
    tables = list(tables)
    shown = ", ".join(table.name for table in tables[:_MOST_SHOWN]) + (", ..." if len(tables) > _MOST_SHOWN else "")
    if named is not None:
        found = [table for table in tables if table.name == named] or [
            table for table in tables if table.name.casefold() == named.casefold()
        ]
        if not found:
            raise InputError(f"no table {named!r}; the tables are {shown or 'none'}")
        return found[:1]
    if not tables:
        raise InputError("the database has no tables")
    if len(tables) == 1:
        return tables
    scores = {table.name: _score(table, mapping) for table in tables if table.problem is None}
    best = max(scores.values(), default=(0, 0, 0))
    if best[0] == 0:
        raise InputError(f"no table looks like articles; name one with --table (table=): {shown}")
    chosen = [table for table in tables if scores.get(table.name) == best]
    others = [table.name for table in tables if table not in chosen]
    tell(
        f"the articles are the rows of {', '.join(repr(table.name) for table in chosen)}"
        + (f"; not read: {', '.join(others[:_MOST_SHOWN])} (--table, table=)" if others else "")
    )
    return chosen


def _score(table: Table, mapping: Mapping[str, str]) -> tuple[int, int, int]:
    """Return how much a table looks like articles; the first number is 0 if not at all."""
    fields = Columns(mapping, lambda _: None).plan(table.columns).fields
    text = ("body" in fields) + ("title" in fields)
    known = len(fields & {"title", "body", "author", "source", "url", "date", "category", "tags"})
    return (text if text == 2 or "body" in fields else 0), int(not table.is_view), known if text == 2 else 0
