"""The lines of a chat that WhatsApp exports: when a line begins a message, and what its date means.

Android writes `21/07/2015, 10:30 م - سعاد: نص`, iOS `[21/07/2015, 10:30:15 PM] سعاد: نص`; digits, separators, the order of
day and month and the marks of direction follow the telephone's language. Source: exports of WhatsApp 2.x as published in
its help centre; Unicode CLDR 45 for the forms of dates, of AM and PM, and of the Hijri calendar (`1/7/1442 هـ`) in Arabic.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from arsearch.dates.calendars import LIKELY_HIJRI

__all__ = ["DayOrder", "Stamp", "begins_message", "iso_time"]

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff"
_ALL_MARKS = re.compile(f"[{_MARKS}]")
_SPACE = "[ \u00a0\u202f]"
_START = re.compile(
    rf"""
    \[?{_SPACE}*
    (?P<first>\d{{1,4}}){_SPACE}*(?P<by>[/.\-]){_SPACE}*(?P<second>\d{{1,2}}){_SPACE}*(?P=by){_SPACE}*(?P<third>\d{{2,4}})
    (?:{_SPACE}*(?:هـ|AH))?
    [,،]?(?:{_SPACE}+at|{_SPACE}+في)?{_SPACE}+
    (?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second_of>\d{{2}}))?
    (?:{_SPACE}*(?P<half>[AaPp]\.?{_SPACE}?[Mm]\.?|صباح[\u064b]?ا[\u064b]?|مساء[\u064b]?|ص|م))?
    {_SPACE}*(?:\]{_SPACE}*|[-–]{_SPACE}+)
    """,
    re.VERBOSE,
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_LONGEST_START = 80


class Stamp(NamedTuple):
    """The numbers of a date as they stand in a line, and the time."""

    numbers: tuple[int, int, int]
    hour: int
    minute: int
    second: int
    half: str
    """`am`, `pm`, or empty for 24 hours."""


def begins_message(line: str) -> tuple[Stamp, str] | None:
    """Return the time stamp at the beginning of a line and the text after it, or `None` if it continues a message."""
    beginning = line[:_LONGEST_START]
    bare = _ALL_MARKS.sub("", beginning).translate(_DIGITS)
    match = _START.match(bare)
    if match is None:
        return None
    half = (match["half"] or "").lower()
    stamp = Stamp(
        (int(match["first"]), int(match["second"]), int(match["third"])),
        int(match["hour"]),
        int(match["minute"]),
        int(match["second_of"] or 0),
        "" if not half else "am" if half[0] in "aص" else "pm",
    )
    if len(bare) == len(beginning):
        return stamp, line[match.end() :]
    # the text is taken from the line itself: digits and marks in it stay
    places = [place for place, character in enumerate(line[:_LONGEST_START]) if not _ALL_MARKS.match(character)]
    return stamp, line[places[match.end() - 1] + 1 :]


class DayOrder:
    """Whether the dates of a chat have the day before the month, found by adding its time stamps in order.

    A number above 12 decides; else the order in which the dates run; else the day comes first.
    """

    def __init__(self) -> None:
        self.dates = 0
        """The number of time stamps."""

        self._days_first = self._months_first = False
        self._steps_back = [0, 0]  # month first, day first
        self._last: list[tuple[int, int, int] | None] = [None, None]

    def add(self, stamp: Stamp) -> None:
        """Take a further time stamp into account."""
        self.dates += 1
        first, second, _ = stamp.numbers
        self._days_first |= 12 < first < 32
        self._months_first |= second > 12
        for order in (False, True):
            date, last = _date(stamp, order), self._last[order]
            self._steps_back[order] += last is not None and date < last
            self._last[order] = date

    @property
    def day_first(self) -> bool:
        """Whether the day comes first."""
        if self._days_first or self._months_first:
            return self._days_first
        return self._steps_back[True] <= self._steps_back[False]


def iso_time(stamp: Stamp, day_first: bool) -> str | None:
    """Return a time stamp as ISO 8601, `None` if there is no such day or time. A Hijri day stays one, in the same form."""
    year, month, day = _date(stamp, day_first)
    try:
        time = dt.time(_hour(stamp), stamp.minute, stamp.second).isoformat()
        if year in LIKELY_HIJRI and 0 < month <= 12 and 0 < day <= 30:
            return f"{year}-{month:02}-{day:02}T{time}"
        return f"{dt.date(year, month, day).isoformat()}T{time}"
    except ValueError:
        return None


def _date(stamp: Stamp, day_first: bool) -> tuple[int, int, int]:
    first, second, third = stamp.numbers
    if first > 31:
        return first, second, third
    year = third + 2000 if third < 100 else third
    return (year, second, first) if day_first else (year, first, second)


def _hour(stamp: Stamp) -> int:
    if not stamp.half or stamp.hour > 12:
        return stamp.hour
    return stamp.hour % 12 + (12 if stamp.half == "pm" else 0)
