"""The protocols of a back-end, which keeps the articles of one index."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Protocol

from arsearch.errors import UnsupportedError
from arsearch.model import BackupReport, Recovery
from arsearch.search.backend.capabilities import Capability
from arsearch.search.backend.views import IndexView
from arsearch.search.backend.writers import IndexWriter, WriterOptions

__all__ = ["Backend", "BackupBackend", "CheckBackend", "OptimizeBackend", "require"]


class Backend(Protocol):
    """Keeps one index at one location."""

    recovery: Recovery | None
    """The recovery made on opening; `None` if there was none."""

    @property
    def location(self) -> str:
        """The location of the index, as given to `arsearch.open`; never with credentials."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The abilities of this back-end beyond adding, deleting and searching."""
        ...

    def view(self) -> IndexView:
        """Return the view of the newest commit; it is the same object until there is a newer one.

        Raises IndexClosedError after `close`.
        """
        ...

    def writer(self, options: WriterOptions) -> AbstractContextManager[IndexWriter]:
        """Open the writer, of which there is one at a time. Raises IndexLockedError if another writer holds the lock.

        A back-end that is only read raises IndexReadOnlyError.
        """
        ...

    def close(self) -> None:
        """Release files and connections. Views taken before stay usable as far as the back-end allows."""
        ...


class BackupBackend(Protocol):
    """A back-end with `Capability.BACKUP`."""

    def backup(self, folder: str | os.PathLike[str], *, replace: bool, timeout: float) -> BackupReport:
        """Copy the newest commit to a folder; see `Index.backup`."""
        ...


class CheckBackend(Protocol):
    """A back-end with `Capability.CHECK`."""

    def check(self) -> list[str]:
        """Return the problems of the newest commit; see `Index.check`."""
        ...


class OptimizeBackend(Protocol):
    """A back-end with `Capability.OPTIMIZE`."""

    def optimize(self, timeout: float) -> None:
        """Merge all segments into one; see `Index.optimize`."""
        ...


def require(backend: Backend, capability: Capability) -> None:
    """Raise UnsupportedError if a back-end lacks a capability."""
    if capability not in backend.capabilities:
        raise UnsupportedError(backend.location, capability.value)
