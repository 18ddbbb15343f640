"""The stored articles of a native Whoosh index, read as records without running anything in the index.

| module | holds |
|---|---|
| `toc` | the table of contents: the newest commit and its segments |
| `stored_fields` | the stored fields of a segment's documents, still pickled |
| `pickle_machine` | an interpreter of pickles that imports and calls nothing |
| `pickle_values` | the values that pickles may hold, as JSON values |

Nothing here searches such an index or imports Whoosh. `arsearch.index.whoosh` serves Whoosh's API on our own index.
"""

from __future__ import annotations

import base64
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from arsearch.errors import ArsearchError, CorruptIndexError, IndexNotFoundError, InputError
from arsearch.index.reader.opening import open_directory
from arsearch.index.store.directory import Directory
from arsearch.model import KNOWN_FIELDS, Record
from arsearch.readers.articles import checked
from arsearch.readers.columns import Columns, checked_mapping, split_tags
from arsearch.readers.quality.checks import TextChecks
from arsearch.readers.sources import printable
from arsearch.readers.whoosh.pickle_values import json_value
from arsearch.readers.whoosh.stored_fields import stored_documents
from arsearch.readers.whoosh.toc import Commit, Segment, newest_commit, read_file

__all__ = ["read_whoosh"]

_WARNING = (
    "a native Whoosh index, whose files are pickles; only plain values are read and nothing is run; "
    "open it with Whoosh itself only if you trust its author"
)

_ATTEMPTS = 20


def read_whoosh(
    location: str | os.PathLike[str],
    *,
    name: str | None = None,
    mapping: Mapping[str, str] | None = None,
    on_guess: Callable[[str], None] | None = None,
) -> Iterator[Record]:
    """Read the stored fields of a native Whoosh index lazily, in order, one record for each live document.

    The folder need not be trusted: nothing in it is imported or run, and only plain values of its pickles are read. The
    newest commit is read, even if a writer is at work. Fields that Whoosh indexed but did not store are absent.

    Values become JSON values: dates and times ISO 8601, decimals text, tuples and sets lists. Bytes become text if they
    are UTF-8; otherwise, in further fields, base64. A document that is damaged, or has a value of another class, is a
    record with a `problem`, and so is a segment that cannot be read.

    Args:
        location: The folder of the index.
        name: The name of the index; needed only if several share the folder.
        mapping: Our field names to the names of the index's fields: `{"id": "path", "body": "content"}`.
        on_guess: Receives what the folder is and what was guessed, as in `read_articles`. Without it, a Python warning
            tells what the folder is.

    Raises:
        IndexNotFoundError, NotAnIndexError, IndexVersionError, CorruptIndexError: At once, if there is no such index or
            its table of contents cannot be read.
        InputError: At once, for a wrong mapping.
    """
    place = printable(os.fsdecode(location))
    columns = Columns(checked_mapping(mapping), lambda message: on_guess(f"{place}: {message}") if on_guess else None)
    try:
        directory = open_directory(location)
    except IndexNotFoundError as error:
        raise IndexNotFoundError(f"there is no folder {place!r}; give the folder of a Whoosh index") from error
    commit, files = _open_files(directory, name)
    if on_guess is None:
        warnings.warn(f"{place} is {_WARNING}", stacklevel=2)
    else:
        docs = sum(segment.docs - len(segment.deleted) for segment in commit.segments)
        on_guess(f"{place}: {_WARNING}")
        on_guess(f"{place}: Whoosh {commit.release}, index {commit.name!r}, documents: {docs:,}")
    return TextChecks(None, columns.tell_once).records(_records(place, commit.segments, files, columns))


def _open_files(directory: Directory, name: str | None) -> tuple[Commit, list[memoryview | ArsearchError]]:
    """Return the newest commit, and for each segment its open file or the reason why there is none.

    An open file outlives later commits that delete it. A commit that deletes files while they are opened is noticed by
    its newer generation, and opening starts again.
    """
    for _ in range(_ATTEMPTS):
        try:
            commit = newest_commit(directory, name)
            files = [_open_file(directory, segment.file) for segment in commit.segments]
            if all(isinstance(file, memoryview) for file in files):
                return commit, files
            if newest_commit(directory, name).generation == commit.generation:
                return commit, files
        except FileNotFoundError:
            continue  # the table of contents was deleted after it was listed
    raise CorruptIndexError(f"the Whoosh index at {directory.location!r} changes faster than it can be read; try again")


def _open_file(directory: Directory, file: str) -> memoryview | ArsearchError:
    try:
        return read_file(directory, file)
    except FileNotFoundError:
        return CorruptIndexError(f"the file {directory.location}/{file} is missing")
    except ArsearchError as error:
        return error


def _records(
    place: str, segments: Iterable[Segment], files: Iterable[memoryview | ArsearchError], columns: Columns
) -> Iterator[Record]:
    base = 0  # the number of the segment's first document, as Whoosh counts through all segments
    for segment, file in zip(segments, files, strict=True):
        number = -1
        try:
            if isinstance(file, ArsearchError):
                raise file
            for number, pickled in stored_documents(segment, file):
                yield _record(f"{place} (document {base + number})", pickled, columns)
        except ArsearchError as problem:
            last = base + segment.docs - 1
            yield Record(f"{place} (documents {base + number + 1} to {last})", None, f"{segment.name}: {problem}")
        base += segment.docs
    columns.finish()


def _record(where: str, pickled: bytes | InputError, columns: Columns) -> Record:
    try:
        if isinstance(pickled, InputError):
            raise pickled
        fields = json_value(pickled) if pickled else {}
        if not isinstance(fields, dict):
            raise InputError("its stored value is not a dict of fields")
        data = dict(columns.rename(fields))
        if "id" not in data or not data.keys() & {"title", "body"}:
            names = ", ".join(map(repr, fields)) or "none"
            raise InputError(
                f"no id, or neither title nor body; map them, such as id=path; the stored fields are {names[:500]}"
            )
    except InputError as problem:
        return Record(where, None, str(problem))
    if isinstance(tags := data.get("tags"), str):
        data["tags"] = split_tags(tags)
    for field in [name for name in data if name not in KNOWN_FIELDS]:
        message = f"bytes of {field!r} that are not UTF-8 become base64"
        data[field] = _with_base64(data[field], partial(columns.tell_once, message))
    return checked(Record(where, data))


def _with_base64(value: Any, tell: Callable[[], None]) -> Any:
    """Return `value` with bytes at any depth as base64; `tell` is called for each."""
    if isinstance(value, bytes):
        tell()
        return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [_with_base64(item, tell) for item in value]
    if isinstance(value, dict):
        return {key: _with_base64(item, tell) for key, item in value.items()}
    return value
