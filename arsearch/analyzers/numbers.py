"""Numbers whose digits are written in groups: 1.500.000, 1 500 000, 1'500'000 and +966 50 123 4567.

The tokenizer takes the patterns of this module, so that such a number is one written word. `join_groups` is the part of the
normalizer: it removes what separates the groups. `digit_groups` returns the groups that are indexed beside the number.

A number needs two groups of exactly three digits after its first group. One point therefore stays a decimal sign (0.580),
and 14.9.1436 stays a date. An address of four octets (192.168.100.200) stays whole. Spaces may also separate the numbers of a
list, so each of them stays a term, and more than five groups are a list. A telephone number needs the prefix + or 00 and a
country code, and has 8 to 15 digits.

Source: the grouping separators of CLDR (Arabic, French, German of Switzerland); ITU-T E.164 for the lengths and the country
codes of telephone numbers, E.123 for their spaces, hyphens and brackets.
Limits: 0501234567 lacks a country code and matches itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

__all__ = [
    "APOSTROPHES",
    "LONGEST_NUMBER",
    "NUMBER_SIGNS",
    "PHONE",
    "PHONE_WITH_PLUS",
    "SPACED",
    "digit_groups",
    "is_inside_number",
    "is_phone",
    "is_spaced",
    "join_groups",
]

_DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_SPACES = " \u00a0\u2007\u2009\u202f"  # also the no-break, figure, thin and narrow no-break space
NUMBER_SIGNS = f"{_SPACES}+()"
"""The signs that separate words everywhere but inside a number."""


def _in_any_script(pattern: str) -> str:
    """Return a pattern of digits and classes of digits, such as `2[07]`, that takes the digits of all three scripts."""
    tables = [str.maketrans("0123456789", _DIGITS[start : start + 10]) for start in (0, 10, 20)]

    def widened(part: re.Match[str]) -> str:
        return f"[{''.join([part[0].strip('[]').translate(table) for table in tables])}]"

    return re.sub(r"\[[-0-9]+\]|[0-9]", widened, pattern)


_DIGIT, _SPACE = f"[{_DIGITS}]", f"[{_SPACES}]"
_FIRST = _in_any_script("[1-9]") + f"{_DIGIT}{{,2}}"
_COUNTRY_CODE = _in_any_script(
    "(?:[17]|2(?:[07]|[1-69][0-9])|3(?:[0-469]|[578][0-9])|4(?:[013-9]|2[0-9])|5(?:[1-8]|[09][0-9])"
    "|6(?:[0-6]|[7-9][0-9])|8(?:[1246]|0[08]|[578][0-9])|9(?:[0-58]|[679][0-9]))"
)
_JOIN = rf"[{_SPACES}‐‑-]"
_BRACKET = rf"(?:\){_JOIN}?|{_JOIN}?\(|{_JOIN})"
_DOUBLE_ZERO = _in_any_script("00")


def _grouped(join: str) -> str:
    """Return the pattern of the digits of a telephone number, in groups that `join` separates."""
    return rf"(?={_DIGIT}+{join}{_DIGIT})(?:{join}?{_DIGIT}){{8,15}}(?!{join}?{_DIGIT})"


# The country codes stand once in each pattern: most of the time that the tokenizer takes to compile is theirs.
def _phone(prefixes: str, digits: str) -> str:
    return rf"(?<![{_DIGITS}A-Za-z_])(?=(?:{prefixes}){_COUNTRY_CODE})(?:{digits})"


_AFTER_PLUS = rf"\+{_grouped(_BRACKET)}"
PHONE_WITH_PLUS = _phone(r"\+", _AFTER_PLUS)
PHONE = _phone(rf"\+|{_DOUBLE_ZERO}", f"{_AFTER_PLUS}|{_DOUBLE_ZERO}{_grouped(_JOIN)}")
"""The pattern of a telephone number in groups. Brackets around a group need the prefix +."""
SPACED = rf"(?<!{_DIGIT}{_SPACE}){_FIRST}(?:{_SPACE}{_DIGIT}{{3}}){{2,4}}(?!{_SPACE}?{_DIGIT})"
"""The pattern of a number with spaces between its groups, which is not part of a longer row of numbers."""
APOSTROPHES = rf"{_FIRST}(?:['’]{_DIGIT}{{3}}){{2,}}(?!{_DIGIT})(?:[.٫]{_DIGIT}+)?"

LONGEST_NUMBER = 64
"""The maximum length of a number in groups, in characters, with room to spare."""

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_Match = Callable[[str], re.Match[str] | None]


# These patterns take 10 ms to compile, and few words need them.
@cache
def is_phone() -> _Match:
    """Return the function that matches a telephone number in groups."""
    return re.compile(PHONE).fullmatch


@cache
def is_spaced() -> _Match:
    """Return the function that matches a number with spaces between its groups."""
    return re.compile(SPACED).fullmatch


@cache
def _is_joined_phone() -> _Match:
    return re.compile(f"{_DOUBLE_ZERO}(?={_COUNTRY_CODE})({_DIGIT}{{8,15}})").fullmatch


@cache
def _is_pointed() -> _Match:
    return re.compile(rf"(?!(?:{_OCTET}\.){{3}}{_OCTET}$)[1-9][0-9]{{,2}}(?:\.[0-9]{{3}}){{2,}}").fullmatch


@cache
def _is_grouped() -> _Match:
    return re.compile(rf"[0-9]{{1,3}}(?:[,،][0-9]{{3}})+(?:\.[0-9]+)?|{APOSTROPHES}").fullmatch


_FIND_GROUPS = re.compile(f"{_DIGIT}+").findall
_NOT_DIGITS = re.compile("[^0-9]+")
_NUMBER_SPACES = frozenset(_SPACES)
_JOINS = frozenset(f"{_SPACES}‐‑-()")
_ZEROS = frozenset("0٠۰")
_PHONE_SIGNS = _ZEROS | {"+"}
_BETWEEN_DIGITS = re.compile(rf"[{_DIGITS})]{_SPACE}[{_DIGITS}(]").match
_SEPARATORS = re.compile("[,،'’]")


def join_groups(word: str) -> str:
    """Return a number of ASCII digits without what separates its groups; return another word unchanged.

    A telephone number loses its prefix and a trunk prefix in brackets: +44 (0)20 7946 0958 gives 442079460958.
    """
    if word.isalnum():
        return word
    if _is_grouped()(word):
        return _SEPARATORS.sub("", word)
    if _is_pointed()(word) or (not _NUMBER_SPACES.isdisjoint(word) and is_spaced()(word)):
        return _NOT_DIGITS.sub("", word)
    if word[:1] in "+0" and is_phone()(word):
        return _NOT_DIGITS.sub("", word.removeprefix("00").replace("(0)", ""))
    return word


def digit_groups(word: str) -> list[str]:
    """Return the terms that a written number has beside the whole, as written; `[]` for other words.

    They are the groups of a number with spaces or of a telephone number, and 966501234567 of 00966501234567.
    """
    grouped = not _JOINS.isdisjoint(word)
    if not grouped and word[:1] not in _ZEROS:
        return []
    if joined := _is_joined_phone()(word):
        return [joined[1]]
    if not grouped:
        return []
    spaced = not _NUMBER_SPACES.isdisjoint(word) and is_spaced()(word)
    return _FIND_GROUPS(word) if spaced or (word[:1] in _PHONE_SIGNS and is_phone()(word)) else []


def is_inside_number(text: str, at: int) -> bool:
    """Return whether the character at `at` is a space that may be inside a number; a cut there may change a word."""
    return text[at : at + 1] in _NUMBER_SPACES and bool(_BETWEEN_DIGITS(text, max(at - 1, 0)))
