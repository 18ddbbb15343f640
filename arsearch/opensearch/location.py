"""Read a location such as `opensearch://host:9200/news?shards=3`, and the credentials from the environment.

A location never has credentials, because locations stand in messages and logs.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from arsearch.errors import NotAnIndexError

__all__ = ["Location", "read_location"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:]+\](?::\d{1,5})?")
_REPLICAS = re.compile(r"\d+(?:-(?:\d+|all))?")


@dataclass(frozen=True, slots=True)
class Location:
    """Where an index is: the hosts of the cluster as URLs, and the name of the index there.

    `shards` and `replicas` count for a new index; `None` is the default. `deadline` is the number of seconds that one call may
    take, all tries together.
    """

    text: str
    hosts: tuple[str, ...]
    name: str
    shards: int | None = None
    replicas: str | None = None
    deadline: float = 60.0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca: str = ""
    certificate: str = ""
    key: str = ""

    def named(self, name: str) -> Location:
        """Return the location of another index of the cluster."""
        return replace(self, name=name, text=urlunsplit(urlsplit(self.text)._replace(path=f"/{name}")))


def read_location(text: str, *, with_client: bool = False) -> Location:
    """Return the parts of a location, which needs no host beside a ready client.

    Raises NotAnIndexError for a location that names no host and index, for an unknown option, and for a location with a
    user or password, which the message does not repeat.
    """
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise NotAnIndexError(
            "a location may not hold a user or a password, because locations stand in messages; "
            "set ARSEARCH_OPENSEARCH_USER and ARSEARCH_OPENSEARCH_PASSWORD instead"
        )
    scheme = "https" if parts.scheme.lower() == "opensearchs" else "http"
    hosts = [] if with_client and not parts.netloc else parts.netloc.split(",")
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise NotAnIndexError(
            f"{text!r} names no host; write opensearch://host:9200/name, or several hosts with commas"
        )
    name = parts.path.strip("/")
    if not _NAME.fullmatch(name):
        raise NotAnIndexError(
            f"{name!r} is no name of an index on a cluster; use small Latin letters, digits, '-', '_' and '.', "
            "as in opensearch://host:9200/news"
        )
    urls = tuple(f"{scheme}://{host if re.search(r':[0-9]+$', host) else host + ':9200'}" for host in hosts)
    environment = {
        name: os.environ.get(f"ARSEARCH_OPENSEARCH_{name.upper()}", "")
        for name in ("user", "password", "token", "ca", "certificate", "key")
    }
    return Location(text, urls, name, **_options(text, parts.query), **environment)  # type: ignore[arg-type]


def _options(text: str, query: str) -> dict[str, int | float | str]:
    options: dict[str, int | float | str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "shards" and value.isdecimal() and int(value) > 0:
            options[name] = int(value)
        elif name == "replicas" and _REPLICAS.fullmatch(value):
            options[name] = value
        elif name == "deadline" and re.fullmatch(r"\d+(?:\.\d+)?", value) and float(value) > 0:
            options[name] = float(value)
        else:
            raise NotAnIndexError(
                f"{name}={value} in {text!r} is no option; known: shards=3, replicas=0-1 and deadline=60, in seconds"
            )
    return options
