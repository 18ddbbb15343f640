"""The named indexes of one server."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import arsearch
from arsearch.search import Index
from arsearch.search.backend import Capability
from arsearch.search.searchable import Searchable
from arsearch.web.problems import ProblemError

__all__ = ["Commit", "NamedIndexes", "Served", "ServedIndex"]

Served = Index | str | os.PathLike[str]
"""An open index, or the location of one."""


class Commit(NamedTuple):
    """One commit to search, and its number."""

    searchable: Searchable
    generation: int


class ServedIndex:
    """An index with a name; a location is opened when first used. Searches follow its commits. Threads may share it."""

    def __init__(self, name: str, index: Served) -> None:
        self.name = name
        self._index = index if isinstance(index, Index) else None
        self._location = None if isinstance(index, Index) else index
        self._lock = threading.Lock()

    @property
    def index(self) -> Index:
        """The open index. Raises IndexOpenError if its location cannot be opened."""
        if self._index is None:
            with self._lock:
                if self._index is None:
                    assert self._location is not None
                    self._index = arsearch.open(self._location)
        return self._index

    def commit(self) -> Commit:
        """Return the newest commit."""
        index = self.index
        if Capability.SNAPSHOTS in index.capabilities:
            snapshot = index.snapshot()
            return Commit(snapshot, snapshot.generation)
        return Commit(index, index.backend.view().generation)

    def close(self) -> None:
        """Close the index if this object opened it."""
        if self._location is not None and self._index is not None:
            self._index.close()
            self._index = None


class NamedIndexes(Mapping[str, ServedIndex]):
    """The indexes of one server by name, in the order given. The first is the default."""

    def __init__(self, indexes: Mapping[str, Served]) -> None:
        if not indexes:
            raise ValueError("a server needs at least one index")
        self._indexes = {name: ServedIndex(name, index) for name, index in indexes.items()}

    def __getitem__(self, name: str) -> ServedIndex:
        return self._indexes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._indexes)

    def __len__(self) -> int:
        return len(self._indexes)

    @property
    def default(self) -> ServedIndex:
        """The index of requests that name none."""
        return next(iter(self._indexes.values()))

    def select(self, name: str) -> ServedIndex:
        """Return the index of a name; the default for "". Raises ProblemError (404) for an unknown name."""
        if not name:
            return self.default
        if name not in self._indexes:
            known = ", ".join(self._indexes)
            raise ProblemError(404, "unknown_index", f"no index is called {name[:100]!r}; known: {known}")
        return self._indexes[name]

    def close(self) -> None:
        """Close the indexes that the server opened."""
        for index in self._indexes.values():
            index.close()
