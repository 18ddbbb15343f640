"""Hijri years and ranges of them, as filters and queries name them: 1436, 1436هـ, 1430..1436, 1430-1436, 1430.., >1430."""

from __future__ import annotations

import datetime as dt
import re

from arsearch.dates.calendars import fold, hijri_year_days

__all__ = ["HIJRI_YEAR_HELP", "days_of_hijri_years", "read_hijri_years"]

HIJRI_YEAR_HELP = "write a year such as 1436, or a range such as 1430..1436 or 1430.."

_YEAR = r"(\d{1,4})\s*(?:ه|هجريه?)?"
_YEARS = re.compile(
    rf"{_YEAR}(?:\s*[-–]\s*{_YEAR})?|(?:{_YEAR})?\s*\.\.+\s*(?:{_YEAR})?|(?P<sign>>=|<=|>|<|≥|≤)\s*{_YEAR}"
)


def read_hijri_years(text: str) -> tuple[int | None, int | None] | None:
    """Return the first and the last year of a text; `None` is an open end. Without a year, return `None`."""
    match = _YEARS.fullmatch(fold(text).strip())
    if match is None:
        return None
    single, last, low, high, sign, bound = match.groups()
    if sign:
        year = int(bound)
        if sign in (">", ">=", "≥"):
            return year + (sign == ">"), None
        return None, year - (sign == "<")
    first, last = (single, last or single) if single else (low, high)
    return (None if first is None else int(first)), (None if last is None else int(last))


def days_of_hijri_years(low: int | None, high: int | None) -> tuple[dt.date | None, dt.date | None]:
    """Return the first day of one year and the last day of another. Raises ValueError for a year that has none."""
    try:
        first = None if low is None else dt.date.fromordinal(hijri_year_days(low)[0])
        return first, None if high is None else dt.date.fromordinal(hijri_year_days(high)[1])
    except OverflowError as error:
        raise ValueError(str(error)) from None
