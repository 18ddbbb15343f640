"""The routes of `/api`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from arsearch.model.safety import json_text
from arsearch.web.context import WebContext
from arsearch.web.searching import Answer, search
from arsearch.web.states import SearchState

__all__ = ["routes"]


def routes(context: WebContext) -> list[BaseRoute]:
    """Return the routes below `/api`; `/api/v1/...` and `/api/...` are the same."""

    async def get_search(request: Request) -> Response:
        state = SearchState.read(request.query_params.multi_items(), context.settings)
        body = await context.searcher.run(lambda: _body(search(state, context.indexes, context.settings)))
        return Response(body, media_type="application/json")

    return [Route(f"/api{version}/search", get_search) for version in ("/v1", "")]


def _body(answer: Answer) -> str:
    return json_text(answer.results.to_dict())
