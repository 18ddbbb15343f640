"""Pages of the documents of a query, at any depth, in order of score or of a field, then of adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from arsearch.model.schema import Field
from arsearch.opensearch.filters import Query
from arsearch.opensearch.statistics import Search

__all__ = ["BY_ADDING", "BY_SCORE", "Found", "by_field", "page", "scan", "scored"]

Sort = list[dict[str, Any]]

BY_ADDING: Sort = [{"seq": {"order": "asc"}}]
BY_SCORE: Sort = [{"_score": {"order": "desc"}}, *BY_ADDING]

_DEEPEST = 10_000
"""The cluster refuses pages that end further down; they are reached in steps."""
_STEP = 5_000


class Found(NamedTuple):
    """A document on a page: its score, what is read of its source, and of its doc values."""

    score: float
    source: dict[str, Any]
    fields: dict[str, list[Any]]


def by_field(field: Field, *, descending: bool) -> Sort:
    """Return the order of a field's values; documents without one come last."""
    name = f"{'order' if field.kind == 'keyword' else 'value'}.{field.name}"
    kind = "keyword" if field.kind == "keyword" else "double" if field.kind == "float" else "long"
    order = "desc" if descending else "asc"
    return [{name: {"order": order, "missing": "_last", "unmapped_type": kind}}, *BY_ADDING]


def scored(query: Query, scores: Sequence[Query]) -> Query:
    """Return the documents of a query, scored by the sum of `scores`."""
    return {"bool": {"filter": [query], "should": list(scores)}}


def page(
    search: Search,
    query: Query,
    sort: Sort,
    *,
    offset: int,
    limit: int,
    source: Sequence[str],
    fields: Sequence[str] = (),
) -> list[Found]:
    """Return the documents of a query at the places from `offset` on, at most `limit`."""
    if limit <= 0:
        return []
    body = _body(query, sort, source, fields)
    if offset + limit <= _DEEPEST:
        hits = search({**body, "from": offset, "size": limit})["hits"]["hits"]
        return [_found(hit) for hit in hits]
    before = _last_before(search, body, offset)
    if offset and before is None:
        return []
    pages = _walk(search, body, limit, before)
    return [_found(hit) for hit in pages]


def scan(
    search: Search, query: Query, sort: Sort, *, source: Sequence[str], fields: Sequence[str] = (), step: int = _STEP
) -> Iterator[Found]:
    """Yield all documents of a query, in order."""
    return (_found(hit) for hit in _walk(search, _body(query, sort, source, fields), None, None, step))


def _body(query: Query, sort: Sort, source: Sequence[str], fields: Sequence[str]) -> dict[str, Any]:
    return {
        "query": query,
        "sort": sort,
        "track_scores": True,
        "track_total_hits": False,
        "_source": list(source) or False,
        "docvalue_fields": list(fields),
    }


def _last_before(search: Search, body: dict[str, Any], offset: int) -> list[Any] | None:
    """Return the sort values of the document before `offset`; `None` if there are fewer documents."""
    if not offset:
        return None
    last = None
    lean = {**body, "_source": False, "docvalue_fields": []}
    count = 0
    for hit in _walk(search, lean, offset, None, _DEEPEST):
        last, count = hit["sort"], count + 1
    return last if count == offset else None


def _walk(
    search: Search, body: dict[str, Any], limit: int | None, after: list[Any] | None, step: int = _STEP
) -> Iterator[dict[str, Any]]:
    """Yield hits after the one with the sort values `after`, at most `limit`."""
    left = limit
    while left is None or left > 0:
        size = step if left is None else min(step, left)
        hits = search({**body, "size": size, **({"search_after": after} if after else {})})["hits"]["hits"]
        yield from hits
        if len(hits) < size:
            return
        after = hits[-1]["sort"]
        left = None if left is None else left - len(hits)


def _found(hit: dict[str, Any]) -> Found:
    return Found(hit.get("_score") or 0.0, hit.get("_source", {}), hit.get("fields", {}))
