"""Run the application with uvicorn: sockets, processes and signals."""

from __future__ import annotations

import contextlib
import copy
import ipaddress
import logging
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from arsearch.query.synonyms import Synonyms
from arsearch.web.settings import WebSettings

__all__ = ["ServerOptions", "address_of", "listen", "run_server"]

_KEEP_ALIVE = 5
_GRACE = 3
"""The seconds that running requests have after Ctrl-C."""

_CONNECTIONS = 1_000
"""The connections of one process; further ones are answered by 503."""

_LOGGING: Mapping[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "loggers": {
        "arsearch.web": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """The locations of the indexes to serve, by name, the settings of the application, and the options of its processes.

    `synonyms` are searched in all indexes.
    `root_path` is the path at which a proxy offers the application. `proxy_headers` reads the address of the client from
    the headers of a proxy on this machine, or at the addresses of `$FORWARDED_ALLOW_IPS`.
    """

    locations: Mapping[str, Sequence[str]]
    settings: WebSettings = field(default_factory=WebSettings)
    workers: int = 1
    root_path: str = ""
    proxy_headers: bool = False
    synonyms: Synonyms | None = None


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address. Raises OSError if the port is in use or the address is not one of ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once only where the protocol is named; elsewhere each would wait 40 ms for the client
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        # uvicorn listens again: that is allowed, and finds a port that another program took meanwhile
        bound.listen(1)
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(True)
    return bound


def address_of(bound: socket.socket, host: str) -> str:
    """Return the URL of the root on this machine."""
    port = bound.getsockname()[1]
    try:
        anywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        anywhere = False
    name = "localhost" if anywhere else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def run_server(options: ServerOptions, bound: socket.socket) -> None:
    """Serve on a socket until Ctrl-C or SIGTERM, with one process or, below a supervisor, with `options.workers`."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        partial(_create, options),
        factory=True,
        workers=options.workers,
        root_path=options.root_path,
        proxy_headers=options.proxy_headers,
        log_config=copy.deepcopy(dict(_LOGGING)),
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        limit_concurrency=_CONNECTIONS,
        ws="none",
    )
    if options.workers > 1:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        Multiprocess(config, sockets=[bound]).run()
    else:
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after all requests are answered
            uvicorn.Server(config).run(sockets=[bound])


def _create(options: ServerOptions) -> Any:
    from arsearch.web.application import create_app

    return create_app(options.locations, options.settings, synonyms=options.synonyms)
