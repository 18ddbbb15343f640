"""The embedded back-end: the protocols of `arsearch.search.backend` for an index in a folder or in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.concurrency import reset_in_children
from arsearch.errors import AnalyzerMismatchError, IndexClosedError, IndexNotFoundError, QueryError, shown
from arsearch.index.commits.manifest import Manifest, latest_generation
from arsearch.index.execution.filters import allowed_docs
from arsearch.index.reader.opening import create_index, load_analyzer, open_directory, open_latest
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.view import EmbeddedView
from arsearch.model.places import is_part_id
from arsearch.model.schema import Schema
from arsearch.search.backend import Capability, require
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking
from arsearch.search.request import LOCK_TIMEOUT
from arsearch.search.statistics import CollectionStatistics

if TYPE_CHECKING:
    from arsearch.index.member import EmbeddedMember
    from arsearch.index.writing.index_writer import IndexWriter
    from arsearch.model import AddReport, Article, BackupReport, Recovery
    from arsearch.model.ingest import ArticleInput
    from arsearch.search.backend.reindexing import ReindexOptions
    from arsearch.search.backend.writers import AddOptions, WriterOptions

__all__ = ["EmbeddedBackend", "backup", "open_backend", "reindex", "restore"]

_CAPABILITIES = frozenset(Capability)


def _write_toc(directory: Directory, manifest: Manifest) -> None:
    from arsearch.index.whoosh.toc import write_toc  # searches write nothing

    write_toc(directory, manifest)


_COMMIT_LISTENERS = (_write_toc,)
"""The listeners of every commit; the table of contents lets Whoosh open the index too."""


def open_backend(
    location: str | os.PathLike[str],
    create: bool,
    *,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
) -> EmbeddedBackend:
    """Open the embedded index at a location; see `arsearch.open`."""
    directory = open_directory(location, create)
    recovery = None
    if recover:
        from arsearch.index.maintenance.recovery import recover as recover_commit  # rarely needed

        recovery = recover_commit(directory, listeners=_COMMIT_LISTENERS)
    try:
        reader = open_latest(directory)
    except IndexNotFoundError:
        if not create:
            raise
        create_index(directory, analyzer or ArabicAnalyzer(), fields, listeners=_COMMIT_LISTENERS)
        reader = open_latest(directory)
    manifest = reader.manifest
    if analyzer is not None and analyzer.fingerprint != manifest.fingerprint:
        given, option = "an analyzer", ""
        if analyzer.config()["dictionary"] != manifest.analyzer.get("dictionary", {}):
            given, option = "a dictionary", " --dictionary FILE"
        raise AnalyzerMismatchError(
            f"the index at {directory.location!r} was not written with the {given.split()[1]} given; "
            f"open it without {given}, or rebuild it with `arsearch reindex{option}`"
        )
    if fields is not None and dict(fields) != dict(manifest.fields):
        raise QueryError(
            f"the index at {directory.location!r} declares the fields {shown(dict(manifest.fields))}, not {shown(dict(fields))}; "
            "open it without fields, or rebuild it with `arsearch reindex`"
        )
    view = EmbeddedView(reader, load_analyzer(directory, manifest), ranking)
    return EmbeddedBackend(directory, view, recovery)


def reindex(location: str | os.PathLike[str], options: ReindexOptions) -> AddReport:
    """Analyse all stored articles of an index in a folder again and write them anew, in one commit; see `arsearch.reindex`."""
    from arsearch.index.maintenance.reindex import reindex as rebuild  # rarely needed

    return rebuild(location, options, listeners=_COMMIT_LISTENERS)


def backup(
    location: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    replace: bool = False,
    timeout: float = LOCK_TIMEOUT,
) -> BackupReport:
    """Copy the newest commit of the index at `location` to a folder, as `Index.backup` does, without opening the index.

    The version of the analyzer does not matter: an index that needs `arsearch reindex` is copied too, and its copy needs it
    as well.
    """
    return restore(location, folder, replace=replace, timeout=timeout)


def restore(
    backup: str | os.PathLike[str],
    location: str | os.PathLike[str],
    *,
    replace: bool = False,
    timeout: float = LOCK_TIMEOUT,
) -> BackupReport:
    """Copy the newest commit of a backup, or of any index, to the folder `location`, as its next commit.

    An existing index, intact or damaged, is replaced only with `replace`. Readers that have it open see either the old
    articles or the restored ones. The version of the analyzer does not matter: a backup that needed `arsearch reindex`
    before still needs it after it is restored.

    Every checksum of the backup is verified first: CorruptIndexError leaves the folder as it was. Raises
    IndexExistsError without `replace`, NotAnIndexError for a folder with other files, and IndexLockedError after
    `timeout` seconds.
    """
    from arsearch.index.maintenance.backup import restore as copy_back  # rarely needed

    return copy_back(backup, location, replace=replace, timeout=timeout, listeners=_COMMIT_LISTENERS)


def _reopened(location: str, ranking: Ranking) -> EmbeddedBackend:
    return open_backend(location, False, analyzer=None, fields=None, ranking=ranking, recover=False)


class EmbeddedBackend:
    """An index in one directory. Threads may share it. Its views never wait for a writer; each shows exactly one commit."""

    def __init__(self, directory: Directory, view: EmbeddedView, recovery: Recovery | None = None) -> None:
        self.recovery = recovery
        self._directory = directory
        self._view: EmbeddedView | None = view
        self._stamp: int | None = None
        """The stamp of the directory when `_view` was last known to be the newest commit."""
        self._identity = directory.identity()
        self._reload_lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._reload_lock = threading.Lock()

    @property
    def location(self) -> str:
        """The folder of the index, or ":memory:"."""
        return self._directory.location

    @property
    def capabilities(self) -> frozenset[Capability]:
        """All capabilities; but only an index in a folder can be opened twice, in several processes or with others."""
        in_folder = isinstance(self._directory, FSDirectory)
        return (
            _CAPABILITIES if in_folder else _CAPABILITIES - {Capability.JOIN, Capability.PROCESSES, Capability.WORKERS}
        )

    def view(self) -> EmbeddedView:
        """Return the view of the newest commit; it is the same object until there is a newer one."""
        view = self._open_view()
        stamp = self._directory.stamp()
        if stamp is not None and stamp == self._stamp:
            return view
        identity = self._directory.identity()
        if latest_generation(self._directory) == view.generation and identity == self._identity:
            self._stamp = stamp  # taken before the folder was listed: a later commit changes it
            return view
        with self._reload_lock:
            newest = self._reload(self._open_view())
            self._identity = identity
            return newest

    def _open_view(self) -> EmbeddedView:
        view = self._view
        if view is None:
            raise IndexClosedError(f"the index at {self.location!r} is closed; open it again with arsearch.open")
        return view

    def _reload(self, view: EmbeddedView) -> EmbeddedView:
        reader = open_latest(self._directory, {segment.info: segment for segment in view.reader.segments})
        if reader.manifest == view.reader.manifest:  # another index in its place may have the same generation
            return view
        if reader.manifest.fingerprint == view.reader.manifest.fingerprint:
            newest = EmbeddedView(reader, view.analyzer, view.ranking, view.forms)
        else:
            newest = EmbeddedView(reader, load_analyzer(self._directory, reader.manifest), view.ranking)
        if self._view is view:  # else another thread has closed the index, and it stays closed
            self._view = newest
        return newest

    @contextmanager
    def writer(self, options: WriterOptions) -> Iterator[EmbeddedWriter]:
        """Open the writer. Raises IndexLockedError if another writer holds the lock during the whole timeout."""
        from arsearch.index.writing.index_writer import open_writer  # writing is not needed to search

        analyzer = self.view().analyzer  # of the newest commit, which may be a rebuilt index
        with open_writer(
            self._directory,
            analyzer,
            timeout=options.timeout,
            memory_limit=options.memory_limit,
            durable=options.durable,
            listeners=_COMMIT_LISTENERS,
        ) as writer:
            if writer.manifest.fingerprint != analyzer.fingerprint:
                raise AnalyzerMismatchError(
                    f"the index at {self.location!r} was just rebuilt with another analyzer; try again"
                )
            yield EmbeddedWriter(self._directory, writer)

    def optimize(self, timeout: float) -> None:
        """Merge all segments into one without deleted articles."""
        from arsearch.search.backend.writers import WriterOptions  # searches need none

        with self.writer(WriterOptions(timeout)) as writer:
            writer.optimize()

    def backup(self, folder: str | os.PathLike[str], *, replace: bool, timeout: float) -> BackupReport:
        """Copy the newest commit to a folder."""
        from arsearch.index.maintenance.backup import copy_commit  # rarely needed

        reader = self.view().reader
        return copy_commit(
            self._directory, reader, folder, replace=replace, timeout=timeout, listeners=_COMMIT_LISTENERS
        )

    def check(self) -> list[str]:
        """Return the problems of the newest commit."""
        from arsearch.index.maintenance.check import check_index  # rarely needed

        return check_index(self.view().reader)

    def article_ids(self, view: EmbeddedView) -> Iterator[str]:
        """Yield the ids of the articles of a view; of works the ids of their heads."""
        for segment in view.reader.segments:
            ids = (segment.id(doc) for doc in segment.live_docs().tolist())
            yield from (id for id in ids if not is_part_id(id))

    def known_ids(self, view: EmbeddedView, ids: Collection[str]) -> Collection[str]:
        """Return those of some ids that a view has."""
        return [id for id in ids if id in view]

    def member(
        self, view: EmbeddedView, schema: Schema, hidden: Collection[str], collection: CollectionStatistics
    ) -> EmbeddedMember:
        """Return a view as a member of several indexes; see `federation.member.MemberBackend`."""
        from arsearch.index.member import EmbeddedMember  # few programs search several indexes
        from arsearch.index.reader.joining import member_reader

        reader = member_reader(view.reader, schema.declared, hidden, collection)
        return EmbeddedMember(reader, view.analyzer, view.ranking, view.forms)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle a folder by its path: the copy, in another process, opens the newest commit with the same ranking."""
        require(self, Capability.PROCESSES)
        return _reopened, (os.path.abspath(self.location), self._open_view().ranking)  # noqa: PTH100  # resolves no links

    def close(self) -> None:
        """Release the files of the index. Views taken before stay usable."""
        self._view = None


