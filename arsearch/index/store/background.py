"""Steps that run in background threads while the caller goes on; for NumPy, Zstandard and writing, which release the lock.

The threads are daemons. Those of `concurrent.futures` are joined when the interpreter exits, and an interruption at the
wrong moment would make that wait for ever.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from queue import SimpleQueue
from typing import NoReturn, TypeVar

__all__ = ["BackgroundThread", "prefetch"]

_T = TypeVar("_T")
_Steps = SimpleQueue["Callable[[], None] | None"]


class BackgroundThread:
    """A thread that runs steps one after another; it ends when this object is closed or garbage-collected."""

    def __init__(self) -> None:
        self._steps: _Steps = SimpleQueue()
        weakref.finalize(self, self._steps.put, None).atexit = False
        self._thread = threading.Thread(target=_run_all, args=(self._steps,), name="arsearch-background", daemon=True)
        self._thread.start()

    def begin(self, step: Callable[[], _T]) -> Callable[[], _T]:
        """Queue a step; return a function that waits for its result and returns it, or raises the step's exception."""
        done: SimpleQueue[Callable[[], _T]] = SimpleQueue()

        def run() -> None:
            try:
                value = step()
            except BaseException as error:
                done.put(partial(_raise, error))
            else:
                done.put(lambda: value)

        self._steps.put(run)
        return lambda: done.get()()

    def close(self) -> None:
        """Wait for all steps, and end the thread."""
        self._steps.put(None)
        self._thread.join()


def _run_all(steps: _Steps) -> None:
    while (step := steps.get()) is not None:
        step()
        del step  # it may refer to large arrays, or to the owner of the thread


def _raise(error: BaseException) -> NoReturn:
    raise error


def prefetch(steps: Iterable[Callable[[], _T]], *, threads: int = 2, waiting: int = 0) -> Iterator[_T]:
    """Yield the result of each step in order, while `threads` threads run the next ones, and up to `waiting` more wait.

    A single step runs in the thread of the caller. An exception of a step is raised in place of its result.
    """
    upcoming = iter(steps)
    first = list(islice(upcoming, 2))
    if len(first) < 2:
        yield from (step() for step in first)
        return
    workers = deque(BackgroundThread() for _ in range(threads))
    pending: deque[Callable[[], _T]] = deque()
    upcoming = chain(first, upcoming)
    del first  # a step may refer to large arrays
    try:
        for step in upcoming:
            pending.append(workers[0].begin(step))
            workers.rotate()
            if len(pending) > threads + waiting:
                yield pending.popleft()()
        while pending:
            yield pending.popleft()()
    finally:
        for worker in workers:
            worker.close()
