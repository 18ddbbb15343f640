"""The metadata of a PDF as fields of an article, without what programs fill in by themselves.

Source: ISO 32000-1:2008, 14.3.3 (the document information dictionary) and 7.9.4 (dates).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

__all__ = ["fields_of", "one_line", "pdf_date"]

_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(?:(Z)(?:00'?(?:00)?'?)?|([+-])(\d\d)'?(?:(\d\d)'?)?)?"
)
_JUNK_TITLE = re.compile(
    r"""
      (?:microsoft\s+(?:word|powerpoint|excel)|powerpoint\s+presentation|adobe\s+\w+)\b.*
    | (?:untitled|no\s+title|title|document|doc|slide|layout|new|scan|scanned|بدون\s+عنوان|مستند|عنوان)[\s_-]*\d*
    | .*\.(?:docx?|odt|rtf|pptx?|xlsx?|indd|qxd|tex|dvi|ps|pdf|html?|txt|pages|cdr|pmd|fodt)
    | [\W\d_]*
    | [0-9a-f-]{16,}
    | about:blank | https?:\S+ | file:\S+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_JUNK_AUTHOR = re.compile(
    r"(?:unknown|anonymous|user|owner|admin|administrator|author|pc|hp|dell|windows user|المستخدم|مستخدم)\s*\d*|[\W\d_]*",
    re.IGNORECASE,
)
_FIRST_YEAR = 1993
"""The year of the first PDF. Clocks that were not set, and builds that hide their time, begin at 1970 or 1980."""

_SEPARATOR = re.compile(r"[,;،؛]")
_WESTERN = re.compile("[\u00c0-\u00ff]")


def fields_of(metadata: Mapping[str, str]) -> dict[str, object]:
    """Return title, author, date, tags and subject, as far as the PDF has them. A junk value counts as absent."""
    fields: dict[str, object] = {}
    title, author = one_line(metadata.get("Title")), one_line(metadata.get("Author"))
    if title and not _JUNK_TITLE.fullmatch(title):
        fields["title"] = title
    if author and not _JUNK_AUTHOR.fullmatch(author):
        fields["author"] = author
    for key in ("CreationDate", "ModDate"):
        if date := pdf_date(metadata.get(key, "")):
            fields["date"] = date
            break
    if tags := [part for text in _SEPARATOR.split(one_line(metadata.get("Keywords"))) if (part := text.strip())]:
        fields["tags"] = tags
    subject = one_line(metadata.get("Subject"))
    if subject and subject != "unspecified":  # reportlab's
        fields["subject"] = subject
    return fields


def one_line(value: str | None) -> str:
    """Return a text on one line. Arabic that a program wrote as windows-1256 without saying so is decoded."""
    text = " ".join((value or "").replace("\0", " ").split())
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    letters = sum(c.isalpha() for c in text)
    if letters and len(_WESTERN.findall(text)) > 0.7 * letters:
        try:
            decoded = text.encode("cp1252").decode("cp1256")
        except UnicodeError:
            return text
        if sum("\u0621" <= c <= "\u064a" for c in decoded) > 0.7 * letters:
            return decoded
    return text


def pdf_date(value: str) -> str | None:
    """Return a date of a PDF in the form of ISO 8601: the day if it has no time. `None` if it is not the date of a PDF."""
    match = _DATE.fullmatch(value.strip())
    if not match:
        return None
    year, month, day, hour, minute, second, zulu, sign, zone_hours, zone_minutes = match.groups()
    if int(year) < _FIRST_YEAR:
        return None
    try:
        date = dt.date(int(year), int(month or 1), int(day or 1))
        if hour is None:
            return date.isoformat()
        zone = None
        if zulu or sign:
            offset = dt.timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
            zone = dt.timezone(-offset if sign == "-" else offset)
        time = dt.time(int(hour), int(minute or 0), int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    return dt.datetime.combine(date, time).isoformat()
