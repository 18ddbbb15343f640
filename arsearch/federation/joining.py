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

__all__ = ["join_views", "open_federated"]

_MOST_HIDDEN = 50_000
"""The articles of one index that later ones may replace; each search of a cluster names them."""


def open_federated(members: Sequence[Backend]) -> JoinedBackend:
    """Return several opened indexes as one. Raises UnsupportedError for a back-end that cannot be searched with others."""
    for member in members:
        require(member, Capability.JOIN)
    return JoinedBackend(members, join_views, frozenset({Capability.OCCURRENCES}))


def join_views(backends: Sequence[MemberBackend], views: Sequence[Any]) -> FederatedView:
    """Return a view of the newest views of some indexes.

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
        later = zip(backends[at + 1 :], views[at + 1 :], strict=True)
        hidden = set().union(*(_shared(backend, view, *other) for other in later))
        if len(hidden) > _MOST_HIDDEN:
            raise QueryError(
                f"{len(hidden):,} articles of the index at {backend.location!r} are in other indexes of the list too, and at "
                f"most {_MOST_HIDDEN:,} may be; delete them from one of the indexes"
            )
        members.append(backend.member(view, schema, hidden, collection))
    collection.members = members
    return FederatedView(members, locations, collection, schema, {})


def _shared(one: MemberBackend, view: Any, other: MemberBackend, other_view: Any) -> Collection[str]:
    """Return the ids of articles that two views have; the ids of the smaller one are looked up in the other."""
    if len(view) > len(other_view):
        return _shared(other, other_view, one, view)
    return other.known_ids(other_view, list(one.article_ids(view)))
