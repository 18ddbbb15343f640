"""Steps of NumPy's done in threads, a little ahead of whoever wants their results: most of their time needs no lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead"]

_THREADS = 2

_T = TypeVar("_T")


def ahead(steps: Iterable[Callable[[], _T]]) -> Iterator[_T]:
    """What the steps give, in order; a few of them are being done at a time."""
    with ThreadPoolExecutor(_THREADS, "arsearch-ahead") as threads:
        pending: deque[Future[_T]] = deque()
        for step in steps:
            pending.append(threads.submit(step))
            if len(pending) > _THREADS:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
