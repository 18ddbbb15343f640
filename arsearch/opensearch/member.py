"""One commit of an index on a cluster that is searched together with other indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from arsearch.concurrency import cached_property, reset_in_children
from arsearch.federation.member import Candidate, Candidates, Common, SortValue
from arsearch.model.schema import Field, Schema
from arsearch.opensearch.documents import ORDER_SEPARATOR, signature_terms
from arsearch.opensearch.expansions import Expansions
from arsearch.opensearch.facets import OF_EACH_SHARD, facet, facet_source
from arsearch.opensearch.filters import EVERYTHING, Query, terms_query
from arsearch.opensearch.hits.duplicates import near
from arsearch.opensearch.hits.tiers import (
    LOADED_AT_ONCE,
    Member,
    Tiers,
    order_field,
    raw_hit,
    raw_hit_of,
    tiers_of,
)
from arsearch.opensearch.paging import Found, order_of
from arsearch.opensearch.prepared import Clock, Prepared
from arsearch.opensearch.statistics import Search, Statistics
from arsearch.opensearch.view import OpenSearchView
from arsearch.opensearch.vocabulary.cluster_terms import ClusterTerms
from arsearch.search.backend import RawHit, TimeUpError
from arsearch.search.clauses import ScoredClause
from arsearch.search.planner import Plan
from arsearch.search.request import DUPLICATES, PageRequest
from arsearch.search.signals import DATE
from arsearch.search.statistics import CollectionStatistics, CountKey

__all__ = ["OpenSearchMember"]


class _MemberStatistics(Statistics):
    """The statistics of one member: what scores are made of are the figures of all members."""

    def __init__(self, search: Search, schema: Schema, collection: CollectionStatistics) -> None:
        super().__init__(search, schema)
        self._collection = collection

    def collection(self, search: Search) -> tuple[int, Mapping[str, float]]:
        """Return the number of documents of all members, and the average lengths of the fields that this one has."""
        averages = {name: self._collection.average_length(name) for name in self.basics_by(search).averages}
        return self._collection.documents, averages

    def scored_frequencies(
        self,
        keys: Collection[CountKey],
        expansions: Expansions,  # noqa: ARG002
        queries: Sequence[Query],
        search: Search,
    ) -> tuple[Mapping[CountKey, int], list[int]]:
        """Return the number of documents of all members with each term clause, and that of this member for each query."""
        return {key: self._collection.frequency(*key) for key in keys}, self.counts(queries, search)

    def newest(self, field: str, until: int, search: Search) -> int:  # noqa: ARG002
        """Return the newest date of any member that is not after `until`, in seconds; `until` if there is none."""
        return self._collection.newest(until)


class OpenSearchMember(OpenSearchView):
    """A view without hidden articles, with the figures of all members; see `federation.member.Member`."""

    def __init__(
        self, view: OpenSearchView, schema: Schema, hidden: Collection[str], collection: CollectionStatistics
    ) -> None:
        """Share the point in time of a view; `hidden` are ids of articles and works."""
        vars(self).update(vars(view))
        self._view = view
        """It closes the point in time when it is forgotten."""
        self.schema = schema
        self._hidden = [terms_query("group", sorted(hidden))] if hidden else []
        self._statistics = _MemberStatistics(self._search, schema, collection)
        self._documents = {}
        self.reset_after_fork()  # a lock of its own
        reset_in_children(self)

    def _pinned(self, body: Mapping[str, Any], point: str) -> dict[str, Any]:
        if self._hidden:
            query = {"must": [body["query"]]} if "query" in body else {"filter": [EVERYTHING]}
            body = {**body, "query": {"bool": {**query, "must_not": self._hidden}}}
        return super()._pinned(body, point)

    def frequencies(self, keys: Sequence[CountKey], deadline: float | None = None) -> Sequence[int]:
        """Return the number of documents that have each term clause in any of its fields."""
        search = Clock(self._search, deadline).search
        expansions = self._expand([ScoredClause(((1.0, clause),), fields) for clause, fields in keys], search)
        counts, _ = self._statistics.frequencies(keys, expansions, [], search)
        return [counts[key] for key in keys]

    def total_lengths(self) -> Mapping[str, tuple[float, int]]:
        """Return, for each indexed field, the sum of its lengths and the number of documents that have it."""
        basics = self._statistics.basics
        return {name: (average * basics.having[name], basics.having[name]) for name, average in basics.averages.items()}

    def newest(self, until: int) -> int | None:
        """Return the newest date that is not after `until`, in seconds since 1970; `None` without one."""
        return self._statistics.own_newest(DATE, until, self._search)

    def execution(self, plan: Plan, page: PageRequest) -> _Execution:
        """Begin to execute a plan for a page."""
        clock = Clock(self._search, page.deadline)
        return _Execution(
            self, page, clock, lambda: Prepared(plan, clock, self._statistics, self.ranking, self._expand)
        )

    def term_source(self, deadline: float | None) -> ClusterTerms:
        """Return the terms of the index, for corrections and completions until a deadline."""
        return self._terms(deadline)

    def signature(self, id: str) -> bytes:
        """Return the MinHash signature of a document; empty without one."""
        return _signature(self._signature(id))

    def near(self, signature: bytes) -> Sequence[str]:
        """Return the ids of the documents whose signatures are near another one, in order of adding."""
        return self.ids(near(signature_terms(signature)))

    def read(self, documents: Sequence[Found]) -> list[RawHit]:
        """Return some documents as hits. Their articles are read at once; those of a long page when they are needed."""
        lacking = [_id_of(found) for found in documents if "article" not in found.source]
        if len(lacking) > LOADED_AT_ONCE and all(found.source for found in documents):
            return [raw_hit_of(found, False, self._load) for found in documents]
        articles = self._loaded([Member(id, 0.0, False) for id in lacking])
        return [
            raw_hit_of(found, False, self._load)
            if "article" in found.source
            else raw_hit(Member(_id_of(found), 0.0, False), articles[_id_of(found)])
            for found in documents
        ]


class _Execution:
    """A plan on one member; `prepare` makes it ready, once the collection has counted its clauses."""

    def __init__(
        self, member: OpenSearchMember, page: PageRequest, clock: Clock, prepare: Callable[[], Prepared]
    ) -> None:
        self._member = member
        self._page = page
        self._clock = clock
        self._prepare = prepare

    @cached_property
    def _prepared(self) -> Prepared:
        return self._prepare()

    @property
    def complete(self) -> int:
        """The number of complete documents."""
        return self._prepared.complete_count

    def candidates(self, common: Common) -> Candidates:
        """Return the documents up to the end of the page; none, and no totals, if time runs out."""
        prepared = self._prepared
        try:
            return self._candidates(prepared, common)
        except TimeUpError:
            return Candidates((), 0, 0, truncated=prepared.expansions.truncated, partial=True)

    def _candidates(self, prepared: Prepared, common: Common) -> Candidates:
        page, schema, clock = self._page, self._member.schema, self._clock
        prepared.match(some_words=common.some_words)
        best = prepared.complete if common.complete else prepared.matched
        works = self._member.has_works
        facets = {
            name: facet(clock.search, best, facet_source(name, schema), works=works, most=OF_EACH_SHARD)
            for name in page.facets
        }
        tiers = tiers_of(prepared, by_score=page.by_score, any_complete=common.complete)
        pages = Tiers(clock, prepared, tiers, order_of(page, schema))
        documents = list(_placed(pages, page, schema))
        total, complete = sum(tier.size for tier in tiers), sum(tier.size for tier in tiers if tier.complete)
        truncated = prepared.expansions.truncated
        return Candidates(documents, total, complete, facets, truncated, approximate=pages.approximate)

    def hits(self, documents: Sequence[Found]) -> list[RawHit]:
        """Return some documents of candidates as hits."""
        return self._member.read(documents)


def _placed(pages: Tiers, page: PageRequest, schema: Schema) -> Iterator[Candidate]:
    """Yield the documents up to the end of a page, or all if documents are collapsed."""
    sort = None if page.by_score else schema.doc_values_field(str(page.sort).removeprefix("-"), "sort")
    group = None if page.collapse in (None, DUPLICATES) else schema.collapse_field(page.collapse)
    fields = [_sort_field(sort)] if sort else []
    fields += [order_field(group)] if group else ["minhash"] if page.collapse else []
    whole = page._replace(offset=0, limit=page.end)
    for found, complete in pages.page(whole, fields) if page.collapse is None else pages.all(fields):
        values = found.fields
        yield Candidate(
            found,
            found.score,
            complete,
            value=_sort_value(sort, values) if sort else None,
            group=_keyword(values[order_field(group)][0])[1] if group and order_field(group) in values else None,
            signature=_signature(values.get("minhash", ())),
        )


def _sort_field(field: Field) -> str:
    return order_field(field) if field.kind == "keyword" else f"value.{field.name}"


def _sort_value(field: Field, values: Mapping[str, Sequence[Any]]) -> SortValue:
    found = values.get(_sort_field(field))
    if not found:
        return None
    return _keyword(found[0]) if field.kind == "keyword" else found[0]


def _keyword(order: str) -> tuple[str, str]:
    """Return the collated keyword and the keyword itself from the value that documents are sorted by."""
    collated, _, value = order.partition(ORDER_SEPARATOR)
    return collated, value


def _signature(terms: Collection[str]) -> bytes:
    """Return the signature of its terms, which begin with the letter of their place."""
    return bytes(int(term[1:], 16) for term in sorted(terms))


def _id_of(found: Found) -> str:
    id: str = found.source["id"] if "id" in found.source else found.fields["id"][0]
    return id
