"""Answer a batch of searches with worker processes, which open the folder of the index themselves.

Workers are started, not forked, and get the batch in chunks as they become free. A worker that finds another commit than
the caller's answers nothing; the caller answers the chunks of such workers, and searches that fail, itself.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from arsearch.errors import ArsearchError
from arsearch.model import SearchResults
from arsearch.search.batches.options import SearchOptions
from arsearch.search.session import SearchSession

__all__ = ["answer_in_processes"]

_CHUNK = 32
"""Queries of a chunk at most."""

_START = "import sys; sys.path[:] = {!r}; from arsearch.search.batches.worker import main; main()"
"""The program of a worker; it gets the `sys.path` of this process."""


def answer_in_processes(
    session: SearchSession, queries: Sequence[str], options: SearchOptions, processes: int
) -> list[SearchResults | None]:
    """Return the results of the queries in order; `None` for a query that the caller must answer."""
    from concurrent.futures import ThreadPoolExecutor

    setup = pickle.dumps((session.backend, session.planner.synonyms, session.view.generation, options))
    size = max(1, min(_CHUNK, len(queries) // (4 * processes)))
    chunks = iter([(at, queries[at : at + size]) for at in range(0, len(queries), size)])
    results: list[SearchResults | None] = [None] * len(queries)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(processes):
            workers.append(_start())  # noqa: PERF401  # a failure must end the workers already started
        with ThreadPoolExecutor(processes) as threads:
            try:
                for _ in threads.map(lambda worker: _serve(worker, setup, chunks, results), workers):
                    pass
            except BaseException:
                for worker in workers:  # the threads wait for them
                    worker.kill()
                raise
    except OSError as error:
        raise ArsearchError(f"a worker process failed ({error}); search without processes") from error
    finally:
        for worker in workers:
            _end(worker)
    return results


def _start() -> subprocess.Popen[bytes]:
    program = _START.format(sys.path)
    return subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _serve(
    worker: subprocess.Popen[bytes],
    setup: bytes,
    chunks: Iterator[tuple[int, Sequence[str]]],
    results: list[SearchResults | None],
) -> None:
    """Hand chunks to one worker until there are none, and put its answers into `results`."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(setup)
    for at, chunk in chunks:
        pickle.dump(chunk, worker.stdin)
        worker.stdin.flush()
        try:
            answers: Sequence[Any] = pickle.load(worker.stdout)
        except EOFError as error:
            raise ArsearchError("a worker process ended early; search without processes") from error
        results[at : at + len(chunk)] = answers


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.communicate()
