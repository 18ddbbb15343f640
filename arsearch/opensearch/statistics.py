"""The figures of one commit that scores need, counted on all shards, and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from arsearch.concurrency import reset_in_children
from arsearch.model.schema import WORK, Schema
from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.filters import EVERYTHING, Query
from arsearch.opensearch.matching import any_field
from arsearch.search.statistics import CountKey

__all__ = ["Basics", "Search", "Statistics"]

Search = Callable[[Mapping[str, Any]], Any]
"""Returns the answer of the commit to the body of a search."""

_AT_ONCE = 400
_KEPT_COUNTS = 20_000
_EXACT_ARTICLES = 40_000
"""The greatest threshold of OpenSearch up to which it counts distinct values nearly exactly."""


class Basics(NamedTuple):
    """The number of documents and of parts among them, whether there are works, and the average lengths of fields.

    `having` counts the documents that have each field.
    """

    documents: int
    parts: int
    has_works: bool
    averages: Mapping[str, float]
    having: Mapping[str, int]


class Statistics:
    """Counts documents of one commit. Threads may share it."""

    def __init__(self, search: Search, schema: Schema) -> None:
        self._search = search
        self._schema = schema
        self._basics: Basics | None = None
        self._counts: dict[CountKey, int] = {}
        self._newest: dict[tuple[str, int], int | None] = {}
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    @property
    def basics(self) -> Basics:
        """The figures of the whole commit, counted when they are first needed."""
        return self.basics_by(self._search)

    def basics_by(self, search: Search) -> Basics:
        """Return the figures of the whole commit; `search` counts them if they are not known."""
        if self._basics is None:
            self._basics = self._count_basics(search)
        return self._basics

    def _count_basics(self, search: Search) -> Basics:
        fields = [field.name for field in self._schema if field.indexed]
        aggregations: dict[str, Any] = {
            "documents": {"filter": EVERYTHING},
            "parts": {"filter": {"term": {"part": True}}},
            "works": {"filter": {"exists": {"field": f"value.{WORK.name}"}}},
        }
        for name in fields:
            length = f"len.{name}"
            inner = {"average": {"avg": {"field": length}}}
            aggregations[f"len {name}"] = {"filter": {"range": {length: {"gt": 0}}}, "aggs": inner}
        found = search({"size": 0, "aggs": aggregations})["aggregations"]
        averages = {name: value for name in fields if (value := found[f"len {name}"]["average"]["value"])}
        counts = (found[name]["doc_count"] for name in ("documents", "parts", "works"))
        documents, parts, works = counts
        having = {name: found[f"len {name}"]["doc_count"] for name in averages}
        return Basics(documents, parts, bool(works), averages, having)

    def collection(self, search: Search) -> tuple[int, Mapping[str, float]]:
        """Return the number of all documents that are scored together, and the average lengths of fields in them."""
        basics = self.basics_by(search)
        return basics.documents, basics.averages

    def scored_frequencies(
        self, keys: Collection[CountKey], expansions: Expansions, queries: Sequence[Query], search: Search
    ) -> tuple[Mapping[CountKey, int], list[int]]:
        """Return what `frequencies` does, but the term clauses are counted in all documents that are scored together."""
        return self.frequencies(keys, expansions, queries, search)

    def counts(self, queries: Sequence[Query], search: Search | None = None) -> list[int]:
        """Return the number of documents of each query."""
        return [bucket["doc_count"] for bucket in self._buckets(queries, {}, search or self._search)]

    def article_counts(self, queries: Sequence[Query], search: Search) -> list[int]:
        """Return the number of articles of each query, works once; beyond 40,000 it may be a few per cent off."""
        if not self.basics_by(search).has_works:
            return self.counts(queries, search)
        inner = {"articles": {"cardinality": {"field": "group", "precision_threshold": _EXACT_ARTICLES}}}
        return [bucket["articles"]["value"] for bucket in self._buckets(queries, inner, search)]

    def _buckets(self, queries: Sequence[Query], inner: Mapping[str, Any], search: Search) -> list[Any]:
        """Return the bucket of the documents of each query, with the aggregations `inner`."""
        buckets: list[Any] = []
        for at in range(0, len(queries), _AT_ONCE):
            some = queries[at : at + _AT_ONCE]
            aggregations = {str(number): {"filter": query, "aggs": inner} for number, query in enumerate(some)}
            found = search({"size": 0, "aggs": aggregations})["aggregations"]
            buckets += [found[str(number)] for number in range(len(some))]
        return buckets

    def frequencies(
        self, keys: Collection[CountKey], expansions: Expansions, queries: Sequence[Query], search: Search
    ) -> tuple[Mapping[CountKey, int], list[int]]:
        """Return the number of documents that have each term clause, and that of each query, from one request."""
        with self._lock:
            known = {key: self._counts[key] for key in keys if key in self._counts}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        counted = self.counts([any_field(*key, expansions) for key in missing] + list(queries), search)
        fresh = dict(zip(missing, counted, strict=False))
        with self._lock:
            if len(self._counts) > _KEPT_COUNTS:
                self._counts.clear()
            # an expanded clause depends on the limit of expansions, which is part of it
            self._counts |= fresh
        return known | fresh, counted[len(missing) :]

    def newest(self, field: str, until: int, search: Search) -> int:
        """Return the newest date of a field that is not after `until`, in seconds; `until` if there is none."""
        newest = self.own_newest(field, until, search)
        return until if newest is None else newest

    def own_newest(self, field: str, until: int, search: Search) -> int | None:
        """Return the newest date of a field in this commit that is not after `until`, in seconds, or `None`."""
        key = field, until
        if key not in self._newest:
            name = f"value.{field}"
            query = {"range": {name: {"lte": until}}}
            body = {"size": 0, "query": query, "aggs": {"newest": {"max": {"field": name}}}}
            value = search(body)["aggregations"]["newest"]["value"]
            if len(self._newest) > 1000:
                self._newest.clear()
            self._newest[key] = None if value is None else int(value)
        return self._newest[key]
