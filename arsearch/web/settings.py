"""The settings of a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["AccessLog", "WebSettings"]

AccessLog = Literal["off", "paths", "queries"]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The settings of one server. Times are in seconds, sizes in bytes, lengths in code points.

    Without `tokens` the server is read-only. An empty `allowed_hosts` accepts every `Host` header: an application that
    mounts this one may check the header itself.
    """

    title: str = ""
    """The title of the search page; empty for the page's own."""
    tokens: tuple[str, ...] = ()
    """The secrets that allow writing, each sent as `Authorization: Bearer TOKEN`."""
    allowed_hosts: tuple[str, ...] = ()
    """The values of the header `Host` to accept, without ports; `*.example.org` accepts all subdomains."""
    default_limit: int = 10
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

    def __repr__(self) -> str:
        return f"<WebSettings {self.title!r}, {len(self.tokens)} tokens>"
