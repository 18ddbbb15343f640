"""Rebuild an index from its own stored articles, with another analyzer, other fields or a newer version."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, ArticleError, QueryError
from arsearch.index.commits.manifest import Manifest, read_latest
from arsearch.index.reader.opening import open_directory
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import AddReport, Failure
from arsearch.model.schema import Schema
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT

__all__ = ["reindex"]


def reindex(
    location: str | os.PathLike[str],
    *,
    analyzer: ArabicAnalyzer | None = None,
    fields: Mapping[str, str] | None = None,
    progress: Callable[[AddReport], None] | None = None,
    memory_limit: int = MEMORY_LIMIT,
    timeout: float = LOCK_TIMEOUT,
) -> AddReport:
    """Analyse all stored articles again and write them anew, in one commit.

    `analyzer` takes the place of the index's own; `None` keeps that with its options, as this version makes it, or where
    it cannot, takes `ArabicAnalyzer()`.

    `fields` replaces the declared fields; `None` keeps them. Until the commit readers see the old index, and if
    anything stops it the old index stays. Articles that do not fit the new fields are reported and left out.
    """
    from arsearch.index.writing.bulk_add import MAX_FAILURES_KEPT  # writing is not needed to search
    from arsearch.index.writing.index_writer import IndexWriter

    directory = open_directory(location)
    report = AddReport()
    with directory.lock(timeout):
        old = read_latest(directory)
        analyzer = analyzer or _own_analyzer(old)
        try:
            declared = Schema(old.fields if fields is None else fields)
        except ValueError as error:
            raise QueryError(str(error)) from None
        base = Manifest(old.generation, analyzer.config(), analyzer.fingerprint, declared.declared, ())
        writer = IndexWriter(directory, analyzer, base, memory_limit=memory_limit, durable=True)
        try:
            for article in IndexReader(directory, old).articles():
                try:
                    writer.add(article)
                except ArticleError as error:
                    report.failures += 1
                    if len(report.failed) < MAX_FAILURES_KEPT:
                        report.failed.append(Failure(f"article {article.id}", article.id, str(error)))
                    continue
                report.added += 1
                report.characters += len(article.title) + len(article.body)
                if writer.should_flush:
                    writer.flush()
                if progress is not None:
                    progress(report)
            writer.commit(always=True)
            report.commits, report.committed = 1, report.added
        finally:
            writer.rollback()
    return report


def _own_analyzer(manifest: Manifest) -> ArabicAnalyzer:
    try:
        return ArabicAnalyzer.from_config(manifest.analyzer)
    except AnalyzerError:
        return ArabicAnalyzer()