class EmbeddedWriter:
    """The writer of an embedded index."""

    def __init__(self, directory: Directory, writer: IndexWriter) -> None:
        self._directory = directory
        self._writer = writer
        self._reader: IndexReader | None = None

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles and commit; see `Index.add`."""
        from arsearch.index.writing.bulk_add import BulkAdd

        BulkAdd(self._writer, report, options).run(articles)

    def get(self, id: str) -> Article | None:
        """Return the article with the id in the newest commit, or `None`."""
        if self._reader is None or self._reader.manifest.generation != self._writer.manifest.generation:
            self._reader = IndexReader.open(self._directory, self._writer.manifest)
        doc = self._reader.find(id)
        return None if doc < 0 else self._reader.article(doc)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with the given ids, and return the number deleted."""
        return sum(self._writer.delete(id) for id in ids)

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through, and return the number deleted."""
        reader = IndexReader.open(self._directory, self._writer.manifest)
        parsed, _ = read_filters(reader.schema, filters)
        docs = allowed_docs(reader, parsed)
        if docs is None:
            return 0
        docs = reader.with_works(docs)
        for segment, low, high in zip(reader.segments, reader.bases, reader.bases[1:], strict=False):
            self._writer.delete_docs(segment.name, docs[(docs >= low) & (docs < high)] - low)
        return len(reader.one_of_each_work(docs))

    def sync_state(self) -> bytes | None:
        """Return the state of `arsearch.sync` in the newest commit; `None` if there is none."""
        return self._writer.sync_state()

    def keep_sync_state(self, state: Callable[[], bytes]) -> None:
        """Commit what `state` returns at each commit from now on."""
        self._writer.keep_sync_state(state)

    def optimize(self) -> None:
        """Merge all segments into one without deleted articles."""
        self._writer.optimize()

    def commit(self) -> None:
        """Publish all changes as one commit."""
        self._writer.commit()
