"""The program of a worker process: it answers parts of a batch until its input ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from typing import IO, NamedTuple

from arsearch.query.synonyms import Synonyms
from arsearch.search.backend import Backend
from arsearch.search.batches.options import SearchOptions
from arsearch.search.batches.single import try_answer
from arsearch.search.batches.transport import Packed, pack
from arsearch.search.planner import Planner
from arsearch.search.session import SearchSession

__all__ = ["Setup", "main"]


class Setup(NamedTuple):
    """The first message to a worker: the index, the number of the commit, and the batch with its options."""

    backend: Backend
    synonyms: Synonyms
    generation: int
    queries: list[str]
    snippets: bool
    options: SearchOptions


def main() -> None:
    """Answer the parts on standard input, which only the process that started this one can write.

    A part is a `(low, high)` pair of numbers of queries, and its answer a list of `Packed` results or `None`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the other process, which ends this one
    with contextlib.suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)  # a print must not become an answer
        _serve(sys.stdin.buffer, sink)


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    setup: Setup = pickle.load(source)
    session = _open(setup)
    while True:
        try:
            low, high = pickle.load(source)
        except EOFError:
            return
        pickle.dump([_answer(session, text, setup) for text in setup.queries[low:high]], sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def _open(setup: Setup) -> SearchSession | None:
    """Open the commit of the caller; `None` if there is a newer one."""
    view = setup.backend.view()
    if view.generation != setup.generation:
        return None
    planner = Planner(view.analyzer, view.schema, view.ranking, setup.synonyms)
    return SearchSession(view, planner, setup.backend)


def _answer(session: SearchSession | None, text: str, setup: Setup) -> Packed | None:
    results = None if session is None else try_answer(session, text, setup.snippets, setup.options)
    return None if results is None else pack(results)
