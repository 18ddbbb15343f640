"""The index at one location of a cluster: the protocols of `arsearch.search.backend`."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.analyzer import stored_analyzer
from arsearch.concurrency import reset_in_children
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexClosedError,
    IndexNotFoundError,
    IndexOpenError,
    QueryError,
    UnsupportedError,
)
from arsearch.model import Recovery
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.documents import DocumentMaker
from arsearch.opensearch.filters import none_of
from arsearch.opensearch.indexes.about import About, check_cluster, create_index, read_about
from arsearch.opensearch.indexes.commits import Commit, newest_commit, put_commit
from arsearch.opensearch.indexes.merging import merge
from arsearch.opensearch.location import read_location
from arsearch.opensearch.lock import locked
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.view import OpenSearchView
from arsearch.opensearch.writer import OpenSearchWriter
from arsearch.search.backend import Capability, WriterOptions
from arsearch.search.ranking import Ranking
from arsearch.search.statistics import CollectionStatistics

if TYPE_CHECKING:
    from arsearch.opensearch.member import OpenSearchMember

__all__ = ["OpenSearchBackend", "open_index", "own_analyzer"]

_MOST_SWAPS = 3


def open_index(
    location: str,
    create: bool,
    *,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
    client: Any = None,
) -> OpenSearchBackend:
    """Open the index at a location; see `arsearch.open`."""
    if recover:
        raise UnsupportedError(location, Capability.RECOVERY.value)
    connection = Connection(read_location(location, with_client=client is not None), client)
    check_cluster(connection)
    about = read_about(connection)
    if about is None:
        if not create:
            raise IndexNotFoundError(f"there is no index at {location!r}; open it with create=True to make one")
        try:
            schema = Schema(fields)
        except ValueError as error:
            raise QueryError(str(error)) from None
        create_index(connection, analyzer or ArabicAnalyzer(), schema)
        about = read_about(connection)
        if about is None:
            raise IndexOpenError(f"the index at {location!r} was deleted while it was opened; try again")
    own = own_analyzer(location, about)
    if analyzer is not None and analyzer.fingerprint != own.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {location!r} was not written with the analyzer given; open it without one, "
            "or rebuild it with arsearch.reindex"
        )
    if fields is not None and dict(fields) != about.fields:
        raise QueryError(
            f"the index at {location!r} declares the fields {about.fields!r}, not {dict(fields)!r}; open it without fields, "
            "or rebuild it with arsearch.reindex"
        )
    return OpenSearchBackend(connection, own, Schema(about.fields), ranking)


def _reopened(location: str, ranking: Ranking) -> OpenSearchBackend:
    return open_index(location, False, analyzer=None, fields=None, ranking=ranking, recover=False)


def own_analyzer(location: str, about: About) -> ArabicAnalyzer:
    """Return the analyzer that an index was written with. Raises AnalyzerMismatchError if this version lacks it."""
    remedy = f"rebuild the index with `arsearch reindex -i {location}`"
    return stored_analyzer(location, about.analyzer, about.fingerprint, remedy)


class OpenSearchBackend:
    """One opened index. Threads may share it."""

    recovery: Recovery | None = None
    capabilities = frozenset(
        {
            Capability.CORRECT,
            Capability.JOIN,
            Capability.NEAR_DUPLICATES,
            Capability.OPTIMIZE,
            Capability.PROCESSES,
            Capability.SNAPSHOTS,
            Capability.SUGGEST,
            Capability.SYNC,
            Capability.WORKERS,
        }
    )

    def __init__(self, connection: Connection, analyzer: ArabicAnalyzer, schema: Schema, ranking: Ranking) -> None:
        self._connection = connection
        self._analyzer = analyzer
        self._schema = schema
        self._ranking = ranking
        self._analyser = FieldAnalyser(analyzer)
        self._lock = threading.Lock()
        self._closed = False
        self._view: OpenSearchView | None = None
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        """The location of the index."""
        return self._connection.location.text

    def view(self) -> OpenSearchView:
        """Return the view of the newest commit; it is the same object until there is a newer one."""
        with self._lock:
            if self._closed:
                raise IndexClosedError(f"the index at {self.location!r} is closed; open it again with arsearch.open")
            for attempt in range(_MOST_SWAPS):
                commit = newest_commit(self._connection)
                if self._view is not None and self._view.generation == commit.generation:
                    break
                try:
                    self._view = self._view_of(commit)
                except RequestFailedError as error:  # another index took the name just now
                    if error.status != 404 or attempt == _MOST_SWAPS - 1:
                        raise
            assert self._view is not None
            return self._view

    def _view_of(self, commit: Commit) -> OpenSearchView:
        if self._view is not None and commit.name != self._view.index:
            about = read_about(self._connection)
            if about is not None and about.fingerprint != self._analyzer.fingerprint:
                self._analyzer = own_analyzer(self.location, about)
                self._analyser = FieldAnalyser(self._analyzer)
            if about is not None and about.fields != self._schema.declared:
                self._schema = Schema(about.fields)
        return OpenSearchView(
            self._connection,
            self._analyzer,
            self._schema,
            self._ranking,
            commit,
            lambda: newest_commit(self._connection).generation,
            self._analyser,
        )

    @contextmanager
    def writer(self, options: WriterOptions) -> Iterator[OpenSearchWriter]:
        """Open the writer. Raises IndexLockedError if another writer holds the lock during the whole timeout."""
        self.view()  # IndexClosedError
        with locked(self._connection, options.timeout) as lock:
            self.view()  # the index may have been rebuilt
            maker = DocumentMaker(self._analyser, self._schema, self._analyzer.normalizer.normalise)
            last = newest_commit(self._connection)
            writer = OpenSearchWriter(self._connection, self.view, maker, lock, last, options)
            try:
                yield writer
            finally:
                writer.close()

    def optimize(self, timeout: float) -> None:
        """Merge the segments of each shard into one, however long that takes, and commit."""
        self.view()  # IndexClosedError
        with locked(self._connection, timeout) as lock:
            merge(self._connection, lock.renew)
            last = newest_commit(self._connection)
            put_commit(self._connection, last._replace(generation=last.generation + 1))

    def article_ids(self, view: OpenSearchView) -> Iterator[str]:
        """Yield the ids of the articles of a view; of works the ids of their heads."""
        yield from view.ids(none_of([{"term": {"part": True}}]))

    def known_ids(self, view: OpenSearchView, ids: Collection[str]) -> Collection[str]:
        """Return those of some ids that a view has."""
        return view.existing(ids)

    def member(
        self, view: OpenSearchView, schema: Schema, hidden: Collection[str], collection: CollectionStatistics
    ) -> OpenSearchMember:
        """Return a view as a member of several indexes; see `federation.member.MemberBackend`."""
        from arsearch.opensearch.member import OpenSearchMember  # few programs search several indexes

        return OpenSearchMember(view, schema, hidden, collection)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle an index by its location: the copy, in another process, reads credentials from the environment there."""
        if self._connection.is_ready_client:
            raise UnsupportedError(self.location, Capability.PROCESSES.value)
        return _reopened, (self.location, self._ranking)

    def close(self) -> None:
        """Forget the view; views taken before stay usable while the cluster keeps them."""
        self._closed = True
        self._view = None
