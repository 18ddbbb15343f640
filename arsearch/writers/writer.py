"""The definition of a writer, which turns rows into a file of one format.

A distribution adds writers through the entry-point group `arsearch.writers`, as it adds readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from arsearch.writers.rows import Rows

__all__ = ["Writer"]

_SUFFIX = re.compile(r"\.[^./A-Z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A writer of one format. Raises `ValueError` for a malformed suffix."""

    name: str
    """The name that `format=` and `--format` take. A plug-in's entry point has the same name."""

    label: str
    """The name of the format in messages: `JSON lines`."""

    write: Callable[[Rows, IO[bytes]], None]
    """Writes all rows to a binary stream. Imports other libraries itself, and raises `InputError` if one is missing."""

    suffixes: tuple[str, ...] = ()
    """The lower-case endings of its files, such as `.csv`. They apply to compressed files (`.csv.gz`) too."""

    excel: bool = False
    """Whether the format has a variant for Excel (`Rows.excel`)."""

    hit_fields: tuple[str, ...] | None = None
    """The fields of hits that it writes unless others are chosen; `None` for `rows.HIT_FIELDS`."""

    binary: bool = False
    """Whether its files are not text, so that they are never printed on a terminal."""

    def __post_init__(self) -> None:
        for suffix in self.suffixes:
            if not _SUFFIX.fullmatch(suffix):
                raise ValueError(f"writer {self.name!r}: suffix {suffix!r}; write it in lower case, such as .csv")
