"""Feed articles to an index that is being loaded: without the lock of writers, a refresh or a commit."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, Never

from arsearch.analyzers.analyzer import stored_analyzer
from arsearch.errors import IndexNotFoundError
from arsearch.model import AddReport, Article, Record
from arsearch.model.places import part_id, work_of_id
from arsearch.model.rows import Frame, rows_of
from arsearch.model.schema import Schema
from arsearch.opensearch.bulk.requests import Bulk
from arsearch.opensearch.bulk.spool import Spool, deletion
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.documents import DocumentMaker
from arsearch.opensearch.feeding.loads import connect, next_feeder
from arsearch.opensearch.indexes.about import About, read_about
from arsearch.opensearch.indexes.commits import Commit
from arsearch.opensearch.lock import WriteLock
from arsearch.opensearch.terms import FieldAnalyser
from arsearch.opensearch.writer import OpenSearchWriter, Result
from arsearch.search.backend import AddOptions, WriterOptions
from arsearch.search.request import MEMORY_LIMIT

__all__ = ["feed"]

_SENT_EVERY = 500
"""Articles after which the buffered documents are sent."""

_PART_BITS = 32
"""The documents of a partition have numbers that share the bits above these."""

_MOST_PARTS = 1 << 20


def feed(
    articles: Iterable[Article | Mapping[str, Any] | Record] | Frame,
    location: str,
    *,
    part: int | None = None,
    split: str | None = None,
    strict: bool = False,
    strict_dates: bool = False,
    memory_limit: int = MEMORY_LIMIT,
) -> AddReport:
    """Add the articles of one partition to an index that is being loaded, and return the report for `finish_load`.

    Many processes and machines may feed one index at the same time; the function can be pickled, and makes its own connection.
    Each worker needs the environment with the credentials. `location` is that of `begin_load`. Articles, `split`, `strict`
    and `strict_dates` are those of `Index.add`. An id may stand in one partition only; in a partition its last article wins.

    `part`, a number from 0 to 1,048,575, is the place of the partition in the order of adding; each partition then has its own.
    Without it, partitions stand in the order in which they began. A partition that failed half-way may be fed again, with
    the same articles.

    Raises IndexExistsError for an index that is not being loaded, and AddError if anything stops the call.
    """
    if part is not None and not 0 <= part < _MOST_PARTS:
        raise ValueError(f"part is {part}; it must be from 0 to {_MOST_PARTS - 1:,}, or None")
    start = time.perf_counter()
    connection = connect(location)
    number = next_feeder(connection)
    about = read_about(connection)
    if about is None:
        raise IndexNotFoundError(f"there is no index at {location!r}; begin_load makes one")
    base = (_MOST_PARTS + number if part is None else part) << _PART_BITS
    feeder = _Feeder(connection, _maker(location, about), base, memory_limit)
    report = AddReport()
    try:
        options = AddOptions(
            strict, commit_every=_SENT_EVERY, strict_dates=strict_dates, strict_values=strict, split=split
        )
        feeder.add(rows_of(articles), options, report)
    finally:
        feeder.close()
    feeder.count(report)
    report.took = time.perf_counter() - start
    return report


class _Feeder(OpenSearchWriter):
    """Adds articles to an index that nobody searches: they are sent, and nothing more. It remembers the ids of its partition."""

    def __init__(self, connection: Connection, maker: DocumentMaker, first: int, memory_limit: int) -> None:
        """`first` is the number of the first document in order of adding."""
        last = Commit(0, 0, connection.location.name)
        super().__init__(connection, _no_view, maker, _NoLock(), last, WriterOptions(memory_limit=memory_limit))
        self._seq = first

    def count(self, report: AddReport) -> None:
        """Put the numbers of different articles and of their parts into a report; the last article of an id counts."""
        report.added = sum(self._changed.values())
        report.parts = sum(self._parts.values())
        report.commits = report.committed = 0

    def _publish(self) -> list[Result]:
        """Send the buffered documents, and return the refused documents. A refused part takes its work along."""
        bulk = Bulk(self._connection, self._lock)
        bulk.send(self._spool.operations(), ordered=self._spool.repeats)
        self._spool.close()
        self._spool = Spool(self._memory)
        refused = {work_of_id(id): error for id, error in bulk.refused.items()}
        for id in refused:
            numbers = range(1, self._parts.pop(id, 0) + 1)
            bulk.send(map(deletion, [id, *(part_id(id, number) for number in numbers)]))
            self._changed[id] = False
        return [Result(id, False, error) for id, error in refused.items()]


class _NoLock(WriteLock):
    """Stands for the lock of an index that only feeders write."""

    def __init__(self) -> None:
        """Hold nothing."""

    def renew(self, *, now: bool = False) -> None:
        """Do nothing."""


def _no_view() -> Never:
    raise AssertionError("an index that is being loaded has no commit to look at")


def _maker(location: str, about: About) -> DocumentMaker:
    analyzer = stored_analyzer(location, about.analyzer, about.fingerprint, "install the same version on all machines")
    return DocumentMaker(FieldAnalyser(analyzer), Schema(about.fields), analyzer.normalizer.normalise)
