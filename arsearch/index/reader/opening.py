"""Open the directory of an index, its newest commit, and the analyzer it was written with."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import (
    CorruptIndexError,
    IndexNotFoundError,
    NotAnIndexError,
    QueryError,
    shown,
)
from arsearch.index.codec.segment_info import SegmentInfo
from arsearch.index.commits.manifest import Manifest, latest_generation, read_latest
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.store.filesystem import make_folder
from arsearch.model.schema import Schema
from arsearch.search.request import LOCK_TIMEOUT

if TYPE_CHECKING:
    from arsearch.index.commits.publish import CommitListener

__all__ = ["create_index", "load_analyzer", "open_directory", "open_latest"]


def open_directory(location: str | os.PathLike[str], create: bool = False) -> Directory:
    """Return the directory of a location, `":memory:"` or a folder; with `create` make a missing folder.

    Raises IndexNotFoundError if the folder is missing, and NotAnIndexError if the location cannot be an index folder.
    """
    if not isinstance(location, (str, os.PathLike)):
        raise NotAnIndexError(f"{shown(location)} is not a location; give the path of a folder, or ':memory:'")
    if location == ":memory:":
        from arsearch.index.store.memory import RAMDirectory  # folders do not need it

        return RAMDirectory()
    path = Path(location)
    if isinstance(location, str) and "://" in location:
        raise NotAnIndexError(
            f"{shown(location)} is not a folder; an index is copied, rebuilt and read file by file only in a folder"
        )
    if "\0" in str(path):
        raise NotAnIndexError(f"{shown(str(path))} is not a path: it has a NUL character; give the folder of the index")
    try:
        os.fsencode(path)
        _check_folder(path, create)
    except UnicodeEncodeError as error:
        raise NotAnIndexError(
            f"{shown(str(path))} is not a path: {error.reason}; give the folder of the index"
        ) from error
    except PermissionError as error:
        raise NotAnIndexError(f"{str(path)!r} cannot be read ({error.strerror}); check its permissions") from error
    except OSError as error:
        if isinstance(error, (IndexNotFoundError, NotAnIndexError)):
            raise
        raise NotAnIndexError(
            f"{shown(str(path))} cannot be an index folder ({error.strerror}); give another folder"
        ) from error
    return FSDirectory(path)


def _check_folder(path: Path, create: bool) -> None:
    try:
        os.listdir(path)  # from Python 3.14 on, `is_dir` swallows errors such as that of a name that is too long
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.exists():
            raise NotAnIndexError(
                f"{str(path)!r} is a file, not an index folder; give the folder of the index"
            ) from error
        if not create:
            raise IndexNotFoundError(f"there is no index at {str(path)!r}; make one with `arsearch index`") from error
        make_folder(path)


def create_index(
    directory: Directory,
    analyzer: ArabicAnalyzer,
    fields: Mapping[str, str] | None,
    *,
    listeners: Sequence[CommitListener] = (),
) -> Manifest:
    """Make an empty index in an empty directory, and return its first commit.

    If another process has just made an index there, return the newest commit of that index.
    """
    from arsearch.index.commits.publish import publish  # searches write nothing

    try:
        declared = Schema(fields)
    except ValueError as error:
        raise QueryError(str(error)) from None
    with directory.lock(LOCK_TIMEOUT):
        if latest_generation(directory) >= 0:
            return read_latest(directory)
        manifest = Manifest(0, analyzer.config(), analyzer.fingerprint, declared.declared, ())
        publish(directory, manifest, flushed=True, listeners=listeners)
        return manifest


def open_latest(directory: Directory, open_segments: Mapping[SegmentInfo, SegmentReader] | None = None) -> IndexReader:
    """Open the newest commit. It shares the `open_segments` that it has in common with an earlier reader."""
    for _ in range(20):
        manifest = read_latest(directory)
        try:
            return IndexReader.open(directory, manifest, open_segments)
        except CorruptIndexError:
            if latest_generation(directory) == manifest.generation:
                raise
            # Two newer commits were made meanwhile, and this one's files are gone.
    raise CorruptIndexError(f"the index at {directory.location!r} changes faster than it can be opened; try again")


def load_analyzer(directory: Directory, manifest: Manifest) -> ArabicAnalyzer:
    """Return the analyzer that an index was written with.

    Raises AnalyzerMismatchError if this version has no such analyzer, or if the analyzer now works differently.
    """
    from arsearch.analyzers.analyzer import stored_analyzer  # an export needs no analyzer, and nothing that searches

    remedy = f"rebuild it with `arsearch reindex -i {directory.location}`"
    return stored_analyzer(directory.location, manifest.analyzer, manifest.fingerprint, remedy)
