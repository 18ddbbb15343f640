"""An index of Whoosh's own to records: what is stored of its documents, read without running anything of it."""

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
from arsearch.readers.sources import printable
from arsearch.readers.whoosh.pickle_values import values_of
from arsearch.readers.whoosh.stored_fields import stored
from arsearch.readers.whoosh.toc import Contents, Segment, contents, read

__all__ = ["read_whoosh"]

_WARNING = (
    "an index of Whoosh's own, whose files are pickles: what is on a list of plain values is read, nothing of it is run; "
    "open it with Whoosh itself only if you trust whoever wrote it"
)

_TRIES = 20


def read_whoosh(
    location: str | os.PathLike[str],
    *,
    name: str | None = None,
    mapping: Mapping[str, str] | None = None,
    on_guess: Callable[[str], None] | None = None,
) -> Iterator[Record]:
    """Read what an index of Whoosh's own has stored, one record for each document not deleted, in order, lazily.

    The folder may come from anybody: nothing of it is imported or run, and of its pickles only plain values are read.
    That it is such a folder is told to `on_guess`, with what was guessed as in `read_articles`; without `on_guess` it is
    a Python warning. `name` is needed only if several indexes share the folder; `mapping` gives our field the name of
    theirs, `{"id": "path", "body": "content"}`. One commit is read, the newest; a writer may be at work meanwhile.

    Fields that Whoosh has indexed but not stored are not there. Values are JSON values: dates and times are ISO 8601,
    decimals text, tuples and sets lists, bytes text if they are UTF-8 and otherwise, in further fields, base64. A
    document with a value of any other class, or damaged, is a record with a `problem`, and so is a segment that cannot
    be read. Raises `IndexNotFoundError`, `NotAnIndexError`, `IndexVersionError` or `CorruptIndexError`, at once, if
    there is no such index or its table of contents cannot be read, and `InputError` for a wrong mapping.
    """
    place = printable(os.fsdecode(location))
    columns = Columns(checked_mapping(mapping), lambda message: on_guess(f"{place}: {message}") if on_guess else None)
    try:
        directory = open_directory(location)
    except IndexNotFoundError as error:
        raise IndexNotFoundError(f"there is no folder {place!r}; give the one that Whoosh's index is in") from error
    found, files = _opened(directory, name)
    if on_guess is None:
        warnings.warn(f"{place} is {_WARNING}", stacklevel=2)
    else:
        docs = sum(segment.docs - len(segment.deleted) for segment in found.segments)
        on_guess(f"{place}: {_WARNING}")
        on_guess(f"{place}: Whoosh {found.release}, index {found.name!r}, documents: {docs:,}")
    return _records(place, found.segments, files, columns)


def _opened(directory: Directory, name: str | None) -> tuple[Contents, list[memoryview | ArsearchError]]:
    """The newest commit, and the file of each segment or why there is none: open, no later commit takes them away."""
    for _ in range(_TRIES):
        try:
            found = contents(directory, name)
            files = [_file(directory, segment.file) for segment in found.segments]
            if all(isinstance(file, memoryview) for file in files):
                return found, files
            if contents(directory, name).generation == found.generation:
                return found, files
        except FileNotFoundError:
            continue  # the table of contents went between the listing and the reading
    raise CorruptIndexError(f"the Whoosh index at {directory.location!r} changes faster than it can be read; try again")


def _file(directory: Directory, file: str) -> memoryview | ArsearchError:
    try:
        return read(directory, file)
    except FileNotFoundError:
        return CorruptIndexError(f"the file {directory.location}/{file} is missing")
    except ArsearchError as error:
        return error


def _records(
    place: str, segments: Iterable[Segment], files: Iterable[memoryview | ArsearchError], columns: Columns
) -> Iterator[Record]:
    first = 0  # a document's number, as Whoosh counts through all segments
    for segment, file in zip(segments, files, strict=True):
        number = -1
        try:
            if isinstance(file, ArsearchError):
                raise file
            for number, pickled in stored(segment, file):
                yield _record(f"{place} (document {first + number})", pickled, columns)
        except ArsearchError as problem:
            last = first + segment.docs - 1
            yield Record(f"{place} (documents {first + number + 1} to {last})", None, f"{segment.name}: {problem}")
        first += segment.docs
    columns.finish()


def _record(where: str, pickled: bytes | InputError, columns: Columns) -> Record:
    try:
        if isinstance(pickled, InputError):
            raise pickled
        fields = values_of(pickled) if pickled else {}
        if not isinstance(fields, dict):
            raise InputError("no fields are stored of it, but another value")
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
        said = f"bytes of {field!r} that are no UTF-8 are kept as base64"
        data[field] = _without_bytes(data[field], partial(columns.tell_once, said))
    return checked(Record(where, data))


def _without_bytes(value: Any, say: Callable[[], None]) -> Any:
    """`value` with bytes as base64."""
    if isinstance(value, bytes):
        say()
        return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [_without_bytes(item, say) for item in value]
    if isinstance(value, dict):
        return {key: _without_bytes(item, say) for key, item in value.items()}
    return value
