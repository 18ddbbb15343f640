"""Make the filters of a search from a mapping of field names to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arsearch.errors import QueryError
from arsearch.model.schema import Field, Schema
from arsearch.query import parse_date_range
from arsearch.search.clauses import DateFilter, Filter, RangeFilter, TermsFilter

__all__ = ["number_of", "read_filters"]


def read_filters(schema: Schema, filters: Mapping[str, Any] | None) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    """Return the filters that a mapping describes, in its order, and notes on how dates were read.

    The value of a field is one value, a list of values or, for dates and numbers, a `(low, high)` pair. Both ends of a
    pair are included, and `None` leaves an end open. A date is text of the query language ("2015-07", "يوليو 2015") or
    a `datetime` value.

    Raises QueryError for a value that the field cannot have, and UnknownFieldError for a field without doc values.
    """
    if not filters:
        return (), ()
    if not isinstance(filters, Mapping):
        raise QueryError(f"filters {filters!r} is not a mapping from fields to values")
    found: list[Filter] = []
    notes: list[str] = []
    for name, value in filters.items():
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
