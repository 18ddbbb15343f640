"""The ASGI application: routes, middleware and errors."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from arsearch.query.synonyms import Synonyms
from arsearch.web import api, pages
from arsearch.web.context import WebContext
from arsearch.web.indexes import NamedIndexes, Served
from arsearch.web.metrics import Metrics
from arsearch.web.observing import ObservingMiddleware
from arsearch.web.problems import ProblemError, problem_response
from arsearch.web.searching import Searcher
from arsearch.web.security import SecurityMiddleware
from arsearch.web.settings import WebSettings

__all__ = ["create_app"]

_COMPRESSION = 4
"""The level of gzip: 6 makes JSON a twentieth smaller, and takes twice the time."""


def create_app(
    index: Served | Mapping[str, Served], settings: WebSettings | None = None, *, synonyms: Synonyms | None = None
) -> Starlette:
    """Return an ASGI application that serves the search page and the HTTP API.

    `index` is an open index, its location, or a list of locations that are searched as one. A mapping from names to such
    values serves several; the first is the default. A location is opened when first searched, with `synonyms`, and closed
    with the application. The application may be mounted in another one.
    """
    settings = settings or WebSettings()
    named = index if isinstance(index, Mapping) else {"default": index}
    context = WebContext(settings, NamedIndexes(named, synonyms), Searcher(settings), Metrics())

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        context.searcher.close()
        context.indexes.close()

    def respond(request: Request, problem: ProblemError) -> Response:
        if is_api(request):
            return problem_response(problem)
        return pages.problem_page(context, request, problem)

    async def on_http_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        raise ProblemError(
            error.status_code, "http", _DETAILS.get(error.status_code, error.detail), headers=error.headers or {}
        )

    middleware = [
        Middleware(ObservingMiddleware, context.metrics, settings.access_log, respond),
        Middleware(SecurityMiddleware, settings),
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=_COMPRESSION),
    ]
    if settings.origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET"],
                expose_headers=["ETag", "Retry-After"],
            )
        )
    app = Starlette(
        routes=[*api.routes(context), *pages.routes(context)],
        middleware=middleware,
        exception_handlers={HTTPException: on_http_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # the redirection would be an absolute link, made from a header
    return app


_DETAILS = {
    404: "there is nothing at this address; /api/openapi.json lists the addresses of the API",
    405: "this address has another method; the header Allow lists its methods",
}


def is_api(request: Request) -> bool:
    """Tell whether a request is one to the API, below the root of this application."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return bool(path == "/api" or path.startswith("/api/"))
