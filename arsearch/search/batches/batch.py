"""Answer a batch of searches on one commit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from arsearch.errors import QueryError, shown
from arsearch.model import SearchResults
from arsearch.search.answering import answer
from arsearch.search.backend import Capability, require
from arsearch.search.batches.options import SearchOptions
from arsearch.search.request import TIMEOUT, SearchRequest, read_processes
from arsearch.search.session import SearchSession

__all__ = ["search_batch"]


def search_batch(
    session: SearchSession, texts: Iterable[str], processes: int | None, options: SearchOptions
) -> tuple[SearchResults, ...]:
    """Return the results of each text, in order; see `Searchable.search_many`."""
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise QueryError(f"the texts {shown(texts)} are not a list of queries")
    if processes is not None:
        processes = read_processes("processes", processes)
    queries = list(texts)
    if not isinstance(options.get("facets", ""), str) and isinstance(options["facets"], Iterable):
        options = {**options, "facets": tuple(options["facets"])}  # an iterator serves the first query only
    found: Sequence[SearchResults | None] = [None] * len(queries)
    if processes is not None:
        require(session.backend, Capability.PROCESSES)
        if len(queries) > 1:
            from arsearch.search.batches.processes import answer_in_processes

            found = answer_in_processes(session, queries, options, min(processes, len(queries)))
    return tuple(
        _answer(session, text, options) if results is None else results
        for text, results in zip(queries, found, strict=True)
    )


def _answer(session: SearchSession, text: str, options: SearchOptions) -> SearchResults:
    start = time.perf_counter()
    bounded: SearchOptions = {"timeout": TIMEOUT, **options}
    return answer(session, SearchRequest.read(text, **bounded, now=start), start)
