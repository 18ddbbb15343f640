"""The document of an index that numbers its commits. It is written last, so that a commit counts when it is complete."""

from __future__ import annotations

from typing import NamedTuple

from arsearch.errors import IndexNotFoundError
from arsearch.opensearch.connection import Connection, RequestFailedError

__all__ = ["Commit", "newest_commit", "put_commit"]

_DOCUMENT = "_doc/@commit"


class Commit(NamedTuple):
    """The newest commit of an index: its number, the number of the next article in order of adding, and the state of `sync`.

    `name` is that of the index that has it, which an alias may stand for. `state` is `None` if there is none, or if it was not
    read.
    """

    generation: int
    seq: int
    name: str
    state: str | None = None


def newest_commit(connection: Connection, *, state: bool = False) -> Commit:
    """Return the newest commit, with the state of `sync` only if `state`. Raises IndexNotFoundError if the index is gone."""
    name = connection.location.name
    fields = "generation,seq,state" if state else "generation,seq"
    try:
        found = connection.request("GET", f"/{name}/{_DOCUMENT}", params={"_source_includes": fields})
    except RequestFailedError as error:
        if error.status != 404:
            raise
        if "index_not_found" in error.kind:
            raise IndexNotFoundError(
                f"the index at {connection.location.text!r} is gone; it was deleted on the cluster"
            ) from None
        return Commit(0, 0, name)
    source = found["_source"]
    return Commit(source["generation"], source["seq"], found["_index"], source.get("state"))


def put_commit(connection: Connection, commit: Commit) -> None:
    """Make a commit the newest one. A commit without a state keeps the state before it."""
    document: dict[str, int | str] = {"generation": commit.generation, "seq": commit.seq}
    if commit.state is not None:
        document["state"] = commit.state
    body = {"doc": document, "doc_as_upsert": True}
    name = connection.location.name
    connection.request("POST", f"/{name}/_update/@commit", body, params={"retry_on_conflict": 3})
