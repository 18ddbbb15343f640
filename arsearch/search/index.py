"""The Index: add and delete articles, search, look after it. It knows back-ends by their protocols alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import QueryError
from arsearch.model import AddReport, Article, BackupReport, Record, Recovery, Stats
from arsearch.query import Synonyms
from arsearch.search.backend import (
    AddOptions,
    Backend,
    BackupBackend,
    Capability,
    CheckBackend,
    IndexView,
    OptimizeBackend,
    WriterOptions,
    require,
)
from arsearch.search.planner import Planner
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT
from arsearch.search.searchable import Searchable
from arsearch.search.session import SearchSession
from arsearch.search.snapshot import Snapshot

__all__ = ["Index"]


class Index(Searchable):
    """A collection of articles that can be searched. A context manager; made by `arsearch.open`.

    Threads may share one. Readers never wait for a writer and always see exactly one commit. Searches answer from the
    newest commit; `snapshot` pins one.
    """

    def __init__(self, backend: Backend, synonyms: Synonyms | None = None) -> None:
        self._backend = backend
        self._synonyms = synonyms or Synonyms()
        self._planner = self._new_planner(backend.view())

    def _new_planner(self, view: IndexView) -> Planner:
        return Planner(view.analyzer, view.schema, view.ranking, self._synonyms)

    def _session(self) -> SearchSession:
        view = self._backend.view()
        planner = self._planner
        # `arsearch reindex` may have changed the analyzer or the fields.
        if planner.analyzer is not view.analyzer or planner.schema.declared != view.schema.declared:
            planner = self._planner = self._new_planner(view)
        return SearchSession(view, planner, self._backend)

    @property
    def location(self) -> str:
        """Where the index is."""
        return self._backend.location

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer of its texts and queries."""
        return self._session().planner.analyzer

    @property
    def fields(self) -> dict[str, str]:
        """Each field's kind: the built-in fields, then the declared ones."""
        return self._backend.view().schema.kinds

    @property
    def recovery(self) -> Recovery | None:
        """What going back to the last intact commit cost, if `arsearch.open(recover=True)` had to; else `None`."""
        return self._backend.recovery

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this index can do beyond adding, deleting and searching; it depends on where the index is."""
        return self._backend.capabilities

    def snapshot(self) -> Snapshot:
        """Pin the newest commit."""
        session = self._session()
        require(session.backend, Capability.SNAPSHOTS)
        return Snapshot(session)

    def add(
        self,
        articles: Iterable[Article | Mapping[str, Any] | Record],
        *,
        commit_every: int | None = None,
        commit_seconds: float | None = None,
        strict: bool = False,
        progress: Callable[[AddReport], None] | None = None,
        memory_limit: int = MEMORY_LIMIT,
        workers: int = 1,
        durable: bool = True,
        timeout: float = LOCK_TIMEOUT,
    ) -> AddReport:
        """Add articles, replacing those of the same ids; the last of equal ids wins.

        `articles` is read lazily. All become visible in one commit at the end, or in one every `commit_every` articles or
        `commit_seconds` seconds. A bad article is left out and reported; with `strict` it stops everything. `progress` is
        called with the running report after each article and commit.

        `memory_limit` bounds, roughly, the bytes of buffered articles and of known words in each process, beyond the 100 MB
        that a process starts with; the words of a large collection may take as much again. With `workers`, that number of
        processes share the work, for an index in a folder. They get batches of articles in turn. Articles replace each
        other in the order given; the order of equally good hits and the order in which the index lists its articles may
        differ. `progress` is behind, and `commit_every` may come a little early.

        `durable=False` does not wait for the disk. It is faster, and a power loss may cost all that was added since the last
        durable commit, to which `arsearch.open(recover=True)` then goes back.

        Raises IndexLockedError when another writer keeps the index for `timeout` seconds, and AddError for anything else
        that stops it: its `.report` says what had been committed. Ctrl-C leaves the last commit.
        """
        if not durable:
            require(self._backend, Capability.DURABLE)
        report = AddReport()
        start = time.perf_counter()
        options = AddOptions(strict, progress, commit_every, commit_seconds, workers)
        with self._backend.writer(WriterOptions(timeout, memory_limit, durable)) as writer:
            writer.add(articles, options, report)
        report.took = time.perf_counter() - start
        return report

    def delete(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        filters: Mapping[str, Any] | None = None,
        timeout: float = LOCK_TIMEOUT,
    ) -> int:
        """Delete the article with an id, those with several ids, or those that `filters` let through.

        Returns the number of articles deleted.
        """
        if (ids is None) == (not filters):
            raise QueryError("delete takes either ids or filters that are not empty")
        with self._backend.writer(WriterOptions(timeout)) as writer:
            if ids is not None:
                count = writer.delete([ids] if isinstance(ids, str) else map(str, ids))
            else:
                count = writer.delete_matching(filters or {})
            writer.commit()
        return count

    def optimize(self, *, timeout: float = LOCK_TIMEOUT) -> None:
        """Merge all segments into one without deleted articles."""
        require(self._backend, Capability.OPTIMIZE)
        cast("OptimizeBackend", self._backend).optimize(timeout)

    def stats(self) -> Stats:
        """Return the figures of the newest commit."""
        return self._backend.view().stats()

    def backup(
        self, folder: str | os.PathLike[str], *, replace: bool = False, timeout: float = LOCK_TIMEOUT
    ) -> BackupReport:
        """Copy the newest commit to a folder, which becomes an index itself; writers need not stop.

        Every checksum is verified first: CorruptIndexError leaves the folder as it was. An index in the folder is replaced
        only with `replace`, and then only segments that it does not have are copied. The copy is on the disk when this
        returns. `arsearch.restore` brings it back. IndexExistsError, NotAnIndexError and, after `timeout` seconds,
        IndexLockedError tell of the folder.
        """
        require(self._backend, Capability.BACKUP)
        return cast("BackupBackend", self._backend).backup(folder, replace=replace, timeout=timeout)

    def check(self) -> list[str]:
        """Verify the newest commit and return what is wrong, an empty list if nothing is.

        Checked are the checksums of all files, the order of terms, postings and positions, all bounds, that every stored
        article can be read, and that ids, lengths and doc values agree with it. This reads everything: seconds for each
        100 MB.
        """
        require(self._backend, Capability.CHECK)
        return cast("CheckBackend", self._backend).check()

    def close(self) -> None:
        """Release the index's files; hits already found stay usable."""
        self._backend.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<arsearch.Index {self.location!r}>"
