"""Make the filters of a search from a mapping of field names to values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from arsearch.dates.calendars import fold, hijri_year_days
from arsearch.errors import QueryError
from arsearch.model.schema import Field, Schema
from arsearch.query import parse_date_range
from arsearch.search.clauses import DateFilter, Filter, RangeFilter, TermsFilter

__all__ = ["HIJRI_YEAR", "number_of", "read_filters"]

HIJRI_YEAR = "hijri_year"
"""The Hijri year of an article's date, which filters and facets compute; a declared field of that name comes first."""

_YEARS = re.compile(r"(\d{1,4})(?:\s*(?:\.\.|-|–)\s*(\d{1,4}))?\s*(?:ه|هجريه?)?")


def read_filters(schema: Schema, filters: Mapping[str, Any] | None) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    """Return the filters that a mapping describes, in its order, and notes on how dates were read.

    The value of a field is one value, a list of values or, for dates and numbers, a `(low, high)` pair. Both ends of a
    pair are included, and `None` leaves an end open. A date is text of the query language ("2015-07", "يوليو 2015") or
    a `datetime` value. `hijri_year` takes a year (1436, "1436هـ") or a pair of years and filters by the date.

    Raises QueryError for a value that the field cannot have, and UnknownFieldError for a field without doc values.
    """
    if not filters:
        return (), ()
    if not isinstance(filters, Mapping):
        raise QueryError(f"filters {filters!r} is not a mapping from fields to values")
    found: list[Filter] = []
    notes: list[str] = []
    for name, value in filters.items():
        if name == HIJRI_YEAR and name not in schema:
            found.append(_hijri_years(schema["date"], value))
            continue
        field = schema.doc_values_field(name, "filter")
        if field.kind == "date":
            start, end, date_notes = parse_date_range(value)
            notes += date_notes
            found.append(DateFilter(field, start, end))
        elif field.kind == "keyword":
            found.append(TermsFilter(field, _keywords(field, value)))
        elif isinstance(value, tuple) and len(value) == 2:
            low, high = (None if end is None else number_of(field, end) for end in value)
            found.append(RangeFilter(field, low, high))
        else:
            values = list(value) if isinstance(value, (list, set, frozenset)) else [value]
            found.append(TermsFilter(field, tuple(number_of(field, item) for item in values)))
    return tuple(found), tuple(notes)


def _hijri_years(field: Field, value: Any) -> DateFilter:
    """Return the filter for a Hijri year, or for the years from the first to the second of a pair."""
    if isinstance(value, (tuple, list)) and 1 <= len(value) <= 2:
        ends = [None if end is None else fold(str(end)).strip() for end in (*value, *value)[:2]]
    else:
        match = _YEARS.fullmatch(fold(str(value)).strip())
        ends = [match[1], match[2] or match[1]] if match else ["", ""]
    try:
        years = [None if end is None else int(end.rstrip("ه ")) for end in ends]
        low = None if years[0] is None else dt.date.fromordinal(hijri_year_days(years[0])[0])
        high = None if years[1] is None else dt.date.fromordinal(hijri_year_days(years[1])[1])
    except (ValueError, OverflowError):
        raise QueryError(
            f"hijri_year is filtered by a year such as 1436, or a pair of years, not by {value!r}"
        ) from None
    if low and high and low > high:
        raise QueryError(f"hijri_year {value!r} runs backwards; write the earlier year first")
    return DateFilter(field, low, high)


def _keywords(field: Field, value: Any) -> tuple[str, ...]:
    if isinstance(value, (str, int)):
        return (str(value),)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, Mapping)):
        return tuple(map(str, value))
    raise QueryError(f"field {field.name!r} is filtered by a value or a list of values, not by {value!r}")


def number_of(field: Field, value: Any) -> int | float:
    """Return a value of a number field as a number; raise QueryError if it is not a number."""
    try:
        return float(value) if field.kind == "float" or "." in str(value) else int(value)
    except (TypeError, ValueError, OverflowError):
        raise QueryError(f"field {field.name!r} is {field.kind}; {value!r} is not a number") from None
