"""One chunk of a query to its words and patterns: كتاب  كتا*  كت?ب  كتاب~1

`*` and a `?` with letters on both sides make a pattern; any other `?`, and ؟ always, is punctuation. Addresses (http://...)
hold no patterns, and a star between digits is a multiplication sign. Patterns keep the text as typed.
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
"""Cuts a text into written words: the analyzer's `Tokenizer.words`."""

PUNCTUATION = "؟?،,؛;.!…:"
"""What may stand after a word, or after its pattern, without belonging to it."""

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
_MOST_EDITS = 2


def split_words(text: str) -> list[str]:
    """Runs of letters, digits and marks, also with one of - . : inside: what serves when no tokenizer is given."""
    return _WORDISH.findall(text)


def trimmed(words: Words) -> Words:
    """The same cutter, its words without invisible characters around them."""

    def cut(text: str) -> list[str]:
        return [bare for found in words(text) if (bare := found.strip(_INVISIBLES))]

    return cut


def cut_at_colons(words: Words) -> Words:
    """The same cutter, but that also cuts at colons between names, lest a word `--title:x` be taken for a field.

    Times (10:30) and addresses (http://...) stay whole.
    """

    def cut(text: str) -> list[str]:
        found = words(text)
        if ":" not in text:
            return found
        return [whole for part in found for name in _COLON.split(part) for whole in words(name)]

    return cut


def word(text: str, level: Level | None = None) -> Word:
    """A word; one that looks like an operator is written small, which Latin words are compared as anyway."""
    return Word(text.lower() if text in _OPERATORS else text, level)


def read_term(chunk: str, following: str, words: Words, level: Level | None, note: Callable[[str], None]) -> list[Node]:
    """The words and patterns of a chunk, in order.

    `following` is « if a quote or bracket touches the chunk, else "": the tokenizer drops the clitic of و«كتاب» by it.
    """
    core = chunk.rstrip(PUNCTUATION)
    if "://" in core or not any(sign in core for sign in "*?~"):
        return [word(text, level) for text in words(chunk + following)]
    distance = None
    if match := _FUZZY.fullmatch(core):
        core, distance = match[1], min(int(match[2][:3] or "1"), _MOST_EDITS)
        if int(match[2][:3] or "1") > _MOST_EDITS:
            note(f"a word may differ in at most {_MOST_EDITS} letters, so ~{match[2][:8]} was read as ~{_MOST_EDITS}")
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
