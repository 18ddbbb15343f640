"""Begin, finish and discard the load of a new index.

The document `@load` marks an index that is being loaded, and counts its feeders. It goes when the load is finished.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.analyzer import stored_analyzer
from arsearch.errors import ArsearchError, IndexExistsError, IndexWriteError, QueryError
from arsearch.model import AddReport
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.filters import EVERYTHING
from arsearch.opensearch.indexes.about import check_cluster, read_about
from arsearch.opensearch.indexes.aliases import new_successor, publish
from arsearch.opensearch.location import read_location
from arsearch.opensearch.lock import locked
from arsearch.search.request import LOCK_TIMEOUT

__all__ = ["begin_load", "connect", "discard_load", "finish_load", "next_feeder"]

_DOCUMENT = "@load"


def connect(location: str) -> Connection:
    """Return the connection to a location."""
    return Connection(read_location(location))


def begin_load(
    location: str, *, analyzer: ArabicAnalyzer | None = None, fields: Mapping[str, str] | None = None
) -> str:
    """Make an empty index that will take the name of `location`, and return its own location, for `feed`.

    The new index has no copies of its shards and refreshes at no time, which makes loading fast; no search finds it. Its
    analyzer and declared fields are those given, else those of the index at `location`, else the default ones. The options
    `shards` and `replicas` of `location` count, else those of the old index.
    """
    connection = connect(location)
    check_cluster(connection)
    about = read_about(connection, old=True)
    if analyzer is None:
        remedy = "give another analyzer to begin_load"
        analyzer = (
            ArabicAnalyzer() if about is None else stored_analyzer(location, about.analyzer, about.fingerprint, remedy)
        )
    if fields is None and about is not None:
        fields = about.fields
    try:
        schema = Schema(fields)
    except ValueError as error:
        raise QueryError(str(error)) from None
    new = new_successor(connection, analyzer, schema)
    try:
        new.request("PUT", f"/{new.location.name}/_doc/{_DOCUMENT}", {"seq": 0})
    except ArsearchError:
        with contextlib.suppress(ArsearchError):
            new.request("DELETE", f"/{new.location.name}")
        raise
    return new.location.text


def next_feeder(connection: Connection) -> int:
    """Return the number of one more feeder, from 1. Raises IndexExistsError for an index that is not being loaded."""
    name = connection.location.name
    body = {"script": {"source": "ctx._source.seq += 1"}}
    params = {"_source": "true", "retry_on_conflict": 50}
    try:
        connection.request("GET", f"/{name}/_doc/{_DOCUMENT}")  # an update might make a missing index
        found = connection.request("POST", f"/{name}/_update/{_DOCUMENT}", body, params=params)
    except RequestFailedError as error:
        if error.status != 404:
            raise
        raise IndexExistsError(
            f"the index at {connection.location.text!r} is not being loaded; feed fills an index that begin_load has made, "
            "until finish_load; use index.add for other indexes"
        ) from None
    return int(found["get"]["_source"]["seq"])


def finish_load(new: str, location: str, reports: Iterable[AddReport], *, timeout: float = LOCK_TIMEOUT) -> AddReport:
    """Give a loaded index the name of `location`, and return the sum of all reports; the old index is deleted.

    `new` is the location from `begin_load`, and `reports` has the report of each `feed`. The number of documents must be that
    of the reports. Then the cluster copies the shards to other nodes, and the name is changed in one step; it is an alias
    from then on. Searches of the old index that have begun go on; its snapshots end. Articles that were added to the old index
    during the load go with it.

    Raises IndexWriteError if documents are missing, IndexLockedError if a writer holds the lock of the old index for `timeout`
    seconds, and IndexUnavailableError if the shards are not copied before the deadline of `location`. The old index stays in use
    then, and the call may be repeated; `discard_load` deletes the new one.
    """
    total = AddReport()
    for report in reports:
        total.extend(report)
    loaded, connection = connect(new), connect(location)
    name = loaded.location.name
    next_feeder(loaded)  # raises an error if the index is not being loaded
    loaded.request("POST", f"/{name}/_refresh")
    count = loaded.request("GET", f"/{name}/_count", {"query": EVERYTHING})["count"]
    documents = total.added + total.parts
    if count != documents:
        raise IndexWriteError(
            f"the new index for {location!r} has {count:,} documents, and the reports name {documents:,}; a report is missing, "
            "or an id stands in several partitions; the old index stays in use"
        )
    with ExitStack() as stack:
        if read_about(connection, old=True) is not None:
            stack.enter_context(locked(connection, timeout))
        publish(connection, loaded, count)
    with contextlib.suppress(RequestFailedError):  # a mark that stays does no harm but to let `feed` in
        loaded.request("DELETE", f"/{name}/_doc/{_DOCUMENT}")
    total.commits, total.committed = 1, total.added
    return total


def discard_load(new: str) -> None:
    """Delete an index that is being loaded. Raises IndexExistsError if it was finished, or not made by `begin_load`."""
    connection = connect(new)
    next_feeder(connection)
    connection.request("DELETE", f"/{connection.location.name}")
