"""Searches in threads, under a limit of concurrency and a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

from arsearch.model import Correction, SearchResults
from arsearch.search.backend import Capability
from arsearch.web.indexes import Commit, NamedIndexes, ServedIndex
from arsearch.web.problems import unavailable
from arsearch.web.settings import WebSettings
from arsearch.web.states import SearchState

__all__ = ["Answer", "SearchState", "Searcher", "search"]

T = TypeVar("T")

FEW_RESULTS = 10
"""If fewer articles have all the words, the answer has corrections of the query."""


class Answer(NamedTuple):
    """The answer of a search, with the commit it was made from. Its hits load articles in the thread that reads them."""

    state: SearchState
    served: ServedIndex
    commit: Commit
    results: SearchResults
    correction: Correction
    """Likelier queries; empty if enough articles have all the words."""


def search(state: SearchState, indexes: NamedIndexes, settings: WebSettings) -> Answer:
    """Answer a search in this thread. Raises ProblemError and QueryError."""
    served = indexes.select(state.i)
    commit = served.commit()
    index = served.index
    arguments = state.arguments(index.fields, near_duplicates=Capability.NEAR_DUPLICATES in index.capabilities)
    results = commit.searchable.search(state.q, timeout=settings.deadline, **arguments)
    return Answer(state, served, commit, results, _correction(state, commit, results, index.capabilities))


def _correction(
    state: SearchState, commit: Commit, results: SearchResults, capabilities: frozenset[Capability]
) -> Correction:
    if (
        results.total_complete < FEW_RESULTS
        and state.q.strip()
        and not state.skip
        and Capability.CORRECT in capabilities
    ):
        return commit.searchable.correct(state.q)
    return Correction(state.q)


class Searcher:
    """Runs functions that search in threads: at most `settings.concurrency` at a time, the others wait in order."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="arsearch")
        self._pending = 0

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Return what `work(*args)` returns in a thread.

        Raises ProblemError (503) if too many wait, or if the result takes longer than twice the deadline. The thread
        then finishes its work, and counts as busy until it has.
        """
        if self._pending >= self._settings.concurrency + self._settings.queue:
            raise unavailable("busy", "the server has too many searches to answer; repeat the request later")
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        future.add_done_callback(self._finish)
        done, _ = await asyncio.wait({future}, timeout=2 * self._settings.deadline)
        if not done:
            raise unavailable("timeout", "the search took too long; use fewer or other words")
        return future.result()

    def _finish(self, future: asyncio.Future[Any]) -> None:
        self._pending -= 1
        if not future.cancelled():
            future.exception()  # else asyncio warns of an error that a request did not wait for

    def close(self) -> None:
        """Let the threads finish, and start no further work."""
        self._threads.shutdown(wait=False, cancel_futures=True)
