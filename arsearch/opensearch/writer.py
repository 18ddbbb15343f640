"""Articles to bulk requests. Everything waits in a temporary file until a commit, which sends it and refreshes.

A commit becomes visible by its refresh: the index refreshes at no other time. If a commit stops while it is being sent, the
articles sent so far become visible with the next commit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple

from arsearch.errors import AddError, ArticleError, IndexUnavailableError, IndexWriteError
from arsearch.model import AddReport, Article
from arsearch.model.ingest import ArticleInput, place_of, to_failure
from arsearch.model.places import is_part_id, part_id, work_of_id
from arsearch.opensearch.bulk.preparing import Preparer, Ready
from arsearch.opensearch.bulk.requests import Bulk
from arsearch.opensearch.bulk.spool import Spool, deletion
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.documents import DocumentMaker
from arsearch.opensearch.filters import all_of, filter_query
from arsearch.opensearch.indexes.commits import Commit, newest_commit, put_commit
from arsearch.opensearch.lock import WriteLock
from arsearch.opensearch.view import OpenSearchView
from arsearch.search.backend import AddOptions, WriterOptions
from arsearch.search.filters import read_filters

__all__ = ["OpenSearchWriter", "Result"]


class OpenSearchWriter:
    """Changes one index while it holds the lock."""

    def __init__(
        self,
        connection: Connection,
        view: Callable[[], OpenSearchView],
        maker: DocumentMaker,
        lock: WriteLock,
        last: Commit,
        options: WriterOptions,
    ) -> None:
        self._connection = connection
        self._view = view
        self._maker = maker
        self._schema = maker.schema
        self._lock = lock
        self._last = last
        # uncommitted articles of a writer that died have lower numbers
        self._seq = max(last.seq, time.time_ns())
        self._memory = options.memory_limit // 4
        self._spool = Spool(self._memory)
        self._changed: dict[str, bool] = {}
        """The ids changed since the last commit, in order: whether each is an article now."""
        self._parts: dict[str, int] = {}
        """The number of parts of the works added since the last commit."""
        self._places: dict[str, str] = {}
        self._state: Callable[[], bytes] | None = None

    def close(self) -> None:
        """Forget the changes since the last commit."""
        self._spool.close()

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles and commit; see `Index.add`."""
        safe, pending, last = replace(report), 0, time.monotonic()
        try:
            with closing(self._prepared(articles, options)) as prepared:
                for number, item, ready in prepared:
                    self._lock.renew()
                    pending += self._add(number, item, ready, options, report)
                    if options.progress is not None:
                        options.progress(report)
                    due = options.commit_every is not None and pending >= options.commit_every
                    late = options.commit_seconds is not None and time.monotonic() - last >= options.commit_seconds
                    if pending and (due or late):
                        safe, pending, last = self._commit_counted(options, report), 0, time.monotonic()
            self._commit_counted(options, report)
        except Exception as error:
            safe.failures, safe.failed, safe.remarks = report.failures, report.failed, report.remarks
            raise AddError(f"adding stopped: {error}; {safe.committed} articles had been committed", safe) from error

    def _prepared(
        self, articles: Iterable[ArticleInput], options: AddOptions
    ) -> Generator[tuple[int, ArticleInput, Ready], None, None]:
        """Yield each item with its number, made ready by this process or by workers."""
        preparer = Preparer(self._maker, options)
        if options.workers > 1:
            from arsearch.opensearch.bulk.workers import NUMBERS, prepared_by_workers

            with prepared_by_workers(self._view().analyzer, self._schema, options, preparer) as workers:
                for number, item, ready in workers.prepare(articles, self._seq):
                    self._seq += NUMBERS
                    yield number, item, ready
            return
        for number, item in enumerate(articles, 1):
            ready = preparer.prepare(item, self._seq)
            self._seq += len(ready.operations)
            yield number, item, ready

    def _add(self, number: int, item: ArticleInput, ready: Ready, options: AddOptions, report: AddReport) -> bool:
        if ready.error is not None:
            failure = to_failure(number, item, ready.error)
            if options.strict:
                raise ArticleError(f"{failure.where}: {failure.reason}")
            report.fail(*failure)
            return False
        id, parts = ready.operations[0].id, len(ready.operations) - 1
        if self._changed.get(id):
            report.updated += 1
        else:
            report.added += 1
        self._drop_pending_parts(id)
        for operation in ready.operations:
            self._spool.write(operation.id, operation.lines)
        self._changed.pop(id, None)
        self._changed[id] = True
        self._places[id] = place_of(number, item)
        if parts:
            self._parts[id] = parts
        report.characters += ready.characters
        report.parts += parts
        for remark in ready.remarks:
            report.remark(place_of(number, item), *remark)
        return True

    def put(self, article: Article) -> None:
        """Put the document of an article, or of a part of a work, into the next commit."""
        self._spool.put(article.id, self._maker.make(article, self._seq))
        self._seq += 1
        self._changed[article.id] = True

    def _drop_pending_parts(self, id: str) -> None:
        for number in range(1, self._parts.pop(id, 0) + 1):
            self._spool.delete(part_id(id, number))

    def _commit_counted(self, options: AddOptions, report: AddReport) -> AddReport:
        """Commit, and return a copy of the report."""
        places = self._places
        for result in self._publish():
            if result.error is not None:
                where, reason = (
                    places.get(work_of_id(result.id), ""),
                    f"the cluster refused the article: {result.error}",
                )
                report.fail(where, result.id, reason)
                report.added -= not is_part_id(result.id)
                if options.strict:
                    raise ArticleError(f"{where}: {reason}")
            elif result.replaced:
                report.added -= 1
                report.updated += 1
        report.commits += 1
        report.committed = report.added + report.updated
        if options.progress is not None:
            options.progress(report)
        return replace(report)

    def get(self, id: str) -> Article | None:
        """Return the document with an id in the newest commit, or `None`."""
        return self._view().get(id)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with the given ids, works with their parts, and return the number deleted."""
        wanted = list(dict.fromkeys(ids))
        unknown = [id for id in wanted if id not in self._changed]
        there = {*self._view().existing(unknown), *(id for id in wanted if self._changed.get(id))}
        found = [id for id in wanted if id in there]
        for id in found:
            self._drop_pending_parts(id)
            self._spool.delete(id)
            self._changed.pop(id, None)
            self._changed[id] = False
        return len(found)

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through, and return the number deleted."""
        view = self._view()
        found, _ = read_filters(view.schema, filters)
        return self.delete(view.ids(all_of(map(filter_query, found)), works=True)) if found else 0

    def sync_state(self) -> bytes | None:
        """Return the state of `arsearch.sync` in the newest commit; `None` if there is none."""
        state = newest_commit(self._connection, state=True).state
        return None if state is None else state.encode()

    def keep_sync_state(self, state: Callable[[], bytes]) -> None:
        """Commit what `state` returns at each commit from now on. It must be JSON or other text."""
        self._state = state

    def commit(self) -> None:
        """Publish all changes as one commit. Raises IndexWriteError if the cluster refuses a document."""
        refused = [result for result in self._publish() if result.error is not None]
        if refused:
            raise IndexWriteError(f"the cluster refused {len(refused)} documents, the first with {refused[0].error}")

    def _publish(self) -> list[Result]:
        """Send the changes, make them visible, and return the results of articles that were replaced or refused."""
        if not (self._changed or self._state):
            return []
        self._lock.renew(now=True)
        bulk = Bulk(self._connection, self._lock)
        view = self._view()
        if view.has_works:
            groups = list(self._changed)
            parts = [id for id in view.existing(groups, "group") if is_part_id(id)]
            bulk.send(map(deletion, parts))
        bulk.send(self._spool.operations(), ordered=self._spool.repeats)
        # Documents that were sent twice, because an answer was lost, are replaced too; those of the last commit count.
        replaced = view.existing(bulk.replaced)
        name = self._connection.location.name
        shards = self._connection.request("POST", f"/{name}/_refresh")["_shards"]
        if shards["failed"]:
            raise IndexUnavailableError(
                f"{shards['failed']} shards of {self._connection.location.text!r} did not refresh; the articles are stored, "
                "and become visible with the next commit"
            )
        state = None if self._state is None else self._state().decode()
        self._last = self._last._replace(generation=self._last.generation + 1, seq=self._seq, state=state)
        put_commit(self._connection, self._last)
        self._spool.close()
        self._spool = Spool(self._memory)
        self._changed, self._parts, self._places = {}, {}, {}
        refused = [Result(id, False, error) for id, error in bulk.refused.items()]
        return [Result(id, True) for id in replaced] + refused


class Result(NamedTuple):
    """The result of indexing a document: whether it replaced an article, and the error if it was refused."""

    id: str
    replaced: bool
    error: str | None = None
