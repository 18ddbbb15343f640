"""Hand out articles to worker processes in batches, in turn, and collect the segments they build.

The batches of a worker depend on the input alone, never on its speed: the same articles make the same segments. If a worker
dies, all changes since the last commit are dropped, for no manifest names its segments.
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
from arsearch.model.ingest import ArticleInput, place_of, to_article, to_failure
from arsearch.model.places import PARTS

__all__ = ["BuiltSegment", "IngestResult", "WorkerConfig", "WorkerPool"]

_BATCH_ITEMS = 512
_BATCH_CHARACTERS = 1 << 20
_MAX_IN_FLIGHT = 3
"""The batches that a worker may have before it answers the first of them. With several, it need not wait for the next."""

_START = "import sys; sys.path[:] = {!r}; from arsearch.index.writing.parallel.worker import main; main()"
"""The program of a worker; it gets the `sys.path` of this process."""


class IngestResult(NamedTuple):
    """The outcome of some items: articles added, articles replaced, their characters, failures by item number, remarks,
    and the parts of works.

    A remark is a place, a kind and a text.
    """

    added: int
    replaced: int
    characters: int
    failures: Iterable[tuple[int, Failure]]
    remarks: Iterable[tuple[str, str, str]] = ()
    parts: int = 0


class BuiltSegment(NamedTuple):
    """A segment that a worker built; `numbers` has the item number of each document, in ascending order."""

    flushed: Flushed
    numbers: Array


class WorkerConfig(NamedTuple):
    """The parameters of a worker; see `DocumentsWriter`. An empty dictionary is trained on the first articles."""

    location: str
    analyzer: dict[str, Any]
    fields: dict[str, str]
    dictionary: bytes
    memory_limit: int
    durable: bool
    strict_dates: bool = False
    strict_values: bool = False
    split: str | None = None


class WorkerPool:
    """A context manager of worker processes. It calls `report` with the results of items some time after their ingestion."""

    def __init__(self, count: int, config: WorkerConfig, report: Callable[[IngestResult], None]) -> None:
        self._config = config
        self._report = report
        self._turn = 0
        self._batch: list[Any] = []
        self._batch_start = 0
        self._batch_characters = 0
        self._samples: list[bytes] | None = None if config.dictionary else []
        """The articles that the dictionary will be trained on; `None` once the workers are set up."""
        self._held: list[bytes] = []
        """The encoded batches that wait until then."""
        self._workers: list[_Process] = []
        try:
            self._workers += (_Process() for _ in range(count))
            if self._samples is None:
                self._set_up(config.dictionary)
        except BaseException as error:
            self._end(kill=True)
            if isinstance(error, OSError):
                raise ArsearchError(f"no worker process can be started ({error}); index with workers=1") from error
            raise

    def _set_up(self, dictionary: bytes) -> None:
        """Send the workers their configuration with the dictionary, and then the batches held."""
        self._samples = None
        config = self._config._replace(dictionary=dictionary)
        for worker in self._workers:
            worker.send(encode(("setup", *config)))
        for batch in self._held:
            self._hand_out(batch)
        self._held = []

    def ingest(self, number: int, item: ArticleInput) -> None:
        """Ingest an item; the numbers of items are consecutive."""
        if not self._batch:
            self._batch_start = number
        self._batch.append(item)
        self._batch_characters += _characters(item)
        if len(self._batch) >= _BATCH_ITEMS or self._batch_characters >= _BATCH_CHARACTERS:
            self._close_batch()

    def _close_batch(self) -> None:
        if not self._batch:
            return
        items, self._batch, self._batch_characters = self._batch, [], 0
        if self._samples is not None:
            self._sample(self._samples, items)
        values: list[Any] = [tuple(item) if isinstance(item, Record) else item for item in items]
        try:
            message = encode(("batch", self._batch_start, values))
        except ValueError:
            values = [self._plain_value(number, item) for number, item in enumerate(items, self._batch_start)]
            message = encode(("batch", self._batch_start, values))
        if self._samples is None:
            self._hand_out(message)
        else:
            self._held.append(message)

    def _sample(self, samples: list[bytes], items: Iterable[ArticleInput]) -> None:
        """Add articles to the samples. If they are enough, train the dictionary that all workers share."""
        for item in items:
            with contextlib.suppress(ArticleError):
                samples.append(encode_article(to_article(item)))
        dictionary = first_dictionary(samples)
        if dictionary is not None:
            self._set_up(dictionary)

    def _plain_value(self, number: int, item: ArticleInput) -> Any:
        """Return an item as plain values. Report an item that is no article as a failure, and return `None`."""
        value = tuple(item) if isinstance(item, Record) else item
        try:
            encode((value,))
        except ValueError:
            try:
                remarks: list[tuple[str, str]] = list(item.remarks) if isinstance(item, Record) else []
                article = to_article(item, remarks)
                return place_of(number, item), json.loads(json.dumps(article.to_dict())), None, tuple(remarks)
            except ArticleError as error:
                self._report(IngestResult(0, 0, 0, [(number, to_failure(number, item, str(error)))]))
                return None
        return value

    def _hand_out(self, batch: bytes) -> None:
        worker = self._workers[self._turn]
        self._turn = (self._turn + 1) % len(self._workers)
        while worker.unanswered >= _MAX_IN_FLIGHT:
            self._report_answer(worker.answer())
        worker.ask(batch)

    def _report_answer(self, answer: tuple[Any, ...]) -> None:
        _, added, replaced, characters, failures, remarks, parts = answer
        failed = [(number, Failure(*rest)) for number, *rest in failures]
        self._report(IngestResult(added, replaced, characters, failed, remarks, parts))

    def finish(self) -> list[BuiltSegment]:
        """Return the segments of all items ingested since the last call, ordered by their first item."""
        self._close_batch()
        if self._samples is not None:
            self._set_up(train(self._samples))
        flush = encode(("flush",))
        for worker in self._workers:
            worker.ask(flush)
        built = []
        for worker in self._workers:
            while worker.unanswered > 1:
                self._report_answer(worker.answer())
            for name, docs, size, replaced, numbers in worker.answer()[1]:
                flushed = Flushed(SegmentInfo(name, docs, bytes=size), replaced)
                built.append(BuiltSegment(flushed, np.frombuffer(numbers, np.uint64)))
        return sorted(built, key=lambda segment: int(segment.numbers[0]))

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(kill=error is not None)

    def _end(self, *, kill: bool) -> None:
        for worker in self._workers:
            worker.end(kill=kill)


def _characters(item: ArticleInput) -> int:
    """Return the code points of the body of an item and of its parts; 0 for an item that is no article."""
    data = item.data if isinstance(item, Record) else item
    if isinstance(data, Article):
        return len(data.text)
    if not isinstance(data, Mapping):
        return 0
    parts = data.get(PARTS)
    bodies = [part.get("body") for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return sum(len(text) for text in (data.get("body"), *bodies) if isinstance(text, str))


class _Process:
    """The process of a worker."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _START.format(sys.path)]
        # A session of its own keeps Ctrl-C from the worker, which ends when its standard input does.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        assert self._process.stdin
        assert self._process.stdout
        self._messages, self._answers = self._process.stdin, self._process.stdout
        self.unanswered = 0
        """The number of answers still to come."""

    def send(self, message: bytes) -> None:
        """Send a message that has no answer."""
        try:
            send(self._messages, message)
        except BrokenPipeError:
            while True:  # its last answer, after any others, may be the error that ended it; `answer` raises this
                self.answer()

    def ask(self, message: bytes) -> None:
        """Send a message that has an answer."""
        self.send(message)
        self.unanswered += 1

    def answer(self) -> tuple[Any, ...]:
        """Return the next answer. Raises ArsearchError if the worker failed or died."""
        message = receive(self._answers)
        if not message:
            raise ArsearchError(
                f"a worker process died ({_describe(self._process.wait())}); give fewer workers or a lower memory_limit"
            )
        self.unanswered -= 1
        answer: tuple[Any, ...] = marshal.loads(message)
        if answer[0] == "failed":
            raise ArsearchError(f"a worker failed: {answer[1]}")
        return answer

    def end(self, *, kill: bool) -> None:
        """Close the worker's standard input and wait until it ends; kill it first if `kill`."""
        if kill:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            self._messages.close()
        self._process.wait()
        self._answers.close()


def _describe(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
