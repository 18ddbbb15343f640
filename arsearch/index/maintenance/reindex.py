"""Rebuild an index from its stored articles: with another analyzer, other fields, or a newer version of arsearch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, ArticleError, QueryError, shown
from arsearch.index.commits.manifest import Manifest, read_latest
from arsearch.index.commits.publish import CommitListener
from arsearch.index.reader.opening import open_directory
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import AddReport, Article, Failure
from arsearch.model.places import is_part_id
from arsearch.model.schema import Schema
from arsearch.search.backend import AddOptions, WriterOptions

__all__ = ["reindex"]


def reindex(
    location: str | os.PathLike[str],
    *,
    analyzer: ArabicAnalyzer | None,
    options: Mapping[str, Any] | None,
    fields: Mapping[str, str] | None,
    progress: Callable[[AddReport], None] | None,
    memory_limit: int,
    timeout: float,
    listeners: Sequence[CommitListener] = (),
) -> AddReport:
    """Rebuild an index; see `arsearch.reindex`. The `listeners` are told of the commit."""
    from arsearch.index.writing.bulk_add import MAX_FAILURES_KEPT  # writing is not needed to search
    from arsearch.index.writing.index_writer import IndexWriter

    WriterOptions(timeout, memory_limit), AddOptions(progress=progress)  # check their values
    for name, value in (("options", options), ("fields", fields)):
        if value is not None and not isinstance(value, Mapping):
            raise QueryError(f"{name} {shown(value)} is not a mapping")
    if analyzer is not None and not isinstance(analyzer, ArabicAnalyzer):
        raise AnalyzerError(f"{shown(analyzer)} is not an analyzer; give an arsearch.ArabicAnalyzer")
    directory = open_directory(location)
    report = AddReport()
    with directory.lock(timeout):
        old = read_latest(directory)
        analyzer = analyzer or _stored_analyzer(old)
        if options:
            analyzer = ArabicAnalyzer.from_config({**analyzer.config(), **options})
        try:
            declared = Schema(old.fields if fields is None else fields)
        except ValueError as error:
            raise QueryError(str(error)) from None
        base = Manifest(old.generation, analyzer.config(), analyzer.fingerprint, declared.declared, (), sync=old.sync)
        writer = IndexWriter(directory, analyzer, base, memory_limit=memory_limit, durable=True, listeners=listeners)
        try:
            for article in IndexReader.open(directory, old).articles():
                try:
                    writer.add(_fitted(article, declared, report))
                except ArticleError as error:
                    if is_part_id(article.id):
                        continue  # its work has the same value, and is reported
                    report.failures += 1
                    if len(report.failed) < MAX_FAILURES_KEPT:
                        report.failed.append(Failure(f"article {article.id}", article.id, str(error)))
                    continue
                report.added += not is_part_id(article.id)
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


def _fitted(article: Article, schema: Schema, report: AddReport) -> Article:
    """Return an article that fits the fields, and count the values that do not."""
    remarks: list[tuple[str, str]] = []
    fitted = schema.fitted(article, remarks)
    for kind, text in remarks:
        report.remark(f"article {article.id}", kind, text)
    return fitted


def _stored_analyzer(manifest: Manifest) -> ArabicAnalyzer:
    """Return the analyzer of an index as this version makes it, or the default one if this version cannot make it."""
    options = dict(manifest.analyzer)
    if "version" not in options and isinstance(options.get("normalizer"), dict):
        # Before analysis version 2, `uthmani` was off by default and stored as such.
        options["normalizer"] = {name: on for name, on in options["normalizer"].items() if name != "uthmani"}
    try:
        return ArabicAnalyzer.from_config(options)
    except AnalyzerError:
        return ArabicAnalyzer()
