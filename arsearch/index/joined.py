"""The back-end for several indexes that are searched as one: it reads the newest commit of each, and writes none."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from arsearch.concurrency import reset_in_children
from arsearch.errors import IndexReadOnlyError
from arsearch.index.backend import EmbeddedBackend, open_backend
from arsearch.index.reader.joining import join_readers
from arsearch.index.view import EmbeddedView
from arsearch.model import Recovery
from arsearch.search.backend import Capability, IndexWriter, WriterOptions, require
from arsearch.search.ranking import Ranking

__all__ = ["JoinedBackend", "open_joined"]

_CAPABILITIES = frozenset(
    {
        Capability.CHECK,
        Capability.CORRECT,
        Capability.NEAR_DUPLICATES,
        Capability.OCCURRENCES,
        Capability.PROCESSES,
        Capability.SNAPSHOTS,
        Capability.SUGGEST,
    }
)


def open_joined(locations: Sequence[str | os.PathLike[str]], ranking: Ranking) -> JoinedBackend:
    """Open the embedded indexes at two or more locations, to be searched as one; see `arsearch.open`."""
    members = [
        open_backend(location, False, analyzer=None, fields=None, ranking=ranking, recover=False)
        for location in locations
    ]
    return JoinedBackend(members)


class JoinedBackend:
    """Several indexes as one. Threads may share it. A view shows one commit of each."""

    recovery: Recovery | None = None
    capabilities = _CAPABILITIES

    def __init__(self, members: Sequence[EmbeddedBackend]) -> None:
        """Join the indexes; an article of the last one replaces those with the same id."""
        self._members = members
        self._lock = threading.Lock()
        self._views: list[EmbeddedView] = []
        """The views of the members that `_view` shows."""
        self._view = self._join([member.view() for member in members])
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        """The locations, with commas between them."""
        return ", ".join(member.location for member in self._members)

    def view(self) -> EmbeddedView:
        """Return the view of the newest commits; it is the same object until one of the indexes has a newer one."""
        with self._lock:
            views = [member.view() for member in self._members]
            if any(new is not known for new, known in zip(views, self._views, strict=True)):
                self._view = self._join(views)
            return self._view

    def _join(self, views: list[EmbeddedView]) -> EmbeddedView:
        reader = join_readers([view.reader for view in views], [member.location for member in self._members])
        first, self._views = views[0], views
        return EmbeddedView(reader, first.analyzer, first.ranking, first.forms)

    def writer(self, options: WriterOptions) -> AbstractContextManager[IndexWriter]:  # noqa: ARG002
        """Raise IndexReadOnlyError."""
        raise IndexReadOnlyError(
            f"the indexes at {self.location!r} are opened as one, for reading; to change one of them, open it alone: "
            f"arsearch.open({self._members[-1].location!r})"
        )

    def check(self) -> list[str]:
        """Return the problems of the newest commit of each index."""
        return [problem for member in self._members for problem in member.check()]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the folders by their paths, as `EmbeddedBackend` does."""
        for member in self._members:
            require(member, Capability.PROCESSES)
        paths = [os.path.abspath(member.location) for member in self._members]  # noqa: PTH100  # resolves no links
        return open_joined, (paths, self._views[0].ranking)

    def close(self) -> None:
        """Release the files of all indexes. Views taken before stay usable."""
        for member in self._members:
            member.close()
