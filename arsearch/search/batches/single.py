"""Answer one query of a batch."""

from __future__ import annotations

import time

from arsearch.errors import ArsearchError
from arsearch.model import SearchResults
from arsearch.search.answering import answer
from arsearch.search.batches.options import SearchOptions
from arsearch.search.request import TIMEOUT, SearchRequest
from arsearch.search.session import SearchSession

__all__ = ["answer_query", "try_answer"]


def answer_query(session: SearchSession, text: str, snippets: bool, options: SearchOptions) -> SearchResults:
    """Return the results of a query, and make the snippets of its hits if `snippets`."""
    start = time.perf_counter()
    bounded: SearchOptions = {"timeout": TIMEOUT, **options}
    results = answer(session, SearchRequest.read(text, **bounded, now=start), start)
    if snippets:
        for hit in results:
            hit.prepare()
    return results


def try_answer(session: SearchSession, text: str, snippets: bool, options: SearchOptions) -> SearchResults | None:
    """Return the results of a query; `None` if it fails, for the caller to raise the error of the first query."""
    try:
        return answer_query(session, text, snippets, options)
    except ArsearchError:
        return None
