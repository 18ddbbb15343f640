"""The lock of writers: a document of the index that one writer creates, renews while it works, and deletes.

A writer that dies leaves its lock, which another writer takes over after it expires. The times are those of the writers'
machines: their clocks must agree to within a minute.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from arsearch.errors import ArsearchError, IndexLockedError, IndexReadOnlyError
from arsearch.opensearch.connection import Connection, RequestFailedError

__all__ = ["WriteLock", "locked"]

_LASTS = 120.0
_RENEWED_AFTER = 30.0
_PAUSE = 0.1
_DOCUMENT = "_doc/@lock"


class WriteLock:
    """A lock that is held; `renew` keeps it."""

    def __init__(self, connection: Connection, owner: str, version: dict[str, Any], index: str) -> None:
        """Keep the lock with a version, which is a document of `index`; the name of the location may be an alias."""
        self._connection = connection
        self._index = index
        self._owner = owner
        self._version = version
        self._renewed = time.monotonic()

    def renew(self, *, now: bool = False) -> None:
        """Renew the lock if that is due, or `now`. Raises IndexLockedError if another writer has taken it over."""
        if not now and time.monotonic() - self._renewed < _RENEWED_AFTER:
            return
        try:
            self._version = _version(_put(self._connection, self._owner, self._version))
        except RequestFailedError as error:
            if error.status not in (404, 409):
                raise
            raise IndexLockedError(
                f"the lock of {self._connection.location.text!r} expired, and another writer has it; "
                "nothing further was written; try again"
            ) from None
        self._renewed = time.monotonic()

    def release(self) -> None:
        """Delete the lock; if the cluster does not answer, it expires."""
        with contextlib.suppress(RequestFailedError, ArsearchError):
            # not by an alias, which may name another index by now, with a lock of its own
            self._connection.request("DELETE", f"/{self._index}/{_DOCUMENT}", params=self._version, seconds=10)


@contextmanager
def locked(connection: Connection, timeout: float) -> Iterator[WriteLock]:
    """Hold the lock. Raises IndexLockedError if another writer holds it during the whole `timeout`, in seconds."""
    owner = f"{socket.gethostname()}-{os.getpid()}-{time.time_ns()}"
    end = time.monotonic() + timeout
    while (taken := _taken(connection, owner)) is None:
        if time.monotonic() >= end:
            raise IndexLockedError(
                f"another writer has held {connection.location.text!r} for {timeout:g} s; try again later"
            )
        time.sleep(_PAUSE)
    lock = WriteLock(connection, owner, _version(taken), taken["_index"])
    try:
        yield lock
    finally:
        lock.release()


def _taken(connection: Connection, owner: str) -> Any:
    """Return the answer with the version of the lock document if this writer has made it, or taken it over, else `None`."""
    try:
        return _put(connection, owner, {"op_type": "create"})
    except RequestFailedError as error:
        if error.status == 403:
            raise IndexReadOnlyError(
                f"the cluster does not let us write to {connection.location.text!r} ({error}); give the user the right to write"
            ) from None
        if error.status != 409:
            raise
    try:
        held = connection.request("GET", _path(connection))
    except RequestFailedError as error:
        if error.status != 404:
            raise
        return None  # released in between
    if held["_source"]["owner"] == owner:
        return held  # made by a try whose answer was lost
    if held["_source"]["until"] > time.time():
        return None
    try:
        return _put(connection, owner, _version(held))
    except RequestFailedError as error:
        if error.status != 409:
            raise
        return None


def _put(connection: Connection, owner: str, params: dict[str, Any]) -> Any:
    body = {"owner": owner, "until": time.time() + _LASTS}
    return connection.request("PUT", _path(connection), body, params=params)


def _path(connection: Connection) -> str:
    return f"/{connection.location.name}/{_DOCUMENT}"


def _version(answer: dict[str, Any]) -> dict[str, Any]:
    return {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
