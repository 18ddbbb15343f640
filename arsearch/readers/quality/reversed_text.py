"""Arabic text in visual order, as some programs store it: `ةبتكملا يف` for `في المكتبة`. It is found and turned.

Few endings tell. A word that ends in `لا` or begins with `ة` or `ى` is read backwards; one that begins with `ال` or ends in
`ة` or `ى` is right. In 200 texts turned on purpose the first kind was at least half, and in 529 of 531 right texts less.
Two words that begin with `ة`, which no word does, suffice where no word is right.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from arsearch.readers.brackets import kinds_to_mirror, mirrored
from arsearch.readers.visual_order import logical_text

__all__ = ["Direction", "direction_of", "is_reversed", "repaired"]

_ENOUGH = 12
"""So many telling words make the judgement certain."""

_CERTAIN = 0.75
_FEW = 4
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_WORD = re.compile("[\u0620-\u064a]{2,}")
_ARTICLE = ("ال", "وال", "بال", "كال", "فال", "لل")
_ARTICLE_REVERSED = tuple(article[::-1] for article in _ARTICLE)
_FINAL = "ةى"
_IMPOSSIBLE = re.compile("(?<![\u0620-\u064a])ة[\u0620-\u064a]{2,}")
_YEAR = re.compile(r"\b(?:1[3-9]|20)\d\d\b")
_YEAR_REVERSED = re.compile(r"\b\d\d(?:[3-9]1|02)\b")


class Direction(NamedTuple):
    """The words of a text that tell its direction."""

    right: int
    reversed: int

    @property
    def share(self) -> float:
        """The share of reversed words among those that tell, from 0.0 to 1.0; 0.0 if none does."""
        told = self.right + self.reversed
        return self.reversed / told if told else 0.0


def direction_of(text: str) -> Direction:
    """Count the words that tell the direction of a text. Presentation forms count as letters, marks not at all."""
    right = wrong = 0
    for word in _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKC", text))):
        long = len(word) > 4
        right += (long and word.startswith(_ARTICLE)) + (word[-1] in _FINAL)
        wrong += (long and word.endswith(_ARTICLE_REVERSED)) + (word[0] in _FINAL)
    return Direction(right, wrong)


def is_reversed(text: str) -> bool:
    """Tell whether a text is certainly in visual order.

    At least 12 words tell, and three quarters are reversed; or all that tell, two of them by their initial `ة`.
    """
    direction = direction_of(text)
    if direction.right == 0 and direction.reversed >= _FEW:
        return len(_IMPOSSIBLE.findall(_MARKS.sub("", unicodedata.normalize("NFKC", text)))) > 1
    return direction.right + direction.reversed >= _ENOUGH and direction.share >= _CERTAIN


def repaired(text: str) -> str:
    """Return a text in visual order as logical text, line by line. Numbers and Latin words keep their order.

    If the years of the text are reversed as well (`5102`), every line is turned whole. A text in logical order becomes
    one in visual order: call this only where `is_reversed` is true.
    """
    lines = text.split("\n")
    if len(_YEAR_REVERSED.findall(text)) > len(_YEAR.findall(text)):
        return "\n".join(_turned_whole(line) for line in lines)
    marks_first = _marks_stand_first(text)
    turned = [logical_text(_pieces(line, marks_first)) for line in lines]
    wrong = kinds_to_mirror((line.text, line.turned) for line in turned)
    return "\n".join(mirrored(line.text, line.turned, wrong) for line in turned)


def _marks_stand_first(text: str) -> bool:
    """Tell whether marks stand before their letters: then words begin with marks."""
    first = last = 0
    for word in text.split():
        first += unicodedata.combining(word[0]) > 0
        last += unicodedata.combining(word[-1]) > 0
    return first > last


def _pieces(line: str, marks_first: bool) -> list[str]:
    """Return the letters of a line, each with its marks behind it."""
    pieces: list[str] = []
    waiting = ""
    for c in line:
        if not unicodedata.combining(c):
            pieces.append(c + waiting[::-1])
            waiting = ""
        elif marks_first or not pieces:
            waiting += c
        else:
            pieces[-1] += c
    return pieces + list(waiting)


def _turned_whole(line: str) -> str:
    marks_first = _marks_stand_first(line)
    return "".join(reversed(_pieces(line, marks_first)))
