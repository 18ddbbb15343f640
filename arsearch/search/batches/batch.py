"""Answer a batch of searches on one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arsearch.errors import QueryError, shown
from arsearch.garbage import without_collection
from arsearch.model import SearchResults
from arsearch.search.backend import Capability, require
from arsearch.search.batches.options import SearchOptions
from arsearch.search.batches.single import answer_query
from arsearch.search.filters import settled
from arsearch.search.request import read_processes
from arsearch.search.session import SearchSession

__all__ = ["search_batch"]


def search_batch(
    session: SearchSession, texts: Iterable[str], processes: int | None, snippets: bool, options: SearchOptions
) -> tuple[SearchResults, ...]:
    """Return the results of each text, in order; see `Searchable.search_many`."""
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise QueryError(f"the texts {shown(texts)} are not a list of queries")
    if processes is not None:
        processes = read_processes("processes", processes)
    queries = list(texts)
    if not isinstance(options.get("facets", ""), str) and isinstance(options["facets"], Iterable):
        options = {**options, "facets": tuple(options["facets"])}  # an iterator serves the first query only
    if "filters" in options:
        options = {**options, "filters": settled(options["filters"])}
    found: Sequence[SearchResults | None] = [None] * len(queries)
    with without_collection(keep=True):
        if processes is not None:
            require(session.backend, Capability.PROCESSES)
            if min(processes, len(queries)) > 1:
                from arsearch.search.batches.processes import answer_in_processes

                found = answer_in_processes(session, queries, options, snippets, min(processes, len(queries)))
        return tuple(
            answer_query(session, text, snippets, options) if results is None else results
            for text, results in zip(queries, found, strict=True)
        )
