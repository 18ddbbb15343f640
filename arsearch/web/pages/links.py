"""The links of a page: below the root path of the application, with the parameters of its search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from arsearch.search.occurrences.sorting import SORTS
from arsearch.web.settings import WebSettings
from arsearch.web.states import CONCORDANCE, FREQUENCIES, UI_LANGUAGES, SearchState

__all__ = ["Links", "article_path"]


class Links:
    """Makes the links of one page. `base` is the root path of the application, without a slash at its end.

    A search has three views: its results, every occurrence, and a table of frequencies. Most links stay in the view of the
    state.
    """

    def __init__(self, base: str, state: SearchState, settings: WebSettings) -> None:
        self.base = base
        self.state = replace(state, limit=0) if state.limit == settings.default_limit else state

    @property
    def path(self) -> str:
        """The path of the view, to which the search box leads."""
        return f"{self.base}/{self.state.view}"

    def search(self, **changes: Any) -> str:
        """Return the link of the search with other values of some parameters, at its first page, in the same view."""
        return self.state.url(self.path, view="", **changes)

    def results(self, **changes: Any) -> str:
        """Return the link of the results of the search."""
        return self._view("", self.state.changed(width="", by="", **changes))

    def lines(self, state: SearchState | None = None) -> str:
        """Return the link of every occurrence of the search, or of the search of another state."""
        return self._view(CONCORDANCE, (state or self.state).changed(by=""))

    def table(self) -> str:
        """Return the link of the table of frequencies."""
        return self._view(FREQUENCIES, self.state.changed(width=""))

    def _view(self, view: str, state: SearchState) -> str:
        """Return the link of a view; an order of results is none of lines."""
        sort = state.sort if (state.sort in SORTS) == (view == CONCORDANCE) else ""
        return state.url(f"{self.base}/{view}", view="", sort=sort)

    def page(self, number: int) -> str:
        """Return the link of another page of the results."""
        return self.search(page=number, offset=0, cursor="")

    def adding(self, name: str, value: str) -> str:
        """Return the link of the search with one more value of a filter."""
        return self.state.adding(name, value).url(self.path, view="")

    def removing(self, name: str, value: str) -> str:
        """Return the link of the search without a value of a filter."""
        return self.state.removing(name, value).url(self.path, view="")

    def same(self, path: str) -> str:
        """Return the link of another view of the same search and page: `/export.csv`."""
        return self.state.url(f"{self.base}{path}", page=self.state.page)

    def back(self) -> str:
        """Return the link of the page of the view that this page belongs to."""
        return self.state.url(self.path, view="", page=self.state.page)

    def export(self, format: str) -> str:
        """Return the link of a file with what the view shows."""
        return self.state.url(f"{self.path}.{format}", view="")

    def article(self, index: str, id: str) -> str:
        """Return the link of an article, with the matches of the search."""
        return self.same(article_path("a", index, id))

    def explain(self, index: str, id: str) -> str:
        """Return the link of the explanation of a hit."""
        return self.same(article_path("why", index, id))

    def similar(self, index: str, id: str) -> str:
        """Return the link of the articles similar to an article."""
        return self.same(article_path("similar", index, id))

    def home(self) -> str:
        """Return the link of the start page, with the index and the language."""
        return SearchState(i=self.state.i, ui=self.state.ui).url(f"{self.base}/")

    def tag(self, index: str, tag: str) -> str:
        """Return the link of all articles with a tag."""
        state = SearchState(i=self.state.i or index, ui=self.state.ui)
        return state.adding("tags", tag).url(f"{self.base}/")

    def other_language(self, language: str, path: str = "") -> str:
        """Return the link of this page in another language. Arabic is the default, and needs no parameter.

        An empty `path` is that of the view.
        """
        ui = language if language != UI_LANGUAGES[0] else ""
        view = self.state.view if path else ""
        return self.state.url(f"{self.base}{path}" if path else self.path, ui=ui, view=view, page=self.state.page)

    def form(self, *without: str) -> list[tuple[str, str]]:
        """Return the fields that a form sends to repeat the search from its first page, except some."""
        return [pair for pair in self.state.changed(view="").pairs() if pair[0] not in without]

    def help(self) -> str:
        """Return the link of the help."""
        return self.same("/help")

    def static(self, name: str) -> str:
        """Return the link of a file of the page."""
        return f"{self.base}/static/{name}"


def article_path(view: str, index: str, id: str) -> str:
    """Return the path of a view of an article. Browsers fold the segments `.` and `..`, so a slash stands before these ids."""
    segment = f"%2F{id}" if id in (".", "..") else quote(id, safe="")
    return f"/{view}/{quote(index, safe='')}/{segment}"
