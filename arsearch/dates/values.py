"""Read the date of an article from the forms of people, databases and exports.

    2015-07-21T02:51:32Z   21/07/2015 10:30 ص   ٢١ يوليو ٢٠١٥   5 شوال 1436هـ   1436-10-05   2015      see `periods`
    Tue Jul 21 00:00:00 +0000 2015   Tue, 21 Jul 2015 09:30:00 +0300                                 see `timestamps`
    1437435000   1437435000000   "1437435000.5"   20150721   20150721025132                          numbers
    {"$date": ...}   {"seconds": 1437435000}   /Date(1437435000000)/   [2015, 7, 21, 9, 30]          JSON exports
    {"date": ...}   {"iso": ...}   {"@value": ...}   {"year": 2015, "month": 7, "day": 21}   ["2015-07-21"]

An epoch counts seconds, milliseconds, microseconds or nanoseconds from 1970, judged by its size. Numbers of fewer than eight
digits are no epochs. Years from 1300 to 1500 are Hijri; a sign before the year (`+001400-01-01`, the expanded form of
ISO 8601 and ECMA-262) makes it Gregorian. The days of `NO_DATES` stand for a missing date.
Sources: MongoDB Extended JSON v2; ASP.NET AJAX dates; Firestore time stamps.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from arsearch.dates.calendars import LIKELY_HIJRI, fold
from arsearch.dates.periods import read_days, split_time
from arsearch.dates.timestamps import from_epoch, has_short_year, iso_date

__all__ = ["HIJRI", "NO_DATES", "PARTIAL", "SHORT_YEAR", "SOLAR", "SWAPPED", "TABULAR", "DateValue", "read_date"]

HIJRI = "hijri"
TABULAR = "hijri_tabular"
SOLAR = "hijri_solar"
PARTIAL = "partial_date"
SWAPPED = "month_first"
SHORT_YEAR = "short_year"
"""The assumptions that a date may need: a Hijri date, one outside the Umm al-Qura calendar, one of the solar calendar, a year
or month alone, a month that stands before its day, and a year of two digits."""

NO_DATES = ("0001-01-01", "0101-01-01", "9999-12-31")
"""The days that programs write where a date is missing: `DateTime.MinValue` and `MaxValue` of .NET, and Calibre's."""

_MAX_LENGTH = 80
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_EXPANDED = re.compile(r"[+-](?:00)?(\d{4}-\d\d-\d\d.*)", re.DOTALL)
_ASP_NET = re.compile(r"\\?/?(?:new )?Date\((-?\d+)(?:[+-]\d{4})?\)\\?/?")
_NAMED = re.compile(r"(\d{1,2})[-.]([^\W\d]+(?: [^\W\d]+)?|[كت] ?[12])[-.](\d{4})")
_BOTH = re.compile(r"\s*(?:ا?لموافق ل?|\s[-–—=|/]\s|\s?[()])\s*")
_BOTH_MARKED = re.compile(r"(?<=\d)(\s*[هم])\s*[/،]?\s*(?=\d|[^\W\d]{3,} )")
_APART = re.compile(
    r"(?<![\d:])(\d{1,4})\s*([-/.\u2010-\u2015\u0640])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?:\s*\.(?!\d))?(?!\d|[-/])"
)
_LABEL = re.compile(
    r"(?:(?:(?:نشرت?|كتبت?|اضيفت?|حررت?|اخر تحديث|تحديث|تاريخ(?: النشر)?|بتاريخ|published|posted|updated)"
    r"(?: في| يوم| بتاريخ| on)?|في|(?:يوم )?(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)[ ،,]+الموافق)\s*:?\s+)+"
)
_ZONE_NAME = re.compile(r"\[[\w/+-]+\]$")
_BASIC = re.compile(r"\d{8}T\d{6}(?:Z|[+-]\d\d:?\d\d)?")
_HOLDERS = ("date", "iso", "value", "@value", "#text", "$t")
_EPOCH_WRAPPERS = {"$date": 1, "$numberLong": 1, "$numberDouble": 1, "$numberInt": 1, "seconds": 1000, "_seconds": 1000}


class DateValue(NamedTuple):
    """A date, and the assumption under which it was read: one of the constants of this module, or empty."""

    date: dt.date | dt.datetime
    assumption: str = ""


def read_date(value: Any) -> DateValue | None:
    """Return the date that a value holds; `None` if it holds none.

    The time of day and the zone are kept. A year or a month alone is its first day. A Hijri day outside the years of the
    Umm al-Qura calendar is that of the tabular calendar. A `date` or `datetime` is returned as it is.
    """
    if isinstance(value, dt.date):  # datetime is a date
        return DateValue(value)
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, Mapping):
        return _from_object(value)
    if isinstance(value, list | tuple) and len(value) == 1 and not isinstance(value[0], list | tuple | int):
        return read_date(value[0])
    if isinstance(value, list | tuple) and 3 <= len(value) <= 7 and all(type(part) is int for part in value):
        try:
            return DateValue(dt.datetime(*value[:6]) if len(value) > 3 else dt.date(*value))
        except (ValueError, TypeError):
            return None
    return None


