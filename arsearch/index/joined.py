"""Indexes in folders that are searched as one: their segments are those of one index."""

from __future__ import annotations

import os
from collections.abc import Sequence

from arsearch.federation.backend import JoinedBackend
from arsearch.index.backend import EmbeddedBackend, open_backend
from arsearch.index.reader.joining import join_readers
from arsearch.index.view import EmbeddedView
from arsearch.search.ranking import Ranking

__all__ = ["open_joined"]


def open_joined(locations: Sequence[str | os.PathLike[str]], ranking: Ranking) -> JoinedBackend:
    """Open the embedded indexes at two or more locations, to be searched as one; see `arsearch.open`."""
    members = [
        open_backend(location, False, analyzer=None, fields=None, ranking=ranking, recover=False)
        for location in locations
    ]
    return JoinedBackend(members, _join)


def _join(members: Sequence[EmbeddedBackend], views: Sequence[EmbeddedView]) -> EmbeddedView:
    reader = join_readers([view.reader for view in views], [member.location for member in members])
    first = views[0]
    return EmbeddedView(reader, first.analyzer, first.ranking, first.forms)
