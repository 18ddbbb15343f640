"""Where a text may be cut: at sentence ends, else at word ends, never between a letter and its marks.

Rules after Unicode UAX #29 §5, cut down to what news and books need, with the Arabic signs: ؟ ؛ and the Urdu full
stop end a sentence, ، does not. Only the stretch asked about is looked at.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CLOSERS", "ENDS", "ends_sentence", "letter_edge", "sentence_ends", "skip_space", "word_end", "word_start"]

ENDS = ".!?؟؛۔…"
"""Signs that end a sentence."""

CLOSERS = "\"'”’»›)]}"
"""Signs that may follow them and still belong to the sentence."""

_BREAK = re.compile(rf"\n|[{re.escape(ENDS)}]+[{re.escape(CLOSERS)}]*")
_NEEDS_SPACE = frozenset(".!?")  # also found in numbers, addresses and file names
_ABBREVIATIONS = frozenset(
    ("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "vs", "cf", "vol", "Vol", "pp", "Fig", "Jr", "Sr")
)
_LONGEST = max(map(len, _ABBREVIATIONS))
_VISIBLE = re.compile(r"\S")
_LINE_NUMBER = re.compile(r"\d{1,3}")


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """The offsets in `(start, end]` at which a sentence of `text` ends, after its closing quotes; increasing.

    A line end is one, unless only white space stands before it. A full stop is none inside 3.5 and U.S.,
    after one letter (د. أحمد, but 2011م. ends), after a few Latin titles, and after a number that opens a line.
    """
    ends: list[int] = []
    for found in _BREAK.finditer(text, start, end):
        at = found.end()
        sign = found.group()
        if sign == "\n":
            at = found.start() if found.start() > start else at
            if not ends or text[ends[-1] : at].strip():
                ends.append(at)
            continue
        if _NEEDS_SPACE.issuperset(sign.rstrip(CLOSERS)):
            if at < len(text) and not text[at].isspace():
                continue
            if sign == "." and _is_abbreviation(text, found.start()):
                continue
        ends.append(at)
    return ends


def ends_sentence(text: str, at: int) -> bool:
    """True if the last sign before `at`, closing quotes apart, is one that ends a sentence."""
    return text[max(0, at - 8) : at].rstrip().rstrip(CLOSERS).endswith(tuple(ENDS))


def word_start(text: str, start: int, end: int) -> int:
    """The first offset in `[start, end]` at which a word may begin; `end` if there is none."""
    if start > 0 and not text[start - 1].isspace():
        while start < end and not text[start].isspace():
            start += 1
    return skip_space(text, start, end)


def word_end(text: str, start: int, end: int) -> int:
    """The last offset in `[start, end]` at which a word has ended; `start` if there is none."""
    if end < len(text) and not text[end].isspace():
        while end > start and not text[end - 1].isspace():
            end -= 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def skip_space(text: str, start: int, end: int) -> int:
    """The first offset in `[start, end]` that is no white space; `end` if there is none."""
    found = _VISIBLE.search(text, start, end)
    return found.start() if found else end


def letter_edge(text: str, start: int, end: int) -> int:
    """The last offset in `(start, end]` that parts no letter from its marks or joiners; `end` if there is none."""
    at = end
    while at > start:
        if at >= len(text) or not (_clings(text[at]) or text[at - 1] == "\u200d"):
            return at
        at -= 1
    return end


def _clings(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d\u0640"


def _is_abbreviation(text: str, dot: int) -> bool:
    at = dot
    while at > 0 and dot - at <= _LONGEST and text[at - 1].isalpha():
        at -= 1
    word = text[at:dot]
    if word:
        return word in _ABBREVIATIONS or (len(word) == 1 and not text[max(0, at - 1) : at].isdigit())
    line = max(text.rfind("\n", max(0, dot - 8), dot) + 1, dot - 8, 0)
    opens = line == 0 or text[line - 1] == "\n"
    return opens and _LINE_NUMBER.fullmatch(text[line:dot].strip()) is not None
