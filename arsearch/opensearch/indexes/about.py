"""Make an index, and read what it says of itself: its layout, analyzer and fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import IndexNotFoundError, IndexOpenError, IndexVersionError, NotAnIndexError
from arsearch.model.schema import Schema
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.indexes.commits import Commit, put_commit
from arsearch.opensearch.mapping import FORMAT, index_body

__all__ = ["About", "check_cluster", "create_index", "existing", "read_about"]

_OLDEST = (2, 12)


class About(NamedTuple):
    """What an index says of itself: its own name on the cluster, its analyzer with the fingerprint, and its declared fields."""

    name: str
    analyzer: Mapping[str, Any]
    fingerprint: str
    fields: Mapping[str, str]


def check_cluster(connection: Connection) -> None:
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


def read_about(connection: Connection, *, old: bool = False) -> About | None:
    """Return what an index says of itself; `None` if there is none.

    Raises NotAnIndexError for an index of another program, and IndexVersionError for another layout; `old` accepts older
    layouts, whose articles can be read.
    """
    location = connection.location
    try:
        found = connection.request("GET", f"/{location.name}/_mapping")
    except RequestFailedError as error:
        if error.status == 404:
            return None
        raise IndexOpenError(f"the index at {location.text!r} cannot be opened: {error}") from None
    if len(found) != 1:
        raise NotAnIndexError(f"{location.text!r} is an alias of {len(found)} indexes; it must name one")
    ((name, index),) = found.items()
    about = index["mappings"].get("_meta", {}).get("arsearch")
    if not isinstance(about, Mapping):
        raise NotAnIndexError(
            f"the index at {location.text!r} was not made by arsearch: another program made it, or the cluster did when "
            "something was added to a missing index; delete it, or choose another name"
        )
    if about["format"] > FORMAT:
        raise IndexVersionError(
            f"the index at {location.text!r} has the format {about['format']}, and this version reads {FORMAT}; "
            "update arsearch"
        )
    if about["format"] < FORMAT and not old:
        raise IndexVersionError(
            f"the index at {location.text!r} has the format {about['format']}, and this version reads {FORMAT}; "
            f"rebuild it with `arsearch reindex -i {location.text}`"
        )
    return About(name, about["analyzer"], about["fingerprint"], dict(about["fields"]))


def existing(connection: Connection) -> About:
    """Return what the index of a connection says of itself, also if its layout is older. Raises IndexNotFoundError."""
    check_cluster(connection)
    about = read_about(connection, old=True)
    if about is None:
        raise IndexNotFoundError(f"there is no index at {connection.location.text!r}")
    return about


def create_index(connection: Connection, analyzer: ArabicAnalyzer, schema: Schema, last: Commit | None = None) -> None:
    """Make an empty index, unless another process made it just now; its first commit has the number and state of `last`."""
    location = connection.location
    try:
        connection.request("PUT", f"/{location.name}", index_body(location, analyzer, schema))
    except RequestFailedError as error:
        if error.kind == "resource_already_exists_exception":
            return
        raise IndexOpenError(f"the cluster cannot make the index at {location.text!r}: {error}") from None
    put_commit(connection, last or Commit(0, 0, location.name))
