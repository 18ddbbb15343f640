"""The protocols of a writer, and its options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from arsearch.errors import QueryError, shown
from arsearch.model import AddReport, Article
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT, read_processes, read_seconds, read_whole

if TYPE_CHECKING:
    from arsearch.model.ingest import ArticleInput

__all__ = ["AddOptions", "IndexWriter", "SyncWriter", "WriterOptions"]


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """The options of a writer: seconds to wait for another writer, bytes of buffered articles, and durability.

    Raises QueryError for a wrong value.
    """

    timeout: float = LOCK_TIMEOUT
    memory_limit: int = MEMORY_LIMIT
    durable: bool = True

    def __post_init__(self) -> None:
        read_seconds("timeout", self.timeout)
        read_whole("memory_limit", self.memory_limit)


@dataclass(frozen=True, slots=True)
class AddOptions:
    """The options of `Index.add`. Raises QueryError for a wrong value, such as `workers` below 1.

    A back-end without `Capability.WORKERS` uses one process, whatever `workers` is. With `strict_values`, a value that does not
    fit its declared field makes an article bad, as in `Index.update`.
    """

    strict: bool = False
    progress: Callable[[AddReport], None] | None = None
    commit_every: int | None = None
    commit_seconds: float | None = None
    workers: int = 1
    strict_dates: bool = False
    strict_values: bool = False
    split: str | None = None

    def __post_init__(self) -> None:
        if self.split is not None:
            from arsearch.works.splitting import read_split  # searches need none of it

            read_split(self.split)
        if self.commit_every is not None:
            read_whole("commit_every", self.commit_every, 1)
        if self.commit_seconds is not None:
            read_seconds("commit_seconds", self.commit_seconds)
        read_processes("workers", self.workers)
        if self.progress is not None and not callable(self.progress):
            raise QueryError(f"progress {shown(self.progress)} is not a function that takes a report")


class IndexWriter(Protocol):
    """Changes one index. Nothing is visible before a commit."""

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles, replace articles with the same ids, commit, and count everything in `report`.

        `works.documents.documents_of` returns the documents of an article; all go into one commit, and the parts of a
        replaced or deleted work go with it.

        Raises AddError, with the report, if anything stops the call.
        """
        ...

    def get(self, id: str) -> Article | None:
        """Return the document with the id in the newest commit, or `None`; the writer's own changes are not in it."""
        ...

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with the given ids, works with their parts, and return the number deleted."""
        ...

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through, as in a search, and return the number deleted."""
        ...

    def commit(self) -> None:
        """Publish all changes as one commit."""
        ...


class SyncWriter(IndexWriter, Protocol):
    """The writer of a back-end with `Capability.SYNC`."""

    def sync_state(self) -> bytes | None:
        """Return the state in the newest commit; `None` if there is none."""
        ...

    def keep_sync_state(self, state: Callable[[], bytes]) -> None:
        """Commit what `state` returns at each commit from now on, together with the articles."""
        ...
