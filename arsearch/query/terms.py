"""Read the words and patterns of one chunk of a query: كتاب  كتا*  كت?ب  كتاب~1

A `*`, or a `?` with letters on both sides, makes a pattern. Any other `?` is punctuation, and ؟ always is. Addresses
(http://...) hold no patterns, and a star between digits is a multiplication sign. Patterns keep the text as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from arsearch.query.tree import Everything, Fuzzy, Node, Prefix, Wildcard, Word

if TYPE_CHECKING:
    from arsearch.model import Level

__all__ = ["PUNCTUATION", "Words", "cut_at_colons", "read_term", "split_words", "trimmed", "word"]

Words = Callable[[str], list[str]]
"""A function that cuts a text into written words, such as the analyzer's `Tokenizer.words`."""

PUNCTUATION = "؟?،,؛;.!…:"
"""Characters that may follow a word or a pattern without being part of it."""

_MARKS = r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
_LETTER = rf"\w{_MARKS}\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_INVISIBLES = "".join(map(chr, (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))))
_WORDISH = re.compile(rf"[#@]?[^\W_][{_LETTER}]*(?:[-.:][^\W_][{_LETTER}]*)*")
_LATIN = r"[A-Za-z0-9*?]+(?:[-.][A-Za-z0-9*?]+)+(?![^\W_])"
_PIECE = re.compile(rf"{_LATIN}|[{_LETTER}*?]+")
_COLON = re.compile(r"(?<!\d):(?!//)|(?<=\d):(?!//|\d)")
_TIMES = re.compile(r"(?<=\d)\*+(?=\d)")
_STARS = re.compile(r"\*{2,}")
_FUZZY = re.compile(r"(.+?)~(\d*)", re.DOTALL)
_OPERATORS = frozenset(("AND", "OR", "NOT"))
_MAX_EDITS = 2


def split_words(text: str) -> list[str]:
    """Return runs of letters, digits and marks, which may have one of - . : inside. Replaces a tokenizer."""
    return _WORDISH.findall(text)


def trimmed(words: Words) -> Words:
    """Wrap a function that cuts text, to strip invisible characters off its words."""

    def cut(text: str) -> list[str]:
        return [bare for piece in words(text) if (bare := piece.strip(_INVISIBLES))]

    return cut


def cut_at_colons(words: Words) -> Words:
    """Wrap a function that cuts text, to cut at colons too. The word `title:x` of `--title:x` would read as a field.

    Times (10:30) and addresses (http://...) stay whole.
    """

    def cut(text: str) -> list[str]:
        pieces = words(text)
        if ":" not in text:
            return pieces
        return [whole for piece in pieces for part in _COLON.split(piece) for whole in words(part)]

    return cut


def word(text: str, level: Level | None = None) -> Word:
    """Return a word. A word that looks like an operator becomes lower case, as Latin words do in comparisons."""
    return Word(text.lower() if text in _OPERATORS else text, level)


def read_term(chunk: str, following: str, words: Words, level: Level | None, note: Callable[[str], None]) -> list[Node]:
    """Return the words and patterns of a chunk in order.

    `following` is « if a quote or bracket touches the chunk, and empty otherwise. With it the tokenizer drops the clitic of
    و«كتاب».
    """
    core = chunk.rstrip(PUNCTUATION)
    if "://" in core or not any(sign in core for sign in "*?~"):
        return [word(text, level) for text in words(chunk + following)]
    distance = None
    if match := _FUZZY.fullmatch(core):
        core, distance = match[1], min(int(match[2][:3] or "1"), _MAX_EDITS)
        if int(match[2][:3] or "1") > _MAX_EDITS:
            note(f"a word may differ in at most {_MAX_EDITS} letters, so ~{match[2][:8]} was read as ~{_MAX_EDITS}")
        if "*" not in core and "?" not in core:
            return _fuzzy(words(core), distance, level) or [word(text, level) for text in words(chunk)]
        note("~ after a pattern was ignored")
    return _patterns(core, words, level)


def _fuzzy(texts: list[str], distance: int, level: Level | None) -> list[Node]:
    nodes: list[Node] = [word(text, level) for text in texts]
    if nodes and distance:
        nodes[-1] = Fuzzy(texts[-1], distance)
    return nodes


def _patterns(core: str, words: Words, level: Level | None) -> list[Node]:
    if "*" in core and not any(map(str.isalnum, core)):
        return [Everything()]
    nodes: list[Node] = []
    at = 0
    core = _STARS.sub("*", _TIMES.sub(" ", core))
    for match in _PIECE.finditer(core):
        piece = match[0].strip("?" + _INVISIBLES)
        if "*" not in piece and "?" not in piece:
            continue
        nodes += [word(text, level) for text in words(core[at : match.start()])]
        at = match.end()
        if not any(c.isalnum() for c in piece):
            continue
        fixed = piece[:-1] if piece[-1] == "*" else ""
        nodes.append(Prefix(fixed) if fixed and "*" not in fixed and "?" not in fixed else Wildcard(piece))
    return nodes + [word(text, level) for text in words(core[at:])]
