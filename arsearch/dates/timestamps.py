"""The time stamps of machine formats as ISO 8601.

Sources: RFC 5322, section 3.3 (mail and RSS: `Tue, 21 Jul 2015 09:30:00 +0300`); the `created_at` of Twitter (`Tue Jul 21
09:30:00 +0000 2015`); `Date.prototype.toString` of ECMA-262 (`Tue Jul 21 2015 09:30:00 GMT+0300 (...)`); RFC 3339. Epochs
count seconds, or milliseconds, from 1970. A year of two digits is one of 1950 to 2049, by RFC 5322, section 4.3 (and by the
format RR of Oracle: `21-JUL-15`).
"""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["from_epoch", "has_short_year", "iso_date"]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_RFC = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{4}|\d{2})(?:\s+(\d{1,2}:\d{2}(?::\d{2})?)\s*(\S+)?)?"
)
_TWITTER = re.compile(
    r"[A-Za-z]{3}\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}:\d{2}:\d{2})\s+([+-]\d{4}|[A-Z]{3,4})?\s*(\d{4})"
)
_SCRIPT = re.compile(
    r"[A-Za-z]{3}\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{4})\s+(\d{1,2}:\d{2}:\d{2})\s+(?:GMT|UTC)?([+-]\d{4})?(?:\s+\([^()]*\))?"
)
_ZONES = {"gmt": "+00:00", "utc": "+00:00", "ut": "+00:00", "z": "+00:00", "est": "-05:00", "edt": "-04:00",
          "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00"}  # fmt: skip
_OFFSET = re.compile(r"([+-]\d{2}):?(\d{2})")
_MILLISECONDS = 100_000_000_000  # as seconds this is the year 5138, as milliseconds 1973


def iso_date(text: str) -> str:
    """Return a time stamp of RFC 5322, Twitter or ECMA-262 as ISO 8601; any other text as it is, without blanks around it."""
    text = text.strip()
    if match := _RFC.fullmatch(text):
        day, month, year, time, zone = match.groups()
    elif match := _TWITTER.fullmatch(text):
        month, day, time, zone, year = match.groups()
    elif match := _SCRIPT.fullmatch(text):
        month, day, year, time, zone = match.groups()
        zone = zone or "z"
    else:
        return text
    if month.lower() not in _MONTHS:
        return text
    if len(year) == 2:
        year = f"{'20' if year < '50' else '19'}{year}"
    date = f"{year}-{_MONTHS.index(month.lower()) + 1:02}-{int(day):02}"
    if time:
        date += f" {time.zfill(8) if time.count(':') == 2 else time.zfill(5)}{_offset(zone or '')}"
    try:
        dt.datetime.fromisoformat(date)
    except ValueError:  # the 31st of February
        return text
    return date


def has_short_year(text: str) -> bool:
    """Return whether `iso_date` completes the year of a time stamp."""
    match = _RFC.fullmatch(text.strip())
    return match is not None and len(match[3]) == 2


def from_epoch(number: float, *, seconds: bool = False) -> str | None:
    """Return the ISO form, in UTC, of seconds or milliseconds since 1970; `None` outside the years 1 to 9999.

    With `seconds`, the number counts seconds, however large it is.
    """
    if not seconds and abs(number) >= _MILLISECONDS:
        number /= 1000
    try:
        return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=number)).isoformat()
    except (OverflowError, ValueError):
        return None


def _offset(zone: str) -> str:
    """Return the offset of a zone; empty for a zone without a certain one."""
    if match := _OFFSET.match(zone):
        return f"{match[1]}:{match[2]}"
    return _ZONES.get(zone.lower(), "")
