"""Conditions on exact values: filters, ranges, sorting, facets and collapsing, all on columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from arsearch.errors import QueryError, UnknownFieldError
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER, seconds
from arsearch.index.execution.queries import Filter
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import Field
from arsearch.query import parse_date_range

__all__ = [
    "ExistsFilter",
    "RangeFilter",
    "TermsFilter",
    "compile_filters",
    "date_bounds",
    "facet_counts",
    "first_of_each",
    "sort_keys",
]

FACET_VALUES = 100
_PERIODS = {"month": "M", "year": "Y"}
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class ExistsFilter:
    """Documents that have a value in a field."""

    field: Field

    def docs(self, reader: IndexReader) -> Array:
        if self.field.kind == "keyword":
            return _alive(reader, np.unique(reader.keywords(self.field).docs))
        if self.field.has_doc_values:
            return _alive(reader, np.flatnonzero(_present(self.field, reader.numbers(self.field))))
        return _alive(reader, np.flatnonzero(reader.lengths(self.field.name)))


@dataclass(frozen=True, slots=True)
class TermsFilter:
    """Documents that have at least one of some values in a keyword or number field."""

    field: Field
    values: tuple[Any, ...]

    def docs(self, reader: IndexReader) -> Array:
        if self.field.kind == "keyword":
            keywords = reader.keywords(self.field)
            chosen = np.isin(keywords.ordinals, [i for i, v in enumerate(keywords.values) if v in set(self.values)])
            return _alive(reader, np.unique(keywords.docs[chosen]))
        numbers = reader.numbers(self.field)
        return _alive(reader, np.flatnonzero(_present(self.field, numbers) & np.isin(numbers, self.values)))


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """Documents with a value from `low` to `high`; `None` leaves an end open."""

    field: Field
    low: Any
    high: Any
    include_low: bool = True
    include_high: bool = True

    def docs(self, reader: IndexReader) -> Array:
        if self.field.kind == "keyword":
            keywords = reader.keywords(self.field)
            chosen = [i for i, value in enumerate(keywords.values) if self._holds(value)]
            return _alive(reader, np.unique(keywords.docs[np.isin(keywords.ordinals, chosen)]))
        numbers = reader.numbers(self.field)
        mask = _present(self.field, numbers)
        if self.low is not None:
            mask &= numbers >= self.low if self.include_low else numbers > self.low
        if self.high is not None:
            mask &= numbers <= self.high if self.include_high else numbers < self.high
        return _alive(reader, np.flatnonzero(mask))

    def _holds(self, value: str) -> bool:
        above = self.low is None or value > self.low or (self.include_low and value == self.low)
        return above and (self.high is None or value < self.high or (self.include_high and value == self.high))


def _present(field: Field, numbers: Array) -> Array:
    mask: Array = ~np.isnan(numbers) if field.kind == "float" else numbers != NO_NUMBER
    return mask


def _alive(reader: IndexReader, docs: Array) -> Array:
    return docs if reader.live is None else docs[reader.live[docs]]


def date_bounds(field: Field, start: dt.date | None, end: dt.date | None) -> RangeFilter:
    """The condition for days from `start` to `end`, both included."""
    return RangeFilter(
        field, None if start is None else seconds(start), None if end is None else seconds(end) + _DAY - 1
    )


def compile_filters(reader: IndexReader, filters: Mapping[str, Any], notes: list[str]) -> list[Filter]:
    """The conditions that a search's `filters` mean: a value, a list of values, or a pair as a range.

    Dates take what the query language takes ("2015-07", "يوليو 2015") or `datetime` values. Raises QueryError.
    """
    if not isinstance(filters, Mapping):
        raise QueryError(f"filters {filters!r} is not a mapping from fields to values")
    found: list[Filter] = []
    for name, wanted in filters.items():
        field = reader.schema.doc_values_field(name, "filter")
        if field.kind == "date":
            start, end, said = parse_date_range(wanted)
            notes += said
            found.append(date_bounds(field, start, end))
        elif field.kind == "keyword":
            found.append(TermsFilter(field, _keywords(field, wanted)))
        elif isinstance(wanted, tuple) and len(wanted) == 2:
            low, high = (None if value is None else number(field, value) for value in wanted)
            found.append(RangeFilter(field, low, high))
        else:
            values = list(wanted) if isinstance(wanted, (list, set, frozenset)) else [wanted]
            found.append(TermsFilter(field, tuple(number(field, value) for value in values)))
    return found


def _keywords(field: Field, wanted: Any) -> tuple[str, ...]:
    if isinstance(wanted, (str, int)):
        return (str(wanted),)
    if isinstance(wanted, Iterable) and not isinstance(wanted, (bytes, Mapping)):
        return tuple(map(str, wanted))
    raise QueryError(f"field {field.name!r} is filtered by a value or a list of values, not by {wanted!r}")


def number(field: Field, value: Any) -> int | float:
    """A value of a number field; QueryError if it is none."""
    try:
        return float(value) if field.kind == "float" or "." in str(value) else int(value)
    except (TypeError, ValueError, OverflowError):
        raise QueryError(f"field {field.name!r} is {field.kind}; {value!r} is not a number") from None


def sort_keys(reader: IndexReader, sort: str, docs: Array, collate: Callable[[str], str]) -> Array:
    """A key by which `docs` rise in the order asked for; `-name` reverses. Documents without a value come last.

    Keywords are ordered by `collate` of each, so that spellings of a letter stand together.
    """
    name = sort.removeprefix("-")
    field = reader.schema.doc_values_field(name, "sort")
    if field.kind == "keyword":
        keywords = reader.keywords(field)
        order = sorted(range(len(keywords.values)), key=lambda i: collate(keywords.values[i]))
        rank = np.empty(len(order) + 1)
        rank[order] = np.arange(len(order))
        rank[-1] = np.nan
        keys = rank[keywords.best(reader.docs)[docs]]
    else:
        numbers = reader.numbers(field)[docs]
        if field.kind != "float":  # as they are: a float holds 53 bits of them
            return np.where(_present(field, numbers), -numbers if sort.startswith("-") else numbers, 2**63 - 1)
        keys = numbers
    keys = -keys if sort.startswith("-") else keys
    return np.where(np.isnan(keys), np.inf, keys)


def facet_counts(reader: IndexReader, names: Iterable[str], docs: Array) -> dict[str, dict[str, int]]:
    """How many of `docs` have each value of each field: most frequent first, then by value; the first 100.

    `month` and `year` count dates as 2015-07 and 2015.
    """
    return {name: _facet(reader, name, docs) for name in names}


def _facet(reader: IndexReader, name: str, docs: Array) -> dict[str, int]:
    if name in _PERIODS and name not in reader.schema:
        return _periods(reader, reader.schema["date"], _PERIODS[name], docs)
    field = reader.schema.doc_values_field(name, "count")
    if field.kind == "date":
        return _periods(reader, field, "D", docs)
    chosen = np.zeros(reader.docs, bool)
    chosen[docs] = True
    if field.kind == "keyword":
        keywords = reader.keywords(field)
        counts = np.bincount(keywords.ordinals[chosen[keywords.docs]], minlength=len(keywords.values))
        labels: Any = keywords.values
    else:
        numbers = reader.numbers(field)[docs]
        labels, counts = np.unique(numbers[_present(field, numbers)], return_counts=True)
    order = np.lexsort((np.arange(len(counts)), -counts))[:FACET_VALUES]
    return {str(labels[i]): int(counts[i]) for i in order if counts[i]}


def _periods(reader: IndexReader, field: Field, unit: str, docs: Array) -> dict[str, int]:
    numbers = reader.numbers(field)[docs]
    when = numbers[numbers != NO_NUMBER].astype("datetime64[s]").astype(f"datetime64[{unit}]")
    labels, counts = np.unique(when, return_counts=True)
    order = np.lexsort((np.arange(len(counts)), -counts))[:FACET_VALUES]
    return {str(labels[i]): int(counts[i]) for i in order}


def first_of_each(reader: IndexReader, name: str, docs: Array) -> Array:
    """Which of `docs`, in their order, are the first with their value of a keyword field, or have none."""
    field = reader.schema.doc_values_field(name, "collapse")
    if field.kind != "keyword":
        raise UnknownFieldError(name, [f.name for f in reader.schema if f.kind == "keyword"], "collapse")
    values = reader.keywords(field).best(reader.docs)[docs]
    kept = values < 0
    _, first = np.unique(values, return_index=True)
    kept[first] = True
    return kept
