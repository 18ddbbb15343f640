"""The ASGI application: routes, middleware and errors."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from arsearch.web import api, pages
from arsearch.web.context import WebContext
from arsearch.web.indexes import NamedIndexes, Served
from arsearch.web.problems import ProblemError, problem_of, problem_response
from arsearch.web.searching import Searcher
from arsearch.web.security import HeadersMiddleware
from arsearch.web.settings import WebSettings

__all__ = ["create_app"]

_log = logging.getLogger(__name__)


def create_app(index: Served | Mapping[str, Served], settings: WebSettings | None = None) -> Starlette:
    """Return an ASGI application that serves the search page and the HTTP API.

    `index` is an open index, its location, or a mapping from names to several of them; the first is the default. A location
    is opened when first searched. The application may be mounted in another one: all its links are relative to its root.
    """
    settings = settings or WebSettings()
    named = index if isinstance(index, Mapping) else {"default": index}
    context = WebContext(settings, NamedIndexes(named), Searcher(settings))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        context.searcher.close()
        context.indexes.close()

    async def on_error(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            problem = ProblemError(error.status_code, "http", error.detail, headers=error.headers or {})
        else:
            problem = problem_of(error)
        if problem.status >= 500 and not isinstance(error, ProblemError):
            _log.error("a request failed", exc_info=error)
        if request.scope["path"].removeprefix(request.scope.get("root_path", "")).startswith("/api/"):
            return problem_response(problem)
        return pages.problem_page(context, request, problem)

    return Starlette(
        routes=[*api.routes(context), *pages.routes(context)],
        middleware=[Middleware(HeadersMiddleware)],
        exception_handlers={HTTPException: on_error, ProblemError: on_error, Exception: on_error},
        lifespan=lifespan,
    )
