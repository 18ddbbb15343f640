"""A commit pinned for many searches."""

from __future__ import annotations

from types import TracebackType

from arsearch.errors import IndexClosedError
from arsearch.search.batches.threads import SearchThreads
from arsearch.search.searchable import Searchable
from arsearch.search.session import SearchSession

__all__ = ["Snapshot"]


class Snapshot(Searchable):
    """One commit, unaffected by later changes; a context manager, made by `Index.snapshot`.

    Several searches of a snapshot agree with each other: the pages of one list, or a search and its articles. Threads
    may share one. The files of the commit stay usable until the snapshot is closed.
    """

    def __init__(self, session: SearchSession, threads: SearchThreads | None = None) -> None:
        super().__init__(threads or SearchThreads())
        self._pinned: SearchSession | None = session

    def _session(self) -> SearchSession:
        pinned = self._pinned  # another thread may close the snapshot
        if pinned is None:
            raise IndexClosedError("the snapshot is closed; take a new one with index.snapshot()")
        return pinned

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self._session().view.generation

    def close(self) -> None:
        """Release the files of the commit. Hits already found stay usable."""
        self._pinned = None

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
