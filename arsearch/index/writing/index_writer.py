"""One writing session: holds the lock, collects changes, makes commits.

Flush is not commit: segments are written as memory fills, but nothing is seen by readers until
`commit` writes a manifest. Whatever was not committed leaves no trace.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArsearchError
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.deletions import write_deletions
from arsearch.index.commits.manifest import Manifest, delete_unreferenced, read_latest
from arsearch.index.commits.publish import publish
from arsearch.index.merging.policy import LogMergePolicy
from arsearch.index.merging.segment_merger import merge
from arsearch.index.reader.segment import SegmentReader, shared_ids
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.writing.documents_writer import DocumentsWriter
from arsearch.index.writing.parallel.pool import BuiltSegment, WorkerConfig
from arsearch.model import Article
from arsearch.model.schema import Schema
from arsearch.search.request import MEMORY_LIMIT

__all__ = ["IndexWriter", "open_writer"]

_log = logging.getLogger("arsearch")


@contextlib.contextmanager
def open_writer(
    directory: Directory,
    analyzer: ArabicAnalyzer,
    *,
    timeout: float,
    memory_limit: int = MEMORY_LIMIT,
    durable: bool = True,
) -> Iterator[IndexWriter]:
    """Hold the write lock and yield a Writer on the newest commit; what it has not committed at the end is dropped."""
    owner = os.getpid()
    with directory.lock(timeout):
        writer = IndexWriter(directory, analyzer, read_latest(directory), memory_limit=memory_limit, durable=durable)
        try:
            yield writer
        finally:
            if os.getpid() == owner:  # not in a child forked meanwhile that comes through here as it ends
                writer.rollback()


class IndexWriter:
    """Adds and deletes articles; the caller holds the lock."""

    def __init__(
        self, directory: Directory, analyzer: ArabicAnalyzer, manifest: Manifest, *, memory_limit: int, durable: bool
    ) -> None:
        self._directory = directory
        self._analyzer = analyzer
        self._memory_limit = memory_limit
        self._durable = durable
        self._manifest = manifest
        self._fields = Schema(manifest.fields)
        self._segments = [SegmentReader(directory, info) for info in manifest.segments]
        self._doomed: dict[str, set[int]] = {}
        self._dictionary = next((s.stored.dictionary for s in self._segments if s.stored.dictionary), b"")
        self._collector = DocumentsWriter(
            directory,
            analyzer,
            self._fields,
            dictionary=self._dictionary,
            memory_limit=memory_limit,
            durable=durable,
        )
        self._merge_policy = LogMergePolicy()
        self._changed = False

    @property
    def manifest(self) -> Manifest:
        """The newest commit."""
        return self._manifest

    def add(self, article: Article) -> bool:
        """Take an article; whether it replaced one taken since the last flush. ArticleError leaves all as it was.

        Those it replaces in earlier segments are found when it is flushed: see `flush`.
        """
        replaced = self._collector.add(article)
        self._changed = True
        return replaced

    @property
    def should_flush(self) -> bool:
        """Whether it is time to flush."""
        return self._collector.should_flush

    def delete(self, id: str) -> bool:
        """Delete the article with that id; whether there was one."""
        found = self._collector.discard(id)
        for segment in self._segments:  # even if found: what the discarded one would have replaced is still there
            doc = segment.find(id)
            if doc >= 0 and doc not in self._deleted_in(segment):
                self._mark_deleted(segment, [doc])
                found = True
        self._changed |= found
        return found

    def delete_docs(self, segment: str, docs: Array) -> None:
        """Delete documents of a committed segment by number."""
        for candidate in self._segments:
            if candidate.name == segment and len(docs):
                self._mark_deleted(candidate, docs.tolist())
                self._changed = True

    def _mark_deleted(self, segment: SegmentReader, docs: Sequence[int]) -> None:
        if docs:
            self._doomed.setdefault(segment.name, set()).update(docs)

    def _deleted_in(self, segment: SegmentReader) -> Collection[int]:
        return self._doomed.get(segment.name, ())

    def flush(self) -> int:
        """Write what was collected as a segment; how many of its articles replaced ones in earlier segments."""
        flushed = self._collector.flush()
        return (
            self.adopt_segments([BuiltSegment(flushed, np.arange(flushed.info.docs, dtype=np.uint64))])
            if flushed
            else 0
        )

    def worker_config(self) -> WorkerConfig | None:
        """What workers have to know; `None` for an index that they cannot reach."""
        if not isinstance(self._directory, FSDirectory):
            return None
        return WorkerConfig(
            self._directory.location,
            self._analyzer.config(),
            self._fields.declared,
            self._dictionary,
            self._memory_limit,
            self._durable,
        )

    def adopt_segments(self, built: Sequence[BuiltSegment]) -> int:
        """Take segments made of the same items; how many of their articles replaced ones in other segments."""
        earlier = len(self._segments)
        updated = 0
        for (info, replaced), numbers in built:
            _log.info("wrote segment %s: %d articles, %d bytes", info.name, info.docs, info.bytes)
            segment = SegmentReader(self._directory, info)
            self._mark_deleted(segment, replaced)
            for at, other in enumerate(self._segments):
                theirs = built[at - earlier].numbers if at >= earlier else None
                for doc, its in shared_ids(segment, other):
                    if doc in self._deleted_in(segment) or its in self._deleted_in(other):
                        continue
                    later = theirs is None or numbers[doc] > theirs[its]
                    self._mark_deleted(*((other, [its]) if later else (segment, [doc])))
                    updated += 1
            self._segments.append(segment)
            self._changed = True
        return updated

    def commit(self, *, always: bool = False) -> int:
        """Make all changes visible at once, and durable; counts as `flush`. Without changes only if `always`."""
        updated = self.flush()
        if not self._changed and not always:
            return updated
        generation = self._manifest.generation + 1
        self._apply_deletions(generation)
        while chosen := self._merge_policy.choose([segment.info for segment in self._segments]):
            self._merge(chosen)
        self._write(generation, self._manifest)
        return updated

    def optimize(self) -> None:
        """Commit, with everything in one segment and no deleted documents."""
        self.flush()
        generation = self._manifest.generation + 1
        self._apply_deletions(generation)
        if len(self._segments) > 1 or any(segment.info.deleted for segment in self._segments):
            self._merge(list(range(len(self._segments))))
            self._changed = True
        if self._changed:
            self._write(generation, self._manifest)

    def _apply_deletions(self, generation: int) -> None:
        segments = []
        for segment in self._segments:
            doomed = self._doomed.pop(segment.name, None)
            if doomed:
                deleted = np.union1d(segment.deleted.astype(np.int64), np.fromiter(doomed, np.int64, len(doomed)))
                if len(deleted) == segment.docs:
                    continue
                info = write_deletions(self._directory, segment.info, deleted, generation, durable=self._durable)
                segment = SegmentReader(self._directory, info)
            segments.append(segment)
        self._segments = segments

    def _merge(self, chosen: Sequence[int]) -> None:
        merged = [self._segments[position] for position in chosen]
        info = merge(self._directory, self._fields, merged, durable=self._durable)
        _log.info("merged %d segments into %s: %d articles", len(merged), info.name, info.docs)
        rest = [segment for position, segment in enumerate(self._segments) if position not in set(chosen)]
        rest.insert(chosen[0], SegmentReader(self._directory, info))
        self._segments = rest

    def _write(self, generation: int, previous: Manifest) -> None:
        infos = [segment.info for segment in self._segments]
        manifest = previous.next_commit(generation, infos, durable=self._durable)
        publish(self._directory, manifest, self._analyzer, flushed=previous.durable)
        self._manifest = manifest
        self._changed = False

    def rollback(self) -> None:
        """Forget what was not committed, and remove the files made for it."""
        self._collector.drop_buffered()
        self._segments = []
        with contextlib.suppress(OSError, ArsearchError):
            # Not `self._manifest`: a commit that failed after its manifest took its name may have been seen.
            delete_unreferenced(self._directory, read_latest(self._directory))
