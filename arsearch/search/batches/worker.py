"""The program of a worker process: it answers chunks of queries from its input, until the input ends."""

from __future__ import annotations

import pickle
import signal
import sys

from arsearch.errors import ArsearchError
from arsearch.model import SearchResults
from arsearch.search.batches.options import SearchOptions
from arsearch.search.index import Index
from arsearch.search.snapshot import Snapshot

__all__ = ["main"]


def main() -> None:
    """Answer the chunks on standard input, which only the process that started this one can write."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the other process, which ends this one
    sys.stdout = sys.stderr  # nothing else may write between the answers
    backend, synonyms, generation, options = pickle.load(source)
    with Index(backend, synonyms).snapshot() as snapshot:
        same = snapshot.generation == generation
        while True:
            try:
                queries = pickle.load(source)
            except EOFError:
                return
            answers = [_answer(snapshot, query, options) if same else None for query in queries]
            pickle.dump(answers, sink, pickle.HIGHEST_PROTOCOL)
            sink.flush()


def _answer(snapshot: Snapshot, query: str, options: SearchOptions) -> SearchResults | None:
    """Return the results of a query; `None` if it fails, for the caller to raise the error."""
    try:
        return snapshot.search(query, **options)
    except ArsearchError:
        return None
