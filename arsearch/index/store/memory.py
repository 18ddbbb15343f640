"""The files of an index in memory."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator

from arsearch.concurrency import reset_in_children
from arsearch.index.store.filesystem import Buffer
from arsearch.index.store.lock import locked_error

__all__ = ["RAMDirectory"]


class RAMDirectory:
    """A directory in memory, for tests and for collections that fit in memory."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._writer: int | None = None
        """The thread that holds the lock."""
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child, unless the thread that forked is writing."""
        if self._writer != threading.get_ident():
            self._lock = threading.Lock()

    @property
    def location(self) -> str:
        return ":memory:"

    def names(self) -> list[str]:
        return list(self._files)

    def stamp(self) -> int | None:
        return None

    def identity(self) -> None:
        return None

    def read(self, name: str) -> memoryview:
        try:
            return memoryview(self._files[name])
        except KeyError:
            raise FileNotFoundError(name) from None

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:  # noqa: ARG002
        self._files[name] = b"".join(chunks)
        return len(self._files[name])

    def remove(self, name: str) -> None:
        self._files.pop(name, None)

    def sync(self, names: Iterable[str] = ()) -> None:
        pass

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=min(timeout, threading.TIMEOUT_MAX)):
            raise locked_error(self.location, timeout)
        self._writer = threading.get_ident()
        try:
            yield
        finally:
            self._writer = None
            self._lock.release()
