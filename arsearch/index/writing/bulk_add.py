"""The loop behind `Index.add`: one item after another, the bad ones set aside, here or in worker processes."""

from __future__ import annotations

import contextlib
import time
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from arsearch.errors import AddError, ArticleError
from arsearch.index.writing.index_writer import IndexWriter
from arsearch.index.writing.parallel.pool import BuiltSegment, IngestResult, WorkerPool
from arsearch.model import AddReport
from arsearch.model.ingest import ArticleInput, to_article, to_failure
from arsearch.search.backend import AddOptions

__all__ = ["MAX_FAILURES_KEPT", "BulkAdd"]

MAX_FAILURES_KEPT = 1000


@dataclass(slots=True)
class BulkAdd:
    """One call of `Index.add`. `report` runs ahead of the commits; `committed` is what is safe."""

    writer: IndexWriter
    report: AddReport
    options: AddOptions = field(default_factory=AddOptions)
    _failed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        options = self.options
        if options.commit_every is not None and options.commit_every < 1:
            raise ValueError(f"commit_every is {options.commit_every}; it must be at least 1, or None")
        if options.workers < 1:
            raise ValueError(f"workers is {options.workers}; it must be at least 1")

    def run(self, articles: Iterable[ArticleInput]) -> AddReport:
        """Add all; the report. AddError, with the report of what is safe, for whatever stops it."""
        safe = replace(self.report)
        good = 0
        last = time.monotonic()
        try:
            with self._taker() as taker:
                for number, item in enumerate(articles, 1):
                    taker.ingest(number, item)
                    if self.options.progress is not None:
                        self.options.progress(self.report)
                    pending = number - self.report.failures - good
                    due = self.options.commit_every is not None and pending >= self.options.commit_every
                    late = (
                        self.options.commit_seconds is not None
                        and time.monotonic() - last >= self.options.commit_seconds
                    )
                    if due or (late and pending):
                        safe = self._commit(taker)
                        good, last = number - self.report.failures, time.monotonic()
                self._commit(taker)
        except Exception as error:
            safe.failures, safe.failed = self.report.failures, self.report.failed
            raise AddError(f"adding stopped: {error}; {safe.committed} articles had been committed", safe) from error
        return self.report

    def _taker(self) -> contextlib.AbstractContextManager[Ingestor]:
        setup = self.writer.worker_config() if self.options.workers > 1 else None
        if setup is None:
            return contextlib.nullcontext(_LocalIngestor(self.writer, self._count))
        return WorkerPool(self.options.workers, setup, self._count)

    def _commit(self, taker: Ingestor) -> AddReport:
        updated = self.writer.adopt_segments(taker.finish()) + self.writer.commit()
        self._count(_found_to_replace(updated))
        self.report.commits += 1
        self.report.committed = self.report.added + self.report.updated
        if (
            self.options.progress is not None
        ):  # the next article may be long in coming, and an interruption come before it
            self.options.progress(self.report)
        return replace(self.report)

    def _count(self, taken: IngestResult) -> None:
        self.report.added += taken.added
        self.report.updated += taken.replaced
        self.report.characters += taken.characters
        for number, failure in taken.failures:
            if self.options.strict:
                raise ArticleError(f"{failure.where}: {failure.reason}")
            self.report.failures += 1
            at = bisect(self._failed, number)
            if at < MAX_FAILURES_KEPT:
                self._failed.insert(at, number)
                self.report.failed.insert(at, failure)
                del self._failed[MAX_FAILURES_KEPT:], self.report.failed[MAX_FAILURES_KEPT:]


class Ingestor(Protocol):
    """Where items go: those taken until `finish` are in what `Writer.commit` commits after it."""

    def ingest(self, number: int, item: ArticleInput) -> None:
        """Take the `number`th item."""

    def finish(self) -> list[BuiltSegment]:
        """The segments of the items taken that the writer does not know of yet."""


class _LocalIngestor:
    """Takes items in this process."""

    def __init__(self, writer: IndexWriter, tell: Callable[[IngestResult], None]) -> None:
        self._writer = writer
        self._tell = tell

    def ingest(self, number: int, item: ArticleInput) -> None:
        try:
            article = to_article(item)
            replaced = self._writer.add(article)
        except ArticleError as error:
            self._tell(IngestResult(0, 0, 0, [(number, to_failure(number, item, str(error)))]))
            return
        self._tell(IngestResult(not replaced, replaced, len(article.title) + len(article.body), ()))
        if self._writer.should_flush:
            self._tell(_found_to_replace(self._writer.flush()))

    def finish(self) -> list[BuiltSegment]:
        return []


def _found_to_replace(count: int) -> IngestResult:
    """What to count when articles that were counted as added turn out to replace ones in earlier segments."""
    return IngestResult(-count, count, 0, ())
