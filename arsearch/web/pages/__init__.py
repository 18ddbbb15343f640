"""The search page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from arsearch.web.context import WebContext
from arsearch.web.problems import ProblemError

__all__ = ["problem_page", "routes"]


def routes(context: WebContext) -> list[BaseRoute]:
    """Return the routes of the page."""

    async def home(request: Request) -> Response:  # noqa: ARG001
        return PlainTextResponse(f"{context.settings.title or 'arsearch'}\n")

    return [Route("/", home)]


def problem_page(context: WebContext, request: Request, problem: ProblemError) -> Response:  # noqa: ARG001
    """Return the page of a problem, for requests outside `/api`."""
    return PlainTextResponse(f"{problem.detail}\n", problem.status, problem.headers)
