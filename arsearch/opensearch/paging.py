"""Pages of the documents of a query, at any depth, in order of score or of a field, then of adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from arsearch.errors import QueryError
from arsearch.model.schema import Field, Schema
from arsearch.opensearch.filters import Query
from arsearch.opensearch.statistics import Search
from arsearch.opensearch.terms import ALTERNATIVE
from arsearch.search.request import PageRequest

__all__ = [
    "BY_ADDING",
    "BY_SCORE",
    "WINDOW",
    "Found",
    "approximate_page",
    "by_field",
    "order_of",
    "page",
    "ranked_page",
    "scan",
    "scored",
    "too_many_words",
]

Sort = list[dict[str, Any]]

BY_ADDING: Sort = [{"seq": {"order": "asc"}}]
BY_SCORE: Sort = [{"_score": {"order": "desc"}}, *BY_ADDING]

_DEEPEST = 10_000
"""The cluster refuses pages that end further down; they are reached in steps."""
_STEP = 5_000
WINDOW = 1_000
"""The documents of each shard that an approximate page is chosen from."""
_MOST_LEAVES = 900
"""The cluster takes 1,024 terms and other simple queries in one search, unless its nodes are set to take more."""


class Found(NamedTuple):
    """A document on a page: its score, and the parts of its source and doc values that were requested."""

    score: float
    source: dict[str, Any]
    fields: dict[str, list[Any]]


def by_field(field: Field, *, descending: bool) -> Sort:
    """Return the order of a field's values; documents without one come last."""
    name = f"{'order' if field.kind == 'keyword' else 'value'}.{field.name}"
    kind = "keyword" if field.kind == "keyword" else "double" if field.kind == "float" else "long"
    order = "desc" if descending else "asc"
    return [{name: {"order": order, "missing": "_last", "unmapped_type": kind}}, *BY_ADDING]


def order_of(page: PageRequest, schema: Schema) -> Sort:
    """Return the order of a page. Raises UnknownFieldError for a field that cannot sort."""
    if page.by_score:
        return BY_SCORE
    name = str(page.sort)
    return by_field(schema.doc_values_field(name.removeprefix("-"), "sort"), descending=name.startswith("-"))


def scored(query: Query, scores: Sequence[Query]) -> Query:
    """Return the documents of a query, scored by the sum of `scores`."""
    return {"bool": {"filter": [query], "should": list(scores)}}


def ranked_page(
    search: Search,
    query: Query,
    scores: Sequence[Query],
    *,
    offset: int,
    limit: int,
    matches: int,
    source: Sequence[str],
) -> list[Found]:
    """Return a page of the documents of a query by the sum of `scores`, of which there may be any number.

    `matches` is the number of documents. What exceeds the limit of one query is added in further passes over all documents;
    documents of equal scores are then in any order. Raises QueryError for such a page beyond the first 10,000 hits.
    """
    chunks = list(_chunks(query, scores))
    if len(chunks) == 1:
        return page(search, scored(query, scores), BY_SCORE, offset=offset, limit=limit, source=source)
    if offset + limit > _DEEPEST:
        raise too_many_words()
    if limit <= 0:
        return []
    passes = [
        {"window_size": max(matches, offset + limit), "query": {"rescore_query": {"bool": {"should": chunk}}}}
        for chunk in chunks[1:]
    ]
    body = _body(scored(query, chunks[0]), BY_SCORE, source, ())
    del body["sort"]  # the cluster refuses it beside passes
    hits = search({**body, "rescore": passes, "from": offset, "size": limit})["hits"]["hits"]
    return [_found(hit) for hit in hits]


def approximate_page(
    search: Search,
    query: Query,
    coarse: Sequence[Query],
    fine: Sequence[Query],
    *,
    offset: int,
    limit: int,
    source: Sequence[str],
) -> list[Found] | None:
    """Return a page of the documents of a query, of which the `WINDOW` best of each shard by `coarse` are compared.

    They are compared by the sum of `coarse` and `fine`. Returns `None` for a page or a query that is too long for this.
    """
    if offset + limit > WINDOW or limit <= 0 or len(list(_chunks(query, [*coarse, *fine]))) > 1:
        return None
    body = _body(scored(query, coarse), BY_SCORE, source, ())
    del body["sort"]  # the cluster refuses it beside passes
    passes = [{"window_size": WINDOW, "query": {"rescore_query": {"bool": {"should": list(fine)}}}}] if fine else []
    hits = search({**body, "rescore": passes, "from": offset, "size": limit})["hits"]["hits"]
    return [_found(hit) for hit in hits]


def too_many_words() -> QueryError:
    """Return the error for a query with more words than the cluster takes."""
    return QueryError(
        "the query has too many words for a cluster to sort, collapse or page it so; shorten it to 60 words, or raise "
        "indices.query.bool.max_clause_count on the nodes"
    )


def _chunks(query: Query, scores: Sequence[Query]) -> Iterator[list[Query]]:
    """Yield the scores in chunks that fit into one search, the first together with `query`."""
    chunk: list[Query] = []
    size = _leaves(query)
    for score in scores:
        leaves = _leaves(score)
        if chunk and size + leaves > _MOST_LEAVES:
            yield chunk
            chunk, size = [], 0
        chunk.append(score)
        size += leaves
    yield chunk


def _leaves(query: Query) -> int:
    """Return the number of terms and other simple queries in a query, as the cluster counts them."""
    ((kind, body),) = query.items()
    match kind:
        case "bool":
            groups = (body.get(name, ()) for name in ("filter", "should", "must_not", "must"))
            return sum(_leaves(child) for group in groups for child in group)
        case "script_score":
            return _leaves(body["query"])
        case "constant_score":
            return _leaves(body["filter"])
        case "match_phrase":
            return sum(len(phrase["query"].split(" ")) for phrase in body.values())
        case "intervals":
            words = [word["match"]["query"] for rule in body.values() for word in rule["all_of"]["intervals"]]
            return sum(word.count(ALTERNATIVE) + 1 for word in words)
        case "span_near":
            return len(body["clauses"])
    return 1


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
