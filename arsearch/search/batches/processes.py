"""Answer a batch of searches with several processes: this one, and workers that open the folder of the index themselves.

Workers are started, not forked. Each process takes a part of the batch when it is free; a worker has the next part waiting.
A worker that finds another commit than the caller's answers nothing. The caller answers the parts of such workers, and
searches that fail, itself.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from typing import IO

from arsearch.errors import ArsearchError
from arsearch.model import SearchResults
from arsearch.search.batches.options import SearchOptions
from arsearch.search.batches.single import try_answer
from arsearch.search.batches.transport import Packed, unpack
from arsearch.search.batches.worker import Setup
from arsearch.search.session import SearchSession

__all__ = ["answer_in_processes"]

_PART = 16
"""Queries of a part at most."""

_START = "import sys; sys.path[:] = {!r}; from arsearch.search.batches.worker import main; main()"
"""The program of a worker; it gets the `sys.path` of this process."""


def answer_in_processes(
    session: SearchSession, queries: list[str], options: SearchOptions, snippets: bool, processes: int
) -> list[SearchResults | None]:
    """Return the results of the queries in order; `None` for a query that fails, or that no process answered."""
    backend, synonyms, generation = session.backend, session.planner.synonyms, session.view.generation
    setup = pickle.dumps(Setup(backend, synonyms, generation, queries, snippets, options))
    batch = _Batch(session, queries, options, max(1, min(_PART, len(queries) // (8 * processes))))
    workers: list[subprocess.Popen[bytes]] = []
    threads: list[threading.Thread] = []
    try:
        for _ in range(processes - 1):
            worker = _start()
            workers.append(worker)
            thread = threading.Thread(target=batch.serve, args=(worker, setup), daemon=True)
            threads.append(thread)
            thread.start()
        batch.answer(snippets)
        for thread in threads:
            thread.join()
    except OSError as error:
        raise _failed(error) from error
    finally:
        for worker in workers:  # their threads end with them
            _end(worker)
    if batch.error is not None:
        raise _failed(batch.error) from batch.error
    return batch.results


def _failed(error: Exception) -> ArsearchError:
    reason = "it ended early" if isinstance(error, EOFError) else error
    return ArsearchError(f"a worker process failed ({reason}); search without processes")


class _Batch:
    """The parts of a batch that no process has taken, and the results. Threads share it."""

    def __init__(self, session: SearchSession, queries: Sequence[str], options: SearchOptions, part: int) -> None:
        self.results: list[SearchResults | None] = [None] * len(queries)
        self.error: Exception | None = None
        self._session = session
        self._queries = queries
        self._options = options
        self._parts = deque((at, min(at + part, len(queries))) for at in range(0, len(queries), part))

    def _next(self) -> tuple[int, int] | None:
        try:
            return None if self.error else self._parts.popleft()  # threads take turns
        except IndexError:
            return None

    def answer(self, snippets: bool) -> None:
        """Answer parts in this process until none is left."""
        while part := self._next():
            for at in range(*part):
                self.results[at] = try_answer(self._session, self._queries[at], snippets, self._options)

    def serve(self, worker: subprocess.Popen[bytes], setup: bytes) -> None:
        """Hand parts to a worker until none is left, and keep its results; `error` tells whether that failed."""
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            worker.stdin.write(setup)
            waiting = [part for _ in range(2) if (part := self._hand(worker.stdin))]
            while waiting:
                low, high = waiting.pop(0)
                answers: Sequence[Packed | None] = pickle.load(worker.stdout)
                if part := self._hand(worker.stdin):
                    waiting.append(part)
                self.results[low:high] = [answer and unpack(self._session, answer, self._options) for answer in answers]
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.error = error

    def _hand(self, sink: IO[bytes]) -> tuple[int, int] | None:
        """Send the next part to a worker, and return it."""
        part = self._next()
        if part:
            pickle.dump(part, sink)
            sink.flush()
        return part


def _start() -> subprocess.Popen[bytes]:
    program = _START.format(sys.path)
    return subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.communicate()
