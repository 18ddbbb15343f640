"""Analyse all stored articles again, in a successor that then takes the name of the index over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import AnalyzerError, ArticleError, QueryError
from arsearch.model import AddReport, Failure
from arsearch.model.places import is_part_id
from arsearch.model.schema import Schema
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.indexes.about import About, existing
from arsearch.opensearch.indexes.aliases import publish, successor
from arsearch.opensearch.indexes.commits import newest_commit
from arsearch.opensearch.lock import locked
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.view import OpenSearchView
from arsearch.opensearch.writer import FAILURES_KEPT
from arsearch.search.backend import WriterOptions
from arsearch.search.ranking import Ranking

__all__ = ["reindex"]

_COMMIT_EVERY = 5_000
"""Documents after which the successor is sent the next ones; no search sees these commits."""


def reindex(
    connection: Connection,
    *,
    analyzer: ArabicAnalyzer | None,
    options: Mapping[str, Any] | None,
    fields: Mapping[str, str] | None,
    progress: Callable[[AddReport], None] | None,
    memory_limit: int,
    timeout: float,
) -> AddReport:
    """Rebuild the index of a connection; see `arsearch.reindex`."""
    about = existing(connection)
    analyzer = analyzer or _stored_analyzer(about)
    if options:
        analyzer = ArabicAnalyzer.from_config({**analyzer.config(), **options})
    try:
        schema = Schema(about.fields if fields is None else fields)
    except ValueError as error:
        raise QueryError(str(error)) from None
    report = AddReport()
    with locked(connection, timeout) as lock, successor(connection, analyzer, schema) as new:
        commit, analyser = newest_commit(connection), FieldAnalyser(analyzer)
        old = OpenSearchView(connection, analyzer, Schema(about.fields), Ranking(), commit, lambda: -1, analyser)
        backend = OpenSearchBackend(new, analyzer, schema, Ranking())
        documents = 0
        with backend.writer(WriterOptions(timeout, memory_limit)) as writer:
            for article in old.articles():
                lock.renew()
                remarks: list[tuple[str, str]] = []
                try:
                    fitted = schema.fitted(article, remarks)
                    writer.put(fitted)
                except ArticleError as error:
                    if not is_part_id(article.id):  # a part has the same value as its work, which is reported
                        report.failures += 1
                        if len(report.failed) < FAILURES_KEPT:
                            report.failed.append(Failure(f"article {article.id}", article.id, str(error)))
                    continue
                for kind, text in remarks:
                    report.remark(f"article {article.id}", kind, text)
                documents += 1
                report.added += not is_part_id(article.id)
                report.characters += len(article.title) + len(article.body)
                if documents % _COMMIT_EVERY == 0:
                    writer.commit()
                if progress is not None:
                    progress(report)
            writer.commit()
        lock.renew(now=True)
        publish(connection, new, documents)
        backend.close()
    report.commits, report.committed = 1, report.added
    return report


def _stored_analyzer(about: About) -> ArabicAnalyzer:
    """Return the analyzer of an index as this version makes it, or the default one if this version cannot make it."""
    try:
        return ArabicAnalyzer.from_config(about.analyzer)
    except AnalyzerError:
        return ArabicAnalyzer()
