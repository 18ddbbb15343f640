"""The links of a page: below the root path of the application, with the parameters of its search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from arsearch.web.settings import WebSettings
from arsearch.web.states import SearchState

__all__ = ["Links"]


class Links:
    """Makes the links of one page. `base` is the root path of the application, without a slash at its end."""

    def __init__(self, base: str, state: SearchState, settings: WebSettings) -> None:
        self.base = base
        self.state = replace(state, limit=0) if state.limit == settings.default_limit else state

    def search(self, **changes: Any) -> str:
        """Return the link of the search with other values of some parameters, at its first page."""
        return self.state.url(f"{self.base}/", **changes)

    def page(self, number: int) -> str:
        """Return the link of another page of the results."""
        return self.search(page=number, offset=0, cursor="")

    def adding(self, name: str, value: str) -> str:
        """Return the link of the search with one more value of a filter."""
        return self.state.adding(name, value).url(f"{self.base}/")

    def removing(self, name: str, value: str) -> str:
        """Return the link of the search without a value of a filter."""
        return self.state.removing(name, value).url(f"{self.base}/")

    def same(self, path: str) -> str:
        """Return the link of another view of the same search and page: `/export.csv`."""
        return self.state.url(f"{self.base}{path}", page=self.state.page)

    def back(self) -> str:
        """Return the link of the page of results that this page belongs to."""
        return self.same("/")

    def article(self, index: str, id: str) -> str:
        """Return the link of an article, with the matches of the search."""
        return self.same(f"/a/{quote(index, safe='')}/{_segment(id)}")

    def explain(self, index: str, id: str) -> str:
        """Return the link of the explanation of a hit."""
        return self.same(f"/why/{quote(index, safe='')}/{_segment(id)}")

    def similar(self, index: str, id: str) -> str:
        """Return the link of the articles similar to an article."""
        return self.same(f"/similar/{quote(index, safe='')}/{_segment(id)}")

    def help(self) -> str:
        """Return the link of the help."""
        return self.same("/help")

    def static(self, name: str) -> str:
        """Return the link of a file of the page."""
        return f"{self.base}/static/{name}"


def _segment(id: str) -> str:
    """Return an id as a segment of a path. Browsers fold the segments `.` and `..`, so a slash stands before these."""
    return f"%2F{id}" if id in (".", "..") else quote(id, safe="")
