"""Copy a commit of an index into a folder, as the next commit there: this makes a backup, and restores one.

A backup is an index like any other. Intact segments that the folder has already are not copied again. A second backup
into the same folder therefore copies only the segments that have changed, and a copy that failed is resumed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from arsearch.errors import (
    CorruptIndexError,
    IndexExistsError,
    IndexVersionError,
    NotAnIndexError,
)
from arsearch.index.codec.deletions import write_deletions
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import foreign_files, latest_generation
from arsearch.index.commits.publish import CommitListener, publish
from arsearch.index.reader.opening import open_directory, open_latest
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory, read_file
from arsearch.model import BackupReport
from arsearch.search.request import read_seconds

__all__ = ["copy_commit", "restore"]


def restore(
    backup: str | os.PathLike[str],
    location: str | os.PathLike[str],
    *,
    replace: bool,
    timeout: float,
    listeners: Sequence[CommitListener] = (),
) -> BackupReport:
    """Restore a backup; see `arsearch.restore`. The `listeners` are told of the commit."""
    source = open_directory(backup)
    return copy_commit(source, open_latest(source), location, replace=replace, timeout=timeout, listeners=listeners)


def copy_commit(
    source: Directory,
    reader: IndexReader,
    folder: str | os.PathLike[str],
    *,
    replace: bool,
    timeout: float,
    listeners: Sequence[CommitListener] = (),
) -> BackupReport:
    """Copy an open commit to a folder; see `arsearch.restore`. Writers of the source may go on."""
    read_seconds("timeout", timeout)
    for segment in reader.segments:
        segment.file.verify()
    target = open_directory(folder, create=True)
    if not isinstance(target, FSDirectory):
        raise NotAnIndexError(f"{target.location!r} is not a folder; give the folder for the copy")
    if isinstance(source, FSDirectory) and source.path.samefile(target.path):
        raise IndexExistsError(f"{str(folder)!r} is the index itself; give another folder")
    with target.lock(timeout):
        newest = latest_generation(target)
        if newest >= 0 and not replace:
            raise IndexExistsError(
                f"there is already an index at {target.location!r}; replace it with --replace (in Python: replace=True), "
                "or give another folder"
            )
        if others := foreign_files(target):
            raise NotAnIndexError(f"{target.location!r} contains other files ({others[0]!r}); give another folder")
        generation = max(newest + 1, reader.manifest.generation)
        written = 0
        infos = []
        for segment in reader.segments:
            info = SegmentInfo(segment.name, segment.docs, bytes=segment.info.bytes)
            if not _is_intact(target, info, segment.file.size):
                written += target.write(info.file, [segment.file.content], durable=True)
                if not _is_intact(target, info, segment.file.size):  # verify the copy
                    target.remove(info.file)
                    raise CorruptIndexError(
                        f"the file {info.file!r} of {source.location!r} was damaged while it was copied; see `arsearch check`"
                    )
            if len(segment.deleted):
                info = write_deletions(target, info, segment.deleted, generation, durable=True)
            infos.append(info)
        manifest = reader.manifest.next_commit(generation, infos, durable=True, parts=reader.has_works)
        if manifest.sync:
            written += target.write(manifest.sync, [read_file(source, manifest.sync)], durable=True)
        publish(target, manifest, listeners=listeners, flushed=False)
    size = sum(segment.file.size for segment in reader.segments)
    return BackupReport(target.location, reader.article_count, len(infos), size, written, generation)


def _is_intact(target: Directory, info: SegmentInfo, size: int) -> bool:
    """Return whether the directory has an intact segment of this name and size. No two segments ever have the same name."""
    if info.file not in target.names():
        return False
    try:
        file = SegmentReader(target, info).file
        file.verify()
    except (CorruptIndexError, IndexVersionError):
        return False
    return file.size == size
