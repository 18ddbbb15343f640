"""One commit of an index as the next commit of another: how a backup is made, and how it is brought back.

A backup is an index like any other. A segment that is there already, whole, is not written again, so that the second
backup into a folder costs what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import (
    AnalyzerMismatchError,
    CorruptIndexError,
    IndexExistsError,
    IndexVersionError,
    NotAnIndexError,
)
from arsearch.index.codec.deletions import write_deletions
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import foreign_files, latest_generation
from arsearch.index.commits.publish import publish
from arsearch.index.reader.opening import load_analyzer, open_directory, open_latest
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.model import BackupReport
from arsearch.search.request import LOCK_TIMEOUT

__all__ = ["copy_commit", "restore"]


def restore(
    backup: str | os.PathLike[str],
    location: str | os.PathLike[str],
    *,
    replace: bool = False,
    timeout: float = LOCK_TIMEOUT,
) -> BackupReport:
    """Bring the newest commit of a backup, or of any index, to a folder, as its next commit.

    An index that is there, sound or damaged, is replaced only with `replace`; readers that have it open see the old
    articles or the restored ones. The analyzer's version does not matter: an old backup is restored and then wants
    `arsearch reindex`, as it did.

    Every checksum of the backup is looked at first: CorruptIndexError leaves the folder as it was. IndexExistsError
    without `replace`, NotAnIndexError for a folder of other things, IndexLockedError after `timeout` seconds.
    """
    source = open_directory(backup)
    reader = open_latest(source)
    try:
        analyzer = load_analyzer(source, reader.manifest)
    except AnalyzerMismatchError:
        analyzer = None
    return copy_commit(source, reader, analyzer, location, replace=replace, timeout=timeout)


def copy_commit(
    source: Directory,
    reader: IndexReader,
    analyzer: ArabicAnalyzer | None,
    folder: str | os.PathLike[str],
    *,
    replace: bool,
    timeout: float,
) -> BackupReport:
    """Copy an opened commit to a folder, as `restore` says. Writers of the source need not stop."""
    for segment in reader.segments:
        segment.file.verify()
    if isinstance(source, FSDirectory) and Path(folder).exists() and source.path.samefile(folder):
        raise IndexExistsError(f"{str(folder)!r} is the index itself; give another folder")
    target = open_directory(folder, create=True)
    with target.lock(timeout):
        newest = latest_generation(target)
        if newest >= 0 and not replace:
            raise IndexExistsError(
                f"there is an index at {target.location!r} already; replace it with --replace (in Python: replace=True), "
                "or give another folder"
            )
        if others := foreign_files(target):
            raise NotAnIndexError(f"{target.location!r} has other files in it ({others[0]!r}); give another folder")
        generation = max(newest + 1, reader.manifest.generation)
        written = 0
        infos = []
        for segment in reader.segments:
            info = SegmentInfo(segment.name, segment.docs, bytes=segment.info.bytes)
            if not _there(target, info, segment.file.size):
                written += target.write(info.file, [segment.file.content], durable=True)
                if not _there(target, info, segment.file.size):  # read back
                    target.remove(info.file)
                    raise CorruptIndexError(
                        f"the file {info.file!r} of {source.location!r} was damaged while it was copied; see `arsearch check`"
                    )
            if len(segment.deleted):
                info = write_deletions(target, info, segment.deleted, generation, durable=True)
            infos.append(info)
        publish(target, reader.manifest.next_commit(generation, infos), analyzer, flushed=False)
    size = sum(segment.file.size for segment in reader.segments)
    return BackupReport(target.location, reader.count, len(infos), size, written, generation)


def _there(target: Directory, info: SegmentInfo, size: int) -> bool:
    """Whether a segment is there whole; names of segments are never used twice."""
    if info.file not in target.names():
        return False
    try:
        file = SegmentReader(target, info).file
        file.verify()
    except (CorruptIndexError, IndexVersionError):
        return False
    return file.size == size
