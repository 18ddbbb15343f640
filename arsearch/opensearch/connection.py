"""Requests to a cluster: one deadline for all tries of a request, and errors of our own tree.

A request is sent again, to another node if there is one, if the node is away, is overloaded (429) or cannot answer now
(502 to 504). Every request of this package may be sent twice without harm. An answer with part of the shards is an error.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from arsearch.concurrency import reset_in_children
from arsearch.errors import ArsearchError, IndexOpenError, IndexUnavailableError, IndexWriteError
from arsearch.opensearch.location import Location

__all__ = ["Connection", "RequestFailedError", "disk_is_full"]

_AGAIN = frozenset({429, 502, 503, 504})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 3.0
_LOST = re.compile(
    r"node not connected|disconnected|no node found|node closed|no_shard_available|no search context", re.I
)
_LONGEST_TRY = 20.0
"""Seconds after which a try counts as failed and another node is asked."""

_LONGEST_SEARCH = "21s"  # longer than a try


class RequestFailedError(ArsearchError):
    """The cluster refused a request; `status` is that of HTTP, and `kind` the name of the error.

    `node_lost` tells whether a node that should have answered is gone, or a point in time with it: the request may succeed
    when the other nodes have taken over.
    """

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{kind} ({status}): {reason[:300]}")
        self.status = status
        self.kind = kind
        self.reason = reason
        self.node_lost = status >= 500 and _LOST.search(f"{kind} {reason}") is not None


class Connection:
    """Connections to the nodes of one cluster. Threads may share it."""

    def __init__(self, location: Location, client: Any = None) -> None:
        """Prepare connections; none is made before the first request. Raises IndexOpenError if opensearch-py is missing.

        `client`, an `opensearchpy.OpenSearch`, sends the requests with its own hosts, credentials and retries.
        """
        self.location = location
        self.is_ready_client = client is not None
        self._client = self._new_client() if client is None else client
        self._parent: Connection | None = None
        """The connection whose client sends the requests; `None` if it is this one's."""
        if client is None:
            reset_in_children(self)

    def _new_client(self) -> Any:
        try:
            from opensearchpy import OpenSearch
        except ImportError as error:
            raise IndexOpenError(
                "indexes on OpenSearch need opensearch-py; install it with `pip install arsearch[opensearch]`"
            ) from error
        location = self.location
        secure = location.hosts[0].startswith("https")
        if not secure and (location.user or location.token):
            raise IndexOpenError(
                f"{location.text!r} is plain HTTP, and a user or token is set in the environment; "
                "use opensearchs://, or unset ARSEARCH_OPENSEARCH_USER and ARSEARCH_OPENSEARCH_TOKEN"
            )
        options: dict[str, Any] = {}
        if location.user:
            options["http_auth"] = (location.user, location.password)
        if location.token:
            options["headers"] = {"Authorization": f"Bearer {location.token}"}
        if secure:
            options |= {"use_ssl": True, "verify_certs": True, "ssl_show_warn": False}
            names = {"ca": "ca_certs", "certificate": "client_cert", "key": "client_key"}
            options |= {name: value for own, name in names.items() if (value := getattr(location, own))}
        logging.getLogger("opensearch").addHandler(logging.NullHandler())
        # its own retries would each take the whole time of a request
        return OpenSearch(list(location.hosts), max_retries=0, pool_maxsize=8, **options)

    def named(self, name: str) -> Connection:
        """Return the connection to another index of the cluster, by the same client."""
        other = Connection(self.location.named(name), self._client)
        other.is_ready_client = self.is_ready_client
        other._parent = self._parent or self
        return other

    def reset_after_fork(self) -> None:
        """Open other connections: two processes must not share one."""
        self._client = self._new_client()

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, Any] | None = None,
        seconds: float | None = None,
        pinned: bool = False,
    ) -> Any:
        """Return the answer to a request as JSON values.

        `seconds` is the time for all tries, by default the deadline of the location. A request `pinned` to a point in time is
        not sent again if a node of it is gone. Raises RequestFailedError for a request that
        the cluster refuses, and IndexUnavailableError if it gives no answer in time.
        """
        from opensearchpy.exceptions import ConnectionError as NoConnectionError
        from opensearchpy.exceptions import SSLError, TransportError

        end = time.monotonic() + (self.location.deadline if seconds is None else seconds)
        pause, tries = _FIRST_PAUSE, 0
        while True:
            rest = end - time.monotonic()
            tries += 1
            try:
                return (self._parent or self)._client.transport.perform_request(
                    method,
                    path,
                    params={**(params or {}), "request_timeout": max(min(rest, _LONGEST_TRY), 0.01)},
                    body=body,
                )
            except SSLError as error:
                raise IndexUnavailableError(
                    f"the certificate of the cluster of {self.location.text!r} is not trusted ({_cause(error)}); "
                    "ARSEARCH_OPENSEARCH_CA names the file of the certificates that sign it"
                ) from None
            except NoConnectionError as error:  # a timeout too
                problem = type(error).__name__
            except TransportError as error:
                status = error.status_code if isinstance(error.status_code, int) else 0
                failed = RequestFailedError(status, str(error.error), _reason(error.info))
                if disk_is_full(failed.reason):
                    raise self.disk_full() from None
                again = not pinned if failed.node_lost else status in _AGAIN
                if not again:
                    raise failed from None
                problem = f"status {status}"
            if time.monotonic() + pause >= end:
                hosts = ", ".join(self.location.hosts)
                times = "1 try" if tries == 1 else f"{tries} tries"
                raise IndexUnavailableError(
                    f"the cluster of {self.location.text!r} gave no answer in time after {times} ({problem}); "
                    f"see that a node listens at {hosts}"
                )
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def disk_full(self) -> IndexWriteError:
        """Return the error of a write that the cluster refuses because a disk is full."""
        return IndexWriteError(
            f"a disk of the cluster of {self.location.text!r} is full, and the cluster takes no more articles; "
            "free space or add a node, then add the articles of this commit again"
        )

    def search(self, body: Mapping[str, Any], seconds: float | None = None) -> Any:
        """Return the answer of all shards to a search at a point in time.

        The cluster ends a search that no try waits for any more, so that further tries do not add to its work.
        """
        params = {"allow_partial_search_results": "false", "cancel_after_time_interval": _LONGEST_SEARCH}
        return self.request("POST", "/_search", body, params=params, seconds=seconds, pinned=True)


def disk_is_full(reason: str) -> bool:
    """Return whether the reason of an error is the block that a cluster puts on an index when a disk is full."""
    return "read-only-allow-delete" in reason


def _cause(error: Exception) -> str:
    found = re.search(r"certificate verify failed: [^(\n]+|[A-Z_]{8,}", str(error))
    return found[0].strip() if found else type(error).__name__


def _reason(info: Any) -> str:
    """Return the reason that the cluster gives; never the articles of a request, which some of its messages repeat."""
    if not isinstance(info, Mapping) or not isinstance(info.get("error"), Mapping):
        return ""
    error = info["error"]
    causes = [error, *error.get("root_cause", ()), *(one.get("reason", {}) for one in error.get("failed_shards", ()))]
    reasons = [str(cause.get("reason", "")) for cause in causes if isinstance(cause, Mapping)]
    return json.dumps(list(dict.fromkeys(filter(None, reasons))), ensure_ascii=False)
