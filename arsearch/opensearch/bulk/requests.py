"""Bulk requests, several at once, sent until the cluster has taken or refused each operation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from arsearch.errors import IndexUnavailableError
from arsearch.model.places import is_part_id
from arsearch.opensearch.bulk.spool import Operation
from arsearch.opensearch.connection import Connection, RequestFailedError, disk_is_full
from arsearch.opensearch.lock import WriteLock

__all__ = ["Bulk"]

_REQUEST_BYTES = 4 << 20
_AT_ONCE = 2
"""Requests on the way: one is read from the file and sent while the cluster works on the other."""

_ANSWERED = {"filter_path": "items.*.status,items.*.result,items.*.error.type,items.*.error.reason"}
"""The parts of an answer that are used, without which it is as long as a short article for each operation."""

_AGAIN = frozenset({429, 503})
_LONGEST_PAUSE = 5.0


class Bulk:
    """Sends operations, and keeps their results."""

    def __init__(self, connection: Connection, lock: WriteLock) -> None:
        self._connection = connection
        self._lock = lock
        self.refused: dict[str, str] = {}
        """The errors of the documents that the cluster refused, by id."""
        self._replaced: dict[str, bool] = {}

    @property
    def replaced(self) -> list[str]:
        """The ids of the articles that replaced a document, which this object may have sent itself."""
        return [id for id, there in self._replaced.items() if there and id not in self.refused]

    def send(self, operations: Iterable[Operation], *, ordered: bool = False) -> None:
        """Send operations; `ordered` sends each request after the answer to the one before it.

        The lock is renewed by the calling thread alone. Raises IndexUnavailableError if the cluster does not take an operation
        before the deadline; requests on the way are waited for.
        """
        most = 1 if ordered else _AT_ONCE
        with ThreadPoolExecutor(most) as threads:
            sent: set[Future[None]] = set()
            for request in _requests(operations):
                sent.add(threads.submit(self._send, request, ordered))
                while len(sent) >= most + 1:  # one waits, so that no thread does
                    sent = self._waited(sent)
            while sent:
                sent = self._waited(sent)

    def _waited(self, sent: set[Future[None]]) -> set[Future[None]]:
        done, pending = wait(sent, timeout=1.0, return_when=FIRST_COMPLETED)
        self._lock.renew()
        for one in done:
            one.result()
        return pending

    def _send(self, operations: list[Operation], ordered: bool) -> None:
        path, pause = f"/{self._connection.location.name}/_bulk", 0.1
        end = time.monotonic() + self._connection.location.deadline
        while operations:
            body = b"".join([lines for lines, _ in operations])
            answer = self._connection.request("POST", path, body, params=_ANSWERED)
            again: list[Operation] = []
            for at, (operation, item) in enumerate(zip(operations, answer["items"], strict=True)):
                ((kind, result),) = item.items()
                id, status = operation.id, result["status"]
                if disk_is_full(_error(result)):
                    raise self._connection.disk_full()
                if status in _AGAIN or RequestFailedError(status, "", _error(result)).node_lost:
                    if ordered:  # a later operation may be for the same document
                        again = operations[at:]
                        break
                    again.append(operation)
                elif kind == "index":
                    self._note(id, result)
                elif status >= 400 and status != 404:
                    self.refused[id] = _error(result)
            if again and time.monotonic() + pause >= end:
                raise IndexUnavailableError(
                    f"the cluster of {self._connection.location.text!r} is overloaded: it took "
                    f"{len(operations) - len(again)} of {len(operations)} documents; add the articles again later"
                )
            if again:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            operations = again

    def _note(self, id: str, result: Mapping[str, Any]) -> None:
        if result["status"] >= 400:
            self.refused[id] = _error(result)
        elif not is_part_id(id):
            # the first result counts: later ones replace the article of the same call
            self._replaced.setdefault(id, result["result"] == "updated")


def _error(result: Mapping[str, Any]) -> str:
    error = result.get("error", {})
    return f"{error.get('type')}: {str(error.get('reason'))[:200]}"


def _requests(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    waiting: list[Operation] = []
    size = 0
    for operation in operations:
        waiting.append(operation)
        size += len(operation.lines)
        if size >= _REQUEST_BYTES:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting
