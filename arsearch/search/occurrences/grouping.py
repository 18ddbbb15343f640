"""The values that a table of frequencies counts by, and the periods between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from arsearch.dates.calendars import hijri_year_of
from arsearch.model import Article
from arsearch.model.places import work_of_id
from arsearch.model.schema import HIJRI_YEAR, Schema, is_period

__all__ = ["BY_WORK", "check_group", "group_values", "periods_between"]

BY_WORK = "work"
"""Counts by work; an article without parts is a work of its own."""

_MONTH = "month"
_LABELS: Mapping[str, Callable[[dt.datetime], str]] = {
    "year": lambda date: f"{date.year:04}",
    _MONTH: lambda date: f"{date.year:04}-{date.month:02}",
    HIJRI_YEAR: lambda date: str(hijri_year_of(date) or ""),
}


def check_group(schema: Schema, by: object) -> str:
    """Return the name of what articles are grouped by; raise UnknownFieldError for one without exact values."""
    if not (is_period(schema, by) or (isinstance(by, str) and by == BY_WORK and by not in schema)):
        schema.facet_field(by)
    return str(by)


def group_values(schema: Schema, article: Article, by: str) -> list[str]:
    """Return the distinct values of an article, as text; none if it has no value."""
    if by == BY_WORK and by not in schema:
        return [work_of_id(article.id)]
    name = "date" if is_period(schema, by) else by
    values = [value for field, values in schema.values(article) if field.name == name for value in values]
    if is_period(schema, by):
        values = [_LABELS[by](_in_utc(value)) for value in values]
    elif schema[name].kind == "date":
        values = [_in_utc(value).date().isoformat() for value in values]
    return [value for value in dict.fromkeys(map(str, values)) if value]


def periods_between(by: str, labels: Iterable[str]) -> list[str]:
    """Return every period from the first to the last of `labels`, in order; none without labels."""
    present = list(labels)
    if by == _MONTH:
        months = [12 * int(year) + int(month) - 1 for year, _, month in (label.partition("-") for label in present)]
        return [f"{at // 12:04}-{at % 12 + 1:02}" for at in _span(months)]
    return [f"{at:04}" if by == "year" else str(at) for at in _span(map(int, present))]


def _span(numbers: Iterable[int]) -> range:
    present = sorted(numbers)
    return range(present[0], present[-1] + 1) if present else range(0)


def _in_utc(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None) - (value.utcoffset() or dt.timedelta())
    return dt.datetime(value.year, value.month, value.day)
