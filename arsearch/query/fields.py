"""Field names in queries, in Arabic and English, and the numeric values of fields.

`name:` is a field only if the index has it; the aliases are those of the project's rules, with and without the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from arsearch.query.calendars import fold

__all__ = ["ALIASES", "ROOT_NAMES", "Bounds", "read_keywords", "read_numbers", "resolve_field"]

_ALIASES = {
    "title": "عنوان العنوان",
    "body": "نص النص",
    "author": "كاتب الكاتب مولف المولف",
    "source": "مصدر المصدر",
    "category": "تصنيف التصنيف قسم القسم",
    "date": "تاريخ التاريخ",
    "tags": "وسم الوسم وسوم الوسوم tag",
}
ALIASES = {alias: name for name, aliases in _ALIASES.items() for alias in (name, *aliases.split())}
"""Folded name as typed to the field's own name."""
ROOT_NAMES = ("جذر", "الجذر", "root")
"""Names that ask for a word's root; `root` gives way to a declared field of that name, the others do not."""

_NUMBER = r"[-+]?\d{1,18}(?:\.\d{1,18})?"
_NUMBERS = re.compile(
    rf"(?P<sign>>=|<=|>|<|≥|≤)\s*(?P<bound>{_NUMBER})"
    rf"|(?P<low>{_NUMBER})?\s*(?P<dots>\.\.+|…)\s*(?P<high>{_NUMBER})?"
    rf"|(?P<one>{_NUMBER})"
)
_SEPARATORS = str.maketrans({"٫": ".", "٬": "", ",": "", "−": "-"})
_KEYWORDS = re.compile(r"([^.]+)\.\.([^.]+)")
_AROUND = "؟?،,؛;!:…=~+-<>*"


class Bounds(NamedTuple):
    """The ends of a range as ASCII text; `None` is an open end. `swapped` when they were typed backwards."""

    low: str | None
    high: str | None
    include_low: bool = True
    include_high: bool = True
    swapped: bool = False


def resolve_field(name: str, fields: Mapping[str, str]) -> str | None:
    """The field that a typed name means, or `None`; a declared name comes before an alias, exact before folded."""
    if name in fields:
        return name
    folded = fold(name)
    for field in fields:
        if fold(field) == folded:
            return field
    alias = ALIASES.get(folded)
    return alias if alias in fields else None


def read_numbers(text: str, kind: str) -> Bounds | None:
    """The bounds that `3`, `3..7`, `..7`, `3..`, `>3` or `<=7` ask for in an int or float field; `None` for others.

    Digits of any script are read, `٫` as the decimal point; an int field takes no fractions.
    """
    match = _NUMBERS.fullmatch(fold(text.translate(_SEPARATORS)).strip())
    if not match or (kind == "int" and any("." in (match[g] or "") for g in ("bound", "low", "high", "one"))):
        return None
    if match["sign"]:
        bound, inclusive = _plain(match["bound"]), match["sign"] in (">=", "<=", "≥", "≤")
        if match["sign"] in (">", ">=", "≥"):
            return Bounds(bound, None, include_low=inclusive)
        return Bounds(None, bound, include_high=inclusive)
    if match["one"]:
        return Bounds(_plain(match["one"]), _plain(match["one"]))
    low, high = (_plain(end) if end else None for end in (match["low"], match["high"]))
    if low is not None and high is not None and float(low) > float(high):
        return Bounds(high, low, swapped=True)
    return Bounds(low, high)


def read_keywords(text: str) -> Bounds | None:
    """The bounds of `a..b` in a keyword field; both ends are needed, since two dots often end a careless sentence."""
    match = _KEYWORDS.fullmatch(text)
    low, high = (end.strip(_AROUND) for end in match.groups()) if match else ("", "")
    if not low or not high or low == high:
        return None
    return Bounds(high, low, swapped=True) if low > high else Bounds(low, high)


def _plain(number: str) -> str:
    """One spelling per number, in ASCII: `+٠٧` is `7`, `7.50` is `7.5`."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in number)
    whole, _, part = digits.lstrip("+-").partition(".")
    part = part.rstrip("0")
    plain = (whole.lstrip("0") or "0") + (f".{part}" if part else "")
    return f"-{plain}" if digits[0] == "-" and plain != "0" else plain
