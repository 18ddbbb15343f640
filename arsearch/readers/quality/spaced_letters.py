"""Words whose letters stand apart (`ﺍ ﻟ ﺤ ﻤ ﺪ`, `ا ل ح م د`), joined where their ends are certain.

The ends of words are certain where two or more spaces divide them, at the ends of the line, and behind a final or isolated
form of a letter that joins to the left. Other runs stay as they are. Letters without forms are joined in texts that are
spaced as a whole, and in lines of one word with the article; a list of letters (`أ ب ج د`) stays.
Source of the joining types: Unicode Standard, ArabicShaping.txt.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["has_spaced_letters", "joined_letters"]

_FORMS = "\ufb50-\ufbb1\ufbd3-\ufbff\ufe80-\ufefc"
_LETTER = f"[\u0621-\u063a\u0641-\u064a{_FORMS}][\u064b-\u0655\u0670]*"
_RUN = re.compile(rf"(?<![^\s\"'«(.،؛:]){_LETTER}(?: {_LETTER}){{1,}}(?![^\s\"'»).،؛:؟!])")
_HAS_FORM = re.compile(f"[{_FORMS}]")
_RIGHT_JOINING = frozenset("اأإآدذرزوؤةىء")
_LONGEST_UNCERTAIN = 8
_WIDE = re.compile(" {2,}")
_FEWEST_RUNS = 3
_FEWEST_IN_ARTICLE = 4
_FEWEST_LEFT = 8


def joined_letters(text: str) -> str:
    """Return a text with the letters of spaced-out words joined, and one space between the words of spaced lines."""
    runs = [run for run in _RUN.findall(text) if run.count(" ") > 1]
    if not runs:
        return text
    articles = any(run.startswith("ا ل ") and run.count(" ") >= _FEWEST_IN_ARTICLE for run in runs)
    spaced = (len(runs) >= _FEWEST_RUNS or articles) and 2 * sum(map(len, runs)) > len(text)
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if not _RUN.search(line):
            continue
        wide = _WIDE.search(line.strip()) is not None
        joined = _RUN.sub(lambda run, line=line, wide=wide: _joined(run[0], line, wide, spaced), line)  # type: ignore[misc]
        if joined != line:
            lines[place] = _WIDE.sub(" ", joined) if wide else joined
    return "\n".join(lines)


def has_spaced_letters(text: str) -> bool:
    """Return whether a text has a run of eight letters that stand apart; a list of different letters is none."""
    runs = (run[0].split(" ") for run in _RUN.finditer(text))
    return any(len(letters) >= _FEWEST_LEFT and len(set(letters)) < len(letters) for letters in runs)


def _joined(run: str, line: str, wide: bool, spaced: bool) -> str:
    letters = run.split(" ")
    if len(letters) == 2 and not wide:
        return run
    if not _HAS_FORM.search(run):
        article = letters[:2] == ["ا", "ل"] and 5 <= len(letters) <= _LONGEST_UNCERTAIN and line.strip() == run
        return "".join(letters) if (spaced and wide) or article else run
    words: list[list[str]] = [[]]
    for letter in letters:
        words[-1].append(letter)
        if _ends_word(letter[0]):
            words.append([])
    certain = wide or all(len(word) <= _LONGEST_UNCERTAIN for word in words)
    return " ".join("".join(word) for word in words if word) if certain else run


@cache
def _ends_word(letter: str) -> bool:
    """Return whether a form is the last of its word: a final or isolated form of a letter that could join to the left."""
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    base = unicodedata.normalize("NFKC", letter)[-1:]
    return base in "ةى" or (kind in ("<final>", "<isolated>") and base not in _RIGHT_JOINING)
