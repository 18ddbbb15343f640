"""Field names in queries, in Arabic and English, and the bounds of ranges in number and keyword fields.

`name:` is a field only if the index has it. Each Arabic alias exists with and without the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from arsearch.dates.calendars import fold
from arsearch.model.schema import plain_number

__all__ = ["ROOT_NAMES", "Bounds", "read_keywords", "read_numbers", "resolve_field"]

_ALIASES = {  # folded
    "title": ("عنوان", "العنوان"),
    "body": ("نص", "النص"),
    "author": ("كاتب", "الكاتب", "مولف", "المولف"),
    "source": ("مصدر", "المصدر"),
    "category": ("تصنيف", "التصنيف", "قسم", "القسم"),
    "date": ("تاريخ", "التاريخ"),
    "tags": ("وسم", "الوسم", "وسوم", "الوسوم", "tag"),
}
ROOT_NAMES = ("جذر", "الجذر", "root")
"""The names that ask for the root of a word. A declared field named `root` hides the English name, not the Arabic ones."""

_NUMBER = r"[-+]?\d{1,40}(?:\.\d{1,40})?"
_NUMBERS = re.compile(
    rf"(?P<sign>>=|<=|>|<|≥|≤)\s*(?P<bound>{_NUMBER})"
    rf"|(?P<low>{_NUMBER})?\s*(?P<dots>\.\.+|…)\s*(?P<high>{_NUMBER})?"
    rf"|(?P<single>{_NUMBER})"
)
_KEYWORDS = re.compile(r"([^.]+)\.\.([^.]+)")
_PUNCTUATION = "؟?،,؛;!:…=~+-<>*"


class Bounds(NamedTuple):
    """The ends of a range as ASCII text; `None` is an open end. `swapped` means that they were typed backwards."""

    low: str | None
    high: str | None
    include_low: bool = True
    include_high: bool = True
    swapped: bool = False


def resolve_field(name: str, fields: Mapping[str, str]) -> str | None:
    """Return the field of a name that a user typed, or `None`.

    A declared name comes before an alias, and an exact name before a folded one.
    """
    if name in fields:
        return name
    folded = fold(name)
    for field in fields:
        if fold(field) == folded:
            return field
    return next((field for field, aliases in _ALIASES.items() if field in fields and folded in aliases), None)


def read_numbers(text: str, kind: str) -> Bounds | None:
    """Return the bounds of `3`, `3..7`, `..7`, `3..`, `>3` or `<=7` in an int or float field; `None` for other text.

    The numbers may be written as `plain_number` describes. An int field takes no fractions.
    """
    match = _NUMBERS.fullmatch(plain_number(text))
    if not match or (kind == "int" and any("." in (match[g] or "") for g in ("bound", "low", "high", "single"))):
        return None
    if match["sign"]:
        bound, inclusive = _plain(match["bound"]), match["sign"] in (">=", "<=", "≥", "≤")
        if match["sign"] in (">", ">=", "≥"):
            return Bounds(bound, None, include_low=inclusive)
        return Bounds(None, bound, include_high=inclusive)
    if match["single"]:
        return Bounds(_plain(match["single"]), _plain(match["single"]))
    low, high = (_plain(end) if end else None for end in (match["low"], match["high"]))
    if low is not None and high is not None and _number(low) > _number(high):
        return Bounds(high, low, swapped=True)
    return Bounds(low, high)


def read_keywords(text: str) -> Bounds | None:
    """Return the bounds of `a..b` in a keyword field, or `None`.

    Both ends are necessary, because two dots often end a carelessly typed sentence.
    """
    match = _KEYWORDS.fullmatch(text)
    low, high = (end.strip(_PUNCTUATION) for end in match.groups()) if match else ("", "")
    if not low or not high or low == high:
        return None
    return Bounds(high, low, swapped=True) if low > high else Bounds(low, high)


def _number(plain: str) -> int | float:
    """Return a number to compare; whole numbers exactly."""
    return float(plain) if "." in plain else int(plain)


def _plain(number: str) -> str:
    """Return the one ASCII spelling of a number: `7` for `+٠٧`, `7.5` for `7.50`."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in number)
    whole, _, fraction = digits.lstrip("+-").partition(".")
    fraction = fraction.rstrip("0")
    plain = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return f"-{plain}" if digits[0] == "-" and plain != "0" else plain
