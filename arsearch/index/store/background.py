"""Work done in threads beside whoever wants its results: NumPy's and Zstandard's, most of which needs no lock.

The threads are daemons, not those of an executor: an interruption at a bad moment makes a process wait for such a one
for ever when it ends.
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
    """A thread that does one step after another; it ends when it is closed or nobody refers to this any more."""

    def __init__(self) -> None:
        self._steps: _Steps = SimpleQueue()
        weakref.finalize(self, self._steps.put, None).atexit = False
        self._thread = threading.Thread(target=_work, args=(self._steps,), name="arsearch-helper", daemon=True)
        self._thread.start()

    def begin(self, step: Callable[[], _T]) -> Callable[[], _T]:
        """Have a step done after those before it; a function that waits for what it gives, or raises what it raised."""
        done: SimpleQueue[Callable[[], _T]] = SimpleQueue()

        def work() -> None:
            try:
                value = step()
            except BaseException as error:
                done.put(partial(_raise, error))
            else:
                done.put(lambda: value)

        self._steps.put(work)
        return lambda: done.get()()

    def close(self) -> None:
        """Wait until all steps are done, and end the thread."""
        self._steps.put(None)
        self._thread.join()


def _work(steps: _Steps) -> None:
    while (step := steps.get()) is not None:
        step()
        del step  # it may hold on to much, or to whoever has the helper


def _raise(error: BaseException) -> NoReturn:
    raise error


def prefetch(steps: Iterable[Callable[[], _T]], *, threads: int = 2, waiting: int = 0) -> Iterator[_T]:
    """What the steps give, in order; `threads` of them are being done at a time, up to `waiting` more are ready for it.

    One that is alone is worth no threads.
    """
    coming = iter(steps)
    begun = list(islice(coming, 2))
    if len(begun) < 2:
        yield from (step() for step in begun)
        return
    helpers = deque(BackgroundThread() for _ in range(threads))
    pending: deque[Callable[[], _T]] = deque()
    coming = chain(begun, coming)
    del begun  # what a step holds on to may be large
    try:
        for step in coming:
            pending.append(helpers[0].begin(step))
            helpers.rotate()
            if len(pending) > threads + waiting:
                yield pending.popleft()()
        while pending:
            yield pending.popleft()()
    finally:
        for helper in helpers:
            helper.close()
