"""The search page: HTML that works without scripts, in Arabic and English.

| module | contents |
|---|---|
| `site` | `Page`: the templates, and the values that every template gets |
| `searching` | the start page, the page of a search, and exports |
| `concordance` | every occurrence of a query in its line |
| `frequencies` | the frequencies of a query as a table with bars |
| `articles` | the pages of one article: the text, why a search found it, similar articles |
| `reading` | the text of an article for reading, with all matches marked |
| `marks` | the matches in an article, kept for all parts of its text |
| `outline` | the headings and pages of an article |
| `options` | the choices of a parameter of the search, each a link |
| `facets`, `histogram` | counts of the results, with links that narrow the search |
| `explanations` | the explanation of a hit as rows of a table |
| `problems` | pages of errors |
| `interface`, `messages`, `occurrence_messages`, `plurals`, `notes` | the two languages of the page |
| `links` | the links of a page |

`arsearch/web/templates` has the Jinja templates, `arsearch/web/static` the style sheet, the script and the fonts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from arsearch.web.context import WebContext
from arsearch.web.convertors import article_id
from arsearch.web.pages.articles import article_page, explanation_page, similar_page
from arsearch.web.pages.concordance import concordance_page, export_lines
from arsearch.web.pages.frequencies import export_frequencies, frequencies_page
from arsearch.web.pages.problems import render_problem
from arsearch.web.pages.searching import export, search_page
from arsearch.web.pages.site import Page, Site, html_response
from arsearch.web.problems import ProblemError

__all__ = ["problem_page", "routes"]

_STATIC = Path(__file__).parent.parent / "static"
_EXPORTS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class _Static(StaticFiles):
    """The style sheet, the script and the fonts. Browsers keep them for an hour, then ask whether they changed."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file with the time that browsers keep it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.setdefault("Cache-Control", "public, max-age=3600")
        return response


def routes(context: WebContext) -> list[BaseRoute]:
    """Return the routes of the page."""
    site = Site(context)
    run = context.searcher.run

    async def answer(request: Request, render: Callable[..., str], *args: Any, **named: Any) -> Response:
        return html_response(await run(lambda: render(site.page(request), *args, **named)))

    async def home(request: Request) -> Response:
        return await answer(request, search_page)

    async def article(request: Request) -> Response:
        return await answer(
            request, article_page, *_names(request), _number(request, "part") or 1, _number(request, "at")
        )

    async def why(request: Request) -> Response:
        fragment = "fragment" in request.query_params
        return await answer(request, explanation_page, *_names(request), fragment=fragment)

    async def similar(request: Request) -> Response:
        return await answer(request, similar_page, *_names(request))

    async def help(request: Request) -> Response:
        page = site.page(request)
        language_url = page.links.other_language(page.ui.other, "/help")
        return html_response(page.render("help.html", language_url=language_url))

    async def concordance(request: Request) -> Response:
        return await answer(request, concordance_page)

    async def frequencies(request: Request) -> Response:
        return await answer(request, frequencies_page)

    async def save(request: Request) -> Response:
        format = request.path_params["format"]
        if format not in _EXPORTS:
            raise ProblemError(404, "http", "the formats of an export are csv and json")
        content = await run(lambda: export(site.page(request), format))
        return _file(content, f"results.{format}")

    async def save_lines(request: Request) -> Response:
        return _file(await run(lambda: export_lines(site.page(request))), "concordance.csv")

    async def save_frequencies(request: Request) -> Response:
        return _file(await run(lambda: export_frequencies(site.page(request))), "frequencies.csv")

    return [
        Route("/", home),
        Route("/concordance", concordance),
        Route("/concordance.csv", save_lines),
        Route("/frequencies", frequencies),
        Route("/frequencies.csv", save_frequencies),
        Route(f"/a/{{index}}/{article_id()}", article),
        Route(f"/why/{{index}}/{article_id()}", why),
        Route(f"/similar/{{index}}/{article_id()}", similar),
        Route("/help", help),
        Route("/export.{format}", save),
        Mount("/static", _Static(directory=_STATIC), name="static"),
    ]


def problem_page(context: WebContext, request: Request, problem: ProblemError) -> Response:
    """Return the page of a problem, for requests outside `/api`."""
    site = Site(context)
    page: Page
    try:
        page = site.page(request)
    except ProblemError:  # the parameters are the problem
        page = site.page_of(request, _language_alone(request))
    return html_response(render_problem(page, problem), problem.status, problem.headers)


def _file(content: bytes, name: str) -> Response:
    """Return the response of a file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(content, headers=headers, media_type=_EXPORTS[name.rpartition(".")[2]])


def _names(request: Request) -> tuple[str, str]:
    return request.path_params["index"], request.path_params["id"]


def _number(request: Request, name: str) -> int | None:
    """Return a parameter that is a number, `None` for any other."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _language_alone(request: Request) -> Any:
    from arsearch.web.states import SearchState

    return SearchState(ui="en" if request.query_params.get("ui") == "en" else "")
