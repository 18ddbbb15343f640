"""Messages of the page, and the plural forms of those with a number.

A message of one text is a string for `str.format`. A message with a number is a mapping from the plural categories of CLDR
to such strings (https://cldr.unicode.org/index/cldr-spec/plural-rules): Arabic has six of them, English two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = ["Category", "Message", "ar", "en", "plural_category"]

Category = Literal["zero", "one", "two", "few", "many", "other"]
Message = str | Mapping[str, str]

_FIRST: tuple[Category, ...] = ("zero", "one", "two")


def plural_category(language: str, number: int) -> Category:
    """Return the plural category of a whole number from 0 on, by the rules of CLDR."""
    if language == "en":
        return "one" if number == 1 else "other"
    if number < 3:
        return _FIRST[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def ar(zero: str, one: str, two: str, few: str, many: str, other: str) -> Message:
    """Return an Arabic message with a number, of six forms."""
    return {"zero": zero, "one": one, "two": two, "few": few, "many": many, "other": other}


def en(one: str, other: str) -> Message:
    """Return an English message with a number, of two forms."""
    return {"one": one, "other": other}
