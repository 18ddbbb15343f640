"""The tiers of a plan, complete documents and then the others: their pages, and their groups by the value of a field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from arsearch.model import Article
from arsearch.model.schema import Field
from arsearch.opensearch.documents import ORDER_SEPARATOR, stored_article
from arsearch.opensearch.filters import Query
from arsearch.opensearch.paging import BY_SCORE, WINDOW, Found, approximate_page, page, ranked_page, scan, scored
from arsearch.opensearch.prepared import Clock, Prepared
from arsearch.search.backend import RawHit
from arsearch.search.request import PageRequest

__all__ = ["LOADED_AT_ONCE", "Member", "Tier", "Tiers", "order_field", "raw_hit", "raw_hit_of", "tiers_of"]

LOADED_AT_ONCE = 200
"""Hits whose articles come with the page; the articles of longer pages are read when they are needed."""


_MOST_EXACT = 10_000
"""Documents up to which a page is exact, even if it need not be."""


class Tier(NamedTuple):
    """Documents of a plan: the query, their number, and whether they are complete."""

    query: Query
    size: int
    complete: bool


def tiers_of(prepared: Prepared, *, by_score: bool, any_complete: bool) -> list[Tier]:
    """Return the tiers of a plan that are not empty.

    In order of score, complete documents come before the others. In the order of a field, the others are left out if any
    document is complete.
    """
    if by_score:
        tiers = [Tier(prepared.complete, prepared.complete_count, True)]
        tiers += [Tier(prepared.rest, prepared.matched_count - prepared.complete_count, False)]
    elif any_complete:
        tiers = [Tier(prepared.complete, prepared.complete_count, True)]
    else:
        tiers = [Tier(prepared.matched, prepared.matched_count, False)]
    return [tier for tier in tiers if tier.size]


class Member(NamedTuple):
    """A document of a group: its id, its score, and whether it is complete."""

    id: str
    score: float
    complete: bool


def order_field(field: Field) -> str:
    """Return the field of the cluster with the value by which a document is collapsed."""
    return f"order.{field.name}"


def groups_of(field: Field, found: Iterable[tuple[Found, bool]]) -> list[list[Member]]:
    """Return the documents with each value, in order; a document without a value is a group of its own."""
    source = order_field(field)
    groups: dict[tuple[str, bool], list[Member]] = {}
    for document, complete in found:
        (id,) = document.fields["id"]
        value = document.fields.get(source)
        key = (id, False) if value is None else (value[0].partition(ORDER_SEPARATOR)[2], True)
        groups.setdefault(key, []).append(Member(id, document.score, complete))
    return list(groups.values())


class Tiers:
    """The documents of a plan in tiers, each in the order of `sort`."""

    def __init__(self, clock: Clock, prepared: Prepared, tiers: list[Tier], sort: list[dict[str, Any]]) -> None:
        self._clock = clock
        self._prepared = prepared
        self._tiers = tiers
        self._sort = sort
        self.approximate = 0
        """The documents of each shard that the hits were chosen from, if these were not all; see `Matched`."""

    def hits(self, request: PageRequest, load: Callable[[str], Article]) -> list[RawHit]:
        """Return the hits of a page; `load` reads the articles of long pages."""
        return [raw_hit_of(found, complete, load) for found, complete in self.page(request)]

    def page(self, request: PageRequest, fields: Sequence[str] = ()) -> Iterator[tuple[Found, bool]]:
        """Yield the documents of a page with their articles, or the ids and titles of a long page; complete ones are true.

        In the order of a field, they have the doc values of `fields`.
        """
        source = ["article"] if request.limit <= LOADED_AT_ONCE else ["id", "title"]
        start, left = request.offset, request.limit
        for query, size, complete in self._tiers:
            take = min(left, max(size - start, 0))
            hits = None
            if self._sort is BY_SCORE and not request.exact and size > _MOST_EXACT:
                hits = self._approximate(query, start, take, source)
            if hits is None:
                hits = self._page(query, size, start, take, source, fields)
            yield from ((hit, complete) for hit in hits)
            start, left = max(start - size, 0), left - take

    def _approximate(self, query: Query, offset: int, limit: int, source: list[str]) -> list[Found] | None:
        coarse, fine = self._prepared.coarse_and_fine()
        search = self._clock.search
        found = approximate_page(search, query, coarse, fine, offset=offset, limit=limit, source=source)
        if found is not None:
            self.approximate = WINDOW
        return found

    def _page(
        self, query: Query, size: int, offset: int, limit: int, source: list[str], fields: Sequence[str]
    ) -> list[Found]:
        search, scores = self._clock.search, self._prepared.scores
        if self._sort is BY_SCORE:
            return ranked_page(search, query, scores, offset=offset, limit=limit, matches=size, source=source)
        query = scored(query, scores)
        return page(search, query, self._sort, offset=offset, limit=limit, source=source, fields=fields)

    def collapsed(
        self, request: PageRequest, field: Field, load: Callable[[Collection[Member]], Mapping[str, Article]]
    ) -> tuple[list[RawHit], int, int]:
        """Return the hits of a page of groups, the number of groups, and that of complete ones; `load` reads articles."""
        groups = groups_of(field, self.all([order_field(field)]))
        shown = [
            (group[0], group[1 : 1 + request.inner_hits], len(group)) for group in groups[request.offset : request.end]
        ]
        articles = load([member for first, inner, _ in shown for member in (first, *inner)])

        def raw(member: Member) -> RawHit:
            return raw_hit(member, articles[member.id])

        hits = [raw(first)._replace(inner=tuple(map(raw, inner)), inner_total=count) for first, inner, count in shown]
        return hits, len(groups), sum(group[0].complete for group in groups)

    def all(self, fields: Sequence[str]) -> Iterator[tuple[Found, bool]]:
        """Yield all documents, with the doc values of their id and of `fields`; complete ones are true."""
        for query, _, complete in self._tiers:
            wanted = scored(query, self._prepared.scores)
            for found in scan(self._clock.search, wanted, self._sort, source=(), fields=["id", *fields]):
                yield found, complete


def raw_hit(member: Member, article: Article) -> RawHit:
    """Return a document with its article as a hit."""
    return RawHit(member.id, article.title, member.score, member.complete, 0, partial(_itself, article))


def raw_hit_of(found: Found, complete: bool, load: Callable[[str], Article]) -> RawHit:
    """Return a document of a page as a hit; `load` reads its article if the page has none."""
    source = found.source
    if "article" in source:
        article = stored_article(source)
        return RawHit(article.id, article.title, found.score, complete, 0, partial(_itself, article))
    return RawHit(source["id"], source["title"], found.score, complete, 0, partial(load, source["id"]))


def _itself(article: Article) -> Article:
    return article
