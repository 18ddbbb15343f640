"""The threads of one index that answer searches of coroutines."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from arsearch.concurrency import reset_in_children
from arsearch.errors import IndexClosedError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["CONCURRENCY", "SearchThreads"]

CONCURRENCY = min(8, (os.cpu_count() or 1) + 2)
"""Searches of coroutines that one index answers at a time; further ones wait in turn."""

_Result = TypeVar("_Result")


class SearchThreads:
    """Runs functions in at most `CONCURRENCY` threads, which start with the first function.

    It belongs to no event loop: coroutines of several loops may share it. A function whose coroutine is cancelled never
    starts, or runs to its end unnoticed.
    """

    __slots__ = ("__weakref__", "_closed", "_executor", "_lock")

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._closed = False
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Forget the threads, which a child does not have."""
        self._executor, self._lock = None, threading.Lock()

    async def run(self, function: Callable[[], _Result]) -> _Result:
        """Return the result of a function, in the context of the caller. Raises IndexClosedError after `close`."""
        import asyncio  # programs without coroutines need none of it
        import contextvars

        executor = self._open()
        return await asyncio.get_running_loop().run_in_executor(executor, contextvars.copy_context().run, function)

    def close(self) -> None:
        """Let the functions that run come to their end, and start no others."""
        with self._lock:
            executor, self._executor, self._closed = self._executor, None, True
        if executor is not None:
            executor.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor

        with self._lock:
            if self._closed:
                raise IndexClosedError("the index is closed; open it again with arsearch.open")
            if self._executor is None:
                self._executor = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="arsearch")
            return self._executor
