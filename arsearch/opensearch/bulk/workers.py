"""Worker processes that make items ready. Workers are started, not forked, and get batches of items as they become free.

The results come in the order of the items. The order of adding stays that of the items too: each item has numbers of its own.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import IO, NamedTuple

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArsearchError
from arsearch.model.ingest import ArticleInput
from arsearch.model.schema import Schema
from arsearch.opensearch.bulk.preparing import Preparer, Ready
from arsearch.opensearch.documents import DocumentMaker
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.search.backend import AddOptions

__all__ = ["NUMBERS", "main", "prepared_by_workers"]

_BATCH_ITEMS = 128
_BATCH_BYTES = 2 << 20

NUMBERS = 1 << 23
"""Numbers in order of adding that an item has for its documents, the parts of a work among them."""

_START = "import sys; sys.path[:] = {!r}; from arsearch.opensearch.bulk.workers import main; main()"
"""The program of a worker; it gets the `sys.path` of this process."""


class _Item(NamedTuple):
    """An item with its number, and in the form for a worker; `None` if it has none."""

    number: int
    item: ArticleInput
    sent: bytes | None


@contextmanager
def prepared_by_workers(
    analyzer: ArabicAnalyzer, schema: Schema, options: AddOptions, preparer: Preparer
) -> Iterator[_Workers]:
    """Start `options.workers` processes, and end them with the block. Raises ArsearchError if one cannot be started.

    `preparer` makes those items ready in this process that cannot be sent to another.
    """
    plain = AddOptions(strict_dates=options.strict_dates, strict_values=options.strict_values, split=options.split)
    setup = pickle.dumps((analyzer.config(), schema.declared, plain))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(options.workers):
            processes.append(_start())  # noqa: PERF401  # a failure must end the workers already started
        with ThreadPoolExecutor(len(processes)) as threads:
            try:
                yield _Workers(processes, threads, setup, preparer)
            except BaseException:
                for process in processes:  # the threads wait for them
                    process.kill()
                raise
    except OSError as error:
        raise ArsearchError(f"no worker process can be started ({error}); add with workers=1") from error
    finally:
        for process in processes:
            process.kill()
            process.communicate()


class _Workers:
    def __init__(
        self, processes: list[subprocess.Popen[bytes]], threads: ThreadPoolExecutor, setup: bytes, preparer: Preparer
    ) -> None:
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in processes:
            _pipe(process.stdin).write(setup)
            self._free.put(process)
        self._most = 3 * len(processes)
        self._threads = threads
        self._preparer = preparer

    def prepare(self, items: Iterable[ArticleInput], seq: int) -> Iterator[tuple[int, ArticleInput, Ready]]:
        """Yield each item with its number, from 1 on, made ready; documents are numbered from `seq` on, in order."""
        pending: deque[tuple[list[_Item], Future[list[Ready]]]] = deque()
        for batch in _batches(items):
            pending.append((batch, self._threads.submit(self._ask, batch, seq)))
            if len(pending) >= self._most:
                yield from _results(*pending.popleft())
        while pending:
            yield from _results(*pending.popleft())

    def _ask(self, batch: list[_Item], seq: int) -> list[Ready]:
        numbered = [(one.sent, seq + (one.number - 1) * NUMBERS) for one in batch]
        process = self._free.get()
        try:
            stdin = _pipe(process.stdin)
            pickle.dump(numbered, stdin)
            stdin.flush()
            answers = pickle.load(_pipe(process.stdout))
        except (EOFError, BrokenPipeError) as error:
            raise ArsearchError(
                f"a worker process died (exit status {process.wait()}); add with fewer workers"
            ) from error
        finally:
            self._free.put(process)
        return [
            self._preparer.prepare(one.item, number) if answer is None else Ready(*answer)
            for one, (_, number), answer in zip(batch, numbered, answers, strict=True)
        ]


def _results(batch: list[_Item], ready: Future[list[Ready]]) -> Iterator[tuple[int, ArticleInput, Ready]]:
    for one, made in zip(batch, ready.result(), strict=True):
        yield one.number, one.item, made


def _batches(items: Iterable[ArticleInput]) -> Iterator[list[_Item]]:
    batch: list[_Item] = []
    size = 0
    for number, item in enumerate(items, 1):
        sent = _sent(item)
        batch.append(_Item(number, item, sent))
        size += len(sent or b"")
        if len(batch) >= _BATCH_ITEMS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _sent(item: ArticleInput) -> bytes | None:
    try:
        return pickle.dumps(item)
    except Exception:  # whatever the values of other programs may raise
        return None


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _START.format(sys.path)]
    # A session of its own keeps Ctrl-C from the worker, which ends with this process.
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def main() -> None:
    """Answer batches from standard input until it ends, or nobody reads the answers."""
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)  # a print must not become an answer
        _serve(output)


def _serve(output: IO[bytes]) -> None:
    config, fields, options = pickle.load(sys.stdin.buffer)
    analyzer, schema = ArabicAnalyzer.from_config(config), Schema(fields)
    maker = DocumentMaker(FieldAnalyser(analyzer), schema, analyzer.normalizer.normalise)
    preparer = Preparer(maker, options)
    while True:
        try:
            items = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answers = [None if item is None else tuple(preparer.prepare(pickle.loads(item), seq)) for item, seq in items]
        pickle.dump(answers, output)
        output.flush()
