"""The outermost middleware: it turns errors into answers, counts and logs requests, and adds the headers of security."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arsearch.errors import UnsupportedError
from arsearch.web.metrics import Metrics
from arsearch.web.problems import ProblemError, problem_of
from arsearch.web.security import add_headers
from arsearch.web.settings import AccessLog

__all__ = ["ObservingMiddleware"]

_log = logging.getLogger("arsearch.web")
_access = logging.getLogger("arsearch.web.access")
_CLOSED = 499
"""The status that is counted for a client that went away; nothing is sent."""
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class ObservingMiddleware:
    """Answers errors of all that it contains with `respond`, which makes the answer of a problem."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        access_log: AccessLog,
        respond: Callable[[Request, ProblemError], Response],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._access_log = access_log
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        start = time.perf_counter()
        self._metrics.in_flight += 1
        sender = add_headers(watch)
        try:
            await self._app(scope, receive, sender)
        except ClientDisconnect:
            status = status or _CLOSED
        except Exception as error:
            problem = problem_of(error)
            if problem.status >= 500 and not isinstance(error, ProblemError | UnsupportedError):
                _log.error("a request to %s failed", _path(scope), exc_info=error)
            if status:  # the answer has begun: closing the connection tells the client that it is not whole
                raise
            await self._respond(Request(scope), problem)(scope, receive, sender)
        finally:
            seconds = time.perf_counter() - start
            self._metrics.in_flight -= 1
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.count(_route(scope), method, status or _CLOSED, seconds)
            if self._access_log != "off":
                self._log_access(scope, status, seconds)

    def _log_access(self, scope: Scope, status: int, seconds: float) -> None:
        query = scope.get("query_string", b"").decode("ascii", "replace") if self._access_log == "queries" else ""
        target = f"{_path(scope)}?{query}" if query else _path(scope)
        client = (scope.get("client") or ("-", 0))[0]
        _access.info("%s %s %s %d %.1f ms", client, scope["method"], target, status, seconds * 1000)


def _path(scope: Scope) -> str:
    """Return the path as it was sent: percent-encoded, so that it cannot forge a line of a log."""
    raw = scope.get("raw_path") or scope["path"].encode("utf-8", "replace")
    return "".join(chr(byte) if 32 < byte < 127 else f"%{byte:02X}" for byte in raw)


def _route(scope: Scope) -> str:
    """Return the name of the route for the figures; "other" for a path that no route has."""
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", type(endpoint).__name__) if endpoint is not None else "other"
