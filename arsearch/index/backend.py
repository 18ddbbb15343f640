"""The embedded back-end: the protocols of `arsearch.search.backend` over a directory of segments."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerMismatchError, IndexClosedError, IndexNotFoundError, QueryError
from arsearch.index.commits.manifest import latest_generation
from arsearch.index.execution.filters import allowed_docs
from arsearch.index.reader.opening import create_index, load_analyzer, open_directory, open_latest
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.view import EmbeddedView
from arsearch.model import AddReport, BackupReport, Recovery
from arsearch.model.ingest import ArticleInput
from arsearch.search.backend import AddOptions, Capability, WriterOptions
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking

if TYPE_CHECKING:
    from arsearch.index.writing.index_writer import IndexWriter

__all__ = ["EmbeddedBackend", "open_backend"]


def open_backend(
    location: str | os.PathLike[str],
    create: bool,
    *,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
) -> EmbeddedBackend:
    """Open the embedded index in a folder or in memory; see `arsearch.open`."""
    directory = open_directory(location, create)
    recovery = None
    if recover:
        from arsearch.index.maintenance.recovery import recover as go_back  # rarely needed

        recovery = go_back(directory)
    try:
        reader = open_latest(directory)
    except IndexNotFoundError:
        if not create:
            raise
        create_index(directory, analyzer or ArabicAnalyzer(), fields)
        reader = open_latest(directory)
    manifest = reader.manifest
    if analyzer is not None and analyzer.fingerprint != manifest.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {directory.location!r} was written with another analyzer than the one given; "
            "open it without one, or rebuild it with `arsearch reindex`"
        )
    if fields is not None and dict(fields) != dict(manifest.fields):
        raise QueryError(
            f"the index at {directory.location!r} declares the fields {dict(manifest.fields)!r}, not {dict(fields)!r}; "
            "open it without fields, or rebuild it with `arsearch reindex`"
        )
    view = EmbeddedView(reader, load_analyzer(directory, manifest), ranking)
    return EmbeddedBackend(directory, view, recovery)


class EmbeddedBackend:
    """An index in one directory. Readers never wait for a writer and always see exactly one commit."""

    def __init__(self, directory: Directory, view: EmbeddedView, recovery: Recovery | None = None) -> None:
        self.recovery = recovery
        self._directory = directory
        self._view: EmbeddedView | None = view
        self._stamp: int | None = None
        self._refresh = threading.Lock()

    @property
    def location(self) -> str:
        """Where the index is."""
        return self._directory.location

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Everything; with several processes only an index in a folder is written."""
        everything = frozenset(Capability)
        return everything if isinstance(self._directory, FSDirectory) else everything - {Capability.WORKERS}

    def view(self) -> EmbeddedView:
        """Return the newest commit; the same view while there is no newer one."""
        view = self._view
        if view is None:
            raise IndexClosedError(f"the index at {self.location!r} is closed; open it again with arsearch.open")
        stamp = self._directory.stamp()
        if stamp is not None and stamp == self._stamp:
            return view
        if latest_generation(self._directory) == view.generation:
            self._stamp = stamp  # taken before the listing: a later commit has another one
            return view
        with self._refresh:
            return self._reload(self._view or view)

    def _reload(self, view: EmbeddedView) -> EmbeddedView:
        reader = open_latest(self._directory, {segment.info: segment for segment in view.reader.segments})
        if reader.manifest.generation == view.generation:
            return view
        analyzer = view.analyzer
        if reader.manifest.fingerprint != view.reader.manifest.fingerprint:
            analyzer = load_analyzer(self._directory, reader.manifest)
        self._view = EmbeddedView(reader, analyzer, view.ranking)
        return self._view

    @contextmanager
    def writer(self, options: WriterOptions) -> Iterator[EmbeddedWriter]:
        """Open the writer. IndexLockedError when another one keeps the index for the timeout."""
        from arsearch.index.writing.index_writer import open_writer  # writing is not needed to search

        analyzer = self.view().analyzer  # of the newest commit: the index may have been rebuilt since it was opened
        with open_writer(
            self._directory,
            analyzer,
            timeout=options.timeout,
            memory_limit=options.memory_limit,
            durable=options.durable,
        ) as writer:
            if writer.manifest.fingerprint != analyzer.fingerprint:
                raise AnalyzerMismatchError(
                    f"the index at {self.location!r} was rebuilt with another analyzer just now; try again"
                )
            yield EmbeddedWriter(self._directory, writer)

    def optimize(self, timeout: float) -> None:
        """Merge all segments into one without deleted articles."""
        with self.writer(WriterOptions(timeout)) as writer:
            writer.optimize()

    def backup(self, folder: str | os.PathLike[str], *, replace: bool, timeout: float) -> BackupReport:
        """Copy the newest commit to a folder."""
        from arsearch.index.maintenance.backup import copy_commit  # rarely needed

        view = self.view()
        return copy_commit(self._directory, view.reader, view.analyzer, folder, replace=replace, timeout=timeout)

    def check(self) -> list[str]:
        """Return what is wrong with the newest commit."""
        from arsearch.index.maintenance.check import check_index  # rarely needed

        return check_index(self.view().reader)

    def close(self) -> None:
        """Release the index's files; views already taken stay usable."""
        self._view = None


class EmbeddedWriter:
    """The writer of an embedded index."""

    def __init__(self, directory: Directory, writer: IndexWriter) -> None:
        self._directory = directory
        self._writer = writer

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles and commit; see `Index.add`."""
        from arsearch.index.writing.bulk_add import BulkAdd

        BulkAdd(self._writer, report, options).run(articles)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with some ids and return how many there were."""
        return sum(self._writer.delete(id) for id in ids)

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through and return how many there were."""
        reader = IndexReader(self._directory, self._writer.manifest)
        found, _ = read_filters(reader.schema, filters)
        docs = allowed_docs(reader, found)
        if docs is None:
            return 0
        for segment, low, high in zip(reader.segments, reader.bases, reader.bases[1:], strict=False):
            self._writer.delete_docs(segment.name, docs[(docs >= low) & (docs < high)] - low)
        return len(docs)

    def optimize(self) -> None:
        """Merge all segments into one without deleted articles."""
        self._writer.optimize()

    def commit(self) -> None:
        """Publish all changes as one commit."""
        self._writer.commit()
