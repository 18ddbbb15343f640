"""The settings of a server."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

from arsearch.errors import QueryError, shown
from arsearch.search.request import read_seconds, read_text, read_whole

__all__ = ["TOKEN_LENGTH", "AccessLog", "WebSettings", "is_host", "is_origin", "is_token"]

AccessLog = Literal["off", "paths", "queries"]

TOKEN_LENGTH = 16
"""The fewest characters of a token: shorter ones can be guessed."""

_HOST = re.compile(r"\*|(\*\.)?[^\s/:*?#@\[\]]+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^\s/?#]+")


def is_token(value: object) -> bool:
    """Tell whether a value can be a token: ASCII letters, digits and signs, and not too few of them."""
    return (
        isinstance(value, str)
        and len(value) >= TOKEN_LENGTH
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def is_host(value: object) -> bool:
    """Tell whether a value can be a name of `allowed_hosts`: a host without scheme, port and path, `*.` and a host, or `*`."""
    return isinstance(value, str) and _HOST.fullmatch(value) is not None


def is_origin(value: object) -> bool:
    """Tell whether a value can be one of `origins`: a scheme and a host without path, or `*`."""
    return isinstance(value, str) and _ORIGIN.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The settings of one server. Times are in seconds, sizes in bytes, lengths in code points.

    Without `tokens` the server is read-only. An empty `allowed_hosts` accepts every `Host` header: an application that
    mounts this one may check the header itself. Raises QueryError for a value that a setting cannot have; tokens are never
    shown.
    """

    title: str = ""
    """The title of the search page; empty for the page's own."""
    tokens: tuple[str, ...] = ()
    """The secrets that allow writing, each sent as `Authorization: Bearer TOKEN`."""
    allowed_hosts: tuple[str, ...] = ()
    """The values of the header `Host` to accept, without ports; `*.example.org` accepts all subdomains."""
    default_limit: int = 10
    """The hits of a page if the request names no number; never more than `max_limit`."""
    max_limit: int = 100
    """The most hits of a page."""
    max_offset: int = 10_000
    """The most hits that a page may skip; a cursor skips as many."""
    max_query: int = 1_000
    """The most code points of a query."""
    max_filters: int = 50
    """The most values of all filters of a search."""
    max_body: int = 64 * 1024 * 1024
    """The most bytes of a request's body."""
    max_line: int = 16 * 1024 * 1024
    """The most bytes of one line of articles."""
    deadline: float = 5.0
    """The time after which a search answers with the hits found so far, and a request with 503 if it has none."""
    concurrency: int = 4
    """The number of searches that run at a time in one process."""
    queue: int = 64
    """The number of searches that wait in one process; further ones are answered by 503."""
    rate: float = 0.0
    """The number of requests in a second that one client may send for long; 0 is no limit."""
    burst: int = 200
    """The number of requests that one client may send at once."""
    lock_timeout: float = 2.0
    """The time that a change waits for another writer before it is answered by 503."""
    origins: tuple[str, ...] = ()
    """The origins of other sites whose scripts may read the API, such as `https://example.org`; "*" is all."""
    access_log: AccessLog = "off"
    """Whether each request is logged: its path, or also the query string, which has the words of searches."""

    def __post_init__(self) -> None:
        for name, read in _READ.items():
            object.__setattr__(self, name, read(name, getattr(self, name)))
        object.__setattr__(self, "default_limit", min(self.default_limit, self.max_limit))

    def __repr__(self) -> str:
        return f"<WebSettings {self.title!r}, {len(self.tokens)} tokens>"


def _read_texts(name: str, value: object, valid: Callable[[object], bool], rule: str) -> tuple[str, ...]:
    """Return a setting that is a list of texts; raise QueryError, which does not show them, unless each is valid."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise QueryError(f"{name} is a list of texts, not a single value: {name}=(...,)")
    texts = tuple(value)
    for place, text in enumerate(texts, 1):
        if not valid(text):
            raise QueryError(f"number {place} of {name} is not allowed; {rule}")
    return texts


def _read_time(name: str, value: object) -> float:
    seconds = read_seconds(name, value)
    if not seconds:
        raise QueryError(f"{name} is {shown(value)}; it must be above 0")
    return seconds


def _read_rate(name: str, value: object) -> float:
    try:
        rate = read_seconds(name, value)
    except QueryError:
        raise QueryError(f"{name} {shown(value)} is not a number of requests; 0 is no limit") from None
    return rate if rate < math.inf else 0.0


def _read_log(name: str, value: object) -> str:
    if value not in get_args(AccessLog):
        raise QueryError(f"{name} {shown(value)} is unknown; known: {', '.join(get_args(AccessLog))}")
    return str(value)


_READ: dict[str, Callable[[str, Any], Any]] = {
    "title": read_text,
    "tokens": partial(
        _read_texts,
        valid=is_token,
        rule=f"a token has at least {TOKEN_LENGTH} ASCII letters, digits and signs, and no space",
    ),
    "allowed_hosts": partial(
        _read_texts, valid=is_host, rule="write a host without scheme, port and path, such as example.org"
    ),
    "origins": partial(_read_texts, valid=is_origin, rule="write a scheme and a host, such as https://example.org"),
    **dict.fromkeys(("default_limit", "max_offset", "max_filters", "queue"), read_whole),
    **dict.fromkeys(
        ("max_limit", "max_query", "max_body", "max_line", "concurrency", "burst"), partial(read_whole, least=1)
    ),
    "deadline": _read_time,
    "rate": _read_rate,
    "lock_timeout": read_seconds,
    "access_log": _read_log,
}
"""The function that checks each setting, and returns its value."""
