"""The parts that all pages share: templates, and the values that every template gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from arsearch.dates.periods import parse_date_range
from arsearch.errors import QueryError
from arsearch.model import Hit, Snippet
from arsearch.model.citations import page_words
from arsearch.model.safety import safe
from arsearch.search import Index
from arsearch.search.backend import Capability
from arsearch.web.context import WebContext
from arsearch.web.pages.interface import Interface
from arsearch.web.pages.links import Links
from arsearch.web.pages.marks import Marks
from arsearch.web.problems import ProblemError
from arsearch.web.states import CONCORDANCE, FREQUENCIES, SearchState

__all__ = ["Page", "Site", "html_response", "place_of", "readable_dates", "unknown_article"]


_VIEWS = ("", CONCORDANCE, FREQUENCIES)


class Site:
    """The templates of one server."""

    def __init__(self, context: WebContext) -> None:
        self.context = context
        self.marks = Marks()

    def page(self, request: Request) -> Page:
        """Return the page of a request. Raises ProblemError (400) for wrong parameters."""
        state = SearchState.read(request.query_params.multi_items(), self.context.settings)
        path = request.scope["path"].removeprefix(request.scope.get("root_path", "").rstrip("/"))
        view = path.removesuffix(".csv").lstrip("/")
        return self.page_of(request, replace(state, view=view) if view in _VIEWS else state)

    def page_of(self, request: Request, state: SearchState) -> Page:
        """Return the page of a request with the given parameters of the search."""
        base = request.scope.get("root_path", "").rstrip("/")
        return Page(self, Interface(state.ui), Links(base, state, self.context.settings), state)

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a template with values."""
        return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    """Return the environment of the templates.

    All values are escaped, without signs that could reorder the page. An unknown name is an error.
    """
    environment = Environment(
        loader=PackageLoader("arsearch.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = _marked
    environment.filters["exact"] = escape  # for fields of forms, which send back each sign
    return environment


class Page:
    """One page: its language, its links and the parameters of its search."""

    def __init__(self, site: Site, ui: Interface, links: Links, state: SearchState) -> None:
        self.site = site
        self.ui = ui
        self.links = links
        self.state = state

    def render(self, template: str, **values: Any) -> str:
        """Return a template with the values that all templates need, and further ones."""
        context = self.site.context
        name = self.state.i if self.state.i in context.indexes else context.indexes.default.name
        shared = {
            "ui": self.ui,
            "links": self.links,
            "state": self.state,
            "site_title": context.settings.title or self.ui("title"),
            "index_names": list(context.indexes),
            "index_name": name,
            "suggests": not context.indexes[name].lacks(Capability.SUGGEST),
            "max_query": context.settings.max_query,
            "form_pairs": _form_pairs(self.links.state),
            "language_url": self.links.other_language(self.ui.other),
            "place_of": lambda hit: place_of(hit, self.ui),
            "source_of": lambda hit: _source_of(hit, context.indexes[values.get("served_name", name)].index),
            "views": _views(self.ui, self.links),
        }
        return self.site.render(template, {**shared, **values})


def html_response(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return the response of a page, which a browser asks for anew each time: a commit may have changed it."""
    return HTMLResponse(html, status, {"Cache-Control": "no-cache", **(headers or {})})


def readable_dates(state: SearchState) -> tuple[SearchState, str]:
    """Return the state without dates that cannot be read, and these dates: a typing error must not cost the results."""
    if not (state.first or state.last):
        return state, ""
    try:
        parse_date_range((state.first or None, state.last or None))
    except QueryError:
        return replace(state, first="", last=""), " – ".join(filter(None, (state.first, state.last)))
    return state, ""


def _source_of(hit: Hit, index: Index) -> str:
    """Return the name of a hit's index if several are searched as one, without its folder or host; else an empty text."""
    if hit.location in (None, index.location):
        return ""
    return str(hit.location).partition("?")[0].rstrip("/").rpartition("/")[2].removesuffix(".arsearch")


def place_of(hit: Hit, ui: Interface) -> str:
    """Return the place of a hit in its book, such as "كتاب الصلاة، ص 12"; an empty text without one."""
    place = hit.place
    volume, heading = (place.volume, place.heading) if place else (None, "")
    title = place.title if place and place.work != hit.id else ""
    return " · ".join(safe(part) for part in (title, heading, page_words(volume, hit.page, ui.language)) if part)


def _views(ui: Interface, links: Links) -> list[tuple[str, str, bool]]:
    """Return the name and the link of each view of the words of the search, and whether it is shown; none without words."""
    state = links.state
    if state.q.strip() in ("", "*"):
        return []
    found = (("", links.results()), (CONCORDANCE, links.lines()), (FREQUENCIES, links.table()))
    return [(ui(f"view_{view or 'results'}"), url, view == state.view) for view, url in found]


def _form_pairs(state: SearchState) -> list[tuple[str, str]]:
    """Return the fields that the search box sends beside the words: a new search keeps how, and drops what it filters."""
    kept = ("i", "sort", "match", "mode", "collapse", "recency", "limit", "width", "by", "ui")
    return [(name, value) for name, value in state.pairs() if name in kept]


def _finalize(value: Any) -> Any:
    return safe(value) if type(value) is str else value


def _marked(snippet: Snippet) -> Markup:
    """Return a snippet as HTML: `Snippet.html` escapes all text, and only its own marks are tags.

    Marks with a space between them become one: they would show a seam.
    """
    return Markup(snippet.html.replace("</mark> <mark>", " "))


def unknown_article(id: str) -> ProblemError:
    """Return the problem of an id that no article has."""
    return ProblemError(404, "no_article", f"no article has the id {id[:100]!r}")
