"""The tokenizer: where words begin and end in a text.

One regular expression matches the written words; docs/analysis.md lists its decisions row by row. A word includes its
marks, tatweel and zero-width characters, so offsets need no map. `re.findall` runs at C speed, so an index can afford
to analyse distinct words only. The tokenizer makes every decision that depends on the neighbours of a word, so the
analysis of a word depends on the word alone.

A short text of Arabic letters, punctuation and at most one number has an expression of its own, with three alternatives.
Compiling all takes as long as a few searches, which many processes that search once need not pay.

Source: The Unicode Standard, annex 29, for joined numbers and names; counts on 31,030 news articles for the clitics.
Limits: scripts without spaces (Thai) are not segmented; each Chinese or Japanese character is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from arsearch.analyzers.letters import HONORIFICS, JOINED, LETTERS, TATWEEL
from arsearch.analyzers.numbers import APOSTROPHES, NUMBER_SIGNS, PHONE, SPACED

__all__ = ["Tokenizer", "separators"]

_INSIDE = f"[{LETTERS}{JOINED}{TATWEEL}]"
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

# The letters and digits of other scripts: `\w` without Arabic blocks, ideographs and the underscore. Marks and vowel
# signs (Latin to Cyrillic, Hebrew, Indic to Lao) and zero-width characters may follow them.
_ALNUM = rf"[^\W_\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc\U0001ee00-\U0001eeff{_IDEOGRAPHS}]"
_SIGN_RANGES = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0900-\u0963\u0970-\u0edf"
    "\u00ad\u200b-\u200f\u2060\ufe0f\ufeff"
)
_SIGNS = rf"(?:(?!\w)[{_SIGN_RANGES}])+"
_RUN = f"{_ALNUM}+(?:{_SIGNS}{_ALNUM}*)*"

# A proclitic stack. Each suffix of a stack is a stack too: the search continues one letter later and must not match
# the rest of a skipped stack. A stack stands alone before a tatweel without a letter after it (الـ, لـ«), before an
# opening quote or bracket, and before a digit or a letter of another script. Only verbs take س, so it stands alone
# before tatweel only.
# Big classes take a millisecond to compile, so each stands here as few times as possible.
_MARKS = f"[{JOINED}]*"
_STACK = f"(?:(?:[وف]{_MARKS})?(?:(?:(?:[بك]{_MARKS})?ا|ل){_MARKS}ل|[بكل])|[وف])"
_TATWEEL_AFTER = f"{TATWEEL}[{TATWEEL}{JOINED}]*(?!{_INSIDE})"
_QUOTED_AFTER = r"[«“‘„‹(\[\d]|[\"'#@](?=\w)"


def _arabic_word(after_proclitic: str) -> str:
    """Return the pattern of an Arabic word that is no stack of proclitics before `after_proclitic` or a tatweel."""
    stack = f"{_STACK}{_MARKS}(?:(?={after_proclitic})|{_TATWEEL_AFTER})|(?:[وف]{_MARKS})?س{_MARKS}{_TATWEEL_AFTER}"
    return rf"(?!{stack})[{LETTERS}]{_INSIDE}*"


# Nearly every word: it ends in no tatweel, and nothing after it can be the host of a clitic.
_BARE_WORD = rf"[{LETTERS}]{_INSIDE}*(?![{LETTERS}{JOINED}{TATWEEL}\w«“‘„‹(\[\"'#@])(?<![{TATWEEL}\u200b-\u200f])"

_NO_BEGINNING = r"[\s.,،؛؟:!\"'()«»/–-]"  # most characters that cannot begin a word
_WORDS = (
    # Skip these characters before trying ten alternatives on them; this doubles the speed.
    f"(?!{_NO_BEGINNING})(?:"
    + "|".join(
        (
            _BARE_WORD,
            _arabic_word(f"{_QUOTED_AFTER}|{_ALNUM}"),
            # U.S. with its last point; COVID-19, GT-R, 5kg, O'Neil, info@example.org, example.org, snake_case.
            rf"(?<!\w)(?=.\..\.)(?:(?!\d){_ALNUM}(?:\.|(?!\w))){{2,}}",
            rf"(?=\d*(?!\d){_ALNUM}){_RUN}(?:[-.'’_@‐‑]{_RUN})*",
            # +966 50 123 4567; 1 500 000; 1'500'000. A last group with letters (000kg) is a word of its own.
            f"(?:{PHONE}|{SPACED}|{APOSTROPHES})(?!{_ALNUM})",
            # 2,5 is a decimal number unless it is part of a list; 1,000; 3.5 and 21.7.2015.
            r"(?<!\d[,،])\d{1,3}[,،]\d{1,2}(?![\d,،])",
            r"\d{1,3}(?:[,،٬]\d{3})+(?!\d)(?:[.٫]\d+)?",
            r"\d+(?:[.٫]\d+)*",
            # #hashtag and @user, in any script, with their underscores.
            rf"[#@](?=[\d_]*[^\W\d_])[\w{JOINED}]+",
            f"[{''.join(HONORIFICS)}]",
            f"[{_IDEOGRAPHS}]",
        )
    )
    + ")"
)

# Every character that the pattern above neither matches nor looks for.
_SEPARATOR = (
    rf"[^\w{LETTERS}{JOINED}{TATWEEL}{''.join(HONORIFICS)}{_IDEOGRAPHS}{_SIGN_RANGES}{NUMBER_SIGNS}"
    r".,،٬٫@#'’\"«“‘„‹\[_‐‑-]"
)

# A text of these characters has only Arabic words, and a number has digits alone where no other number stands beside it.
_ARABIC = rf"[{LETTERS}{JOINED}{TATWEEL}\s.,،؛؟:!\"'()«»/“”‘’„‹\[\]{{}}*﴿﴾%٪…–-]*+"
_is_arabic = re.compile(rf"{_ARABIC}(?:[0-9٠-٩۰-۹]++{_ARABIC})?").fullmatch

_SHORT = 100
"""The maximum length of a text that is tried as Arabic alone; long texts nearly always have other characters."""


@cache
def _arabic_words() -> re.Pattern[str]:
    return re.compile(rf"(?!{_NO_BEGINNING})(?:{_BARE_WORD}|{_arabic_word(_QUOTED_AFTER)}|\d+)")


@cache
def _all_words() -> re.Pattern[str]:
    return re.compile(_WORDS)


def _words(text: str) -> re.Pattern[str]:
    """Return a pattern that matches the written words of a text."""
    return _arabic_words() if len(text) <= _SHORT and _is_arabic(text) else _all_words()


def separators(characters: str) -> str:
    """Return those of `characters` that separate words in every context, as a line feed does, in order.

    They are most white space, punctuation and symbols. Replacing one with a line feed changes no word of a text, and the
    words between two of them do not depend on the text around. The signs of `NUMBER_SIGNS` separate words too, except
    inside a number.
    """
    return "".join(re.findall(_SEPARATOR, characters))


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Splits a text into its written words; never raises for a string."""

    def words(self, text: str) -> list[str]:
        """Return the written words of a text, unchanged and in order; `[]` for a text without words."""
        return _words(text).findall(text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return the `(start, end)` of each of `words(text)`, in code points; they increase and never overlap."""
        return [match.span() for match in _words(text).finditer(text)]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the class alone."""
        return type(self), ()
