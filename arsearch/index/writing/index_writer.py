"""The index writer: it adds and deletes articles under the write lock, and commits.

A flush is not a commit. Segments are flushed when memory fills, but readers see nothing of them until `commit` writes a
manifest. Changes without a commit leave no trace.
"""

from __future__ import annotations

import contextlib
import logging
import os
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import ArsearchError, CorruptIndexError
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.deletions import write_deletions
from arsearch.index.commits.manifest import Manifest, delete_unreferenced, read_latest
from arsearch.index.commits.publish import CommitListener, publish
from arsearch.index.merging.policy import LogMergePolicy
from arsearch.index.merging.segment_merger import merge
from arsearch.index.reader.segment import SegmentReader, shared_ids
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.writing.documents_writer import DocumentsWriter
from arsearch.index.writing.orphans import orphan_parts
from arsearch.index.writing.parallel.pool import BuiltSegment, WorkerConfig
from arsearch.model import Article
from arsearch.model.places import is_part_id
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
    listeners: Sequence[CommitListener] = (),
) -> Iterator[IndexWriter]:
    """Take the write lock and yield a writer on the newest commit. Changes that are not committed at the end are dropped."""
    owner = os.getpid()
    with directory.lock(timeout):
        writer = IndexWriter(
            directory,
            analyzer,
            read_latest(directory),
            memory_limit=memory_limit,
            durable=durable,
            listeners=listeners,
        )
        try:
            yield writer
        finally:
            if os.getpid() == owner:  # a forked child passes here too when it ends
                writer.rollback()


