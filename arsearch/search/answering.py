"""Answer a request: plan, execute and highlight, and add notes about omissions."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from arsearch.analyzers.letters import LETTERS
from arsearch.model import SearchResults
from arsearch.model.schema import WORK
from arsearch.query.lexer import shown
from arsearch.search.backend import Backend, Capability, Matched, require
from arsearch.search.clauses import BooleanClause, ScoredClause
from arsearch.search.filters import read_filters
from arsearch.search.hits import make_hits
from arsearch.search.planner import Plan
from arsearch.search.request import DUPLICATES, PageRequest, SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["answer", "answer_like"]

_ARABIC = rf"[{LETTERS}\d]"
_ROOT_NOTE = "no article has these words; other words of the same roots were searched"
_FOREIGN_NOTE = "the query has no Arabic letter, and nothing was found"


def answer(session: SearchSession, request: SearchRequest, start: float) -> SearchResults:
    """Return the results of a search that started at `start`, a reading of `time.perf_counter`."""
    view, _, backend = session
    _check_collapse(backend, request.page)
    plan = session.plan(request)
    page = request.page
    if plan.clause is None and page.collapse is None and view.has_works:
        page = page._replace(collapse=WORK.name, inner_hits=0)
    matched = view.search(plan, page)
    results = _results(session, request.text, plan, page, matched, start)
    note = _note(session, request, plan, matched)
    return replace(results, notes=(*results.notes, note)) if note else results


def _note(session: SearchSession, request: SearchRequest, plan: Plan, matched: Matched) -> str | None:
    """Return a note about a search that found nothing, or found words by their roots alone."""
    if matched.total_complete or not matched.exact or plan.clause is None:
        return None
    if not matched.total:
        from arsearch.search.exclusions import exclusion_note  # few searches need it

        foreign = plan.targets and not re.search(_ARABIC, request.text)
        return exclusion_note(session.view, plan, request.page) or (_FOREIGN_NOTE if foreign else None)
    match plan.clause:
        # With several words that are all needed, articles may have some of them.
        case ScoredClause() | BooleanClause(minimum_should_match=int()):
            return _ROOT_NOTE
    return None


def answer_like(
    session: SearchSession,
    id: str | None,
    text: str | None,
    *,
    limit: int,
    filters: Mapping[str, Any] | None,
    collapse: str | None,
    timeout: float | None,
) -> SearchResults:
    """Return the articles like the article with an id, or like a text; see `Searchable.more_like`."""
    from arsearch.search.more_like_this import like_query  # few searches need it

    start = time.perf_counter()
    page = SearchRequest.read("", limit=limit, collapse=collapse, timeout=timeout, now=start).page
    _check_collapse(session.backend, page)
    query = like_query(session, id, text, page.collapse)
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
    if matched.approximate:
        notes.append(
            f"the page was chosen among {matched.approximate:,} articles of each shard; exact=True compares all articles"
        )
    timeout = None if page.deadline is None else page.deadline - start
    if matched.partial and timeout is not None:
        notes.append(
            f"time ran out after {timeout:.6g} s: hits may be missing or in another order, and totals may be too low"
        )
    return SearchResults(
        query=text,
        hits=make_hits(session, text, plan, matched, page.offset, timeout),
        total=matched.total,
        total_complete=matched.total_complete,
        took=time.perf_counter() - start,
        notes=tuple(dict.fromkeys(notes)),
        facets=dict(matched.facets),  # the default cannot be pickled
        partial=matched.partial,
    )
