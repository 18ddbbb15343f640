"""The back-end for several indexes that are searched as one: it reads the newest commit of each, and writes none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from arsearch.concurrency import reset_in_children
from arsearch.errors import IndexReadOnlyError
from arsearch.model import Recovery
from arsearch.search.backend import (
    Backend,
    Capability,
    CheckBackend,
    IndexView,
    IndexWriter,
    WriterOptions,
    require,
)

__all__ = ["JoinViews", "JoinedBackend"]

_OFFERED = frozenset(
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
"""What several indexes can do if each of them can."""

JoinViews = Callable[[Sequence[Any], Sequence[Any]], IndexView]
"""Returns the view of some views, one of each back-end."""


class JoinedBackend:
    """Several indexes as one. Threads may share it. A view shows one commit of each."""

    recovery: Recovery | None = None

    def __init__(
        self, members: Sequence[Backend], join: JoinViews, lacking: frozenset[Capability] = frozenset()
    ) -> None:
        """Join the indexes; an article of the last one replaces those with the same id.

        `join` is a function of a module, and `lacking` the abilities that its view has not.
        """
        self._members = members
        self._join = join
        self._lacking = lacking
        self.capabilities = _OFFERED.intersection(*(member.capabilities for member in members)) - lacking
        self._lock = threading.Lock()
        self._views = [member.view() for member in members]
        """The views of the members that `_view` shows."""
        self._view = join(members, self._views)
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        """The locations, with commas between them."""
        return ", ".join(member.location for member in self._members)

    def view(self) -> IndexView:
        """Return the view of the newest commits; it is the same object until one of the indexes has a newer one."""
        with self._lock:
            views = [member.view() for member in self._members]
            if any(new is not known for new, known in zip(views, self._views, strict=True)):
                self._view, self._views = self._join(self._members, views), views
            return self._view

    def writer(self, options: WriterOptions) -> AbstractContextManager[IndexWriter]:  # noqa: ARG002
        """Raise IndexReadOnlyError."""
        raise IndexReadOnlyError(
            f"the indexes at {self.location!r} are opened as one, for reading; to change one of them, open it alone: "
            f"arsearch.open({self._members[-1].location!r})"
        )

    def check(self) -> list[str]:
        """Return the problems of the newest commit of each index."""
        return [problem for member in self._members for problem in cast("CheckBackend", member).check()]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the members by their locations."""
        for member in self._members:
            require(member, Capability.PROCESSES)
        return JoinedBackend, (self._members, self._join, self._lacking)

    def close(self) -> None:
        """Release the files and connections of all indexes. Views taken before stay usable, as those of the members do."""
        for member in self._members:
            member.close()
