"""The protocols of a back-end whose indexes can be searched together with others.

A *member* is one commit of one index as the indexes together show it: without the articles that a later index replaces, and
with the figures of all members in its scores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from arsearch.model.schema import Schema
from arsearch.search.backend import Backend, IndexView, RawHit
from arsearch.search.planner import Plan
from arsearch.search.request import PageRequest
from arsearch.search.statistics import CollectionStatistics, CountKey
from arsearch.suggest.term_source import TermSource

__all__ = ["Candidate", "Candidates", "Common", "Execution", "Member", "MemberBackend", "SortValue"]

SortValue = tuple[str, str] | float | None
"""A value by which hits are sorted: a collated keyword and the keyword itself, or a number; `None` without a value."""


class Common(NamedTuple):
    """What the members decide together about a plan.

    With `some_words`, documents that have some of the words match in mode "auto". If any document is `complete`, facets and
    sorted pages leave out the others.
    """

    some_words: bool
    complete: bool


class Candidate(NamedTuple):
    """A document that may be on the page. `document` is a value that its member knows it by.

    `value` is that of the field in the order of the page, `group` that of a collapsed field, and `signature` the MinHash
    signature if near-duplicates are collapsed, empty without one.
    """

    document: Any
    score: float
    complete: bool
    value: SortValue = None
    group: str | None = None
    signature: bytes = b""


class Candidates(NamedTuple):
    """The first documents of one member in the order of the page, and the totals and facets of `Matched`, before collapsing.

    Facets have all values. If documents are collapsed, these are all documents.
    """

    documents: Sequence[Candidate]
    total: int
    total_complete: int
    facets: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    truncated: Mapping[str, int] = MappingProxyType({})
    partial: bool = False
    approximate: int = 0


class Execution(Protocol):
    """A plan on one member. The collection has counted the clauses of the plan before."""

    @property
    def complete(self) -> int:
        """The number of complete documents."""
        ...

    def candidates(self, common: Common) -> Candidates:
        """Return the documents up to the end of the page."""
        ...

    def hits(self, documents: Sequence[Any]) -> list[RawHit]:
        """Return some documents of candidates as hits, in their order, without score; their articles may be read at once."""
        ...


class Member(IndexView, Protocol):
    """One commit of one index, as the indexes together show it. Methods raise `TimeUpError` after their deadline."""

    def frequencies(self, keys: Sequence[CountKey], deadline: float | None = None) -> Sequence[int]:
        """Return the number of documents that have each term clause in any of its fields."""
        ...

    def total_lengths(self) -> Mapping[str, tuple[float, int]]:
        """Return, for each indexed field, the sum of its lengths and the number of documents that have it."""
        ...

    def newest(self, until: int) -> int | None:
        """Return the newest date that is not after `until`, in seconds since 1970; `None` without one."""
        ...

    def execution(self, plan: Plan, page: PageRequest) -> Execution:
        """Begin to execute a plan for a page."""
        ...

    def term_source(self, deadline: float | None) -> TermSource:
        """Return the terms of the member, for corrections and completions until a deadline."""
        ...

    def signature(self, id: str) -> bytes:
        """Return the MinHash signature of a document of this member; empty without one."""
        ...

    def near(self, signature: bytes) -> Sequence[str]:
        """Return the ids of the documents whose signatures are near another one, in order of adding."""
        ...


class MemberBackend(Backend, Protocol):
    """A back-end with `Capability.JOIN`; its method `view` returned each `view` given here."""

    def article_ids(self, view: Any) -> Iterator[str]:
        """Yield the ids of the articles of a view; of works the ids of their heads."""
        ...

    def known_ids(self, view: Any, ids: Collection[str]) -> Collection[str]:
        """Return those of some ids of articles that a view has."""
        ...

    def member(self, view: Any, schema: Schema, hidden: Collection[str], collection: CollectionStatistics) -> Member:
        """Return a view as a member.

        `schema` has the fields of all members, `hidden` the ids of articles that later indexes replace, together with
        the parts of works. `collection` has the figures of scores, and may be asked once all members are made.
        """
        ...
