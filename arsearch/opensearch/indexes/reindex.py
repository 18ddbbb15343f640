"""Analyse all stored articles again, in a successor that then takes the name of the index over."""

from __future__ import annotations

from arsearch.model import AddReport
from arsearch.model.schema import Schema
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.indexes.about import existing
from arsearch.opensearch.indexes.aliases import publish, successor
from arsearch.opensearch.indexes.commits import newest_commit
from arsearch.opensearch.lock import locked
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.view import OpenSearchView
from arsearch.search.backend import WriterOptions
from arsearch.search.backend.reindexing import ReindexOptions, put_again
from arsearch.search.ranking import Ranking

__all__ = ["reindex"]

_COMMIT_EVERY = 5_000
"""Documents after which the successor is sent the next ones; no search sees these commits."""


def reindex(connection: Connection, options: ReindexOptions) -> AddReport:
    """Rebuild the index of a connection; see `arsearch.reindex`."""
    about = existing(connection)
    analyzer, schema = options.new_analyzer(about.analyzer), options.new_schema(about.fields)
    report = AddReport()
    with locked(connection, options.timeout) as lock, successor(connection, analyzer, schema) as new:
        commit, analyser = newest_commit(connection), FieldAnalyser(analyzer)
        old = OpenSearchView(connection, analyzer, Schema(about.fields), Ranking(), commit, lambda: -1, analyser)
        backend = OpenSearchBackend(new, analyzer, schema, Ranking())
        documents = 0
        with backend.writer(WriterOptions(options.timeout, options.memory_limit)) as writer:
            for documents, _ in enumerate(put_again(old.articles(), schema, writer.put, report), 1):
                lock.renew()
                if documents % _COMMIT_EVERY == 0:
                    writer.commit()
                if options.progress is not None:
                    options.progress(report)
            writer.commit()
        lock.renew(now=True)
        publish(connection, new, documents)
        backend.close()
    report.commits, report.committed = 1, report.added
    return report
