"""Cut a query into lexemes: brackets, bars, quoted parts and chunks; the parser gives them meaning.

A chunk is a run without white space, quotes, brackets or bars. The double quotes " “ ” „ ‟ ＂ ″ close each other,
« and » close each other either way round. A quote without a partner is punctuation, and so is an inch sign (55").
Invisible direction marks and joiners are dropped, except inside a word, where the analyzer handles them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from arsearch.errors import QuerySyntaxError

__all__ = ["KEPT_WORDS", "MAX_WORDS", "Lexed", "Lexeme", "LexemeKind", "Notes", "is_negative_number", "lex", "shown"]

LexemeKind = Literal["chunk", "phrase", "open", "close", "and", "or", "not"]

MAX_WORDS = 1024
"""The words, patterns and ranges kept of one query."""
KEPT_WORDS = f"kept the first {MAX_WORDS:,} words of the query"

_MAX_NOTES = 20
_MAX_SHOWN = 40
_LETTER = r"\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
_INVISIBLE = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_INVISIBLES = re.compile(rf"[{_INVISIBLE}]+")
_IS_LETTER = re.compile(rf"[{_LETTER}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LEXEME = re.compile(
    r"""\s*(?:(?P<chunk>[^\s()|"“”„‟＂″«»]+)|(?P<bars>\|+)|(?P<bracket>[()])|(?P<quote>["“”„‟＂″«»]))"""
)
_DOUBLE_QUOTE = re.compile('["“”„‟＂″]')
_SLOP = re.compile(r"~(\d+)")
_WORD_KINDS: dict[str, LexemeKind] = {"AND": "and", "OR": "or", "NOT": "not"}
_BRACKET_KINDS: dict[str, LexemeKind] = {"(": "open", ")": "close"}
_MINUS_SIGNS = ("-", "−", "﹣", "－")

_PUNCTUATION_DASH = re.compile(rf"[‐‑‒–—―−﹘﹣－⸺⸻]|(?<![{_LETTER}:.<>=])-|-(?![\w])")


class Lexeme(NamedTuple):
    """A piece of the query at `[start, end)` of the cleaned text; `text` leaves the quotes of a phrase out.

    `free` means that the piece follows white space, an opening bracket, a bar or nothing. `slop` holds the digits after
    `"..."~`, or is empty.
    """

    kind: LexemeKind
    text: str
    start: int
    end: int
    free: bool
    slop: str = ""


class Lexed(NamedTuple):
    """The cleaned text and its lexemes in order.

    `dashed` tells whether the text has a dash that is punctuation: neither a hyphen nor the sign before a chunk.
    """

    text: str
    lexemes: list[Lexeme]
    dashed: bool


class Notes:
    """Collects the notes on a query. In strict mode a note on syntax is raised instead."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.messages: dict[str, None] = {}
        self.columns: list[int] | None = None
        """The column of each character of the cleaned text, counted from 0; `None` where the two are the same."""

    def syntax(self, message: str, position: int) -> None:
        """Note a mistake at `position` of the cleaned text. In strict mode raises QuerySyntaxError."""
        if self.strict:
            raise QuerySyntaxError(message, 1 + (self.columns[position] if self.columns else position))
        self.add(message)

    def add(self, message: str) -> None:
        """Add a note that reports no mistake. Only the first 20 different notes are kept."""
        if len(self.messages) < _MAX_NOTES:
            self.messages[message] = None


def shown(text: str) -> str:
    """Return a piece of the query as notes print it: quoted, safe to print, cut at 40 characters."""
    return repr(text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…")


def is_negative_number(text: str) -> bool:
    """Return whether a chunk begins with a minus sign before a digit."""
    return text.startswith(_MINUS_SIGNS) and text[1:2].isdecimal()


def lex(text: str, notes: Notes) -> Lexed:
    """Cut `text` into lexemes, in time linear in its length.

    Positions are those of the cleaned text; `notes` maps them back to columns.
    """
    return _Lexer(_clean(text, notes), notes).run()


class _Lexer:
    """Cuts one text. A method reads the lexeme at `[start, end)` and returns where the next one may start."""

    def __init__(self, text: str, notes: Notes) -> None:
        self.text = text
        self.notes = notes
        self.lexemes: list[Lexeme] = []
        self.dashed = False
        self.free_end = 0  # the end of the last bar or opening bracket
        self.has_closer = {"double": True, "«": True, "»": True}

    def run(self) -> Lexed:
        read = {"chunk": self.chunk, "bars": self.bars, "bracket": self.bracket, "quote": self.quote}
        end = 0
        while match := _LEXEME.match(self.text, end):
            group = match.lastgroup or ""
            start = match.start(group)
            free = start > end or end == self.free_end
            end = read[group](match[group], start, match.end(), free)
        return Lexed(self.text, self.lexemes, self.dashed)

    def chunk(self, text: str, start: int, end: int, free: bool) -> int:
        signed = free and ((text[0] in "+-" and (len(text) > 1 or self.opens(end))) or is_negative_number(text))
        self.dashed = self.dashed or bool(_PUNCTUATION_DASH.search(text, 1 if signed else 0))
        self.lexemes.append(Lexeme(_WORD_KINDS.get(text, "chunk"), text, start, end, free))
        return end

    def bars(self, text: str, start: int, end: int, free: bool) -> int:
        self.lexemes.append(Lexeme("or", text, start, end, free))
        self.free_end = end
        return end

    def bracket(self, text: str, start: int, end: int, free: bool) -> int:
        self.lexemes.append(Lexeme(_BRACKET_KINDS[text], text, start, end, free))
        if text == "(":
            self.free_end = end
        return end

    def quote(self, text: str, start: int, end: int, free: bool) -> int:
        if text == '"' and start and self.text[start - 1].isdecimal():
            return end  # an inch sign
        unopened = text == "»" and not free
        closer = -1 if unopened else self.closer(text, end)
        if closer < 0:
            self.notes.syntax(f"{shown(text)} has no partner and was read as punctuation", start)
            return end
        slop = _SLOP.match(self.text, closer + 1)
        after = slop.end() if slop else closer + 1
        self.lexemes.append(Lexeme("phrase", self.text[end:closer], start, after, free, slop[1] if slop else ""))
        return after

    def opens(self, position: int) -> bool:
        return self.text[position : position + 1] in tuple('("“”„‟＂″«»')

    def closer(self, quote: str, position: int) -> int:
        """Return the position of the quote's partner, or -1. A failed search is remembered, so each fails only once."""
        partner = {"«": "»", "»": "«"}.get(quote, "double")
        if not self.has_closer[partner]:
            return -1
        if partner == "double":
            match = _DOUBLE_QUOTE.search(self.text, position)
            closer = match.start() if match else -1
        else:
            closer = self.text.find(partner, position)
        self.has_closer[partner] = closer >= 0
        return closer


def _clean(text: str, notes: Notes) -> str:
    """Return the text without invisible characters outside words, and set `notes.columns` if there were any."""
    text = _SURROGATE.sub("\ufffd", text)
    strays = [match for match in _INVISIBLES.finditer(text) if not _is_inside_word(text, *match.span())]
    if not strays:
        return text
    pieces: list[str] = []
    columns: list[int] = []
    start = 0
    for match in strays:
        pieces.append(text[start : match.start()])
        columns += range(start, match.start())
        start = match.end()
    pieces.append(text[start:])
    columns += range(start, len(text) + 1)
    notes.columns = columns
    return "".join(pieces)


def _is_inside_word(text: str, start: int, end: int) -> bool:
    return bool(start and _IS_LETTER.match(text, start - 1) and _IS_LETTER.match(text, end))
