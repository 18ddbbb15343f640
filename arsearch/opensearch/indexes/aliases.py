"""Replace an index by a successor that is built beside it, while the old one answers.

    with successor(connection, analyzer, schema) as new:
        ...                                     # add articles to the index of the connection `new`
        publish(connection, new, articles)      # verify it, and give it the name of the old one

A successor has a name of its own, NAME-TIME, and no copies of its shards; nothing finds it before `publish`. `publish` counts its
documents, lets the cluster copy the shards, and then names the successor in one step: the name is an alias from then on.
If the block ends without `publish`, the successor is deleted, and the old index stays as it was.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArsearchError, IndexUnavailableError, IndexWriteError
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.filters import EVERYTHING
from arsearch.opensearch.indexes.about import create_index
from arsearch.opensearch.indexes.commits import newest_commit, put_commit
from arsearch.opensearch.mapping import replica_settings

__all__ = ["new_successor", "publish", "successor"]

_REPLICAS = ("auto_expand_replicas", "number_of_replicas")


def new_successor(connection: Connection, analyzer: ArabicAnalyzer, schema: Schema) -> Connection:
    """Make an empty index beside the one of a connection, and return the connection to it.

    There may be no old index. The successor has as many shards as the old index, unless the location names a number.
    """
    location = connection.location
    _, old = _named(connection)
    shards = location.shards or (int(old["number_of_shards"]) if old else 1)
    new = connection.named(
        f"{location.name}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{time.time_ns() % 10**6:06}"
    )
    new.location = replace(new.location, shards=shards, replicas="0")
    create_index(new, analyzer, schema)
    return new


@contextmanager
def successor(connection: Connection, analyzer: ArabicAnalyzer, schema: Schema) -> Iterator[Connection]:
    """Make an empty index as `new_successor` does; it is deleted if the block ends without `publish`."""
    new = new_successor(connection, analyzer, schema)
    try:
        yield new
    finally:
        with contextlib.suppress(ArsearchError, RequestFailedError):
            if _named(connection)[0] != new.location.name:
                new.request("DELETE", f"/{new.location.name}")


def publish(connection: Connection, new: Connection, documents: int) -> None:
    """Verify that a successor has a number of documents, and give it the name of the old index, which is then deleted.

    The documents of a work are its head and its parts. The commit of the successor counts as newer than all of the old index,
    and keeps its state of `sync`. Call it while no writer works on the old index, or on the successor. Raises IndexWriteError
    if a document is missing, and IndexUnavailableError if the cluster cannot copy the shards in time; the old index then
    keeps its name.
    """
    location = connection.location
    old, settings = _named(connection)
    new.request("POST", f"/{new.location.name}/_refresh")
    count = new.request("GET", f"/{new.location.name}/_count", {"query": EVERYTHING})["count"]
    if count != documents:
        raise IndexWriteError(
            f"the new index for {location.text!r} has {count} documents instead of {documents}; the old one stays in use"
        )
    _copy_shards(new, location.replicas, settings)
    last = newest_commit(new)
    if old is not None:
        before = newest_commit(connection, state=True)
        last = last._replace(generation=max(last.generation, before.generation + 1), state=before.state)
    put_commit(new, last)
    actions: list[dict[str, Any]] = [{"add": {"index": new.location.name, "alias": location.name}}]
    if old == location.name:
        actions.insert(0, {"remove_index": {"index": old}})
    elif old is not None:
        actions.insert(0, {"remove": {"index": old, "alias": location.name, "must_exist": True}})
    new.request("POST", "/_aliases", {"actions": actions})
    if old not in (None, location.name):
        with contextlib.suppress(RequestFailedError):  # gone by now
            connection.request("DELETE", f"/{old}")


def _named(connection: Connection) -> tuple[str | None, dict[str, Any]]:
    """Return the index that a name stands for, and its settings; `None` if there is none."""
    try:
        found = connection.request("GET", f"/{connection.location.name}/_settings")
    except RequestFailedError as error:
        if error.status != 404:
            raise
        return None, {}
    ((name, about),) = found.items()
    return name, about["settings"]["index"]


def _copy_shards(new: Connection, replicas: str | None, old: dict[str, Any]) -> None:
    """Give a new index the copies that the location or the old index has, and wait for them."""
    name = new.location.name
    settings = {key: old[key] for key in _REPLICAS if key in old} if old and replicas is None else {}
    if settings.get("auto_expand_replicas", "false") != "false":
        del settings["number_of_replicas"]
    new.request("PUT", f"/{name}/_settings", {"index": settings or replica_settings(replicas or "0-1")})
    seconds = new.location.deadline
    params = {"wait_for_status": "yellow", "wait_for_no_initializing_shards": "true", "timeout": f"{int(seconds)}s"}
    end = time.monotonic() + seconds
    while True:  # a try of a request is shorter than the deadline
        try:
            health = new.request("GET", f"/_cluster/health/{name}", params={**params, "timeout": "5s"})
        except RequestFailedError as error:
            if error.status != 408:
                raise
            health = {"timed_out": True}
        if not health["timed_out"]:
            return
        if time.monotonic() > end:
            raise IndexUnavailableError(
                f"the cluster did not copy the shards of the new index for {new.location.text!r} in {seconds:g} s; "
                "the old one stays in use"
            )
