"""A worker: a process that makes segments of the articles it is given. `pipes` says what is said to it.

It ends when nobody speaks to it any more, leaves interruptions to the process that started it, and commits nothing: what
it wrote is nowhere mentioned until that process does.
"""

from __future__ import annotations

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
from arsearch.model import Record
from arsearch.model.ingest import ArticleInput, to_article, to_failure
from arsearch.model.schema import Schema

__all__ = ["main"]


def main() -> None:
    """Work until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not be taken for an answer
    heard: SimpleQueue[bytes] = SimpleQueue()
    # A thread listens, so that whoever speaks need not wait for the work; not to `sys.stdin`, which Python would wait
    # for in vain, and abort, should this end before it.
    Thread(target=_listen, args=(os.fdopen(os.dup(0), "rb"), heard), daemon=True).start()
    first = heard.get()
    if not first:
        return
    try:
        worker = _Worker(*marshal.loads(first)[1:])
        while message := heard.get():
            send(answers, encode(worker.answer(*marshal.loads(message))))
    except BrokenPipeError:
        return
    except Exception as error:
        text = str(error) if isinstance(error, ArsearchError) else f"{type(error).__name__}: {error}"
        send(answers, encode(("failed", text)))


def _listen(pipe: IO[bytes], heard: SimpleQueue[bytes]) -> None:
    while message := receive(pipe):
        heard.put(message)
    heard.put(b"")


class _Worker:
    def __init__(
        self,
        location: str,
        analyzer: dict[str, Any],
        fields: dict[str, str],
        dictionary: bytes,
        memory_limit: int,
        durable: bool,
    ) -> None:
        self._collector = DocumentsWriter(
            FSDirectory(location),
            ArabicAnalyzer.from_config(analyzer),
            Schema(fields),
            dictionary=dictionary,
            memory_limit=memory_limit,
            durable=durable,
        )
        self._numbers = array("Q")
        self._flushed: list[tuple[Any, ...]] = []

    def answer(self, name: str, *values: Any) -> tuple[Any, ...]:
        """The answer to a message."""
        if name == "batch":
            return self._take(*values)
        self._flush()
        flushed, self._flushed = self._flushed, []
        return "flushed", flushed

    def _take(self, first: int, items: list[Any]) -> tuple[Any, ...]:
        added = replaced = characters = 0
        failures = []
        for number, given in enumerate(items, first):
            if given is None:
                continue
            item: ArticleInput = Record(*given) if isinstance(given, tuple) else given
            try:
                article = to_article(item)
                again = self._collector.add(article)
            except ArticleError as error:
                failures.append((number, *to_failure(number, item, str(error))))
                continue
            self._numbers.append(number)
            replaced += again
            added += not again
            characters += len(article.title) + len(article.body)
            if self._collector.should_flush:
                self._flush()
        return "taken", added, replaced, characters, failures

    def _flush(self) -> None:
        done = self._collector.flush()
        if done is not None:
            info = done.info
            self._flushed.append((info.name, info.docs, info.bytes, done.replaced, self._numbers.tobytes()))
            self._numbers = array("Q")
