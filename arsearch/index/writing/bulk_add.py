"""Run `Index.add`: ingest one item after another, in this process or in workers, and report the items that are rejected."""

from __future__ import annotations

import contextlib
import time
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from arsearch.errors import AddError, ArticleError
from arsearch.index.writing.index_writer import IndexWriter
from arsearch.index.writing.parallel.pool import BuiltSegment, IngestResult, WorkerPool
from arsearch.model import AddReport, Article
from arsearch.model.ingest import ArticleInput, ingested, place_of, to_failure
from arsearch.model.reports import FAILURES_KEPT
from arsearch.search.backend import AddOptions
from arsearch.works.documents import documents_of
from arsearch.works.splitting import read_split

__all__ = ["BulkAdd"]


class BulkAdd:
    """One call of `Index.add`. The report counts every item ingested; its `committed` counts the articles in commits."""

    def __init__(self, writer: IndexWriter, report: AddReport, options: AddOptions) -> None:
        self._writer = writer
        self._report = report
        self._options = options
        self._failure_numbers: list[int] = []

    def run(self, articles: Iterable[ArticleInput]) -> AddReport:
        """Add all articles and return the report.

        Any exception stops the call and is raised as AddError; its report counts the committed articles.
        """
        report, progress = self._report, self._options.progress
        committed = replace(report)
        ingested = 0  # articles, before the last commit
        last_commit = time.monotonic()
        try:
            with self._ingestor() as ingestor:
                for number, item in enumerate(articles, 1):
                    ingestor.ingest(number, item)
                    if progress is not None:
                        progress(report)
                    if self._commit_is_due(number - report.failures - ingested, last_commit):
                        committed = self._commit(ingestor)
                        ingested, last_commit = number - report.failures, time.monotonic()
                self._commit(ingestor)
        except Exception as error:
            committed.failures, committed.failed, committed.remarks = report.failures, report.failed, report.remarks
            message = f"adding stopped: {error}; {committed.committed} articles had been committed"
            raise AddError(message, committed) from error
        return report

    def _commit_is_due(self, pending: int, last_commit: float) -> bool:
        every, seconds = self._options.commit_every, self._options.commit_seconds
        if every is not None and pending >= every:
            return True
        return seconds is not None and pending != 0 and time.monotonic() - last_commit >= seconds

    def _ingestor(self) -> contextlib.AbstractContextManager[Ingestor]:
        config = self._writer.worker_config() if self._options.workers > 1 else None
        if config is None:
            return contextlib.nullcontext(_LocalIngestor(self._writer, self._count, self._options))
        options = self._options
        config = config._replace(
            strict_dates=options.strict_dates, strict_values=options.strict_values, split=options.split
        )
        return WorkerPool(self._options.workers, config, self._count)

    def _commit(self, ingestor: Ingestor) -> AddReport:
        """Commit the ingested items, and return a copy of the report."""
        updated = self._writer.adopt_segments(ingestor.finish()) + self._writer.commit()
        self._count(_replacements(updated))
        self._report.commits += 1
        self._report.committed = self._report.added + self._report.updated
        if self._options.progress is not None:
            # The next article may take long to come, and Ctrl-C may come before it.
            self._options.progress(self._report)
        return replace(self._report)

    def _count(self, result: IngestResult) -> None:
        """Add a result to the report. The failures stay in the order of their items, though workers report out of order."""
        report = self._report
        report.added += result.added
        report.updated += result.replaced
        report.characters += result.characters
        report.parts += result.parts
        for remark in result.remarks:
            report.remark(*remark)
        for number, failure in result.failures:
            if self._options.strict:
                raise ArticleError(f"{failure.where}: {failure.reason}")
            report.failures += 1
            at = bisect(self._failure_numbers, number)
            if at < FAILURES_KEPT:
                self._failure_numbers.insert(at, number)
                report.failed.insert(at, failure)
                del self._failure_numbers[FAILURES_KEPT:], report.failed[FAILURES_KEPT:]


class Ingestor(Protocol):
    """Ingests items in this process or in others."""

    def ingest(self, number: int, item: ArticleInput) -> None:
        """Ingest an item; the first has the number 1. The next commit after `finish` commits it."""

    def finish(self) -> list[BuiltSegment]:
        """Return the segments of the items ingested that the writer has not adopted yet."""


class _LocalIngestor:
    """Ingests items in this process. Its segments are the writer's own."""

    def __init__(self, writer: IndexWriter, report: Callable[[IngestResult], None], options: AddOptions) -> None:
        self._writer = writer
        self._report = report
        self._strict = {"strict_dates": options.strict_dates, "strict_values": options.strict_values}
        self._split = read_split(options.split)

    def ingest(self, number: int, item: ArticleInput) -> None:
        try:
            article, remarks = ingested(item, self._writer.schema, **self._strict)
            documents = documents_of(article, self._writer.schema, self._split, remarks)
            replaced = self._add(next(documents))
        except ArticleError as error:
            self._report(IngestResult(0, 0, 0, [(number, to_failure(number, item, str(error)))]))
            return
        parts = 0
        for part in documents:
            self._add(part)
            parts += 1
        places = [(place_of(number, item), *remark) for remark in remarks] if remarks else ()
        self._report(IngestResult(not replaced, replaced, len(article.title) + len(article.text), (), places, parts))

    def _add(self, document: Article) -> bool:
        replaced = self._writer.add(document)
        if self._writer.should_flush:
            self._report(_replacements(self._writer.flush()))
        return replaced

    def finish(self) -> list[BuiltSegment]:
        return []


def _replacements(count: int) -> IngestResult:
    """Return the correction for articles that were counted as added and turn out to replace ones of earlier segments."""
    return IngestResult(-count, count, 0, ())
