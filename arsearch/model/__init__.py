"""The values that the packages exchange: articles in, hits and reports out.

    articles       `Article`, and `Record`, the row of a file that an article is made of
    ingest         the items that `Index.add` takes, as articles or failures
    updates        changes of some fields of articles, as records of the whole articles
    parts          the parts of a work, checked and laid out in one text
    places         `Part` and `Place`, and what ties the documents of a work together
    citations      a citation line of an article or a place
    schema         `Schema` and its `Field`s, built in and declared
    spans          `Level` and its words in two languages, `Span` and `Fragment`
    snippets       `Snippet`, the passages of a text with their matches, as text, HTML and ANSI
    passages       `Passage`, whole sentences of an article that answer a query
    hits           `Hit` and `SearchResults`
    occurrences    `ConcordanceLine`, and `Frequencies` with its `FrequencyRow`s
    explanations   `Explanation`, the score of one article as a sum
    corrections    `Correction`, the likelier queries for a query; `Suggestion`, a completion
    nesting        the bounds of further fields: depth, number of values and size
    remarks        guesses and repairs at adding, counted by kind
    reports        reports of adding, backup and recovery, and the statistics of an index
    safety         text made safe to display, and safe JSON

The package depends on no analyzer, no index format and no files. Offsets are code points into the original text of the field
they name. Names are imported when they are first used: few callers need all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arsearch.model.articles import KNOWN_FIELDS, Article, FieldKind, Record, parse_date
    from arsearch.model.corrections import Correction, Suggestion
    from arsearch.model.explanations import Explanation
    from arsearch.model.hits import Answers, Hit, SearchResults
    from arsearch.model.occurrences import ConcordanceLine, Frequencies, FrequencyRow
    from arsearch.model.passages import Passage
    from arsearch.model.places import Part, Place
    from arsearch.model.reports import AddReport, BackupReport, CopyReport, Failure, Recovery, Stats, SyncReport
    from arsearch.model.snippets import Snippet
    from arsearch.model.spans import Fragment, Level, Span

__all__ = [
    "KNOWN_FIELDS",
    "AddReport",
    "Answers",
    "Article",
    "BackupReport",
    "ConcordanceLine",
    "CopyReport",
    "Correction",
    "Explanation",
    "Failure",
    "FieldKind",
    "Fragment",
    "Frequencies",
    "FrequencyRow",
    "Hit",
    "Level",
    "Part",
    "Passage",
    "Place",
    "Record",
    "Recovery",
    "SearchResults",
    "Snippet",
    "Span",
    "Stats",
    "Suggestion",
    "SyncReport",
    "parse_date",
]

_MODULES = {
    "KNOWN_FIELDS": "articles",
    "AddReport": "reports",
    "Answers": "hits",
    "Article": "articles",
    "BackupReport": "reports",
    "ConcordanceLine": "occurrences",
    "CopyReport": "reports",
    "Correction": "corrections",
    "Explanation": "explanations",
    "Failure": "reports",
    "FieldKind": "articles",
    "Frequencies": "occurrences",
    "FrequencyRow": "occurrences",
    "Hit": "hits",
    "Level": "spans",
    "Fragment": "spans",
    "Passage": "passages",
    "Part": "places",
    "Place": "places",
    "Record": "articles",
    "Recovery": "reports",
    "SearchResults": "hits",
    "Snippet": "snippets",
    "Span": "spans",
    "Stats": "reports",
    "Suggestion": "corrections",
    "SyncReport": "reports",
    "parse_date": "articles",
}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
