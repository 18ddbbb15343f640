"""The page of the frequencies of a query: a table by year, work or another value, with bars."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import NamedTuple

from arsearch.model.occurrences import Frequencies, FrequencyRow
from arsearch.model.schema import HIJRI_YEAR, PERIODS
from arsearch.search.occurrences.grouping import BY_WORK
from arsearch.web.indexes import ServedIndex
from arsearch.web.occurrences import GROUPS, count_occurrences, default_group
from arsearch.web.pages.facets import chips, facet_names
from arsearch.web.pages.options import Option, levels, named_options
from arsearch.web.pages.site import Page, readable_dates
from arsearch.web.problems import unavailable

__all__ = ["ROWS", "export_frequencies", "frequencies_page"]

ROWS = 200
"""The rows of a page."""


class _Row(NamedTuple):
    """A row of the page: its name, its link, its figures, and the length of its bar in hundredths."""

    name: str
    url: str
    occurrences: int
    articles: int
    rate: float
    bar: float


def frequencies_page(page: Page) -> str:
    """Return the page of the table; without words, a page that asks for some."""
    context = page.site.context
    served = context.indexes.select(page.state.i)
    state, wrong_dates = readable_dates(page.state)
    default = default_group(served)
    by = state.by or default
    table = count_occurrences(state, served, served.commit(), context.settings, by)
    page.state = replace(page.state, match="" if state.match == "stem" else state.match, by="" if by == default else by)
    number = max(state.page, 1)
    first = (number - 1) * ROWS
    return page.render(
        "frequencies.html",
        words=bool(state.q.strip()),
        articles=len(served.index),
        wrong_dates=wrong_dates,
        table=table,
        by=_name(page, by),
        notes=[page.ui.note(note) for note in table.notes],
        rows=_rows(page, served, table, table.rows[first : first + ROWS]),
        chips=chips(replace(page.state, mode=""), page.ui, page.links),
        groups=_groups(page, served, default),
        matches=levels(page),
        paging=(
            page.links.page(number - 1) if number > 1 else "",
            page.links.page(number + 1) if first + ROWS < len(table) else "",
        ),
    )


def export_frequencies(page: Page) -> bytes:
    """Return the whole table as CSV for spreadsheets. Raises ProblemError (503) if time runs out."""
    from arsearch.writers import write_articles

    context = page.site.context
    served = context.indexes.select(page.state.i)
    state, _ = readable_dates(page.state)
    table = count_occurrences(state, served, served.commit(), context.settings, state.by or default_group(served))
    if table.partial:
        raise unavailable("timeout", "the count took too long; use fewer or other words")
    fields = ["value", "title", "occurrences", "articles", "words", "rate"]
    if table.by != BY_WORK:
        fields.remove("title")
    stream = io.BytesIO()
    write_articles((row.to_dict() for row in table), stream, format="csv", fields=fields, excel=True)
    return stream.getvalue()


def _groups(page: Page, served: ServedIndex, default: str) -> list[Option]:
    """Return the choices of what the table counts by: periods, works, and the fields that the page filters by."""
    names = [*GROUPS, *facet_names(replace(page.state, facets=()), served.index.fields)]
    now = page.state.by
    if now and now not in names:
        names.append(now)
    kinds = served.index.fields
    named = [
        ("" if name == default else name, _name(page, name))
        for name in dict.fromkeys(names)
        if kinds.get(name) != "text"
    ]
    return named_options(page, "by", named)


def _name(page: Page, by: str) -> str:
    key = f"by_{by}"
    return page.ui(key) if page.ui.has(key) else page.ui.field(by)


def _rows(page: Page, served: ServedIndex, table: Frequencies, rows: tuple[FrequencyRow, ...]) -> list[_Row]:
    most = max((row.rate for row in table), default=0.0) or 1.0
    return [
        _Row(*_value(page, served, table.by, row), row.occurrences, row.articles, row.rate, row.rate * 100 / most)
        for row in rows
    ]


def _value(page: Page, served: ServedIndex, by: str, row: FrequencyRow) -> tuple[str, str]:
    """Return the name of a row, and the link to its lines; of a work, the link to its text."""
    value, links = row.value, page.links
    if value is None:
        return page.ui("no_value"), ""
    declared = by in served.index.fields
    if by == BY_WORK and not declared:
        return row.title.strip() or page.ui("untitled"), links.article(served.name, value)
    if by in PERIODS and not declared:
        hijri = by == HIJRI_YEAR
        period, shown = (f"{value}هـ", page.ui.hijri_year(value)) if hijri else (value, page.ui.period(value))
        state = links.state.changed(first=period, last=period)
    else:
        shown, state = value, links.state.adding(by, value)
    return shown, links.lines(state) if row.occurrences else ""
