"""Security of all requests: headers of answers, the check of the header `Host`, tokens, and a rate limit for each client."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arsearch.web.problems import ProblemError
from arsearch.web.settings import WebSettings

__all__ = ["HEADERS", "Buckets", "SecurityMiddleware", "host_allowed", "require_token"]

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""The headers of every answer, unless a route sets its own. Inline styles and scripts never run."""

_MAX_CLIENTS = 10_000
_BEARER = "bearer "


class SecurityMiddleware:
    """Refuses requests for unknown hosts and from clients that are too fast, and adds `HEADERS` to every answer."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._app = app
        self._hosts = settings.allowed_hosts
        self._buckets = Buckets(settings.rate, settings.burst) if settings.rate > 0 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or raise ProblemError for the middleware outside this one."""
        if scope["type"] == "http":
            self._check(scope)
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        if self._hosts and not host_allowed(Headers(scope=scope).get("host", ""), self._hosts):
            raise ProblemError(400, "host", "this server does not answer for the host named; --allow-host adds a name")
        if self._buckets is not None and (wait := self._buckets.take(_client(scope))):
            seconds = str(max(1, round(wait)))
            raise ProblemError(429, "rate", "too many requests; repeat it later", headers={"Retry-After": seconds})


def add_headers(send: Send) -> Send:
    """Return a function that adds `HEADERS` to an answer, and sends it with `send`."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def host_allowed(header: str, allowed: Iterable[str]) -> bool:
    """Tell whether the value of a header `Host` names one of the allowed hosts; its port does not matter.

    `*.example.org` allows all subdomains, and `*` all hosts.
    """
    host = header.strip().lower()
    if host.startswith("["):
        host = host.partition("]")[0].removeprefix("[")
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    for name in allowed:
        name = name.lower().strip("[]")
        if name == "*" or (host == name and host):
            return True
        if name.startswith("*.") and host.endswith(name[1:]) and not host.startswith("."):
            return True
    return False


def require_token(request: Request, settings: WebSettings) -> None:
    """Raise ProblemError unless the request has a token; the body of the request is not read.

    The status is 403 on a server without tokens, and 401 for a missing or wrong token. All tokens are compared, each in
    a time that does not depend on its letters.
    """
    if not settings.tokens:
        raise ProblemError(403, "read_only", "this server is read-only; it was started without a token")
    header = request.headers.get("authorization", "")
    given = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
    matches = [hmac.compare_digest(given.encode("utf-8"), token.encode("utf-8")) for token in settings.tokens]
    if not any(matches):
        challenge = 'Bearer realm="arsearch"' + (', error="invalid_token"' if given else "")
        raise ProblemError(
            401,
            "token",
            "send the token of this server as `Authorization: Bearer TOKEN`",
            headers={"WWW-Authenticate": challenge},
        )


class Buckets:
    """A token bucket for each client: `burst` requests at once, and `rate` in a second for long.

    The buckets of the 10,000 clients seen last are kept. Source: Wikipedia, "Token bucket".
    """

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(max(1, burst))
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take one request from the bucket of a client; return the seconds until one is free, 0 if it was free."""
        now = self._clock()
        level, then = self._levels.pop(client, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        wait = 0.0 if level >= 1 else (1 - level) / self._rate
        self._levels[client] = (level if wait else level - 1), now
        if len(self._levels) > _MAX_CLIENTS:
            self._levels.popitem(last=False)
        return wait


def _client(scope: Scope) -> str:
    """Return the address of a client; of an IPv6 address the network of 64 bits, which one client has whole."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
