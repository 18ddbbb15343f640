"""The plain bytes of a source as a file, for parsers that take a path."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from arsearch.errors import InputError
from arsearch.readers.content import Content

__all__ = ["Spooled", "spooled", "spooled_whole"]


class Spooled(NamedTuple):
    """The path of a file, and the failure that cut its bytes short, or `None`."""

    path: str
    failure: InputError | None


@contextmanager
def spooled_whole(content: Content) -> Iterator[str]:
    """Provide the path of a source as `spooled` does. Raises InputError also for a damaged or limited source."""
    with spooled(content) as (path, failure):
        if failure:
            raise failure
        yield path


@contextmanager
def spooled(content: Content) -> Iterator[Spooled]:
    """Provide the decompressed bytes of a source as a file for the time of the context.

    A plain file is its own; standard input, pipes, compressed data and data limited by `max_bytes` become a temporary
    file. Bytes before damage or a limit are provided; the caller raises `failure` after it has read them.

    Raises InputError if the source cannot be opened, or if the temporary file cannot be written.
    """
    if path := _plain_file(content):
        yield Spooled(path, None)
        return
    try:
        with tempfile.NamedTemporaryFile(prefix="arsearch-", delete=False) as file:
            failure = _copy(content, file)
    except OSError as error:
        reason = f"the temporary folder {tempfile.gettempdir()} cannot be written: {error.strerror}"
        raise InputError(f"{reason}; free space there, or set TMPDIR") from error
    try:
        yield Spooled(file.name, failure)
    finally:
        Path(file.name).unlink(missing_ok=True)


def _copy(content: Content, file: IO[bytes]) -> InputError | None:
    """Copy the bytes of a source to a file. Return the failure that ended them early, or `None`."""
    try:
        for chunk in content.stream:
            file.write(chunk)
    except InputError as failure:
        return failure
    return None


def _plain_file(content: Content) -> str | None:
    """Return the path of the source if a parser can read it as it is."""
    path = content.source.path
    if path is None or not path.is_file() or content.max_bytes is not None:
        return None
    head = content.stream.head
    with path.open("rb") as file:
        return os.fspath(path.absolute()) if file.read(len(head)) == head else None
