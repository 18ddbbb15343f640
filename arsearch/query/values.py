"""Read the values of date and number fields in a query: date:2015-07..2015-08  volume:>3  price:٣٫٥"""

from __future__ import annotations

from typing import NamedTuple

from arsearch.dates.periods import DATE_HELP, read_dates
from arsearch.query.fields import read_numbers
from arsearch.query.lexer import shown
from arsearch.query.tree import DateRange, Node, Range

__all__ = ["HIJRI_YEAR", "Value", "is_date", "read_value"]

HIJRI_YEAR = "hijri_year"
"""The name before a Hijri year, which selects by the date; a declared field of the name comes first."""


class Value(NamedTuple):
    """A range and the notes on it; or, without a range, the problem, which is empty if the text has no value."""

    node: Node | None
    notes: tuple[str, ...] = ()
    problem: str = ""


def is_date(text: str) -> bool:
    """Return whether a text is a date or a range of dates, apart from punctuation after it."""
    return read_dates(_trim(text)) is not None


def read_value(text: str, field: str, kind: str) -> Value:
    """Read the text after `field:` in a field of kind date, int or float, or after `hijri_year:`; `*` is any value."""
    text = _trim(text)
    if text == "*":
        return Value(DateRange(field, None, None) if kind in ("date", HIJRI_YEAR) else Range(field, None, None))
    piece = shown(text)
    if kind == HIJRI_YEAR:
        return _hijri_years(text, field, piece)
    if kind == "date":
        if (period := read_dates(text)) is not None:
            return Value(DateRange(field, period.start, period.end), period.notes)
        return Value(None, (), text and f"{piece} is not a date; {DATE_HELP}")
    if (bounds := read_numbers(text, kind)) is not None:
        notes = (f"range {piece} runs backwards; its ends were swapped",) if bounds.swapped else ()
        return Value(Range(field, *bounds[:4]), notes)
    return Value(None, (), text and f"{piece} is not a number for {field!r}; write 3, 3..7, 3.. or >3")


def _hijri_years(text: str, field: str, piece: str) -> Value:
    from arsearch.dates.hijri_years import HIJRI_YEAR_HELP, days_of_hijri_years, read_hijri_years  # few queries need it

    notes: tuple[str, ...] = ()
    try:
        years = read_hijri_years(text)
        if years is None:
            raise ValueError
        low, high = years
        if low is not None and high is not None and low > high:
            notes = (f"range {piece} runs backwards; its ends were swapped",)
            low, high = high, low
        return Value(DateRange(field, *days_of_hijri_years(low, high)), notes)
    except ValueError:
        return Value(None, (), text and f"{piece} is not a Hijri year; {HIJRI_YEAR_HELP}")


def _trim(text: str) -> str:
    """Return a value without the punctuation after it, except the dots of an open range."""
    text = text.strip().rstrip("؟?،,؛;!:")
    return text if text.endswith("..") else text.removesuffix(".")
