"""Offsets at which a text may be cut: sentence ends, word ends, and never between a letter and its marks.

The rules are those of Unicode UAX #29 §5, reduced to what news and books need, with the Arabic signs: ؟ ؛ and the Urdu
full stop ۔ end a sentence, ، does not. The functions read only the part of the text between their offsets, and a few
characters around it.
"""

from __future__ import annotations

import re
import unicodedata

from arsearch.model.snippets import CLOSERS, SENTENCE_ENDS

__all__ = ["ends_sentence", "is_abbreviation", "letter_edge", "sentence_ends", "skip_space", "word_end", "word_start"]

_BREAK = re.compile(rf"\n|[{re.escape(SENTENCE_ENDS)}]+[{re.escape(CLOSERS)}]*")
_NEEDS_SPACE = frozenset(".!?")  # these also stand inside numbers, addresses and file names
_ABBREVIATIONS = frozenset(
    ("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "vs", "cf", "vol", "Vol", "pp", "Fig", "Jr", "Sr")
)
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
_VISIBLE = re.compile(r"\S")
_LINE_NUMBER = re.compile(r"\d{1,3}")


def sentence_ends(text: str, start: int, end: int) -> list[int]:
    """Return the offsets in `(start, end]` at which a sentence of `text` ends, after its closing quotes; increasing.

    A line break ends a sentence unless only white space precedes it. A full stop does not end one inside a number (3.5)
    or U.S., after a single letter (د. أحمد, unlike 2011م.), after a few Latin titles, or after a number that begins the
    line.
    """
    ends: list[int] = []
    for match in _BREAK.finditer(text, start, end):
        at = match.end()
        sign = match.group()
        if sign == "\n":
            at = match.start() if match.start() > start else at
            if not ends or text[ends[-1] : at].strip():
                ends.append(at)
            continue
        if _NEEDS_SPACE.issuperset(sign.rstrip(CLOSERS)):
            if at < len(text) and not text[at].isspace():
                continue
            if sign == "." and is_abbreviation(text, match.start()):
                continue
        ends.append(at)
    return ends


def ends_sentence(text: str, at: int) -> bool:
    """Tell whether the text before offset `at` ends a sentence, white space and closing quotes aside."""
    return text[max(0, at - 8) : at].rstrip().rstrip(CLOSERS).endswith(tuple(SENTENCE_ENDS))


def word_start(text: str, start: int, end: int) -> int:
    """Return the first offset in `[start, end]` at which a word may begin; `end` if there is none."""
    if start > 0 and not text[start - 1].isspace():
        while start < end and not text[start].isspace():
            start += 1
    return skip_space(text, start, end)


def word_end(text: str, start: int, end: int) -> int:
    """Return the last offset in `[start, end]` at which a word has ended; `start` if there is none."""
    if end < len(text) and not text[end].isspace():
        while end > start and not text[end - 1].isspace():
            end -= 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def skip_space(text: str, start: int, end: int) -> int:
    """Return the first offset in `[start, end)` that is not white space; `end` if there is none."""
    match = _VISIBLE.search(text, start, end)
    return match.start() if match else end


def letter_edge(text: str, start: int, end: int) -> int:
    """Return the last offset in `(start, end]` that separates no letter from its marks or joiners; `end` if none does."""
    at = end
    while at > start:
        if at >= len(text) or not (_attaches(text[at]) or text[at - 1] == "\u200d"):
            return at
        at -= 1
    return end


def _attaches(character: str) -> bool:
    """Tell whether a character belongs to the letter before it."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d\u0640"


def is_abbreviation(text: str, dot: int) -> bool:
    """Tell whether the full stop at offset `dot` belongs to an abbreviation or to the number of a list item."""
    at = dot
    while at > 0 and dot - at <= _LONGEST_ABBREVIATION and text[at - 1].isalpha():
        at -= 1
    word = text[at:dot]
    if word:
        return word in _ABBREVIATIONS or (len(word) == 1 and not text[max(0, at - 1) : at].isdigit())
    line = max(text.rfind("\n", max(0, dot - 8), dot) + 1, dot - 8, 0)
    begins_line = line == 0 or text[line - 1] == "\n"
    return begins_line and _LINE_NUMBER.fullmatch(text[line:dot].strip()) is not None
