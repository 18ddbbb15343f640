"""The search page and the HTTP API, as an ASGI application.

    from arsearch.web import create_app
    app = create_app(arsearch.open("news.arsearch"))

`pip install "arsearch[web]"` installs Starlette, uvicorn and Jinja2. Names are imported when first used.

| module | contents |
|---|---|
| `application` | `create_app`: routes, middleware, errors |
| `convertors` | ids of articles in paths |
| `context` | `WebContext`: the objects that every route needs |
| `settings` | `WebSettings`: titles, limits, tokens, hosts |
| `indexes` | the named indexes of one server |
| `states` | `SearchState`: the parameters of a search, and links to changed searches |
| `cursors` | the place of a page in the hits of one commit |
| `searching` | searches in threads, under a limit of concurrency and a deadline |
| `problems` | errors as RFC 9457 problem details |
| `security` | headers, hosts, tokens, a rate limit for each client |
| `metrics`, `observing` | counts and times of requests; errors and the access log |
| `server` | `run_server`: sockets, processes, signals |
| `api` | the routes of `/api` |
| `pages` | the routes of the search page |
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.web.application import create_app as create_app
    from arsearch.web.settings import WebSettings as WebSettings

__all__ = ["WebSettings", "create_app"]

_MODULES = {"WebSettings": "settings", "create_app": "application"}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'arsearch.web' has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"arsearch.web.{module}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("arsearch"):
            raise
        raise ImportError(f'the server needs {error.name}: run pip install "arsearch[web]"') from error
