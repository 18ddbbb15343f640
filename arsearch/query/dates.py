"""Dates as people type them, to ranges of days.

    2015   2015-07   2015/7/21   21-7-2015   ٢١/٧/٢٠١٥   21 يوليو 2015   تموز 2015   21 July 2015
    1436هـ   1436-10-05هـ   رمضان 1436   5 شوال 1436هـ
    a..b   a..   ..b   a إلى b   2014-2015   >a  >=a  <a  <=a

A partial date stands for all of its days. Day comes before month, unless only the other order is a date. A bare
number is a Gregorian year; Hijri needs its mark or a Hijri month name.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from arsearch.errors import QueryError
from arsearch.query.calendars import (
    GREGORIAN_MONTHS,
    HIJRI_MONTHS,
    fold,
    gregorian_month,
    hijri_month,
)

__all__ = ["DATE_HELP", "DatePeriod", "parse_date_range", "read_dates"]

DATE_HELP = "write 2015, 2015-07, 2015-07-21, 21 يوليو 2015, 1436هـ, or a range such as 2015-07..2015-08"

_LONGEST = 80
_RANGE = re.compile(r"\s*(?:\.{2,}|…)\s*|\s+(?:الي|حتي|to)\s+")
_YEARS = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})\s*(\D*)")
_COMPARISON = re.compile(r"(>=|<=|>|<|≥|≤)\s*(.+)", re.DOTALL)
_DIGITAL = re.compile(r"(\d{1,4})(?:([-/.])(\d{1,4})(?:\2(\d{1,4}))?)?")
_TIME = re.compile(r"(?<=\d)[t ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?$")
_ERA = re.compile(r"(?<=\d)\s*(هجريه?|ه|ah|ميلاديه?|م|ad|ce)\.?$")
_FILLER = re.compile(
    r"^\s*من\s+|(?<!\w)(?:عام|سنه|شهر|يوم|السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)(?!\w)|[()\[\],،]"
)
_MONTHS = {name: (False, n) for name, n in GREGORIAN_MONTHS.items()} | {n: (True, m) for n, m in HIJRI_MONTHS.items()}
_NAMED = re.compile(r"(?<!\w)(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?!\w)")
_HIJRI_MARKS = ("ه", "هجري", "هجريه", "ah")
_LIKELY_HIJRI = range(1300, 1500)


class DatePeriod(NamedTuple):
    """Days from `start` to `end`, both included; `None` is an open end. `notes` say what was assumed."""

    start: dt.date | None
    end: dt.date | None
    notes: tuple[str, ...] = ()


_OPEN = DatePeriod(None, None)


class _Days(NamedTuple):
    first: int
    last: int
    hijri: bool
    note: str = ""


def parse_date_range(value: object) -> DatePeriod:
    """Read a date, or a pair of dates of which either may be `None`, as the days it covers.

    Takes strings in any form of this module, `date` and `datetime` objects (the whole day, in their own time zone),
    and a tuple or list of two of these; a pair in the wrong order is swapped, with a note. Raises `QueryError`.
    """
    if isinstance(value, str):
        if (period := read_dates(value)) is None:
            raise QueryError(f"{value[:_LONGEST]!r} is not a date; {DATE_HELP}")
        return period
    if isinstance(value, dt.date):
        day = _day(value)
        return DatePeriod(day, day)
    if isinstance(value, tuple | list) and len(value) == 2:
        low, high = (_OPEN if end is None or end == "" else _single(end) for end in value)
        return _between(low, high, f"{value[0]}..{value[1]}")
    raise QueryError(f"{value!r} is not a date or a pair of dates; {DATE_HELP}, or a pair such as ('2015-07', None)")


def read_dates(text: str) -> DatePeriod | None:
    """The days that a date, range or comparison covers; `None` if it is none of these."""
    folded = fold(text[: _LONGEST + 40]).strip()
    if not folded or len(text) > _LONGEST:
        return None
    if match := _COMPARISON.fullmatch(folded):
        return _compared(match[1], match[2])
    if match := _YEARS.fullmatch(folded):
        ends = [f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"]
    else:
        ends = _RANGE.split(folded.strip("[]"))
    if len(ends) == 1:
        return _period(_read(ends[0]))
    if len(ends) != 2:
        return None
    if (mark := _ERA.search(ends[1])) and ends[0].strip().isdecimal():
        ends[0] += mark[0]
    low, high = (_period(_read(end)) if end.strip() else _OPEN for end in ends)
    return _between(low, high, text.strip()) if low and high else None


def _single(value: object) -> DatePeriod:
    if not isinstance(value, str | dt.date):
        raise QueryError(f"{value!r} is not a date; {DATE_HELP}, or pass a date, a datetime or None")
    period = parse_date_range(value)
    if period.start is None or period.end is None:
        raise QueryError(f"{value!r} is not one date; a pair takes two single dates or None, such as ('2015-07', None)")
    return period


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _between(low: DatePeriod, high: DatePeriod, text: str) -> DatePeriod:
    notes = tuple(dict.fromkeys(low.notes + high.notes))
    if low.start is not None and high.end is not None and low.start > high.end:
        return DatePeriod(high.start, low.end, (*notes, f"date range {text!r} runs backwards; its ends were swapped"))
    return DatePeriod(low.start, high.end, notes)


def _compared(sign: str, text: str) -> DatePeriod | None:
    if (period := _period(_read(text))) is None or period.start is None or period.end is None:
        return None
    one = dt.timedelta(days=1)
    try:
        if sign in (">=", "≥"):
            return DatePeriod(period.start, None, period.notes)
        if sign in ("<=", "≤"):
            return DatePeriod(None, period.end, period.notes)
        if sign == ">":
            return DatePeriod(period.end + one, None, period.notes)
        return DatePeriod(None, period.start - one, period.notes)
    except OverflowError:
        return None


def _period(days: _Days | None) -> DatePeriod | None:
    if days is None:
        return None
    try:
        first, last = dt.date.fromordinal(days.first), dt.date.fromordinal(days.last)
    except (ValueError, OverflowError):
        return None
    notes = (days.note,) if days.note else ()
    if days.hijri:
        span = first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
        notes = (f"Hijri date read by the tabular calendar as {span}; the observed dates may differ by a day",)
    return DatePeriod(first, last, notes)


def _read(folded: str) -> _Days | None:
    """The days of one date, its text folded; Hijri years count from 1, Gregorian ones have four digits."""
    text = _TIME.sub("", " ".join(_FILLER.sub(" ", folded).split()))
    era = ""
    if match := _ERA.search(text):
        era, text = match[1], text[: match.start()].strip()
    hijri = era in _HIJRI_MARKS
    try:
        if match := _DIGITAL.fullmatch(text):
            return _digital(match, hijri, era)
        return _named(text, hijri, era)
    except ValueError:
        return None


def _digital(match: re.Match[str], hijri: bool, era: str) -> _Days | None:
    parts = [part for part in (match[1], match[3], match[4]) if part]
    note = ""
    if len(parts) > 1 and len(parts[-1]) == 4 and len(parts[0]) < 3:
        parts.reverse()
    long_enough = len(parts[0]) == 4 or (era and (len(parts[0]) == 3 or len(parts) == 1))
    if not long_enough or any(len(part) > 2 for part in parts[1:]):
        return None
    year, *rest = map(int, parts)
    if len(rest) == 2 and rest[0] > 12 >= rest[1]:
        rest.reverse()
        note = f"{match[0]!r} was read as day {rest[1]} of month {rest[0]}"
    elif not rest and not era and year in _LIKELY_HIJRI:
        note = f"{year} was read as a Gregorian year; write {year}هـ for the Hijri one"
    return _days(year, rest[0] if rest else 0, rest[1] if len(rest) == 2 else 0, hijri, note)


def _named(text: str, hijri: bool, era: str) -> _Days | None:
    months = {_MONTHS[match[0]] for match in _NAMED.finditer(text)}
    numbers = _NAMED.sub(" ", text).replace("/", " ").split()
    if len(months) != 1 or not all(n.isdecimal() and len(n) <= 4 for n in numbers):
        return None
    is_hijri, month = months.pop()
    if era and hijri != is_hijri:
        return None
    if len(numbers) == 1:
        day, year = "0", numbers[0]
    elif len(numbers) == 2:
        day, year = numbers if len(numbers[1]) > 2 else (numbers[1], numbers[0])
        if not 1 <= int(day) <= 31:
            return None
    else:
        return None
    if len(year) != 4 and not (is_hijri and len(year) == 3):
        return None
    return _days(int(year), month, int(day), is_hijri, "")


def _days(year: int, month: int, day: int, hijri: bool, note: str) -> _Days | None:
    if year < 1 or month > 12:
        return None
    months = hijri_month if hijri else gregorian_month
    first, last = months(year, month or 1)
    if not month:
        last = months(year, 12)[1]
    if day:
        if first + day - 1 > last and not (hijri and day == 30):
            return None
        first = last = first + day - 1
    return _Days(first, last, hijri, note)
