"""A back-end of lists and dictionaries: every promise of `arsearch.search.backend`, and no speed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import (
    AddError,
    AnalyzerMismatchError,
    ArticleError,
    IndexClosedError,
    IndexLockedError,
    IndexNotFoundError,
    QueryError,
    UnsupportedError,
)
from arsearch.model import AddReport, Article, Recovery
from arsearch.model.ingest import ArticleInput, ingested, place_of, to_failure
from arsearch.model.places import work_of_id
from arsearch.model.schema import Schema
from arsearch.search.backend import AddOptions, Capability, WriterOptions
from arsearch.search.filters import read_filters
from arsearch.search.ranking import Ranking
from arsearch.works.documents import documents_of
from arsearch.works.splitting import read_split
from contract.toy_documents import Document
from contract.toy_view import ToyView

__all__ = ["ToyBackend", "ToyServer", "ToyWriter"]


class _Store:
    """What is kept at one location: all commits, and the lock of writers."""

    def __init__(self, analyzer: ArabicAnalyzer, schema: Schema) -> None:
        self.analyzer = analyzer
        self.schema = schema
        self.commits: list[tuple[Document, ...]] = [()]
        self.lock = threading.Lock()


class ToyServer:
    """Keeps indexes by their locations, such as `toy://news`, as long as it lives."""

    def __init__(self) -> None:
        self._stores: dict[str, _Store] = {}

    def open(
        self,
        location: str | os.PathLike[str],
        create: bool,
        *,
        analyzer: ArabicAnalyzer | None,
        fields: Mapping[str, str] | None,
        ranking: Ranking,
        recover: bool,
    ) -> ToyBackend:
        """Open the index at a location; see `arsearch.open`."""
        location = str(location)
        if recover:
            raise UnsupportedError(location, Capability.RECOVERY.value)
        if location not in self._stores:
            if not create:
                raise IndexNotFoundError(f"there is no index at {location!r}; open it with create=True to make one")
            try:
                self._stores[location] = _Store(analyzer or ArabicAnalyzer(), Schema(fields))
            except ValueError as error:
                raise QueryError(str(error)) from None
        store = self._stores[location]
        if analyzer is not None and analyzer.fingerprint != store.analyzer.fingerprint:
            raise AnalyzerMismatchError(f"the index at {location!r} has another analyzer; open it without one")
        if fields is not None and dict(fields) != store.schema.declared:
            raise QueryError(f"the index at {location!r} declares the fields {store.schema.declared!r}, not {fields!r}")
        return ToyBackend(location, store, ranking)

    def remove(self, location: str) -> None:
        """Forget the index at a location, if there is one."""
        self._stores.pop(location, None)


class ToyBackend:
    """One opened index."""

    recovery: Recovery | None = None
    capabilities = frozenset({Capability.SNAPSHOTS})

    def __init__(self, location: str, store: _Store, ranking: Ranking) -> None:
        self.location = location
        self._store = store
        self._ranking = ranking
        self._view: ToyView | None = self._newest()

    def _newest(self) -> ToyView:
        store, generation = self._store, len(self._store.commits) - 1
        return ToyView(store.commits[generation], store.analyzer, store.schema, self._ranking, generation)

    def view(self) -> ToyView:
        """Return the newest commit."""
        if self._view is None:
            raise IndexClosedError(f"the index at {self.location!r} is closed; open it again")
        if self._view.generation < len(self._store.commits) - 1:
            self._view = self._newest()
        return self._view

    @contextmanager
    def writer(self, options: WriterOptions) -> Iterator[ToyWriter]:
        """Open the writer."""
        self.view()  # IndexClosedError
        if not self._store.lock.acquire(timeout=options.timeout):
            raise IndexLockedError(
                f"another writer has kept {self.location!r} for {options.timeout:g} s; try again later"
            )
        try:
            yield ToyWriter(self._store)
        finally:
            self._store.lock.release()

    def close(self) -> None:
        """Forget the view; views already taken stay usable."""
        self._view = None


class ToyWriter:
    """Changes a copy of the newest commit."""

    def __init__(self, store: _Store) -> None:
        self._store = store
        self._documents = {document.article.id: document for document in store.commits[-1]}

    def add(self, articles: Iterable[ArticleInput], options: AddOptions, report: AddReport) -> None:
        """Add articles and commit."""
        safe, pending, last = replace(report), 0, time.monotonic()
        try:
            for number, item in enumerate(articles, 1):
                pending += self._add(number, item, options, report)
                if options.progress is not None:
                    options.progress(report)
                due = options.commit_every is not None and pending >= options.commit_every
                late = options.commit_seconds is not None and time.monotonic() - last >= options.commit_seconds
                if pending and (due or late):
                    safe, pending, last = self._commit_counted(options, report), 0, time.monotonic()
            self._commit_counted(options, report)
        except Exception as error:
            safe.failures, safe.failed = report.failures, report.failed
            raise AddError(f"adding stopped: {error}; {safe.committed} articles had been committed", safe) from error

    def _add(self, number: int, item: ArticleInput, options: AddOptions, report: AddReport) -> bool:
        try:
            article, remarks = ingested(
                item, self._store.schema, strict_values=options.strict_values, strict_dates=options.strict_dates
            )
            schema, analyzer = self._store.schema, self._store.analyzer
            document, *parts = (
                Document(one, analyzer, schema)
                for one in documents_of(article, schema, read_split(options.split), remarks)
            )
        except ArticleError as error:
            failure = to_failure(number, item, str(error))
            if options.strict:
                raise ArticleError(f"{failure.where}: {failure.reason}") from None
            report.failures += 1
            report.failed = [*report.failed, failure][:1000]
            return False
        if self._documents.pop(article.id, None) is None:
            report.added += 1
        else:
            report.updated += 1
        self._delete_parts(article.id)
        self._documents |= {one.article.id: one for one in (document, *parts)}
        report.characters += len(article.title) + len(article.text)
        report.parts += len(parts)
        for remark in remarks:
            report.remark(place_of(number, item), *remark)
        return True

    def _commit_counted(self, options: AddOptions, report: AddReport) -> AddReport:
        self.commit()
        report.commits += 1
        report.committed = report.added + report.updated
        if options.progress is not None:
            options.progress(report)
        return replace(report)

    def get(self, id: str) -> Article | None:
        """Return the article with an id in the newest commit."""
        return next((document.article for document in self._store.commits[-1] if document.article.id == id), None)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the articles with some ids."""
        return sum(self._delete_parts(id) for id in ids)

    def _delete_parts(self, id: str) -> bool:
        """Delete a document and the parts of its work, and tell whether there was one."""
        for part in [other for other in self._documents if other != id and work_of_id(other) == id]:
            del self._documents[part]
        return self._documents.pop(id, None) is not None

    def delete_matching(self, filters: Mapping[str, Any]) -> int:
        """Delete the articles that filters let through."""
        found, _ = read_filters(self._store.schema, filters)
        passing = [id for id, doc in self._documents.items() if all(map(doc.passes, found))]
        return self.delete(dict.fromkeys(map(work_of_id, passing)))

    def commit(self) -> None:
        """Publish all changes."""
        documents = tuple(self._documents.values())
        if documents != self._store.commits[-1]:
            self._store.commits.append(documents)
