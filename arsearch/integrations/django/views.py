"""`SearchView`: a page of results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views import View

import arsearch
from arsearch.integrations.django.indexing import get_index, objects_of, search
from arsearch.integrations.django.models import SearchableModel

__all__ = ["SearchView"]

_MAX_QUERY = 1_000
_MAX_PAGE = 1_000


class SearchView(View):
    """Searches for the parameter `q`, and shows the page `page`: `path("search/", SearchView.as_view(model=Article))`.

    `model` selects the objects of one model. The context of the template has `q`, `results`, `hits` (each with `hit`, `object`,
    and `title` and `snippet` as safe HTML), `page`, `previous` and `next` (`None` if there is none), and `correction`.
    """

    model: ClassVar[type[SearchableModel] | None] = None
    template_name = "arsearch/search.html"
    paginate_by = 10
    timeout = 5.0

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a search."""
        q = request.GET.get("q", "")[:_MAX_QUERY]
        text = request.GET.get("page", "")
        page = min(int(text), _MAX_PAGE) if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) else 1
        context: dict[str, Any] = {"q": q, "page": page, "results": None, "hits": [], "previous": None, "next": None}
        if q.strip():
            context |= self._found(q, page)
        return render(request, self.template_name, context)

    def _found(self, q: str, page: int) -> dict[str, Any]:
        size = self.paginate_by
        results = search(
            q, model=self.model, limit=size, offset=(page - 1) * size, collapse="duplicates", timeout=self.timeout
        )
        hits = [
            {"object": one, "hit": hit, "title": _html(hit.title_snippet), "snippet": _html(hit.snippet)}
            for hit, one in objects_of(results)
        ]
        more = page * size < results.total and len(results) == size
        correction = get_index().correct(q) if page == 1 and results.total_complete < size else None
        return {
            "results": results,
            "hits": hits,
            "previous": page - 1 if page > 1 else None,
            "next": page + 1 if more and page < _MAX_PAGE else None,
            "correction": correction or None,
        }


def _html(snippet: arsearch.Snippet) -> SafeString:
    return mark_safe(snippet.html)  # everything but `<mark>` is escaped
