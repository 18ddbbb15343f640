"""Lines of a text file with their numbers, and the errors that name them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from arsearch.errors import InputError

__all__ = ["columns_of", "line_error", "numbered_lines"]

_SHOWN = 80


def numbered_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file that are not blank, each with its number from 1, without its end.

    A byte order mark is dropped. Raises `InputError` with file and line where the bytes are not UTF-8.
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
    """The columns of a line: at tabs if that gives one of `counts`, else at any white space, as TREC has it."""
    parts = [part.strip() for part in line.split("\t")]
    return parts if len(parts) in counts else line.split()


def line_error(path: str | os.PathLike[str], number: int, reason: str, line: str | None = None) -> InputError:
    """An `InputError` that says file, line number and reason, and shows the line if it is given."""
    shown = "" if line is None else f": {line[:_SHOWN] + ('...' if len(line) > _SHOWN else '')!r}"
    return InputError(f"{os.fspath(path)}, line {number}: {reason}{shown}")