def _from_text(text: str) -> DateValue | None:
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    if not text.isascii():
        # Old files have the letters of months in presentation forms.
        text = "".join(str(int(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    text = _ZONE_NAME.sub("", text)
    if _BASIC.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text.startswith(NO_DATES):
        return None
    if (date := _iso(text)) is not None and date.year not in LIKELY_HIJRI:
        return DateValue(date)
    if match := _EXPANDED.fullmatch(text):
        date = _iso(match[1])
        return None if date is None else DateValue(date)
    if _NUMBER.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text), written=text)
    if match := _ASP_NET.fullmatch(text):
        return _from_epoch(int(match[1]) / 1000)
    if (stamp := iso_date(text)) != text and (date := _iso(stamp)) is not None:
        return DateValue(date, SHORT_YEAR if has_short_year(text) else "")
    text = _APART.sub(lambda date: "/".join(date.group(1, 3, 4)), text)
    folded = fold(text).strip()
    return _from_written(_LABEL.sub("", folded, count=1) if _LABEL.match(folded) else folded)


def _iso(text: str) -> dt.date | dt.datetime | None:
    """Read ISO 8601, also with `/` between the parts of the day."""
    if "/" in text[:10]:
        text = text[:10].replace("/", "-") + text[10:]
    if not text[:5].endswith("-") or not text[:4].isdecimal():
        return None
    try:
        return dt.date.fromisoformat(text) if len(text) <= 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_number(number: int | float, written: str = "") -> DateValue | None:
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:  # 2015.0 of a column with gaps
        number, written = int(number), ""
    if isinstance(number, int) and abs(number) >= 10**20:  # it may have more digits than Python writes
        return None
    digits = written or str(number)
    if digits.isdecimal():
        if len(digits) == 4:
            return _from_written(digits)
        if len(digits) in (8, 12, 14) and (date := _compact(digits)) is not None:
            return date
    if abs(number) < 10_000_000 or not abs(number) < 1e20:
        return None
    while abs(number) >= 1e14:  # microseconds and nanoseconds
        number /= 1000
    return _from_epoch(number)


def _compact(digits: str) -> DateValue | None:
    """Read `20150721`, `201507210251` and `20150721025132`, with a year from 1800 to 2199 or a Hijri one."""
    year = int(digits[:4])
    if not (1800 <= year < 2200 or year in LIKELY_HIJRI):
        return None
    day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    time = f" {digits[8:10]}:{digits[10:12]}:{digits[12:] or '00'}" if len(digits) > 8 else ""
    if year in LIKELY_HIJRI:
        return _from_written(day + time)
    date = _iso(day + time)
    return None if date is None else DateValue(date)


def _from_epoch(number: float) -> DateValue | None:
    iso = from_epoch(number)
    return None if iso is None else DateValue(dt.datetime.fromisoformat(iso))


def _from_object(value: Mapping[str, Any]) -> DateValue | None:
    for name, factor in _EPOCH_WRAPPERS.items():
        if name in value and len(value) <= 2:
            inner = value[name]
            if isinstance(inner, str) and _NUMBER.fullmatch(inner.strip()):
                inner = float(inner)
            if isinstance(inner, int | float) and not isinstance(inner, bool):
                iso = from_epoch(inner * factor / 1000, seconds=True)
                return None if iso is None else DateValue(dt.datetime.fromisoformat(iso))
            return read_date(inner)
    if {"year", "month", "day"} <= value.keys():
        return read_date([value["year"], value["month"], value["day"]])
    holder = next((name for name in _HOLDERS if isinstance(value.get(name), str)), None)
    return _from_text(value[holder]) if holder else None


def _from_written(folded: str) -> DateValue | None:
    """Read a date as queries write it, given its folded text. Of a day in both calendars, the Gregorian form counts."""
    days = read_days(folded) or read_days(_NAMED.sub(r"\1 \2 \3", folded))
    if days is None:
        split = [part for part in _BOTH.split(_BOTH_MARKED.sub(r"\1 = ", folded)) if part.strip(" /")]
        parts = [found for part in split if (found := _from_written(part))] if len(split) > 1 else []
        gregorian = [found for found in parts if found.assumption not in (HIJRI, TABULAR, SOLAR)]
        return (gregorian or parts)[0] if len(parts) == 2 and len(gregorian) < 2 else None
    try:
        date: dt.date | dt.datetime = dt.date.fromordinal(days.exact)
    except (ValueError, OverflowError):
        return None
    _, time = split_time(folded)
    if time is not None:
        date = dt.datetime.combine(date, time)
    if days.calendar != "gregorian":
        return DateValue(date, SOLAR if days.calendar == "solar" else TABULAR if days.assumed else HIJRI)
    if days.unit != "day":
        return DateValue(date, PARTIAL)
    return DateValue(date, SWAPPED if days.note else "")
