"""The results of a worker process, without what the caller has itself: articles, and what explains a score.

A worker sends `Packed` results; `unpack` makes hits of them that load articles, and explain scores, in the caller's commit.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from arsearch.concurrency import cached_property
from arsearch.model import Article, Explanation, Hit, SearchResults
from arsearch.model.hits import Marks
from arsearch.search.batches.options import SearchOptions
from arsearch.search.hits import PageHighlighter
from arsearch.search.planner import Plan
from arsearch.search.request import TIMEOUT, SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["Packed", "PackedHit", "pack", "unpack"]


class PackedHit(NamedTuple):
    """A hit, with its snippets if they were made."""

    rank: int
    id: str
    title: str
    score: float
    complete: bool
    similar: int
    inner: tuple[PackedHit, ...]
    inner_total: int
    location: str
    marks: Marks | None


class Packed(NamedTuple):
    """The results of a query without hits, and the hits."""

    results: SearchResults
    hits: tuple[PackedHit, ...]


def pack(results: SearchResults) -> Packed:
    """Return results for another process, with the snippets that their hits have."""
    return Packed(replace(results, hits=()), tuple(map(_pack_hit, results)))


def _pack_hit(hit: Hit) -> PackedHit:
    inner = tuple(map(_pack_hit, hit.inner_hits))
    values = (hit.rank, hit.id, hit.title, hit.score, hit.complete, hit.similar)
    return PackedHit(*values, inner, hit.inner_total, hit.location, hit.marks)


def unpack(session: SearchSession, packed: Packed, options: SearchOptions) -> SearchResults:
    """Return the results of a query with `options`, on the same commit."""
    query = _Query(session, packed.results.query, options)
    return replace(packed.results, hits=tuple(query.hit(hit) for hit in packed.hits))


class _Query:
    """A query that another process answered; it is planned when a hit first needs the plan."""

    def __init__(self, session: SearchSession, text: str, options: SearchOptions) -> None:
        self._session = session
        self._text = text
        self._options = options
        location = session.backend.location
        self._locations = {os.path.abspath(location): location}  # noqa: PTH100  # workers open it by this path

    def hit(self, packed: PackedHit) -> Hit:
        """Return a hit of this commit."""
        return Hit(
            packed.rank,
            packed.id,
            packed.title,
            packed.score,
            packed.complete,
            partial(self._load, packed.id),
            self._mark,
            self._explain,
            packed.similar,
            tuple(map(self.hit, packed.inner)),
            packed.inner_total,
            self._locations.get(packed.location, packed.location),
            packed.marks,
        )

    @cached_property
    def _plan(self) -> Plan:
        return self._session.plan(SearchRequest.read(self._text, **self._options))

    @cached_property
    def _highlighter(self) -> PageHighlighter:
        return PageHighlighter(self._session, self._plan)

    def _load(self, id: str) -> Article:
        article = self._session.view.get(id)
        assert article is not None, "the commit has the article"
        return article

    def _mark(self, complete: bool, article: Article) -> Marks:
        return self._highlighter.highlight(complete, article)

    def _explain(self, id: str, complete: bool) -> Explanation:
        from arsearch.search.explainer import explain_hit  # few searches need it

        return explain_hit(self._session, self._text, self._plan, self._options.get("timeout", TIMEOUT), id, complete)
