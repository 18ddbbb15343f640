"""Answer a request: plan, execute and highlight, and add notes about omissions."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from arsearch.analyzers.letters import LETTERS
from arsearch.model import Level, SearchResults
from arsearch.query.lexer import shown
from arsearch.search.backend import Backend, Capability, Matched, require
from arsearch.search.exclusions import exclusion_note
from arsearch.search.filters import read_filters
from arsearch.search.hits import make_hits
from arsearch.search.planner import Plan
from arsearch.search.request import DUPLICATES, PageRequest, SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["answer", "answer_like"]

_ARABIC = re.compile(rf"[{LETTERS}\d]")
_FOREIGN_NOTE = "the query has no Arabic letter, and nothing was found"
_ROOT_NOTE = "no article has these words; other words of the same roots were searched"


def answer(session: SearchSession, request: SearchRequest, start: float) -> SearchResults:
    """Return the results of a search that started at `start`, a reading of `time.perf_counter`.

    If nothing is found and the request names no level, words of the same roots are searched, with a note.
    """
    view, _, backend = session
    _check_collapse(backend, request.page)
    plan = session.plan(request)
    matched = view.search(plan, request.page)
    results = _results(session, request.text, plan, request.page, matched, start)
    if matched.total_any or plan.clause is None or not matched.exact:
        return results
    if note := exclusion_note(view, plan, request.page):
        return replace(results, notes=(*results.notes, note))
    if plan.targets and not _ARABIC.search(request.text):
        return replace(results, notes=(*results.notes, _FOREIGN_NOTE))
    if request.match is not None:
        return results
    plan = session.plan(request, Level.ROOT)
    matched = view.search(plan, request.page)
    if not matched.total_any:
        return results
    wider = _results(session, request.text, plan, request.page, matched, start)
    return replace(wider, notes=(*wider.notes, _ROOT_NOTE))


def answer_like(
    session: SearchSession,
    id: str | None,
    text: str | None,
    *,
    limit: int,
    filters: Mapping[str, Any] | None,
    collapse: str | None,
) -> SearchResults:
    """Return the articles like the article with an id, or like a text; see `Searchable.more_like`."""
    from arsearch.search.more_like_this import like_query  # few searches need it

    start = time.perf_counter()
    page = SearchRequest.read("", limit=limit, collapse=collapse).page
    _check_collapse(session.backend, page)
    query = like_query(session, id, text, collapse)
    found, notes = read_filters(session.view.schema, filters)
    plan = query.plan._replace(filters=found, notes=(*query.plan.notes, *notes))
    return _results(session, query.text, plan, page, session.view.search(plan, page), start)


def _check_collapse(backend: Backend, page: PageRequest) -> None:
    if page.collapse == DUPLICATES:
        require(backend, Capability.NEAR_DUPLICATES)


def _results(
    session: SearchSession, text: str, plan: Plan, page: PageRequest, matched: Matched, start: float
) -> SearchResults:
    notes = list(plan.notes)
    notes += [
        f"{shown(pattern)} matches many words; the {limit:,} most frequent were searched, and totals may be too low"
        for pattern, limit in matched.truncated.items()
    ]
    if matched.timed_out and page.deadline is not None:
        notes.append(
            f"time ran out after {page.deadline - start:g} s: hits may be missing or in another order, "
            "and totals may be too low"
        )
    return SearchResults(
        query=text,
        hits=make_hits(session, text, plan, matched, page.offset),
        total=matched.total,
        total_any=matched.total_any,
        took=time.perf_counter() - start,
        notes=tuple(dict.fromkeys(notes)),
        facets=matched.facets,
    )
