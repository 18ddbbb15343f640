"""The page of a search: results, facets, and proposals where there are few or none."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from arsearch.model import Hit, SearchResults
from arsearch.web.pages.facets import Facet, chips, facet_names, make_facets
from arsearch.web.pages.histogram import PERIOD_FACETS, make_histogram
from arsearch.web.pages.options import Option, options
from arsearch.web.pages.site import Page, readable_dates
from arsearch.web.searching import Answer, search
from arsearch.web.states import SearchState

__all__ = ["EXPORT_LIMIT", "export", "search_page"]

EXPORT_LIMIT = 1_000
"""The most results of an export."""

_EXPORTED = ("rank", "id", "title", "date", "author", "source", "category", "url", "level", "complete", "snippet")
_PAGES_BESIDE = 2
_ENTRANCES = 2
"""The fields whose values the start page shows."""


def search_page(page: Page) -> str:
    """Return the page of a search, or the start page if the state has neither words nor filters."""
    context = page.site.context
    served = context.indexes.select(page.state.i)
    articles = len(served.index)
    if page.state.empty or not articles:
        return page.render("home.html", articles=articles, facets=_entrances(page) if articles else [])
    state, wrong_dates = readable_dates(page.state)
    names = facet_names(state, served.index.fields)
    periods = tuple(name for name in PERIOD_FACETS if name not in served.index.fields)
    answer = search(replace(state, facets=(*names, *periods)), context.indexes, context.settings)
    return page.render(
        "search.html",
        results=answer.results,
        correction=answer.correction,
        articles=articles,
        summary=_summary(page, answer.results),
        banner=_banner(page, answer.results),
        first_partial=_first_partial(answer.results.hits, state),
        notes=[page.ui.note(note) for note in answer.results.notes],
        wrong_dates=wrong_dates,
        chips=chips(page.state, page.ui, page.links),
        facets=make_facets(answer, names, page.ui, page.links),
        histogram=make_histogram(answer.results.facets if periods == PERIOD_FACETS else {}, page.ui, page.links),
        sorts=_sorts(page),
        matches=options(page, "match", ("", "root", "stem", "word", "normalised", "surface", "vocalised")),
        modes=options(page, "mode", ("", "all", "any")),
        folding=_folding(page),
        paging=_paging(page, answer),
        export_limit=min(EXPORT_LIMIT, answer.results.total),
        limited=answer.results.total > EXPORT_LIMIT,
    )


def export(page: Page, format: str) -> bytes:
    """Return the first results of a search as CSV for spreadsheets, or as JSON.

    Cells that a spreadsheet would run as formulas get an apostrophe in front (see `arsearch.writers.delimited`).
    """
    from arsearch.writers import write_articles

    context = page.site.context
    state, _ = readable_dates(page.state)
    state = replace(state, page=1, offset=0, cursor="", limit=EXPORT_LIMIT, facets=())
    answer = search(state, context.indexes, context.settings, corrections=False)
    stream = io.BytesIO()
    write_articles(answer.results, stream, format=format, fields=_EXPORTED, excel=format == "csv")
    return stream.getvalue()


def _entrances(page: Page) -> list[Facet]:
    """Return the commonest values of the first fields, as ways into the index from the start page."""
    context = page.site.context
    names = facet_names(page.state, context.indexes.select(page.state.i).index.fields)[:_ENTRANCES]
    everything = replace(page.state, q="*", limit=0, page=1, offset=0, cursor="", sort="", facets=names)
    answer = search(everything, context.indexes, context.settings, corrections=False)
    return make_facets(answer, names, page.ui, page.links)


def _summary(page: Page, results: SearchResults) -> str:
    """Return the number of results: how many have all words, and how many follow."""
    more = results.total - results.total_complete
    if not more or not results.total_complete:
        return page.ui.count("results", results.total)
    separator = "، " if page.ui.language == "ar" else ", "
    return page.ui.count("results_all", results.total_complete) + separator + page.ui.count("results_more", more)


def _banner(page: Page, results: SearchResults) -> str:
    """Return the sentence above results that lack words of the query, else an empty text."""
    if results.total_complete or not results.hits or not page.state.q.strip():
        return ""
    roots = all(hit.level is not None and hit.level.label == "root" for hit in results)
    return page.ui("root_only" if roots else "none_complete")


def _first_partial(hits: tuple[Hit, ...], state: SearchState) -> int:
    """Return the rank of the first incomplete hit after a complete one, 0 if there is none."""
    if state.sort in ("", "score") and hits and hits[0].complete:
        return next((hit.rank for hit in hits if not hit.complete), 0)
    return 0


def _sorts(page: Page) -> list[Option]:
    now = page.state.sort or "score"
    names = {"score": "sort_score", "-date": "sort_newest", "date": "sort_oldest"}
    found = [
        Option(page.ui(key), page.links.search(sort="" if sort == "score" else sort), sort == now)
        for sort, key in names.items()
    ]
    if now not in names:
        found.append(Option(now, page.links.search(sort=now), True))
    return found


def _folding(page: Page) -> list[Option]:
    """Return the choices of folding near-duplicates; none if the search folds by a field or the index cannot fold."""
    from arsearch.search.backend import Capability

    index = page.site.context.indexes.select(page.state.i).index
    if page.state.collapse not in ("", "none", "duplicates") or Capability.NEAR_DUPLICATES not in index.capabilities:
        return []
    shown = page.state.collapse == "none"
    return [
        Option(page.ui("duplicates_folded"), page.links.search(collapse=""), not shown),
        Option(page.ui("duplicates_shown"), page.links.search(collapse="none"), shown),
    ]


def _paging(page: Page, answer: Answer) -> dict[str, Any]:
    """Return the links to other pages. Folded near-duplicates shorten the list, so a short page is the last."""
    state, results = answer.state, answer.results
    if not state.page or state.cursor or not state.limit:
        return {"previous": "", "next": "", "pages": [], "number": 1}
    number, limit = state.page, state.limit
    reach = page.site.context.settings.max_offset // limit + 1
    pages = min((results.total + limit - 1) // limit, reach)
    has_next = len(results.hits) == limit and number < pages
    last = min(pages, number + _PAGES_BESIDE) if has_next else number
    shown = range(max(1, number - _PAGES_BESIDE), last + 1)
    return {
        "previous": page.links.page(number - 1) if number > 1 else "",
        "next": page.links.page(number + 1) if has_next else "",
        "pages": [(each, page.links.page(each), each == number) for each in shown] if len(shown) > 1 else [],
        "number": number,
    }
