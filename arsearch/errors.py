"""Every error arsearch raises on purpose.

    ArsearchError
    ├── IndexOpenError                 the place named is not a usable index
    │   ├── IndexNotFoundError         nothing there                      (FileNotFoundError)
    │   ├── NotAnIndexError            something else is there            (ValueError)
    │   ├── IndexVersionError          written by a newer or retired format
    │   ├── AnalyzerMismatchError      written with another analyzer
    │   └── CorruptIndexError          files missing, cut short or altered
    ├── IndexExistsError               there is an index there already    (FileExistsError)
    ├── IndexReadOnlyError             its folder may not be written to   (PermissionError)
    ├── IndexWriteError                the disk is full or failing        (OSError)
    ├── IndexLockedError               another writer is at work          (TimeoutError)
    ├── IndexClosedError               used after close                   (RuntimeError)
    ├── UnsupportedError               this kind of index cannot do it    (NotImplementedError)
    ├── ArticleError                   an article that cannot be indexed  (ValueError)
    ├── AddError                       `Index.add` stopped; has `.report`
    ├── QueryError                     a search that cannot be answered   (ValueError)
    │   ├── QuerySyntaxError           strict parsing failed; has `.column`
    │   └── UnknownFieldError          no such field; lists the known ones
    ├── AnalyzerError                  bad analyzer options or word lists (ValueError)
    └── InputError                     a file that cannot be read as articles, queries, qrels or synonyms (ValueError)

Messages name the offending value, what would be right, and the next step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arsearch.model import AddReport

__all__ = [
    "AddError",
    "AnalyzerError",
    "AnalyzerMismatchError",
    "ArsearchError",
    "ArticleError",
    "CorruptIndexError",
    "IndexClosedError",
    "IndexExistsError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexOpenError",
    "IndexReadOnlyError",
    "IndexVersionError",
    "IndexWriteError",
    "InputError",
    "NotAnIndexError",
    "QueryError",
    "QuerySyntaxError",
    "UnknownFieldError",
    "UnsupportedError",
]


class ArsearchError(Exception):
    """The base of every error of this library."""


class IndexOpenError(ArsearchError):
    """The place named cannot be opened as an index."""


class IndexNotFoundError(IndexOpenError, FileNotFoundError):
    """There is nothing at the index's path."""


class NotAnIndexError(IndexOpenError, ValueError):
    """What is at the path is not an arsearch index."""


class IndexVersionError(IndexOpenError):
    """The index was written in a format this version does not read."""


class AnalyzerMismatchError(IndexOpenError):
    """The index was written with another analyzer; `arsearch reindex` rebuilds it."""


class CorruptIndexError(IndexOpenError):
    """A file of the index is missing, cut short or altered."""


class IndexLockedError(ArsearchError, TimeoutError):
    """Another writer held the index for longer than the timeout."""


class IndexExistsError(ArsearchError, FileExistsError):
    """A backup or a restored index would take the place of an index."""


class IndexReadOnlyError(ArsearchError, PermissionError):
    """The folder of the index may not be written to, or is gone."""


class IndexWriteError(ArsearchError, OSError):
    """A file of the index could not be written: the disk is full or failing. The last commit stays."""


class IndexClosedError(ArsearchError, RuntimeError):
    """The index or snapshot was used after it was closed."""


class UnsupportedError(ArsearchError, NotImplementedError):
    """The index is of a kind that cannot do what was asked; `location` and `ability` say what."""

    def __init__(self, location: str, ability: str) -> None:
        super().__init__(f"the index at {location!r} cannot {ability}; index.capabilities lists what it can do")
        self.location = location
        self.ability = ability


class ArticleError(ArsearchError, ValueError):
    """An article that cannot be indexed; the message says which part of it and why."""


class AddError(ArsearchError):
    """Adding stopped before its end; `report` tells what had been committed."""

    def __init__(self, message: str, report: AddReport) -> None:
        super().__init__(message)
        self.report = report


class QueryError(ArsearchError, ValueError):
    """A search that cannot be answered as asked."""


class QuerySyntaxError(QueryError):
    """A query that strict parsing refuses; `column` counts code points from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column


class UnknownFieldError(QueryError):
    """A field that the index does not have; `field` is its name."""

    def __init__(self, field: str, known: Iterable[str], purpose: str = "search") -> None:
        names = ", ".join(sorted(known)) or "none"
        super().__init__(f"no field {field!r} to {purpose} by; known: {names}")
        self.field = field


class AnalyzerError(ArsearchError, ValueError):
    """Analyzer options or a word list that cannot be used."""


class InputError(ArsearchError, ValueError):
    """A file or stream that cannot be read as what it was given for."""
