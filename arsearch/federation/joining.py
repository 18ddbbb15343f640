"""The view of several views: their fields, and the articles that later indexes replace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from arsearch.errors import QueryError
from arsearch.federation.backend import JoinedBackend
from arsearch.federation.collection import Collection as CollectionFigures
from arsearch.federation.fields import OneIndex, fields_together
from arsearch.federation.member import MemberBackend
from arsearch.federation.view import FederatedView
from arsearch.model.schema import Schema
from arsearch.search.backend import Backend, Capability, require

__all__ = ["open_federated"]

_MOST_HIDDEN = 50_000
"""The articles of one index that later ones may replace; each search of a cluster names them."""


def open_federated(members: Sequence[Backend]) -> JoinedBackend:
    """Return several opened indexes as one. Raises UnsupportedError for a back-end that cannot be searched with others."""
    for member in members:
        require(member, Capability.JOIN)
    return JoinedBackend(members, _Joining(), frozenset({Capability.OCCURRENCES}))


class _Joining:
    """Joins the newest views of some indexes. Which articles two views share is kept until one of them is replaced."""

    def __init__(self) -> None:
        self._shared: dict[tuple[int, int], tuple[Any, Any, frozenset[str]]] = {}
        """The views of two indexes, by their places, and the ids of the articles that both have."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _Joining, ()

    def __call__(self, backends: Sequence[MemberBackend], views: Sequence[Any]) -> FederatedView:
        """Return a view of all views.

        Raises AnalyzerMismatchError and QueryError for indexes that do not fit together.
        """
        locations = [backend.location for backend in backends]
        indexes = [
            OneIndex(location, view.analyzer.fingerprint, view.schema.declared)
            for location, view in zip(locations, views, strict=True)
        ]
        schema = Schema(fields_together(indexes))
        collection = CollectionFigures()
        members = []
        for at, (backend, view) in enumerate(zip(backends, views, strict=True)):
            later = range(at + 1, len(views))
            hidden = frozenset[str]().union(*(self._known_shared(backends, views, at, other) for other in later))
            if len(hidden) > _MOST_HIDDEN:
                raise QueryError(
                    f"{len(hidden):,} articles of the index at {backend.location!r} are in other indexes of the list too, and "
                    f"at most {_MOST_HIDDEN:,} may be; delete them from one of the indexes"
                )
            members.append(backend.member(view, schema, hidden, collection))
        collection.members = members
        return FederatedView(members, locations, collection, schema, {})

    def _known_shared(
        self, backends: Sequence[MemberBackend], views: Sequence[Any], one: int, other: int
    ) -> frozenset[str]:
        known = self._shared.get((one, other))
        if known is None or known[0] is not views[one] or known[1] is not views[other]:
            shared = _shared(backends[one], views[one], backends[other], views[other])
            known = self._shared[one, other] = views[one], views[other], frozenset(shared)
        return known[2]


def _shared(one: MemberBackend, view: Any, other: MemberBackend, other_view: Any) -> Collection[str]:
    """Return the ids of articles that two views have; the ids of the smaller one are looked up in the other."""
    if len(view) > len(other_view):
        return _shared(other, other_view, one, view)
    return other.known_ids(other_view, list(one.article_ids(view)))