class IndexWriter:
    """Adds and deletes articles, and commits. The caller holds the write lock.

    The `listeners` are told of each commit.
    """

    def __init__(
        self,
        directory: Directory,
        analyzer: ArabicAnalyzer,
        manifest: Manifest,
        *,
        memory_limit: int,
        durable: bool,
        listeners: Sequence[CommitListener] = (),
    ) -> None:
        self._directory = directory
        self._analyzer = analyzer
        self._memory_limit = memory_limit
        self._durable = durable
        self._listeners = listeners
        self._manifest = manifest
        self._schema = Schema(manifest.fields)
        self._segments = [SegmentReader(directory, info) for info in manifest.segments]
        self._deletions: dict[str, set[int]] = {}
        self._dictionary = next((s.stored.dictionary for s in self._segments if s.stored.dictionary), b"")
        self._buffer = DocumentsWriter(
            directory,
            analyzer,
            self._schema,
            dictionary=self._dictionary,
            memory_limit=memory_limit,
            durable=durable,
        )
        self._merge_policy = LogMergePolicy()
        self._changed = False
        self._sync_state: Callable[[], bytes] | None = None

    @property
    def manifest(self) -> Manifest:
        """The newest commit."""
        return self._manifest

    @property
    def schema(self) -> Schema:
        """The fields of the index."""
        return self._schema

    def sync_state(self) -> bytes | None:
        """Return the state of `arsearch.sync` in the newest commit; `None` if it has none or its file is damaged."""
        if self._manifest.sync is None:
            return None
        try:
            body, _, crc = bytes(self._directory.read(self._manifest.sync)).rpartition(b"\n#")
            return body if int(crc, 16) == zlib.crc32(body) else None
        except (FileNotFoundError, CorruptIndexError, ValueError):
            return None

    def keep_sync_state(self, state: Callable[[], bytes]) -> None:
        """Commit what `state` returns at each commit from now on, as the state of `arsearch.sync`."""
        self._sync_state = state
        self._changed = True

    def add(self, article: Article) -> bool:
        """Add an article, and return whether it replaces one added since the last flush.

        An article of an earlier segment that it replaces is found by `flush`. ArticleError leaves everything unchanged.
        """
        replaced = self._buffer.add(article)
        self._changed = True
        return replaced

    @property
    def should_flush(self) -> bool:
        """Whether a flush is due."""
        return self._buffer.should_flush

    def delete(self, id: str) -> bool:
        """Delete the article with an id, and return whether there was one."""
        deleted = self._buffer.discard(id)
        for segment in self._segments:  # always: the article that the discarded one would have replaced is still there
            doc = segment.find(id)
            if doc >= 0 and doc not in self._deleted_in(segment):
                self._mark_deleted(segment, [doc])
                deleted = True
        self._changed |= deleted
        return deleted

    def delete_docs(self, segment: str, docs: Array) -> None:
        """Delete documents of a segment by number."""
        for candidate in self._segments:
            if candidate.name == segment and len(docs):
                self._mark_deleted(candidate, docs.tolist())
                self._changed = True

    def _mark_deleted(self, segment: SegmentReader, docs: Sequence[int]) -> None:
        if docs:
            self._deletions.setdefault(segment.name, set()).update(docs)

    def _deleted_in(self, segment: SegmentReader) -> Collection[int]:
        """Return the documents that the next commit deletes; `segment.deleted` has those of earlier commits."""
        return self._deletions.get(segment.name, ())

    def flush(self) -> int:
        """Write the buffered articles as a segment; return the number of articles they replace in earlier segments."""
        flushed = self._buffer.flush()
        if flushed is None:
            return 0
        return self.adopt_segments([BuiltSegment(flushed, np.arange(flushed.info.docs, dtype=np.uint64))])

    def worker_config(self) -> WorkerConfig | None:
        """Return the configuration of workers; `None` if the index is in memory, which other processes cannot reach."""
        if not isinstance(self._directory, FSDirectory):
            return None
        return WorkerConfig(
            self._directory.location,
            self._analyzer.config(),
            self._schema.declared,
            self._dictionary,
            self._memory_limit,
            self._durable,
        )

    def adopt_segments(self, built: Sequence[BuiltSegment]) -> int:
        """Add segments built from one sequence of items; return the number of articles they replace in other segments.

        Of two articles with the same id, the later item replaces the other.
        """
        first_built = len(self._segments)
        updated = 0
        for (info, replaced), numbers in built:
            _log.info("wrote segment %s: %d articles, %d bytes", info.name, info.docs, info.bytes)
            segment = SegmentReader(self._directory, info)
            self._mark_deleted(segment, replaced)
            for at, other in enumerate(self._segments):
                other_numbers = built[at - first_built].numbers if at >= first_built else None
                for doc, other_doc in shared_ids(segment, other):
                    if doc in self._deleted_in(segment) or other_doc in self._deleted_in(other):
                        continue
                    is_later = other_numbers is None or numbers[doc] > other_numbers[other_doc]
                    self._mark_deleted(*((other, [other_doc]) if is_later else (segment, [doc])))
                    updated += not is_part_id(segment.id(doc))
            self._segments.append(segment)
            self._changed = True
        return updated

    def commit(self, *, always: bool = False) -> int:
        """Make all changes visible at once; return the count of `flush`. Without changes, commit only if `always`."""
        updated = self.flush()
        if not self._changed and not always:
            return updated
        generation = self._manifest.generation + 1
        self._delete_orphans()
        self._apply_deletions(generation)
        while chosen := self._merge_policy.choose([segment.info for segment in self._segments]):
            self._merge(chosen)
        self._write_commit(generation)
        return updated

    def optimize(self) -> None:
        """Merge all segments into one without deleted documents, and commit."""
        self.flush()
        generation = self._manifest.generation + 1
        self._delete_orphans()
        self._apply_deletions(generation)
        if len(self._segments) > 1 or any(segment.info.deleted for segment in self._segments):
            self._merge(list(range(len(self._segments))))
            self._changed = True
        if self._changed:
            self._write_commit(generation)

    def _delete_orphans(self) -> None:
        """Delete the parts of works that were deleted or replaced."""
        for segment, docs in orphan_parts(self._segments, self._deletions):
            self._mark_deleted(segment, docs.tolist())
            self._changed = True

    def _apply_deletions(self, generation: int) -> None:
        """Write the deletions of each segment, and drop the segments without live documents."""
        segments = []
        for segment in self._segments:
            docs = self._deletions.pop(segment.name, None)
            if docs:
                deleted = np.union1d(segment.deleted.astype(np.int64), np.fromiter(docs, np.int64, len(docs)))
                if len(deleted) == segment.docs:
                    continue
                info = write_deletions(self._directory, segment.info, deleted, generation, durable=self._durable)
                segment = SegmentReader(self._directory, info)
            segments.append(segment)
        self._segments = segments

    def _merge(self, chosen: Sequence[int]) -> None:
        merged = [self._segments[position] for position in chosen]
        info = merge(self._directory, self._schema, merged, durable=self._durable)
        _log.info("merged %d segments into %s: %d articles", len(merged), info.name, info.docs)
        segments = [segment for position, segment in enumerate(self._segments) if position not in set(chosen)]
        segments.insert(chosen[0], SegmentReader(self._directory, info))
        self._segments = segments

    def _write_commit(self, generation: int) -> None:
        previous = self._manifest
        infos = [segment.info for segment in self._segments]
        parts = any(segment.has_works for segment in self._segments)
        manifest = previous.next_commit(generation, infos, durable=self._durable, parts=parts)
        if self._sync_state is not None:
            body = self._sync_state()
            name = f"sync-{os.urandom(8).hex()}.json"
            self._directory.write(name, [body + b"\n#%08x" % zlib.crc32(body)], durable=self._durable)
            manifest = replace(manifest, sync=name)
        publish(self._directory, manifest, listeners=self._listeners, flushed=previous.durable)
        self._manifest = manifest
        self._changed = False

    def rollback(self) -> None:
        """Drop the changes that are not committed, and remove their files."""
        self._buffer.drop_buffered()
        self._segments = []
        with contextlib.suppress(OSError, ArsearchError):
            # Read, not `self._manifest`: if a commit fails after its manifest got its name, readers may have seen it.
            delete_unreferenced(self._directory, read_latest(self._directory))
