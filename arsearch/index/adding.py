"""The loop behind `Index.add`: one article after another, the bad ones set aside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from arsearch.errors import AddError, ArticleError
from arsearch.index.writer import Writer
from arsearch.model import AddReport, Article, Failure, Record

__all__ = ["FAILURES_KEPT", "Adding"]

FAILURES_KEPT = 1000


@dataclass(slots=True)
class Adding:
    """One call of `Index.add`. `report` runs ahead of the commits; `committed` is what is safe."""

    writer: Writer
    report: AddReport
    strict: bool = False
    progress: Callable[[AddReport], None] | None = None
    commit_every: int | None = None
    commit_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.commit_every is not None and self.commit_every < 1:
            raise ValueError(f"commit_every is {self.commit_every}; it must be at least 1, or None")

    def run(self, articles: Iterable[Article | Mapping[str, Any] | Record]) -> AddReport:
        """Add all; the report. AddError, with the report of what is safe, for whatever stops it."""
        safe = replace(self.report)
        pending = 0
        last = time.monotonic()
        try:
            for number, item in enumerate(articles, 1):
                if self._take(number, item):
                    pending += 1
                if self.progress is not None:
                    self.progress(self.report)
                due = self.commit_every is not None and pending >= self.commit_every
                late = self.commit_seconds is not None and time.monotonic() - last >= self.commit_seconds
                if due or (late and pending):
                    safe = self._commit()
                    pending, last = 0, time.monotonic()
            self._commit()
        except Exception as error:
            kept = safe.added + safe.updated
            safe.failures, safe.failed = self.report.failures, self.report.failed
            raise AddError(f"adding stopped: {error}; {kept} articles had been committed", safe) from error
        return self.report

    def _commit(self) -> AddReport:
        self._count_updated(self.writer.commit())
        self.report.commits += 1
        return replace(self.report)

    def _take(self, number: int, item: Article | Mapping[str, Any] | Record) -> bool:
        where = item.where if isinstance(item, Record) else f"article {number}"
        try:
            article = _article(item)
            replaced = self.writer.add(article)
        except ArticleError as error:
            if self.strict:
                raise ArticleError(f"{where}: {error}") from None
            self._fail(where, item, str(error))
            return False
        self.report.characters += len(article.title) + len(article.body)
        if replaced:
            self.report.updated += 1
        else:
            self.report.added += 1
        if self.writer.full:
            self._count_updated(self.writer.flush())
        return True

    def _count_updated(self, updated: int) -> None:
        # Which articles replaced earlier ones is known when they are flushed; until then they count as added.
        self.report.added -= updated
        self.report.updated += updated

    def _fail(self, where: str, item: Article | Mapping[str, Any] | Record, reason: str) -> None:
        data = item.data if isinstance(item, Record) else item
        id = data.id if isinstance(data, Article) else data.get("id") if isinstance(data, Mapping) else None
        self.report.failures += 1
        if len(self.report.failed) < FAILURES_KEPT:
            self.report.failed.append(Failure(where, None if id is None else str(id)[:100], reason))


def _article(item: Article | Mapping[str, Any] | Record) -> Article:
    if isinstance(item, Article):
        return item.checked()
    if isinstance(item, Record):
        if item.data is None:
            raise ArticleError(item.problem or "unreadable")
        return Article.from_dict(item.data)
    if isinstance(item, Mapping):
        return Article.from_dict(item)
    raise ArticleError(f"{type(item).__name__} is not an article; give Article objects or mappings")
