"""Counts of the values of matching documents; a work counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from arsearch.model.schema import PERIODS, Schema
from arsearch.opensearch.filters import Query
from arsearch.opensearch.statistics import Search
from arsearch.search.request import FACET_VALUES

__all__ = ["OF_EACH_SHARD", "facet", "facet_source"]

OF_EACH_SHARD = 20_000
"""Values that each shard counts; with more values on several shards, a count may be too low."""
_STEP = 10_000


def facet_source(name: str, schema: Schema) -> str:
    """Return the field of the cluster that a facet counts. Raises UnknownFieldError for a name that cannot be counted."""
    if name in PERIODS and name not in schema:
        return f"day.{name}"
    field = schema.facet_field(name)
    return f"{'day' if field.kind == 'date' else 'value'}.{field.name}"


def facet(search: Search, query: Query, source: str, *, works: bool, most: int = FACET_VALUES) -> dict[str, int]:
    """Return at most `most` values of a field of the cluster, the most frequent first, then in order of value."""
    if works:
        counts = Counter(value for value in _values_of_works(search, query, source))
        buckets = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return {_label(value): count for value, count in buckets[:most]}
    terms = {
        "field": source,
        "size": most,
        "shard_size": OF_EACH_SHARD,
        "order": [{"_count": "desc"}, {"_key": "asc"}],
    }
    answer = search({"size": 0, "query": query, "aggs": {"values": {"terms": terms}}})
    return {_label(bucket["key"]): bucket["doc_count"] for bucket in answer["aggregations"]["values"]["buckets"]}


def _values_of_works(search: Search, query: Query, source: str) -> Iterator[Any]:
    """Yield each value of each article; a work has a value if one of its matching documents has it."""
    sources = [{"value": {"terms": {"field": source}}}, {"group": {"terms": {"field": "group"}}}]
    composite: dict[str, Any] = {"size": _STEP, "sources": sources}
    while True:
        answer = search({"size": 0, "query": query, "aggs": {"pairs": {"composite": composite}}})
        found = answer["aggregations"]["pairs"]
        yield from (bucket["key"]["value"] for bucket in found["buckets"])
        if len(found["buckets"]) < _STEP:
            return
        composite = {**composite, "after": found["after_key"]}


def _label(value: Any) -> str:
    return str(value)
