"""Conditions on the values of a field, tested on the stored article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from whoosh.reading import IndexReader

from arsearch.index.codec.doc_values import seconds
from arsearch.model import Article
from arsearch.model.schema import Field, Schema
from arsearch.search.clauses import DateFilter, ExistsFilter, Filter, IdFilter, NotFilter, RangeFilter, TermsFilter

__all__ = ["satisfies"]


def satisfies(schema: Schema, condition: Filter) -> Callable[[IndexReader, int], bool]:
    """Return a predicate that tells whether a document of a reader satisfies `condition`."""

    def values(reader: IndexReader, doc: int, field: Field) -> Iterator[Any]:
        for owner, stored in schema.values(Article.from_dict(reader.stored_fields(doc))):
            if owner == field:
                yield from (seconds(value) if isinstance(value, dt.date) else value for value in stored)

    def test(reader: IndexReader, doc: int) -> bool:
        match condition:
            case ExistsFilter(field) if not field.has_doc_values:
                return bool(reader.doc_field_length(doc, field.name))
            case ExistsFilter(field):
                return any(True for _ in values(reader, doc, field))
            case TermsFilter(field, terms):
                return any(value in terms for value in values(reader, doc, field))
            case RangeFilter(field):
                return any(_is_between(condition, value) for value in values(reader, doc, field))
            case DateFilter(field, start, end):
                low = None if start is None else seconds(start)
                high = None if end is None else seconds(end) + 24 * 60 * 60 - 1
                return any(_is_between(RangeFilter(field, low, high), value) for value in values(reader, doc, field))
            case IdFilter(ids):
                return reader.stored_fields(doc)["id"] in ids
            case NotFilter(excluded):
                return not satisfies(schema, excluded)(reader, doc)
        raise TypeError(f"the reference search has no filter {type(condition).__name__}")

    return test


def _is_between(bounds: RangeFilter, value: Any) -> bool:
    low, high = bounds.low, bounds.high
    above = low is None or value > low or (bounds.include_low and value == low)
    return above and (high is None or value < high or (bounds.include_high and value == high))
