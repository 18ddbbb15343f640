"""Where words begin and end in a text.

What: one regular expression, whose matches are the written words; docs/analysis.md lists its decisions row by row.
Why: a word is cut from the text as it stands, marks, tatweel and zero-width characters included, so that offsets need
no map; and `re.findall` runs at C speed, which is what lets an index analyse distinct words instead of tokens. All
that depends on a word's neighbours is decided here, so that a word's analysis depends on the word alone.
Source: The Unicode Standard, annex 29, for joined numbers and names; counts on 31,030 news articles for the clitics.
Limits: scripts without spaces (Thai) are not segmented; Chinese and Japanese characters are words one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from arsearch.analyzers.letters import HONORIFICS, JOINED, LETTERS, TATWEEL

__all__ = ["Tokenizer", "separators"]

_INSIDE = f"[{LETTERS}{JOINED}{TATWEEL}]"
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"

# Other scripts' letters and digits: all that `\w` knows but Arabic blocks, ideographs and the underscore. Marks and
# vowel signs (Latin to Cyrillic, Hebrew, Indic to Lao) and zero-width characters follow them.
_ALNUM = rf"[^\W_\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc\U0001ee00-\U0001eeff{_IDEOGRAPHS}]"
_SIGN_RANGES = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0900-\u0963\u0970-\u0edf"
    "\u00ad\u200b-\u200f\u2060\ufe0f\ufeff"
)
_SIGNS = rf"(?:(?!\w)[{_SIGN_RANGES}])+"
_RUN = f"{_ALNUM}+(?:{_SIGNS}{_ALNUM}*)*"

# A proclitic stack. Each end of a stack is a stack again: the search goes on one letter later and must not find a part
# of what was passed over. A stack stands alone before a tatweel that no letter follows (الـ, لـ«), and before an
# opening quote or bracket, a digit or a letter of another script; there without س, which goes with verbs only.
_AL, _BA, _LA, _WA, _SA = (f"{letter}[{JOINED}]*" for letter in ("ا", "[بك]", "ل", "[وف]", "س"))
_STACK = f"(?:(?:{_WA})?(?:(?:{_BA})?{_AL}{_LA}|{_LA}{_LA}|{_BA}|{_LA})|{_WA})"
_BEFORE_TATWEEL = f"(?:{_STACK}|(?:{_WA})?{_SA}){TATWEEL}[{TATWEEL}{JOINED}]*(?!{_INSIDE})"
_BEFORE_OTHER = rf"{_STACK}(?=[«“‘„‹(\[\d]|[\"'#@](?=\w)|{_ALNUM})"

_PATTERN = re.compile(
    # Most of what cannot begin a word is passed over here, before ten alternatives are tried on it (twice the speed).
    r"(?![\s.,،؛؟:!\"'()«»/–-])(?:"
    + "|".join(
        (
            # Nearly every word: nothing behind it that a clitic could lean on, and no tatweel at its end.
            rf"[{LETTERS}]{_INSIDE}*(?![{LETTERS}{JOINED}{TATWEEL}\w«“‘„‹(\[\"'#@])(?<![{TATWEEL}\u200b-\u200f])",
            rf"(?!{_BEFORE_TATWEEL}|{_BEFORE_OTHER})[{LETTERS}]{_INSIDE}*",
            # U.S. with its last point; COVID-19, GT-R, 5kg, O'Neil, info@example.org, example.org, snake_case.
            rf"(?<!\w)(?:(?!\d){_ALNUM}\.){{2,}}(?:(?!\d){_ALNUM}(?!\w))?",
            rf"(?=\d*(?!\d){_ALNUM}){_RUN}(?:[-.'’_@‐‑]{_RUN})*",
            # 2,5 is decimal unless it is part of a list; 1,000; 3.5 and 21.7.2015.
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

# What the pattern above does not name by a class or a sign: it matches none of it and looks for none of it.
_SEPARATOR = re.compile(
    rf"[^\w{LETTERS}{JOINED}{TATWEEL}{''.join(HONORIFICS)}{_IDEOGRAPHS}{_SIGN_RANGES}.,،٬٫@#'’\"«“‘„‹(\[_‐‑-]"
)


def separators(characters: str) -> str:
    """Those of `characters` that part words wherever they stand, as a space does: putting a space for one changes no word.

    They are white space, most punctuation and symbols. What a text holds between two of them has its words whatever
    stands around it.
    """
    return "".join(_SEPARATOR.findall(characters))


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Cuts a text into its written words. Takes any string, never raises."""

    def words(self, text: str) -> list[str]:
        """The written words of the text, in order, exactly as they stand there; `[]` for a text without words."""
        return _PATTERN.findall(text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand: `text[start:end]` of the n-th is `words(text)[n]`; increasing, never overlapping."""
        return [match.span() for match in _PATTERN.finditer(text)]
