"""Rebuild an index from its stored articles: with another analyzer, other fields, or a newer version of arsearch."""

from __future__ import annotations

import os
from collections.abc import Sequence

from arsearch.index.commits.manifest import Manifest, read_latest
from arsearch.index.commits.publish import CommitListener
from arsearch.index.reader.opening import open_directory
from arsearch.index.reader.snapshot import IndexReader
from arsearch.model import AddReport
from arsearch.search.backend.reindexing import ReindexOptions, put_again

__all__ = ["reindex"]


def reindex(
    location: str | os.PathLike[str], options: ReindexOptions, *, listeners: Sequence[CommitListener] = ()
) -> AddReport:
    """Rebuild an index; see `arsearch.reindex`. The `listeners` are told of the commit."""
    from arsearch.index.writing.index_writer import IndexWriter  # writing is not needed to search

    directory = open_directory(location)
    report = AddReport()
    with directory.lock(options.timeout):
        old = read_latest(directory)
        analyzer, schema = options.new_analyzer(old.analyzer), options.new_schema(old.fields)
        base = Manifest(old.generation, analyzer.config(), analyzer.fingerprint, schema.declared, (), sync=old.sync)
        writer = IndexWriter(
            directory, analyzer, base, memory_limit=options.memory_limit, durable=True, listeners=listeners
        )
        try:
            for _ in put_again(IndexReader.open(directory, old).articles(), schema, writer.add, report):
                if writer.should_flush:
                    writer.flush()
                if options.progress is not None:
                    options.progress(report)
            writer.commit(always=True)
            report.commits, report.committed = 1, report.added
        finally:
            writer.rollback()
    return report
