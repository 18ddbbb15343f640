"""Articles to bulk requests. Everything waits in a temporary file until a commit, which sends it and refreshes.

A commit becomes visible by its refresh: the index refreshes at no other time. If a commit stops while it is being sent, the
articles sent so far become visible with the next commit.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import IO, Any, NamedTuple, cast

from arsearch.errors import AddError, ArticleError, IndexUnavailableError, IndexWriteError
from arsearch.model import AddReport, Article
from arsearch.model.ingest import ArticleInput, ingested, place_of, to_failure
from arsearch.model.places import is_part_id, part_id, work_of_id
from arsearch.model.reports import Failure
from arsearch.opensearch.connection import Connection, RequestFailedError, disk_is_full
from arsearch.opensearch.documents import DocumentMaker, key_of
from arsearch.opensearch.filters import all_of, filter_query
from arsearch.opensearch.lock import WriteLock
from arsearch.opensearch.view import OpenSearchView
from arsearch.search.backend import AddOptions, WriterOptions
from arsearch.search.filters import read_filters
from arsearch.works.documents import documents_of
from arsearch.works.splitting import Split, read_split

__all__ = ["Commit", "OpenSearchWriter"]

_REQUEST_BYTES = 4 << 20
_AGAIN = frozenset({429, 503})
_LONGEST_PAUSE = 5.0
_FAILURES_KEPT = 1000


class Commit(NamedTuple):
    """What the index keeps of its newest commit: its number, and the number of the next article in order of adding."""

    generation: int
    seq: int


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
        self._file = self._new_file()
        self._changed: dict[str, bool] = {}
        """The ids changed since the last commit, in order: whether each is an article now."""
        self._parts: dict[str, int] = {}
        """The number of parts of the works added since the last commit."""
        self._places: dict[str, str] = {}

    def _new_file(self) -> IO[bytes]:
        return cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=self._memory))

    def close(self) -> None:
        """Forget the changes since the last commit."""
        self._file.close()

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles and commit; see `Index.add`."""
        split = read_split(options.split)
        safe, pending, last = replace(report), 0, time.monotonic()
        try:
            for number, item in enumerate(articles, 1):
                self._lock.renew()
                pending += self._add(number, item, options, split, report)
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

    def _add(
        self, number: int, item: ArticleInput, options: AddOptions, split: Split | None, report: AddReport
    ) -> bool:
        schema = self._schema
        try:
            article, remarks = ingested(
                item, schema, strict_dates=options.strict_dates, strict_values=options.strict_values
            )
            documents = documents_of(article, schema, split, remarks)
            made = [self._maker.make(one, self._seq + at) for at, one in enumerate(documents)]
        except ArticleError as error:
            failure = to_failure(number, item, str(error))
            if options.strict:
                raise ArticleError(f"{failure.where}: {failure.reason}") from None
            _fail(report, failure)
            return False
        self._seq += len(made)
        if self._changed.get(article.id):
            report.updated += 1
        else:
            report.added += 1
        self._drop_pending_parts(article.id)
        for document in made:
            self._line({"index": {"_id": key_of(document["id"])}}, document)
        self._changed.pop(article.id, None)
        self._changed[article.id] = True
        self._places[article.id] = place_of(number, item)
        if len(made) > 1:
            self._parts[article.id] = len(made) - 1
        report.characters += len(article.title) + len(article.text)
        report.parts += len(made) - 1
        for remark in remarks:
            report.remark(place_of(number, item), *remark)
        return True

    def _drop_pending_parts(self, id: str) -> None:
        for number in range(1, self._parts.pop(id, 0) + 1):
            self._line({"delete": {"_id": key_of(part_id(id, number))}})

    def _line(self, *values: Mapping[str, Any]) -> None:
        for value in values:
            self._file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def _commit_counted(self, options: AddOptions, report: AddReport) -> AddReport:
        """Commit, and return a copy of the report."""
        places = self._places
        for result in self._publish():
            if result.error is not None:
                reason = f"the cluster refused the article: {result.error}"
                failure = Failure(places.get(work_of_id(result.id), ""), result.id, reason)
                _fail(report, failure)
                report.added -= not is_part_id(result.id)
                if options.strict:
                    raise ArticleError(f"{failure.where}: {failure.reason}")
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
            self._line({"delete": {"_id": key_of(id)}})
            self._changed.pop(id, None)
            self._changed[id] = False
        return len(found)

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that `filters` let through, and return the number deleted."""
        view = self._view()
        found, _ = read_filters(view.schema, filters)
        return self.delete(view.ids(all_of(map(filter_query, found)), works=True)) if found else 0

    def commit(self) -> None:
        """Publish all changes as one commit. Raises IndexWriteError if the cluster refuses a document."""
        refused = [result for result in self._publish() if result.error is not None]
        if refused:
            raise IndexWriteError(f"the cluster refused {len(refused)} documents, the first with {refused[0].error}")

    def _publish(self) -> list[_Result]:
        """Send the changes, make them visible, and return the results of articles that were replaced or refused."""
        if not self._changed:
            return []
        self._lock.renew(now=True)
        bulk = _Bulk(self._connection, self._lock)
        view = self._view()
        if view.has_works:
            groups = list(self._changed)
            parts = [id for id in view.existing(groups, "group") if is_part_id(id)]
            bulk.send((json.dumps({"delete": {"_id": key_of(id)}}) + "\n", id) for id in parts)
        self._file.seek(0)
        bulk.send(_operations(self._file))
        # Documents that were sent twice, because an answer was lost, are replaced too; those of the last commit count.
        replaced = view.existing(bulk.replaced)
        name = self._connection.location.name
        shards = self._connection.request("POST", f"/{name}/_refresh")["_shards"]
        if shards["failed"]:
            raise IndexUnavailableError(
                f"{shards['failed']} shards of {self._connection.location.text!r} did not refresh; the articles are stored, "
                "and become visible with the next commit"
            )
        self._last = Commit(self._last.generation + 1, self._seq)
        self._connection.request("PUT", f"/{name}/_doc/@commit", self._last._asdict())
        self._file.close()
        self._file = self._new_file()
        self._changed, self._parts, self._places = {}, {}, {}
        refused = [_Result(id, False, error) for id, error in bulk.refused.items()]
        return [_Result(id, True) for id in replaced] + refused


class _Result(NamedTuple):
    """The result of indexing a document: whether it replaced an article, and the error if it was refused."""

    id: str
    replaced: bool
    error: str | None = None


class _Bulk:
    """Sends operations until the cluster has taken or refused each of them."""

    def __init__(self, connection: Connection, lock: WriteLock) -> None:
        self._connection = connection
        self._lock = lock
        self.refused: dict[str, str] = {}
        """The errors of the documents that the cluster refused, by id."""
        self._replaced: dict[str, bool] = {}

    @property
    def replaced(self) -> list[str]:
        """The ids of the articles that replaced a document, which this object may have sent itself."""
        return [id for id, there in self._replaced.items() if there and id not in self.refused]

    def send(self, operations: Iterable[tuple[str, str]]) -> None:
        """Send operations in order; each is the lines of a bulk request, and an id."""
        waiting: list[tuple[str, str]] = []
        size = 0
        for operation in operations:
            waiting.append(operation)
            size += len(operation[0])
            if size >= _REQUEST_BYTES:
                self._send(waiting)
                waiting, size = [], 0
        if waiting:
            self._send(waiting)

    def _send(self, operations: list[tuple[str, str]]) -> None:
        path, pause = f"/{self._connection.location.name}/_bulk", 0.1
        end = time.monotonic() + self._connection.location.deadline
        while operations:
            self._lock.renew()
            body = "".join(lines for lines, _ in operations)
            answer = self._connection.request("POST", path, body)
            again = []
            for operation, item in zip(operations, answer["items"], strict=True):
                ((kind, result),) = item.items()
                id, status = operation[1], result["status"]
                if disk_is_full(_error(result)):
                    raise self._connection.disk_full()
                if status in _AGAIN or RequestFailedError(status, "", _error(result)).node_lost:
                    again.append(operation)
                elif kind == "index":
                    self._note(id, result)
                elif status >= 400 and status != 404:
                    self.refused[id] = _error(result)
            if again and time.monotonic() + pause >= end:
                raise IndexUnavailableError(
                    f"the cluster of {self._connection.location.text!r} is overloaded: it took "
                    f"{len(operations) - len(again)} of {len(operations)} documents; add the articles again later"
                )
            if again:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            operations = again

    def _note(self, id: str, result: Mapping[str, Any]) -> None:
        if result["status"] >= 400:
            self.refused[id] = _error(result)
        elif not is_part_id(id):
            # the first result counts: later ones replace the article of the same call
            self._replaced.setdefault(id, result["result"] == "updated")


def _error(result: Mapping[str, Any]) -> str:
    error = result.get("error", {})
    return f"{error.get('type')}: {str(error.get('reason'))[:200]}"


def _operations(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the operations of a file of lines: each is its lines, and the id of its document."""
    for line in file:
        action = line.decode()
        if action.startswith('{"delete"'):
            yield action, json.loads(action)["delete"]["_id"]
            continue
        source = next(file).decode()
        yield action + source, json.JSONDecoder().raw_decode(source, source.index(":") + 1)[0]


def _fail(report: AddReport, failure: Failure) -> None:
    report.failures += 1
    if len(report.failed) < _FAILURES_KEPT:
        report.failed.append(failure)
