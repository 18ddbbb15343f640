"""Read dates as people type them, and return the days they cover.

    2015   2015-07   2015/7/21   21-7-2015   ٢١/٧/٢٠١٥   21 يوليو 2015   تموز 2015   21 ت2 2015   21 July 2015
    1436هـ   1436-10-05هـ   رمضان 1436   5 شوال 1436هـ   غرة محرم 1440   سلخ صفر 1440   30 تیر 1394   1394/4/30 هـ.ش
    الخامس من يوليو 2015
    a..b   a..   ..b   a إلى b   2014-2015   >a  >=a  <a  <=a

A partial date covers all of its days. The day comes before the month, unless only the other order gives a date. A Hijri
date has a mark (هـ), the name of a Hijri month, or a year from 1300 to 1500 without the mark of another calendar (م, هـ ش).
Outside the years of the Umm al-Qura calendar, it also covers the day before and the day after. A time after the date, with
or without ص and م, is left out of the days; `split_time` returns it.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import NamedTuple

from arsearch.dates.calendars import (
    LIKELY_HIJRI,
    Calendar,
    fold,
    gregorian_month,
    hijri_month,
    is_tabulated,
    month_names,
    solar_month,
)
from arsearch.errors import QueryError, shown

__all__ = ["DATE_HELP", "DatePeriod", "Days", "parse_date_range", "read_dates", "read_days", "split_time"]

DATE_HELP = "write 2015, 2015-07, 2015-07-21, 21 يوليو 2015, 1436هـ, or a range such as 2015-07..2015-08"

_MAX_LENGTH = 80
_RANGE = re.compile(r"\s*(?:\.{2,}|…)\s*|\s+(?:الي|حتي|to)\s+")
_YEARS = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})\s*(\D*)")
_COMPARISON = re.compile(r"(>=|<=|>|<|≥|≤)\s*(.+)", re.DOTALL)
_DIGITAL = re.compile(r"(\d{1,4})(?:([-/.])(\d{1,4})(?:\2(\d{1,4}))?)?")
_TIME = re.compile(
    r"(?:(?<=\d)t|(?<![\w:]))[\s,،|-]*(?:(?:الساعه|علي الساعه|at|a)\s*)?(\d{1,2})(?::|h)(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"\s*(صباحا|مساء|ظهرا|am|pm|ص|م)?\s*(z|utc|gmt|[+-]\d\d(?::?\d\d)?)?(?![\w:])"
)
_EVENING = ("مساء", "pm", "م", "ظهرا")
_ERA = re.compile(
    r"(?<=\d)\s*(هجريه?\s+شمسيه?|ه\.?\s*ش|شمسيه?|هجريه?(?:\s+قمريه?)?|ه\.?\s*ق|ه|ah|ميلاديه?|م|ad|ce)\.?$"
)
_FILLER = re.compile(
    r"^\s*من\s+|(?<=\d)\s+من(?=\s+[^\W\d])|(?<!\w)(?:عام|سنه|شهر|يوم|السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|of|le|the)(?!\w)|(?<=\d)(?:st|nd|rd|th|er)(?!\w)|[()\[\],،]"
)
_HIJRI_MARKS = ("ه", "هجري", "هجريه", "ah")
_GREGORIAN_MARKS = ("", "ميلادي", "ميلاديه", "م", "ad", "ce")


class DatePeriod(NamedTuple):
    """Days from `start` to `end`, both included; `None` is an open end. `notes` tell the assumptions made."""

    start: dt.date | None
    end: dt.date | None
    notes: tuple[str, ...] = ()


_OPEN = DatePeriod(None, None)


class Days(NamedTuple):
    """The ordinals of the first and the last day of a date, its calendar, its year there, and a note.

    `exact` is the first day without the margin of the tabular calendar, and `unit` the smallest written unit: day, month or year.
    """

    first: int
    last: int
    calendar: Calendar
    year: int
    note: str
    exact: int
    unit: str

    @property
    def assumed(self) -> bool:
        """Whether the tabular Hijri calendar gave the days: they may be a day off."""
        return self.calendar == "hijri" and not is_tabulated(self.year)


def parse_date_range(value: object) -> DatePeriod:
    """Return the days that a date or a pair of dates covers; either date of a pair may be `None`.

    Takes a string in any form of this module, a `date` or `datetime` (the whole day, in its own time zone), or a tuple or
    list of two of these. Swaps a pair in the wrong order, with a note. Raises QueryError for any other value.
    """
    if isinstance(value, str):
        if (period := read_dates(value)) is None:
            raise QueryError(f"{shown(value)} is not a date; {DATE_HELP}")
        return period
    if isinstance(value, dt.date):
        day = _day(value)
        return DatePeriod(day, day)
    if isinstance(value, tuple | list) and len(value) == 2:
        low, high = (_OPEN if end is None or (isinstance(end, str) and not end) else _end(end) for end in value)
        return _between(low, high, f"{value[0]}..{value[1]}")
    raise QueryError(
        f"{shown(value)} is not a date or a pair of dates; {DATE_HELP}, or a pair such as ('2015-07', None)"
    )


def read_dates(text: str) -> DatePeriod | None:
    """Return the days that a date, a range or a comparison covers; `None` if the text is none of these."""
    folded = fold(text[: _MAX_LENGTH + 40]).strip()
    if not folded or len(text) > _MAX_LENGTH:
        return None
    if match := _COMPARISON.fullmatch(folded):
        return _compared(match[1], match[2])
    if match := _YEARS.fullmatch(folded):
        ends = [f"{match[1]} {match[3]}", f"{match[2]} {match[3]}"]
    else:
        ends = _RANGE.split(folded.strip("[]"))
    if len(ends) == 1:
        return _period(read_days(ends[0]))
    if len(ends) != 2:
        return None
    if (mark := _ERA.search(ends[1])) and ends[0].strip().isdecimal():
        ends[0] += mark[0]
    low, high = (_period(read_days(end)) if end.strip() else _OPEN for end in ends)
    return _between(low, high, text.strip()) if low and high else None


def _end(value: object) -> DatePeriod:
    """Read one end of a pair."""
    if not isinstance(value, str | dt.date):
        raise QueryError(f"{shown(value)} is not a date; {DATE_HELP}, or pass a date, a datetime or None")
    period = parse_date_range(value)
    if period.start is None or period.end is None:
        raise QueryError(
            f"{shown(value)} is not one date; a pair takes two single dates or None, such as ('2015-07', None)"
        )
    return period


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _between(low: DatePeriod, high: DatePeriod, text: str) -> DatePeriod:
    notes = tuple(dict.fromkeys(low.notes + high.notes))
    if low.start is not None and high.end is not None and low.start > high.end:
        return DatePeriod(high.start, low.end, (*notes, f"date range {text!r} runs backwards; its ends were swapped"))
    return DatePeriod(low.start, high.end, notes)


def _compared(sign: str, text: str) -> DatePeriod | None:
    if (period := _period(read_days(text))) is None or period.start is None or period.end is None:
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


def _period(days: Days | None) -> DatePeriod | None:
    if days is None:
        return None
    try:
        first, last = dt.date.fromordinal(days.first), dt.date.fromordinal(days.last)
    except (ValueError, OverflowError):
        return None
    notes = (days.note,) if days.note else ()
    if days.calendar != "gregorian":
        span = first.isoformat() if first == last else f"{first.isoformat()}..{last.isoformat()}"
        calendar = "solar" if days.calendar == "solar" else "tabular" if days.assumed else "Umm al-Qura"
        margin = ", with a day before and after," if days.assumed else ""
        notes = (*notes, f"Hijri date read by the {calendar} calendar{margin} as {span}")
    return DatePeriod(first, last, notes)


def read_days(folded: str) -> Days | None:
    """Return the days of one date, given its folded text. A Gregorian year has four digits, a Hijri year one to four."""
    text, _ = split_time(folded)
    text = " ".join(_FILLER.sub(" ", text).split())
    era = ""
    if match := _ERA.search(text):
        era, text = match[1], text[: match.start()].strip()
    try:
        if match := _DIGITAL.fullmatch(text):
            return _digital(match, era)
        return _named(text, era)
    except ValueError:
        return None


def split_time(folded: str) -> tuple[str, dt.time | None]:
    """Return a folded text without the time of day in it, and that time; `None` if it has no valid one."""
    if (":" not in folded and "h" not in folded) or (match := _TIME.search(folded)) is None:
        return folded, None
    hour, minute, second, fraction, half, zone = match.groups()
    hours = int(hour) % 12 + 12 * (half in _EVENING) if half and int(hour) <= 12 else int(hour)
    if half == "ظهرا" and int(hour) in (10, 11):
        hours = int(hour)
    try:
        time = dt.time(hours, int(minute), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")), _zone(zone))
    except ValueError:
        return folded, None
    return f"{folded[: match.start()]} {folded[match.end() :]}".strip(), time


def _zone(zone: str | None) -> dt.tzinfo | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return dt.UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if zone[0] == "-" else offset)


def _calendar(era: str) -> Calendar:
    """Return the calendar that a mark names; without one, the Gregorian calendar."""
    if "ش" in era:
        return "solar"
    return "gregorian" if era in _GREGORIAN_MARKS else "hijri"


def _digital(match: re.Match[str], era: str) -> Days | None:
    parts = _year_first([part for part in match.group(1, 3, 4) if part], era)
    if parts is None:
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    calendar, note = _calendar(era), ""
    if len(parts) == 3 and month > 12 >= day:
        month, day = day, month
        note = f"{match[0]!r} was read as day {day} of month {month}"
    if not era and year in LIKELY_HIJRI:
        calendar = "hijri"
        note = f"{year} was read as a Hijri year; write {year}م for the Gregorian one"
    return _days(year, month, day, calendar, note)


def _year_first(parts: list[str], era: str) -> list[str] | None:
    """Return the numbers of a date with the year before month and day; `None` if none of them can be a year."""
    if len(parts) > 1 and len(parts[-1]) == 4 and len(parts[0]) < 3:
        parts = parts[::-1]
    year, *rest = map(len, parts)
    is_year = year == 4 or (era and (year == 3 or not rest))
    return parts if is_year and all(length <= 2 for length in rest) else None


def _named(text: str, era: str) -> Days | None:
    day = 0
    if not text[:1].isdecimal():
        from arsearch.dates.ordinal_days import split_day  # few dates need it

        day, text = split_day(text)
    months = {month_names()[name] for name in _month_pattern().findall(text)}
    numbers = _month_pattern().sub(" ", text).replace("/", " ").split()
    if len(months) != 1 or not all(n.isdecimal() and len(n) <= 4 for n in numbers):
        return None
    calendar, month = months.pop()
    if era and calendar != _calendar(era) and not (calendar == "solar" and era in _HIJRI_MARKS):
        return None
    if len(numbers) == 2 and not day:
        number, year = numbers if len(numbers[1]) > 2 else (numbers[1], numbers[0])
        day = int(number)
        if not 1 <= day <= 31:
            return None
    elif len(numbers) == 1:
        year = numbers[0]
    else:
        return None
    if len(year) != 4 and not (calendar == "hijri" and len(year) == 3):
        return None
    return _days(int(year), month, day, calendar, "")


@cache
def _month_pattern() -> re.Pattern[str]:
    longest_first = sorted(month_names(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(longest_first) + r")(?!\w)")


def _days(year: int, month: int, day: int, calendar: Calendar, note: str) -> Days | None:
    """Return the days of a year, a month or a day; a `month` or `day` of 0 is not given, and the day -1 is the last."""
    if year < 1 or month > 12:
        return None
    months = {"gregorian": gregorian_month, "hijri": hijri_month, "solar": solar_month}[calendar]
    first, last = months(year, month or 1)
    if not month:
        last = months(year, 12)[1]
    if day:
        length = last - first + 1
        if day > length and not (
            calendar == "hijri" and day == 30 == length + 1
        ):  # observed months may have a day more
            return None
        first = last = first + day - 1 if day > 0 else last
    unit = "day" if day else "month" if month else "year"
    days = Days(first, last, calendar, year, note, first, unit)
    return days._replace(first=first - 1, last=last + 1) if days.assumed else days
