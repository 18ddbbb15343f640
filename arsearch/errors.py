"""The errors that arsearch raises, in one tree.

    ArsearchError
    ├── IndexOpenError                 the location is not a usable index
    │   ├── IndexNotFoundError         nothing there                      (FileNotFoundError)
    │   ├── NotAnIndexError            something else is there            (ValueError)
    │   ├── IndexVersionError          written by a newer or retired format
    │   ├── AnalyzerMismatchError      written with another analyzer
    │   └── CorruptIndexError          files missing, cut short or altered
    ├── IndexExistsError               there is an index there already    (FileExistsError)
    ├── IndexReadOnlyError             it may not be written to           (PermissionError)
    ├── IndexWriteError                the disk is full or failing        (OSError)
    ├── IndexLockedError               another writer is at work          (TimeoutError)
    ├── IndexUnavailableError          its cluster gives no answer        (ConnectionError)
    ├── IndexClosedError               used after close                   (RuntimeError)
    ├── UnsupportedError               this kind of index cannot do it    (NotImplementedError)
    ├── ArticleError                   an article that cannot be indexed  (ValueError)
    ├── AddError                       `Index.add` stopped; has `.report`
    ├── QueryError                     a call with a wrong parameter      (ValueError)
    │   ├── QuerySyntaxError           strict parsing failed; has `.column`
    │   └── UnknownFieldError          no such field; lists the known ones
    ├── AnalyzerError                  bad analyzer options or word lists (ValueError)
    └── InputError                     a file that cannot be read as articles, queries, qrels or synonyms (ValueError)

A message names the offending value, what would be right, and the next step.
"""

from __future__ import annotations

import reprlib
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
    "IndexUnavailableError",
    "IndexVersionError",
    "IndexWriteError",
    "InputError",
    "NotAnIndexError",
    "QueryError",
    "QuerySyntaxError",
    "UnknownFieldError",
    "UnsupportedError",
]

_MAX_SHOWN = 80
_MAX_ITEMS = 12


class ArsearchError(Exception):
    """The base class of all errors of this library."""


class IndexOpenError(ArsearchError):
    """The location cannot be opened as an index."""


class IndexNotFoundError(IndexOpenError, FileNotFoundError):
    """There is nothing at the path of the index."""


class NotAnIndexError(IndexOpenError, ValueError):
    """The path holds something other than an arsearch index."""


class IndexVersionError(IndexOpenError):
    """The index has a format that this version does not read."""


class AnalyzerMismatchError(IndexOpenError):
    """The index was written with another analyzer; `arsearch reindex` rebuilds it."""


class CorruptIndexError(IndexOpenError):
    """A file of the index is missing, truncated or altered."""


class IndexLockedError(ArsearchError, TimeoutError):
    """Another writer held the lock of the index for longer than the timeout."""


class IndexExistsError(ArsearchError, FileExistsError):
    """A backup or a restored index would overwrite an index."""


class IndexReadOnlyError(ArsearchError, PermissionError):
    """The folder of the index is read-only or gone, or several indexes are opened as one."""


class IndexWriteError(ArsearchError, OSError):
    """A file of the index could not be written because the disk is full or failing; the last commit is intact."""


class IndexUnavailableError(ArsearchError, ConnectionError):
    """The cluster that keeps the index gave no answer in time, or none with all its shards."""


class IndexClosedError(ArsearchError, RuntimeError):
    """The index or snapshot was used after it was closed."""


class UnsupportedError(ArsearchError, NotImplementedError):
    """This kind of index lacks the ability `ability`; `location` names the index."""

    def __init__(self, location: str, ability: str) -> None:
        super().__init__(f"the index at {location!r} cannot {ability}; index.capabilities lists what it can do")
        self.location = location
        self.ability = ability


class ArticleError(ArsearchError, ValueError):
    """The article cannot be indexed; the message names the part and the reason."""


class AddError(ArsearchError):
    """Adding stopped early; `report` counts the articles that had been committed."""

    def __init__(self, message: str, report: AddReport) -> None:
        super().__init__(message)
        self.report = report


class QueryError(ArsearchError, ValueError):
    """A search, or another call, cannot be run with these parameters."""


class QuerySyntaxError(QueryError):
    """Strict parsing refused the query; `column` counts code points from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column


class UnknownFieldError(QueryError):
    """The index has no such field for the purpose; `field` is its name."""

    def __init__(self, field: str, known: Iterable[str], purpose: str = "search") -> None:
        names = ", ".join(sorted(known)) or "none"
        super().__init__(f"no field {shown(field)} to {purpose} by; known: {names}")
        self.field = field


class AnalyzerError(ArsearchError, ValueError):
    """The analyzer options or a word list cannot be used."""


class InputError(ArsearchError, ValueError):
    """A file or stream cannot be read in the format that it should have."""


class _Shortened(reprlib.Repr):
    """Shortens the repr of a value before it is made: a list may have millions of items."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = _MAX_SHOWN
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = self.maxdeque = _MAX_ITEMS

    def repr_int(self, x: int, level: int) -> str:  # noqa: ARG002
        # Python refuses to write an integer of more than 4,300 digits.
        return repr(x) if x.bit_length() < 4 * _MAX_SHOWN else f"<int of {x.bit_length():,} bits>"

    def repr_instance(self, x: object, level: int) -> str:  # noqa: ARG002
        try:
            text = repr(x)
        except Exception:
            return f"<{type(x).__name__}>"
        return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}..."


def shown(value: object) -> str:
    """Return a value as messages show it: its repr, shortened; a number or an object without a repr by its type.

    It never raises an error, and a long string is cut after its first 80 characters.
    """
    if isinstance(value, (str, bytes)):
        return repr(value) if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]!r}..."
    return _Shortened().repr(value)
