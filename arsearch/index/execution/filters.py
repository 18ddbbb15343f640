"""Apply filters on doc values."""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.doc_values import NO_NUMBER, seconds
from arsearch.index.codec.ranges import distinct
from arsearch.index.docsets.scored import contains
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model.schema import Field
from arsearch.search.clauses import DateFilter, ExistsFilter, Filter, IdFilter, NotFilter, RangeFilter, TermsFilter

__all__ = ["allowed_docs", "filter_docs", "has_number"]

_LAST_SECOND = 24 * 60 * 60 - 1
_MOST = 2**63 - 1
"""The greatest number of an int field; its negative is the least."""


def allowed_docs(reader: IndexReader, filters: tuple[Filter, ...]) -> Array | None:
    """Return the live documents that pass all filters, in ascending order; `None` if there are no filters."""
    allowed = None
    for filter in filters:
        docs = filter_docs(filter, reader)
        allowed = docs if allowed is None else allowed[contains(allowed, docs)]
    return allowed


@singledispatch
def filter_docs(filter: Filter, reader: IndexReader) -> Array:  # noqa: ARG001
    """Return the live documents that pass a filter, in ascending order."""
    raise TypeError(f"{type(filter).__name__} is not a filter that this index can apply")


@filter_docs.register(ExistsFilter)
def _(filter: ExistsFilter, reader: IndexReader) -> Array:
    field = filter.field
    if field.kind == "keyword":
        return _live(reader, distinct(reader.keywords(field).docs.copy()))
    if field.has_doc_values:
        return _live(reader, np.flatnonzero(has_number(field, reader.numbers(field))))
    return _live(reader, np.flatnonzero(reader.lengths(field.name)))


@filter_docs.register(TermsFilter)
def _(filter: TermsFilter, reader: IndexReader) -> Array:
    field = filter.field
    if field.kind == "keyword":
        keywords, values = reader.keywords(field), set(filter.values)
        chosen = np.isin(keywords.ordinals, [i for i, value in enumerate(keywords.values) if value in values])
        return _live(reader, distinct(keywords.docs[chosen]))
    numbers = reader.numbers(field)
    possible = [value for value in filter.values if field.kind == "float" or abs(value) <= _MOST]
    # With larger numbers NumPy would compare all of them as floats.
    sought = np.array(possible, np.float64 if field.kind == "float" else np.int64)
    return _live(reader, np.flatnonzero(has_number(field, numbers) & np.isin(numbers, sought)))


@filter_docs.register(RangeFilter)
def _(filter: RangeFilter, reader: IndexReader) -> Array:
    field = filter.field
    if field.kind == "keyword":
        keywords = reader.keywords(field)
        chosen = [i for i, value in enumerate(keywords.values) if _is_between(filter, value)]
        return _live(reader, distinct(keywords.docs[np.isin(keywords.ordinals, chosen)]))
    numbers = reader.numbers(field)
    mask = has_number(field, numbers)
    if filter.low is not None:
        mask &= numbers >= filter.low if filter.include_low else numbers > filter.low
    if filter.high is not None:
        mask &= numbers <= filter.high if filter.include_high else numbers < filter.high
    return _live(reader, np.flatnonzero(mask))


@filter_docs.register(DateFilter)
def _(filter: DateFilter, reader: IndexReader) -> Array:
    low = None if filter.start is None else seconds(filter.start)
    high = None if filter.end is None else seconds(filter.end) + _LAST_SECOND
    return filter_docs(RangeFilter(filter.field, low, high), reader)


@filter_docs.register(IdFilter)
def _(filter: IdFilter, reader: IndexReader) -> Array:
    docs = distinct(np.array([reader.find(id) for id in filter.ids], np.int64))
    docs = docs[docs >= 0]
    return reader.with_parts(docs) if reader.has_works else docs


@filter_docs.register(NotFilter)
def _(filter: NotFilter, reader: IndexReader) -> Array:
    passing = np.ones(reader.docs, bool)
    passing[filter_docs(filter.filter, reader)] = False
    return _live(reader, np.flatnonzero(passing))


def _is_between(filter: RangeFilter, value: str) -> bool:
    low, high = filter.low, filter.high
    above = low is None or value > low or (filter.include_low and value == low)
    return above and (high is None or value < high or (filter.include_high and value == high))


def has_number(field: Field, numbers: Array) -> Array:
    """Return a mask: which values of a number field are numbers, not the mark of a missing value."""
    mask: Array = ~np.isnan(numbers) if field.kind == "float" else numbers != NO_NUMBER
    return mask


def _live(reader: IndexReader, docs: Array) -> Array:
    return docs if reader.live is None else docs[reader.live[docs]]
