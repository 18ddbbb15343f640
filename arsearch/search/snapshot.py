"""A commit pinned for many searches."""

from __future__ import annotations

from types import TracebackType

from arsearch.errors import IndexClosedError
from arsearch.search.searchable import Searchable
from arsearch.search.session import SearchSession

__all__ = ["Snapshot"]


class Snapshot(Searchable):
    """One commit, whatever is added or deleted meanwhile. A context manager; made by `Index.snapshot`.

    Several searches on it agree with each other: pages of one list, a search and the articles it found. Threads may share
    one. The commit's files stay usable until the snapshot is closed.
    """

    def __init__(self, session: SearchSession) -> None:
        self._pinned: SearchSession | None = session

    def _session(self) -> SearchSession:
        pinned = self._pinned  # another thread may close the snapshot
        if pinned is None:
            raise IndexClosedError("the snapshot is closed; take a new one with index.snapshot()")
        return pinned

    @property
    def generation(self) -> int:
        """The commit's number."""
        return self._session().view.generation

    def close(self) -> None:
        """Release the commit's files; hits already found stay usable."""
        self._pinned = None

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
