"""Worker processes: articles handed out in batches, in turn; the segments that come of them.

What a worker is given depends on the input alone, never on how fast it is: the same articles make the same segments.
They are told of to nobody but the writer that commits them; when a worker dies, all since the last commit is undone.
"""

from __future__ import annotations

import contextlib
import json
import marshal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from arsearch.errors import ArsearchError, ArticleError
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.codec.stored_fields import encode_article, train
from arsearch.index.writing.documents_writer import Flushed
from arsearch.index.writing.parallel.protocol import encode, receive, send
from arsearch.index.writing.stored_fields_writer import first_dictionary
from arsearch.model import Article, Failure, Record
from arsearch.model.ingest import ArticleInput, to_article, to_failure

__all__ = ["BuiltSegment", "IngestResult", "WorkerConfig", "WorkerPool"]

_BATCH_ITEMS = 512
_BATCH_CHARACTERS = 1 << 20
_MAX_IN_FLIGHT = 3
"""Batches a worker may have before it has answered the first of them: it should never wait for one."""

_START = "import sys; sys.path[:] = {!r}; from arsearch.index.writing.parallel.worker import main; main()"


class IngestResult(NamedTuple):
    """What became of some items; failures with the item's number."""

    added: int
    replaced: int
    characters: int
    failures: Iterable[tuple[int, Failure]]


class BuiltSegment(NamedTuple):
    """A segment of a worker; `numbers` are those of its documents' items, rising."""

    flushed: Flushed
    numbers: Array


class WorkerConfig(NamedTuple):
    """What a worker must know; see `Collector`. Without a dictionary one is trained on the first articles."""

    location: str
    analyzer: dict[str, Any]
    fields: dict[str, str]
    dictionary: bytes
    memory_limit: int
    durable: bool


class WorkerPool:
    """A context manager. `tell` is called with what became of items some time after they were taken."""

    def __init__(self, count: int, setup: WorkerConfig, tell: Callable[[IngestResult], None]) -> None:
        self._setup = setup
        self._tell = tell
        self._turn = 0
        self._batch: list[Any] = []
        self._first = 0
        self._characters = 0
        self._samples: list[bytes] | None = None if setup.dictionary else []
        self._held: list[bytes] = []
        self._workers: list[_Process] = []
        try:
            self._workers += (_Process() for _ in range(count))
            if self._samples is None:
                self._set_up(setup.dictionary)
        except BaseException as error:
            self._end()
            if isinstance(error, OSError):
                raise ArsearchError(f"no worker process can be started ({error}); index with workers=1") from error
            raise

    def _set_up(self, dictionary: bytes) -> None:
        self._samples = None
        setup = self._setup._replace(dictionary=dictionary)
        for worker in self._workers:
            worker.tell(encode(("setup", *setup)))
        for batch in self._held:
            self._hand_out(batch)
        self._held = []

    def ingest(self, number: int, item: ArticleInput) -> None:
        """Take the `number`th item; the numbers of items are consecutive."""
        if not self._batch:
            self._first = number
        self._batch.append(item)
        data = item.data if isinstance(item, Record) else item
        body = data.body if isinstance(data, Article) else data.get("body") if isinstance(data, Mapping) else None
        self._characters += len(body) if isinstance(body, str) else 0
        if len(self._batch) >= _BATCH_ITEMS or self._characters >= _BATCH_CHARACTERS:
            self._close_batch()

    def _close_batch(self) -> None:
        if not self._batch:
            return
        batch, self._batch, self._characters = self._batch, [], 0
        if self._samples is not None:
            self._sample(self._samples, batch)
        given: list[Any] = [tuple(item) if isinstance(item, Record) else item for item in batch]
        try:
            message = encode(("batch", self._first, given))
        except ValueError:
            message = encode(("batch", self._first, [self._plain(at, item) for at, item in enumerate(batch)]))
        if self._samples is None:
            self._hand_out(message)
        else:
            self._held.append(message)

    def _sample(self, samples: list[bytes], items: Iterable[ArticleInput]) -> None:
        """Train the dictionary that all workers share, once there are articles enough."""
        for item in items:
            with contextlib.suppress(ArticleError):
                samples.append(encode_article(to_article(item)))
        dictionary = first_dictionary(samples)
        if dictionary is not None:
            self._set_up(dictionary)

    def _plain(self, at: int, item: ArticleInput) -> Any:
        """An item as plain values, or `None` for one that is no article, which is told of."""
        given = tuple(item) if isinstance(item, Record) else item
        try:
            encode((given,))
        except ValueError:
            try:
                return json.loads(json.dumps(to_article(item).to_dict()))
            except ArticleError as error:
                number = self._first + at
                self._tell(IngestResult(0, 0, 0, [(number, to_failure(number, item, str(error)))]))
                return None
        return given

    def _hand_out(self, batch: bytes) -> None:
        worker = self._workers[self._turn]
        self._turn = (self._turn + 1) % len(self._workers)
        while worker.unanswered >= _MAX_IN_FLIGHT:
            self._tell_of(worker.answer())
        worker.ask(batch)

    def _tell_of(self, answer: tuple[Any, ...]) -> None:
        _, added, replaced, characters, failures = answer
        self._tell(IngestResult(added, replaced, characters, [(number, Failure(*rest)) for number, *rest in failures]))

    def finish(self) -> list[BuiltSegment]:
        """All segments of what was taken since the last call, written; by the first of their items."""
        self._close_batch()
        if self._samples is not None:
            self._set_up(train(self._samples))
        flush = encode(("flush",))
        for worker in self._workers:
            worker.ask(flush)
        built = []
        for worker in self._workers:
            while worker.unanswered > 1:
                self._tell_of(worker.answer())
            for name, docs, size, replaced, numbers in worker.answer()[1]:
                flushed = Flushed(SegmentInfo(name, docs, bytes=size), replaced)
                built.append(BuiltSegment(flushed, np.frombuffer(numbers, np.uint64)))
        return sorted(built, key=lambda one: int(one.numbers[0]))

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(error is not None)

    def _end(self, at_once: bool = True) -> None:
        for worker in self._workers:
            worker.end(at_once)


class _Process:
    """A worker's process, seen from the one that started it."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _START.format(sys.path)]
        # In a session of its own a worker hears nothing of Ctrl-C: it ends when nobody speaks to it any more.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        assert self._process.stdin
        assert self._process.stdout
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self.unanswered = 0
        """How many answers are still to come."""

    def tell(self, message: bytes) -> None:
        """Send a message that has no answer."""
        try:
            send(self._questions, message)
        except BrokenPipeError:
            while True:  # it may have said why, after other answers
                self.answer()

    def ask(self, message: bytes) -> None:
        """Send a message."""
        self.tell(message)
        self.unanswered += 1

    def answer(self) -> tuple[Any, ...]:
        """The next answer; the error that made the worker end, if that is it."""
        message = receive(self._answers)
        if not message:
            raise ArsearchError(
                f"a worker process died ({_how(self._process.wait())}); give fewer workers or a lower memory_limit"
            )
        self.unanswered -= 1
        answer: tuple[Any, ...] = marshal.loads(message)
        if answer[0] == "failed":
            raise ArsearchError(f"a worker failed: {answer[1]}")
        return answer

    def end(self, at_once: bool) -> None:
        """Wait until it has ended, which it does when nothing more can be asked of it; `at_once` makes it."""
        if at_once:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._questions.close()
        self._process.wait()
        self._answers.close()


def _how(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
