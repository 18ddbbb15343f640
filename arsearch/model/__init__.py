"""The values that pass between the rooms: articles in, hits and reports out.

Nothing here knows Whoosh, files or Arabic. Offsets are code points into the original text of the field they name.
"""

from arsearch.model.articles import KNOWN_FIELDS, Article, FieldKind, Record, parse_date
from arsearch.model.corrections import Correction
from arsearch.model.explanations import Explanation
from arsearch.model.hits import Hit, SearchResults
from arsearch.model.reports import AddReport, BackupReport, Failure, Recovery, Stats
from arsearch.model.snippets import Snippet
from arsearch.model.spans import Level, Passage, Span
from arsearch.model.suggestions import Suggestion

__all__ = [
    "KNOWN_FIELDS",
    "AddReport",
    "Article",
    "BackupReport",
    "Correction",
    "Explanation",
    "Failure",
    "FieldKind",
    "Hit",
    "Level",
    "Passage",
    "Record",
    "Recovery",
    "SearchResults",
    "Snippet",
    "Span",
    "Stats",
    "Suggestion",
    "parse_date",
]
