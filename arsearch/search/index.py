"""The public class `Index`: add, delete and search articles, and maintain the index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArticleError, QueryError, shown
from arsearch.model import Article, Record
from arsearch.model.articles import undeclared_fields
from arsearch.model.places import stored_work_of_id, work_of_id
from arsearch.model.rows import Frame, rows_of
from arsearch.query import Synonyms
from arsearch.search.backend import (
    Backend,
    BackupBackend,
    Capability,
    CheckBackend,
    IndexView,
    OptimizeBackend,
    require,
)
from arsearch.search.batches.threads import SearchThreads
from arsearch.search.planner import Planner
from arsearch.search.request import LOCK_TIMEOUT, MEMORY_LIMIT, read_id, read_seconds, read_text
from arsearch.search.searchable import Searchable
from arsearch.search.session import SearchSession

if TYPE_CHECKING:
    from arsearch.model import AddReport, BackupReport, Recovery
    from arsearch.model.updates import Changes
    from arsearch.search.snapshot import Snapshot

__all__ = ["Index"]


def _naming_fields(
    articles: Iterable[Article | Mapping[str, Any] | Record], names: set[str]
) -> Iterator[Article | Mapping[str, Any] | Record]:
    """Yield the items, and add the names of their fields to `names`."""
    for item in articles:
        data = item.data if isinstance(item, Record) else item.extra if isinstance(item, Article) else item
        if isinstance(data, Mapping):
            names.update(map(str, data))
        yield item


def _read_ids(ids: object) -> list[str]:
    """Return one id or several as strings; raise QueryError for another value."""
    if isinstance(ids, str) or not isinstance(ids, Iterable):
        return [read_id(ids)]
    if isinstance(ids, (bytes, bytearray, Mapping)):
        raise QueryError(f"{shown(ids)} is not an id or a list of ids")
    return [read_id(id) for id in ids]


class Index(Searchable):
    """A collection of articles that can be searched; a context manager, made by `arsearch.open`.

    Threads may share one. Readers never wait for a writer and always see exactly one commit. Searches use the newest
    commit; `snapshot` pins one. The class knows back-ends by their protocols only.
    """

    def __init__(self, backend: Backend, synonyms: Synonyms | None = None) -> None:
        super().__init__(SearchThreads())
        self._backend = backend
        self._synonyms = synonyms or Synonyms()
        self._planner = self._new_planner(backend.view())

    def _new_planner(self, view: IndexView) -> Planner:
        return Planner(view.analyzer, view.schema, view.ranking, self._synonyms)

    def _session(self) -> SearchSession:
        view = self._backend.view()
        planner = self._planner
        # `arsearch reindex` may have changed the analyzer or the fields.
        if planner.analyzer is not view.analyzer or planner.schema.declared != view.schema.declared:
            planner = self._planner = self._new_planner(view)
        return SearchSession(view, planner, self._backend)

    @property
    def location(self) -> str:
        """The location of the index."""
        return self._backend.location

    @property
    def analyzer(self) -> ArabicAnalyzer:
        """The analyzer of the articles and queries."""
        return self._session().planner.analyzer

    @property
    def fields(self) -> dict[str, str]:
        """The kind of each field: the built-in fields, then the declared ones."""
        return self._backend.view().schema.kinds

    @property
    def recovery(self) -> Recovery | None:
        """The recovery made by `arsearch.open(recover=True)`; `None` if none was necessary."""
        return self._backend.recovery

    @property
    def capabilities(self) -> frozenset[Capability]:
        """The abilities of this index beyond adding, deleting and searching; they depend on its location."""
        return self._backend.capabilities

    @property
    def backend(self) -> Backend:
        """The back-end, for functions of arsearch that change an index from outside: `arsearch.sync`."""
        return self._backend

    def snapshot(self) -> Snapshot:
        """Pin the newest commit."""
        from arsearch.search.snapshot import Snapshot  # few programs need it

        session = self._session()
        require(session.backend, Capability.SNAPSHOTS)
        return Snapshot(session, self._threads)

    def add(
        self,
        articles: Iterable[Article | Mapping[str, Any] | Record] | Frame,
        *,
        commit_every: int | None = None,
        commit_seconds: float | None = None,
        strict: bool = False,
        progress: Callable[[AddReport], None] | None = None,
        memory_limit: int = MEMORY_LIMIT,
        workers: int = 1,
        durable: bool = True,
        strict_dates: bool = False,
        split: str | None = None,
        timeout: float = LOCK_TIMEOUT,
    ) -> AddReport:
        """Add articles, and replace articles with the same ids; the last article of an id wins.

        `articles` is read lazily. It may be a frame of pandas or polars, a table of pyarrow, or rows of a database, whose
        columns have the names of our fields; `arsearch.read_rows` renames columns and makes ids. All articles become
        visible in one commit at the end, or in a commit after every `commit_every` articles or `commit_seconds` seconds.
        A bad article is left out and reported; with `strict` it stops the call. `progress` is called with the running
        report after each article and commit.

        An article that lists `parts` is a work: its parts become hits of their own, with their place in it. `split` makes
        works of other articles. "headings", "chapters" and "pages" cut the body where the lists `headings` and `pages` say,
        or at headings found in the text; "size" cuts at ends of paragraphs and sentences, and "size:1500" says after how
        many characters. An article without a place to cut stays whole. docs/books.md describes works.

        An article whose date cannot be read is added without a date: its text is kept under `date_text`, and the report
        counts it as `undated`. With `strict_dates` it is a bad article. A value that does not fit a declared field is kept under
        `NAME_text` and counted as `misfit`; with `strict` it stops the call.

        `memory_limit` is the approximate number of bytes that each process may use for buffered articles and known
        words. The 100 MB that a process starts with come on top, and the words of a large collection may take as much
        again.

        `workers` is the number of processes that share the work, for an index in a folder. Batches of articles go to
        them in turn. Articles replace each other in the order given, but the order of equally good hits and the order
        of articles in the index may differ. `progress` lags behind, and a commit may come a little early.

        With `durable=False` the call does not wait for the disk. This is faster, but a power loss may lose everything
        added since the last durable commit. `arsearch.open(recover=True)` then goes back to that commit.

        Raises IndexLockedError if another writer holds the lock for `timeout` seconds, and AddError for anything else
        that stops the call; its `.report` counts the committed articles. Ctrl-C keeps the last commit.
        """
        from arsearch.model import AddReport  # searches need none of these
        from arsearch.search.backend.writers import AddOptions, WriterOptions

        if not durable:
            require(self._backend, Capability.DURABLE)
        report = AddReport()
        start = time.perf_counter()
        options = AddOptions(
            strict, progress, commit_every, commit_seconds, workers, strict_dates, strict_values=strict, split=split
        )
        names: set[str] = set()
        with self._backend.writer(WriterOptions(timeout, memory_limit, durable)) as writer:
            writer.add(_naming_fields(rows_of(articles), names), options, report)
        report.undeclared = undeclared_fields(names, self.fields)
        report.took = time.perf_counter() - start
        return report

    def update(self, changes: Changes, /, *, timeout: float = LOCK_TIMEOUT, **fields: Any) -> AddReport:
        """Change fields of stored articles and keep their other fields, in one commit.

        `changes` is the id of one article, whose new `fields` follow: `index.update("17", category="سياسة")`. For many
        articles it is a mapping from ids to fields, or an iterable of mappings, or of records of `arsearch.read_articles`,
        each with an `id` and the fields to change; later changes of an id add to earlier ones. `None` removes a field. The
        changes are read to the end before the first is applied. Another body of a work whose parts were cut from its body
        needs new `parts` too.

        Returns a report: `updated` counts the articles. An id that no article has, or a value that does not fit its
        field, is a failure there, and leaves its article as it was. With one id it is an error: QueryError for an id that
        no article has, ArticleError for a value. A changed article counts as added last. Raises IndexLockedError as `add` does.
        """
        from arsearch.model import AddReport
        from arsearch.model.updates import read_changes, updated  # few programs need it

        if not isinstance(changes, Iterable):
            changes = read_id(changes)
        read = read_changes(changes, fields)
        single = changes if isinstance(changes, str) else None
        dates = [name for name, kind in self.fields.items() if kind == "date"]
        report = AddReport()
        start = time.perf_counter()
        from arsearch.search.backend.writers import AddOptions, WriterOptions

        with self._backend.writer(WriterOptions(timeout)) as writer:
            from arsearch.works.assembly import whole

            def stored(id: str) -> Article | None:
                document = writer.get(id)
                return None if document is None else whole(document, writer.get)

            if single is not None and writer.get(single) is None:
                raise QueryError(f"no article has the id {shown(single)}; `index.add` adds articles")
            writer.add(updated(read, stored, dates), AddOptions(strict_values=True), report)
        if single is not None and report.failed:
            raise ArticleError(report.failed[0].reason)
        ids = {change.where: change.id for change in read}
        report.failed = [failure._replace(id=failure.id or ids.get(failure.where) or None) for failure in report.failed]
        report.took = time.perf_counter() - start
        return report

    def delete(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        query: str | None = None,
        filters: Mapping[str, Any] | None = None,
        timeout: float = LOCK_TIMEOUT,
    ) -> int:
        """Delete the article with an id, the articles with several ids, or the articles that a query and `filters` select.

        A `query` selects the articles that have all its words, not by their roots alone. An empty one is an error: it
        finds nothing. A work goes with all its parts; the id of a part, or a query that finds one, names its work.
        Returns the number of articles deleted.
        """
        if filters is not None and not isinstance(filters, Mapping):
            raise QueryError(f"filters {shown(filters)} is not a mapping from fields to values")
        if (ids is None) == (query is None and not filters):
            raise QueryError("delete takes either ids, or a query or filters that are not empty")
        if query is not None and not read_text("query", query).strip():
            raise QueryError("the query to delete by is empty; name ids or filters, or write a query")
        named = () if ids is None else _read_ids(ids)
        from arsearch.search.backend.writers import WriterOptions

        with self._backend.writer(WriterOptions(timeout)) as writer:
            if ids is not None:
                works = (stored_work_of_id(id, lambda name: writer.get(name) is not None) for id in named)
                count = writer.delete(dict.fromkeys(works))
            elif query is not None:
                count = writer.delete([work_of_id(hit.id) for hit in self.select(query, filters=filters)])
            else:
                count = writer.delete_matching(filters or {})
            writer.commit()
        return count

    def optimize(self, *, timeout: float = LOCK_TIMEOUT) -> None:
        """Merge all segments into one without deleted articles."""
        require(self._backend, Capability.OPTIMIZE)
        cast("OptimizeBackend", self._backend).optimize(read_seconds("timeout", timeout))

    def backup(
        self, folder: str | os.PathLike[str], *, replace: bool = False, timeout: float = LOCK_TIMEOUT
    ) -> BackupReport:
        """Copy the newest commit to a folder, which becomes an index itself; writers may go on.

        Every checksum is verified first: CorruptIndexError leaves the folder as it was. An index in the folder is
        replaced only with `replace`, and then only the segments that the folder lacks are copied. The copy is flushed
        to the disk before the call returns. `arsearch.restore` restores it.

        Raises IndexExistsError, NotAnIndexError or, after `timeout` seconds, IndexLockedError if the folder cannot take
        the copy.
        """
        require(self._backend, Capability.BACKUP)
        return cast("BackupBackend", self._backend).backup(
            folder, replace=replace, timeout=read_seconds("timeout", timeout)
        )

    def check(self) -> list[str]:
        """Verify the newest commit, and return a sentence for each problem; an empty list if there is none.

        The check covers the checksums of all files, the order of terms, postings and positions, and all bounds. It
        reads every stored article, and compares ids, lengths and doc values with the article. It takes seconds for each
        100 MB.
        """
        require(self._backend, Capability.CHECK)
        return cast("CheckBackend", self._backend).check()

    def close(self) -> None:
        """Release the files of the index. Hits already found stay usable."""
        self._threads.close()
        self._backend.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle an index in a folder by its location; the copy, in another process, opens the newest commit."""
        return Index, (self._backend, self._synonyms)

    def __repr__(self) -> str:
        return f"<arsearch.Index {self.location!r}>"
