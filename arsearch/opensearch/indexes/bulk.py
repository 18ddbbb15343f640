"""Bulk requests: documents are sent until the cluster has taken or refused each of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

from arsearch.errors import IndexUnavailableError
from arsearch.model.places import is_part_id
from arsearch.opensearch.connection import Connection, RequestFailedError

__all__ = ["Bulk", "Result", "operations"]

_REQUEST_BYTES = 4 << 20
_AGAIN = frozenset({429, 503})
_LONGEST_PAUSE = 5.0


class Result(NamedTuple):
    """The result of indexing a document: whether it replaced an article, and the error if it was refused."""

    id: str
    replaced: bool
    error: str | None = None


class Bulk:
    """Sends operations until the cluster has taken or refused each of them."""

    def __init__(self, connection: Connection, renew: Callable[[], None] = lambda: None) -> None:
        """Send to the index of a connection; `renew` is called before each request, to keep a lock."""
        self._connection = connection
        self._renew = renew
        self.refused: dict[str, str] = {}
        """The errors of the documents that the cluster refused, by id."""
        self._replaced: dict[str, bool] = {}

    @property
    def replaced(self) -> list[str]:
        """The ids of the articles that replaced a document, which this object may have sent itself."""
        return [id for id, there in self._replaced.items() if there and id not in self.refused]

    def send(self, operations: Iterable[tuple[str, str]]) -> None:
        """Send operations in order; each is the lines of a bulk request, and an id."""
        waiting: list[tuple[str, str]] = []
        size = 0
        for operation in operations:
            waiting.append(operation)
            size += len(operation[0])
            if size >= _REQUEST_BYTES:
                self._send(waiting)
                waiting, size = [], 0
        if waiting:
            self._send(waiting)

    def _send(self, operations: list[tuple[str, str]]) -> None:
        path, pause = f"/{self._connection.location.name}/_bulk", 0.1
        end = time.monotonic() + self._connection.location.deadline
        while operations:
            self._renew()
            body = "".join(lines for lines, _ in operations)
            answer = self._connection.request("POST", path, body)
            again = []
            for operation, item in zip(operations, answer["items"], strict=True):
                ((kind, result),) = item.items()
                id, status = operation[1], result["status"]
                if status in _AGAIN or RequestFailedError(status, "", _error(result)).node_lost:
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


def operations(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the operations of a file of lines: each is its lines, and the id of its document."""
    for line in file:
        action = line.decode()
        if action.startswith('{"delete"'):
            yield action, json.loads(action)["delete"]["_id"]
            continue
        source = next(file).decode()
        yield action + source, json.JSONDecoder().raw_decode(source, source.index(":") + 1)[0]
