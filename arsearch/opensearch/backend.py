"""The index at one location of a cluster: the protocols of `arsearch.search.backend`."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.concurrency import reset_in_children
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexClosedError,
    IndexNotFoundError,
    IndexOpenError,
    IndexVersionError,
    NotAnIndexError,
    QueryError,
    UnsupportedError,
)
from arsearch.model import Recovery
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.documents import DocumentMaker
from arsearch.opensearch.location import read_location
from arsearch.opensearch.lock import locked
from arsearch.opensearch.mapping import FORMAT, index_body
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.view import OpenSearchView
from arsearch.opensearch.writer import Commit, OpenSearchWriter
from arsearch.search.backend import Capability, WriterOptions, stored_analyzer
from arsearch.search.ranking import Ranking

__all__ = ["OpenSearchBackend", "open_index"]

_OLDEST = (2, 12)


def open_index(
    location: str,
    create: bool,
    *,
    analyzer: ArabicAnalyzer | None,
    fields: Mapping[str, str] | None,
    ranking: Ranking,
    recover: bool,
) -> OpenSearchBackend:
    """Open the index at a location; see `arsearch.open`."""
    if recover:
        raise UnsupportedError(location, Capability.RECOVERY.value)
    connection = Connection(read_location(location))
    _check_cluster(connection)
    about = _about(connection)
    if about is None:
        if not create:
            raise IndexNotFoundError(f"there is no index at {location!r}; open it with create=True to make one")
        try:
            schema = Schema(fields)
        except ValueError as error:
            raise QueryError(str(error)) from None
        _create(connection, analyzer or ArabicAnalyzer(), schema)
        about = _about(connection)
        if about is None:
            raise IndexOpenError(f"the index at {location!r} was deleted while it was opened; try again")
    own = stored_analyzer(location, about["analyzer"], about["fingerprint"], "add the articles to a new index")
    if analyzer is not None and analyzer.fingerprint != own.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {location!r} was not written with the analyzer given; open it without one, "
            "or add the articles to a new index"
        )
    declared = dict(about["fields"])
    if fields is not None and dict(fields) != declared:
        raise QueryError(
            f"the index at {location!r} declares the fields {declared!r}, not {dict(fields)!r}; open it without fields, "
            "or add the articles to a new index"
        )
    return OpenSearchBackend(connection, own, Schema(declared), ranking)


def _check_cluster(connection: Connection) -> None:
    """Raise IndexOpenError for a cluster that is not OpenSearch, too old, or does not let us in."""
    location = connection.location.text
    try:
        version = connection.request("GET", "/").get("version", {})
    except RequestFailedError as error:
        if error.status in (401, 403):
            raise IndexOpenError(
                f"the cluster of {location!r} does not let us in ({error.status}); set ARSEARCH_OPENSEARCH_USER and "
                "ARSEARCH_OPENSEARCH_PASSWORD, or ARSEARCH_OPENSEARCH_TOKEN"
            ) from None
        raise IndexOpenError(f"the cluster of {location!r} cannot be used: {error}") from None
    if version.get("distribution") != "opensearch":
        raise NotAnIndexError(f"the server of {location!r} is not OpenSearch; Elasticsearch is not supported")
    number = str(version.get("number"))
    if tuple(int(part) for part in re.findall(r"\d+", number)[:2]) < _OLDEST:
        raise IndexVersionError(f"the cluster of {location!r} is OpenSearch {number}; 2.12 or newer is needed")


def _about(connection: Connection) -> Mapping[str, Any] | None:
    """Return what an index says of itself; `None` if there is none. Raises IndexOpenError for an index that is not ours."""
    location = connection.location
    try:
        found = connection.request("GET", f"/{location.name}/_mapping")
    except RequestFailedError as error:
        if error.status == 404:
            return None
        raise IndexOpenError(f"the index at {location.text!r} cannot be opened: {error}") from None
    if len(found) != 1:
        raise NotAnIndexError(f"{location.text!r} is an alias of {len(found)} indexes; it must name one")
    ((_, index),) = found.items()
    about = index["mappings"].get("_meta", {}).get("arsearch")
    if not isinstance(about, Mapping):
        raise NotAnIndexError(
            f"the index at {location.text!r} was not made by arsearch: another program made it, or the cluster did when "
            "something was added to a missing index; delete it, or choose another name"
        )
    if about["format"] != FORMAT:
        raise IndexVersionError(
            f"the index at {location.text!r} has the format {about['format']}, and this version reads {FORMAT}; "
            "update arsearch, or add the articles to a new index"
        )
    return about


def _create(connection: Connection, analyzer: ArabicAnalyzer, schema: Schema) -> None:
    location = connection.location
    try:
        connection.request("PUT", f"/{location.name}", index_body(location, analyzer, schema))
        connection.request("PUT", f"/{location.name}/_doc/@commit", Commit(0, 0)._asdict(), params={"refresh": "true"})
    except RequestFailedError as error:
        if error.kind != "resource_already_exists_exception":  # another process made it just now
            raise IndexOpenError(f"the cluster cannot make the index at {location.text!r}: {error}") from None


class OpenSearchBackend:
    """One opened index. Threads may share it."""

    recovery: Recovery | None = None
    capabilities = frozenset({Capability.OPTIMIZE, Capability.SNAPSHOTS})

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

    def _newest(self) -> Commit:
        name = self._connection.location.name
        try:
            source = self._connection.request("GET", f"/{name}/_doc/@commit")["_source"]
        except RequestFailedError as error:
            if error.status != 404:
                raise
            if "index_not_found" in error.kind:
                raise IndexNotFoundError(
                    f"the index at {self.location!r} is gone; it was deleted on the cluster"
                ) from None
            return Commit(0, 0)
        return Commit(source["generation"], source["seq"])

    def view(self) -> OpenSearchView:
        """Return the view of the newest commit; it is the same object until there is a newer one."""
        with self._lock:
            if self._closed:
                raise IndexClosedError(f"the index at {self.location!r} is closed; open it again with arsearch.open")
            generation = self._newest().generation
            if self._view is None or self._view.generation != generation:
                self._view = OpenSearchView(
                    self._connection,
                    self._analyzer,
                    self._schema,
                    self._ranking,
                    generation,
                    lambda: self._newest().generation,
                    self._analyser,
                )
            return self._view

    @contextmanager
    def writer(self, options: WriterOptions) -> Iterator[OpenSearchWriter]:
        """Open the writer. Raises IndexLockedError if another writer holds the lock during the whole timeout."""
        self.view()  # IndexClosedError
        with locked(self._connection, options.timeout) as lock:
            maker = DocumentMaker(self._analyser, self._schema, self._analyzer.normalizer.normalise)
            writer = OpenSearchWriter(self._connection, self.view, maker, lock, self._newest(), options)
            try:
                yield writer
            finally:
                writer.close()

    def optimize(self, timeout: float) -> None:
        """Merge the segments of each shard into one."""
        with self.writer(WriterOptions(timeout)):
            path = f"/{self._connection.location.name}/_forcemerge"
            self._connection.request("POST", path, params={"max_num_segments": 1})

    def close(self) -> None:
        """Forget the view; views taken before stay usable while the cluster keeps them."""
        self._closed = True
        self._view = None
