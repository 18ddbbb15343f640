"""Finding or making the place of an index, and the analyzer it was written with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from arsearch.analyzers import ArabicAnalyzer
from arsearch.errors import (
    AnalyzerError,
    AnalyzerMismatchError,
    CorruptIndexError,
    IndexNotFoundError,
    NotAnIndexError,
    QueryError,
)
from arsearch.index.commits.manifest import Manifest, latest_generation, read_latest
from arsearch.index.commits.publish import publish
from arsearch.index.reader.segment import SegmentReader
from arsearch.index.reader.snapshot import IndexReader
from arsearch.index.store.directory import Directory, FSDirectory, RAMDirectory, make_folder
from arsearch.model.schema import Schema
from arsearch.search.request import LOCK_TIMEOUT

__all__ = ["create_index", "load_analyzer", "open_directory", "open_latest"]


def open_directory(location: str | os.PathLike[str], create: bool = False) -> Directory:
    """The directory at a location, the folder made if need be; the error that fits if it cannot be one."""
    if location == ":memory:":
        return RAMDirectory()
    path = Path(location)
    if "\0" in str(path):
        raise NotAnIndexError(f"{str(path)!r} is no path: it has a NUL character")
    try:
        if path.is_dir():
            os.listdir(path)
        elif path.exists():
            raise NotAnIndexError(f"{str(path)!r} is a file, not an index folder; give the folder of the index")
        elif create:
            make_folder(path)
        else:
            raise IndexNotFoundError(f"there is no index at {str(path)!r}; make one with `arsearch index`")
    except PermissionError as error:
        raise NotAnIndexError(f"{str(path)!r} cannot be read ({error.strerror}); check its permissions") from error
    except OSError as error:
        if isinstance(error, (IndexNotFoundError, NotAnIndexError)):
            raise
        raise NotAnIndexError(f"{str(path)!r} cannot be used as an index folder ({error.strerror})") from error
    return FSDirectory(path)


def create_index(directory: Directory, analyzer: ArabicAnalyzer, fields: Mapping[str, str] | None) -> Manifest:
    """Make an empty index in an empty place; its first commit, or the one another process was faster to make."""
    try:
        declared = Schema(fields)
    except ValueError as error:
        raise QueryError(str(error)) from None
    with directory.lock(LOCK_TIMEOUT):
        if latest_generation(directory) >= 0:
            return read_latest(directory)
        manifest = Manifest(0, analyzer.config(), analyzer.fingerprint, declared.declared, ())
        publish(directory, manifest, analyzer)
        return manifest


def open_latest(directory: Directory, known: dict[object, SegmentReader] | None = None) -> IndexReader:
    """The newest commit, opened. `known` are segments that are open already, by what commits say of them."""
    for _ in range(20):
        manifest = read_latest(directory)
        try:
            return IndexReader(directory, manifest, known)
        except CorruptIndexError:
            if latest_generation(directory) == manifest.generation:
                raise
            # else two commits went by meanwhile and its files are gone
    raise CorruptIndexError(f"the index at {directory.location!r} changes faster than it can be opened; try again")


def load_analyzer(directory: Directory, manifest: Manifest) -> ArabicAnalyzer:
    """The analyzer an index was written with, if this version can still make it."""
    try:
        analyzer = ArabicAnalyzer.from_config(manifest.analyzer)
    except AnalyzerError as error:
        raise AnalyzerMismatchError(
            f"the index at {directory.location!r} was written with an analyzer this version does not know ({error}); "
            f"rebuild it with `arsearch reindex -i {directory.location}`"
        ) from error
    if analyzer.fingerprint != manifest.fingerprint:
        raise AnalyzerMismatchError(
            f"the index at {directory.location!r} was written with another version of the analyzer "
            f"({manifest.fingerprint[:12]}, now {analyzer.fingerprint[:12]}); "
            f"rebuild it with `arsearch reindex -i {directory.location}`"
        )
    return analyzer
