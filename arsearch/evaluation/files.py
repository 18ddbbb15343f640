"""The numbered lines of a text file, their columns, and errors that name a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from arsearch.errors import InputError

__all__ = ["columns_of", "line_error", "numbered_lines"]

_SHOWN = 80


def numbered_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file that are not blank, each with its number from 1 and without its line break.

    A byte order mark is removed. Raises `InputError` with file and line if the bytes are not UTF-8.
    """
    try:
        with Path(path).open("rb") as file:
            for number, raw in enumerate(file, 1):
                try:
                    line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    raise line_error(
                        path, number, f"not UTF-8 at byte {error.start}; save the file as UTF-8"
                    ) from error
                if line.strip():
                    yield number, line
    except OSError as error:
        raise InputError(f"{os.fspath(path)}: cannot be read: {error.strerror or error}") from error


def columns_of(line: str, counts: tuple[int, ...]) -> list[str]:
    """Split a line at tabs if that gives one of `counts` columns, else at any white space, as TREC does."""
    parts = [part.strip() for part in line.split("\t")]
    return parts if len(parts) in counts else line.split()


def line_error(path: str | os.PathLike[str], number: int, reason: str, line: str | None = None) -> InputError:
    """Return an `InputError` with the file, the line number, the reason, and the text of the line if given."""
    shown = "" if line is None else f": {line[:_SHOWN] + ('...' if len(line) > _SHOWN else '')!r}"
    return InputError(f"{os.fspath(path)}, line {number}: {reason}{shown}")
