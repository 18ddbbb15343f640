"""Searches in threads, under a limit of concurrency and a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple, TypeVar

from arsearch.model import Correction, SearchResults
from arsearch.search.backend import Capability
from arsearch.web.cursors import cursor_after, position_after, read_cursor
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
    next: str = ""
    """The cursor of the next page; empty if there is none."""
    moved: bool = False
    """Whether the commit of the cursor is gone, so that the page is one of the newest commit."""


def search(
    state: SearchState,
    indexes: NamedIndexes,
    settings: WebSettings,
    *,
    corrections: bool = True,
    commit: Commit | None = None,
) -> Answer:
    """Answer a search in this thread. Raises ProblemError and QueryError.

    `corrections` also asks for likelier queries if few articles have all the words, which may take longer than the
    search. `commit` is the newest one if the caller has it already.
    """
    served = indexes.select(state.i)
    newest = commit or served.commit()
    index = served.index
    duplicates = Capability.NEAR_DUPLICATES in index.capabilities
    arguments = state.arguments(index.fields, near_duplicates=duplicates, works=newest.searchable.has_works)
    find = partial(_find, state.q, arguments, settings.deadline)
    moved = False
    commit, skip = newest, state.skip
    if state.cursor:
        cursor = read_cursor(state, settings.max_offset)
        skip = cursor.skip
        if cursor.generation != newest.generation:
            kept = served.kept(cursor.generation)
            commit, moved = kept or newest, kept is None
        if moved:
            skip = position_after(cursor, state, find(commit, skip + state.limit, 0).hits)
    results = find(commit, state.limit, skip)
    correction = (
        _correction(state, commit, results, index.capabilities, settings.deadline)
        if corrections
        else Correction(state.q)
    )
    following = ""
    end = skip + len(results.hits)
    if results.hits and len(results.hits) == state.limit and end < results.total and end <= settings.max_offset:
        following = cursor_after(state, commit.generation, end, results.hits[-1])
        served.keep(commit)
    return Answer(state, served, commit, results, correction, following, moved)


def _find(
    text: str, arguments: dict[str, Any], deadline: float, commit: Commit, limit: int, offset: int
) -> SearchResults:
    return commit.searchable.search(text, timeout=deadline, **(arguments | {"limit": limit, "offset": offset}))


def _correction(
    state: SearchState,
    commit: Commit,
    results: SearchResults,
    capabilities: frozenset[Capability],
    deadline: float,
) -> Correction:
    if (
        results.total_complete < FEW_RESULTS
        and state.q.strip()
        and not state.skip
        and Capability.CORRECT in capabilities
    ):
        return commit.searchable.correct(state.q, timeout=deadline)
    return Correction(state.q)


class Searcher:
    """Runs functions in threads: at most `settings.concurrency` searches at a time, and as many changes; the others wait."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._searches = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="arsearch-search")
        self._changes = ThreadPoolExecutor(settings.concurrency, thread_name_prefix="arsearch-change")
        self.pending = 0
        """The number of searches and changes that run or wait."""

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Return what `work(*args)` returns in a thread.

        Raises ProblemError (503) if too many wait, or if the result takes longer than twice the deadline. The thread
        then finishes its work, and counts as busy until it has.
        """
        future = self._submit(self._searches, partial(work, *args))
        done, _ = await asyncio.wait({future}, timeout=2 * self._settings.deadline)
        if not done:
            raise unavailable("timeout", "the search took too long; use fewer or other words")
        return future.result()

    async def change(self, work: Callable[[], T]) -> T:
        """Return what `work()` returns in a thread that searches do not use, however long it takes.

        A client that goes away does not stop the work. Raises ProblemError (503) if too many changes wait.
        """
        return await asyncio.shield(self._submit(self._changes, work))

    def _submit(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> asyncio.Future[T]:
        if self.pending >= self._settings.concurrency + self._settings.queue:
            raise unavailable("busy", "the server has too many requests to answer; repeat the request later")
        self.pending += 1
        future = asyncio.get_running_loop().run_in_executor(threads, work)
        future.add_done_callback(self._finish)
        return future

    def _finish(self, future: asyncio.Future[Any]) -> None:
        self.pending -= 1
        if not future.cancelled():
            future.exception()  # else asyncio warns of an error that a request did not wait for

    def close(self) -> None:
        """Let the threads finish, and start no further work."""
        for threads in (self._searches, self._changes):
            threads.shutdown(wait=False, cancel_futures=True)
