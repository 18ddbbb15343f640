"""Filters as queries of the cluster. The documents of articles alone have the field `id`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from arsearch.model.schema import Field
from arsearch.opensearch.documents import keyword, seconds
from arsearch.search.clauses import DateFilter, ExistsFilter, Filter, IdFilter, NotFilter, RangeFilter, TermsFilter

__all__ = ["EVERYTHING", "NOTHING", "Query", "all_of", "any_of", "filter_query", "none_of", "terms_query"]

Query = dict[str, Any]

EVERYTHING: Query = {"exists": {"field": "id"}}
NOTHING: Query = {"match_none": {}}

_MOST_TERMS = 60_000
"""The cluster takes at most 65,536 terms in one query."""
_LEAST, _MOST = -(2**63), 2**63 - 1


def all_of(queries: Iterable[Query]) -> Query:
    """Return the documents of every query."""
    found = list(queries)
    return found[0] if len(found) == 1 else {"bool": {"filter": found}} if found else EVERYTHING


def any_of(queries: Iterable[Query], minimum: int = 1) -> Query:
    """Return the documents of at least `minimum` of the queries."""
    found = [query for query in queries if query is not NOTHING]
    if len(found) < minimum:
        return NOTHING
    if minimum == 1:
        found = _merged(found)
    if len(found) == 1 and minimum == 1:
        return found[0]
    return {"bool": {"should": found, "minimum_should_match": minimum}}


def _merged(queries: Iterable[Query]) -> list[Query]:
    """Return queries with the terms of each field in one, because the number of queries in a search is limited."""
    terms: dict[str, list[Any]] = {}
    others: list[Query] = []
    for query in queries:
        if "terms" in query:
            ((field, values),) = query["terms"].items()
            terms.setdefault(field, []).extend(values)
        else:
            others.append(query)
    return [{"terms": {field: some}} for field, values in terms.items() for some in _pieces(values)] + others


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + _MOST_TERMS] for at in range(0, len(values), _MOST_TERMS))


def none_of(queries: Iterable[Query]) -> Query:
    """Return the documents of none of the queries."""
    return {"bool": {"filter": [EVERYTHING], "must_not": list(queries)}}


def terms_query(field: str, values: Sequence[Any]) -> Query:
    """Return the documents with any of the values in a field, whatever their number."""
    if not values:
        return NOTHING
    return any_of([{"terms": {field: list(values)}}])


def filter_query(filter: Filter) -> Query:
    """Return the documents that pass a filter."""
    match filter:
        case ExistsFilter(field):
            if field.has_doc_values:
                return {"exists": {"field": f"value.{field.name}"}}
            return {"range": {f"len.{field.name}": {"gt": 0}}}
        case TermsFilter(field, values):
            return terms_query(f"value.{field.name}", [item for value in values for item in _exact(field, value)])
        case RangeFilter():
            return _range(filter)
        case DateFilter(field, start, end):
            bounds: dict[str, int] = {}
            if start is not None:
                bounds["gte"] = seconds(start)
            if end is not None:
                bounds["lt"] = seconds(dt.date(end.year, end.month, end.day)) + 86_400
            return {"range": {f"value.{field.name}": bounds}} if bounds else filter_query(ExistsFilter(field))
        case IdFilter(ids):
            return any_of([terms_query("id", ids), terms_query("group", ids)])
        case NotFilter(excluded):
            return none_of([filter_query(excluded)])


def _exact(field: Field, value: Any) -> list[Any]:
    """Return a value as the cluster keeps it in a list; an empty list if no document can have it."""
    if field.kind == "keyword":
        return [keyword(value)]
    if field.kind == "float":
        number = _float(value)
        return [number] if math.isfinite(number) else []
    if isinstance(value, float) and not value.is_integer():
        return []
    return [int(value)] if _LEAST <= value <= _MOST else []


def _range(filter: RangeFilter) -> Query:
    field, bounds = filter.field, {}
    ends = ((filter.low, "gte" if filter.include_low else "gt"), (filter.high, "lte" if filter.include_high else "lt"))
    for at, (end, name) in enumerate(ends):
        if end is None:
            continue
        if field.kind == "keyword":
            bounds[name] = keyword(end)
            continue
        number: Any = _float(end) if field.kind == "float" or isinstance(end, float) else end
        if number != number:
            return NOTHING
        if not _LEAST <= number <= _MOST and (field.kind != "float" or math.isinf(number)):
            if (number > 0) == (at == 0):
                return NOTHING
            continue
        bounds[name] = number
    if not bounds:
        return {"exists": {"field": f"value.{field.name}"}}
    return {"range": {f"value.{field.name}": bounds}}


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
