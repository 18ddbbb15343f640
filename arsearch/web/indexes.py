"""The named indexes of one server."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import arsearch
from arsearch.concurrency import reset_in_children
from arsearch.query.synonyms import Synonyms
from arsearch.search import Index
from arsearch.search.backend import Capability
from arsearch.search.searchable import Searchable
from arsearch.web.problems import ProblemError

__all__ = ["Commit", "NamedIndexes", "Served", "ServedIndex"]

Served = Index | str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""An open index, the location of one, or the locations of several that are searched as one."""

KEPT_COMMITS = 2
"""The number of older commits of an index that are kept for cursors: each holds its files and its memory."""

KEPT_SECONDS = 300.0
"""The time after which an older commit is given up."""


class Commit(NamedTuple):
    """One commit to search, and its number. `synonyms` is a digest of those that its index was opened with."""

    searchable: Searchable
    generation: int
    synonyms: str = ""

    @property
    def etag(self) -> str:
        """The entity tag of all answers from this commit: weak, because the bytes of two answers may differ."""
        stats = self.searchable.stats()
        identity = (arsearch.__version__, stats.generation, stats.articles, stats.bytes, stats.analyzer, self.synonyms)
        return f'W/"{_digest(repr(identity))}"'


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


class ServedIndex:
    """An index with a name; a location is opened when first used, with `synonyms`. Threads may share it.

    Searches follow its commits.
    """

    def __init__(self, name: str, index: Served, synonyms: Synonyms | None = None) -> None:
        self.name = name
        self._synonyms = None if isinstance(index, Index) else synonyms
        self._digest = _digest(repr(self._synonyms))
        self._index = index if isinstance(index, Index) else None
        self._location = None if isinstance(index, Index) else index
        self._lock = threading.Lock()
        self._kept: dict[int, tuple[Commit, float]] = {}
        """The commits that cursors name by their numbers, and when each was last needed; the least recent first."""
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    @property
    def index(self) -> Index:
        """The open index. Raises IndexOpenError if its location cannot be opened."""
        if self._index is None:
            with self._lock:
                if self._index is None:
                    assert self._location is not None
                    self._index = arsearch.open(self._location, synonyms=self._synonyms)
        return self._index

    def lacks(self, capability: Capability) -> bool:
        """Tell whether the index is open and lacks an ability."""
        return self._index is not None and capability not in self._index.capabilities

    def commit(self) -> Commit:
        """Return the newest commit."""
        index = self.index
        if Capability.SNAPSHOTS in index.capabilities:
            snapshot = index.snapshot()
            return Commit(snapshot, snapshot.generation, self._digest)
        return Commit(index, index.backend.view().generation, self._digest)

    def keep(self, commit: Commit) -> None:
        """Keep a commit for the cursor of a next page."""
        now = time.monotonic()
        with self._lock:
            self._kept.pop(commit.generation, None)
            self._kept[commit.generation] = commit, now
            for generation, (_, used) in list(self._kept.items())[:-1]:
                if len(self._kept) > KEPT_COMMITS + 1 or now - used > KEPT_SECONDS:
                    del self._kept[generation]

    def kept(self, generation: int) -> Commit | None:
        """Return a commit that was kept and is not given up yet, or `None`."""
        with self._lock:
            commit, used = self._kept.get(generation, (None, 0.0))
        return commit if time.monotonic() - used <= KEPT_SECONDS else None

    def close(self) -> None:
        """Close the index if this object opened it."""
        self._kept.clear()
        if self._location is not None and self._index is not None:
            self._index.close()
            self._index = None


class NamedIndexes(Mapping[str, ServedIndex]):
    """The indexes of one server by name, in the order given. The first is the default. Locations are opened with `synonyms`."""

    def __init__(self, indexes: Mapping[str, Served], synonyms: Synonyms | None = None) -> None:
        if not indexes:
            raise ValueError("a server needs at least one index")
        self._indexes = {name: ServedIndex(name, index, synonyms) for name, index in indexes.items()}

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
