"""Remarks on added articles: guesses, repairs and unread values, counted by kind, with places."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["MAX_PLACES", "MISFIT", "UNDATED", "RemarkCount", "Remarks", "describe"]

MAX_PLACES = 20
"""The places that are kept of each kind of remark."""

UNDATED = "undated"
MISFIT = "misfit"

_DESCRIPTIONS = {
    UNDATED: "dates that could not be read: undated, the text is kept under date_text",
    "undated_field": "values of date fields that could not be read: kept, without a date",
    MISFIT: "values that do not fit their field: kept under NAME_text",
    "hijri": "Hijri dates, read by the Umm al-Qura calendar",
    "hijri_tabular": "Hijri dates before 1343 or after 1500, read by the tabular calendar: a day more or less is possible",
    "hijri_solar": "dates of the solar Hijri calendar of Iran",
    "short_year": "dates with a year of two digits, read as 1950 to 2049",
    "partial_date": "dates with a year or month alone: the first day is stored",
    "month_first": "dates with the month before the day",
    "reversed": "texts in reversed order, turned",
    "presentation_forms": "texts in presentation forms, written as letters",
    "spaced_letters": "texts with spaces between letters, joined",
    "spaced_letters_left": "texts with spaces between letters, left so: the ends of words are not certain",
    "lost_letters": "texts that lost letters to ASCII signs, ? or U+FFFD: they cannot be repaired",
    "same_id": "ids that several files have: the index keeps one article of each",
    "bad_part": "parts of works without text, or that cannot be read: left out",
    "part_level": "headings with an impossible level, or that skip one: kept",
    "page_order": "pages that go backwards: kept",
    "long_part": "parts of more than 10 million characters: a hit there has no closer place; split them",
    "not_split": "articles without the headings or pages to split at: kept whole",
    "html": "texts with HTML, turned into plain text",
}


@dataclass(slots=True)
class RemarkCount:
    """The number of remarks of one kind, and the first places, each with the text that led to the remark."""

    count: int = 0
    places: list[tuple[str, str]] = field(default_factory=list)


Remarks = dict[str, RemarkCount]
"""The remarks by kind."""


def describe(kind: str) -> str:
    """Return the words for a kind of remark in a table; the kind itself if it is unknown."""
    return _DESCRIPTIONS.get(kind, kind.replace("_", " "))
