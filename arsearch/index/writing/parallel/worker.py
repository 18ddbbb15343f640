"""A worker: a process that builds segments of the articles it receives. `protocol` defines the messages.

It ends when its standard input ends, and leaves Ctrl-C to the process that started it. It commits nothing: no manifest
names its segments before that process commits them.
"""

from __future__ import annotations

import contextlib
import marshal
import os
from array import array
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArsearchError, ArticleError
from arsearch.index.store.directory import FSDirectory
from arsearch.index.writing.documents_writer import DocumentsWriter
from arsearch.index.writing.parallel.protocol import encode, receive, send
from arsearch.model import Article, Record
from arsearch.model.ingest import ArticleInput, ingested, place_of, to_failure
from arsearch.model.schema import Schema
from arsearch.works.documents import documents_of
from arsearch.works.splitting import read_split

__all__ = ["main"]


def main() -> None:
    """Answer messages until standard input ends, or nobody reads the answers."""
    with contextlib.suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # a print must not become an answer
        _serve(answers)


def _serve(answers: IO[bytes]) -> None:
    messages: SimpleQueue[bytes] = SimpleQueue()
    # A thread reads, and the sender need not wait for the work. It reads a duplicate of standard input: if this process
    # ends first, Python would wait for the lock of `sys.stdin`, and abort.
    Thread(target=_read, args=(os.fdopen(os.dup(0), "rb"), messages), daemon=True).start()
    setup = messages.get()
    if not setup:
        return
    try:
        worker = _Worker(*marshal.loads(setup)[1:])
        while message := messages.get():
            send(answers, encode(worker.answer(*marshal.loads(message))))
    except BrokenPipeError:
        raise
    except Exception as error:
        text = str(error) if isinstance(error, ArsearchError) else f"{type(error).__name__}: {error}"
        send(answers, encode(("failed", text)))


def _read(pipe: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    """Queue the messages of a pipe, and an empty one at its end."""
    while message := receive(pipe):
        messages.put(message)
    messages.put(b"")


class _Worker:
    def __init__(
        self,
        location: str,
        analyzer: dict[str, Any],
        fields: dict[str, str],
        dictionary: bytes,
        memory_limit: int,
        durable: bool,
        strict_dates: bool,
        strict_values: bool,
        split: str | None,
    ) -> None:
        self._schema = Schema(fields)
        self._strict = {"strict_dates": strict_dates, "strict_values": strict_values}
        self._split = read_split(split)
        self._writer = DocumentsWriter(
            FSDirectory(location),
            ArabicAnalyzer.from_config(analyzer),
            self._schema,
            dictionary=dictionary,
            memory_limit=memory_limit,
            durable=durable,
        )
        self._numbers = array("Q")
        self._flushed: list[tuple[Any, ...]] = []

    def answer(self, name: str, *values: Any) -> tuple[Any, ...]:
        """Return the answer to a batch or a flush."""
        if name == "batch":
            return self._ingest(*values)
        self._flush()
        flushed, self._flushed = self._flushed, []
        return "flushed", flushed

    def _ingest(self, first: int, items: list[Any]) -> tuple[Any, ...]:
        added = replaced = characters = parts = 0
        failures = []
        remarks: list[tuple[str, str, str]] = []
        for number, value in enumerate(items, first):
            if value is None:
                continue
            item: ArticleInput = Record(*value) if isinstance(value, tuple) else value
            try:
                article, found = ingested(item, self._schema, **self._strict)
                documents = documents_of(article, self._schema, self._split, found)
                is_replacement = self._add(number, next(documents))
            except ArticleError as error:
                failures.append((number, *to_failure(number, item, str(error))))
                continue
            for part in documents:
                self._add(number, part)
                parts += 1
            if found:
                remarks += [(place_of(number, item), *remark) for remark in found]
            replaced += is_replacement
            added += not is_replacement
            characters += len(article.title) + len(article.text)
        return "ingested", added, replaced, characters, failures, remarks, parts

    def _add(self, number: int, document: Article) -> bool:
        replaced = self._writer.add(document)
        self._numbers.append(number)
        if self._writer.should_flush:
            self._flush()
        return replaced

    def _flush(self) -> None:
        flushed = self._writer.flush()
        if flushed is not None:
            info = flushed.info
            self._flushed.append((info.name, info.docs, info.bytes, flushed.replaced, self._numbers.tobytes()))
            self._numbers = array("Q")
