"""Cut a query into brackets, bars, quoted parts and chunks; the parser gives them meaning.

A chunk is a run without white space, quotes, brackets or bars. The double quotes " “ ” „ ‟ ＂ ″ close each other,
« and » close each other either way round; a quote without a partner is punctuation, and so is an inch sign (55").
Invisible direction marks and joiners are dropped unless they stand inside a word, where the analyzer knows them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from arsearch.errors import QuerySyntaxError

__all__ = ["Lexed", "Lexeme", "LexemeKind", "Notes", "lex", "shown"]

LexemeKind = Literal["chunk", "phrase", "open", "close", "and", "or", "not"]

_MAX_NOTES = 20
_SHOWN = 40
_LETTER = r"\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
_INVISIBLE = r"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_CONTROLS = re.compile(rf"[{_INVISIBLE}]+")
_IS_LETTER = re.compile(rf"[{_LETTER}]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NEXT = re.compile(r"""\s*(?:(?P<chunk>[^\s()|"“”„‟＂″«»]+)|(?P<bars>\|+)|(?P<mark>[()"“”„‟＂″«»]))""")
_DOUBLE = re.compile('["“”„‟＂″]')
_SLOP = re.compile(r"~(\d+)")
_OPERATORS: dict[str, LexemeKind] = {"AND": "and", "OR": "or", "NOT": "not"}
_OTHER_DASH = re.compile(rf"[‐‑‒–—―−﹘﹣－⸺⸻]|(?<![{_LETTER}:.<>=])-|-(?![\w])")


class Lexeme(NamedTuple):
    """A piece of the query, `text` without its quotes, at `[start, end)` of the cleaned text.

    `free`: it stands at the start, or after white space, a bracket or a bar. `slop`: digits after `"..."~`, else "".
    """

    kind: LexemeKind
    text: str
    start: int
    end: int
    free: bool
    slop: str = ""


class Lexed(NamedTuple):
    """The pieces in order, the cleaned text, and whether a dash other than a prefix `-` or a hyphen stands in it."""

    text: str
    lexemes: list[Lexeme]
    dashed: bool


class Notes:
    """Collects what to tell the user. A note about syntax raises instead when parsing is strict."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.messages: dict[str, None] = {}
        self.columns: list[int] | None = None

    def syntax(self, message: str, position: int) -> None:
        """Note, or if strict raise, a mistake at `position` of the cleaned text."""
        if self.strict:
            raise QuerySyntaxError(message, 1 + (self.columns[position] if self.columns else position))
        self.say(message)

    def say(self, message: str) -> None:
        """Note something that is no mistake; each message once, the first 20 only."""
        if len(self.messages) < _MAX_NOTES:
            self.messages[message] = None


def shown(text: str) -> str:
    """A piece of the query as a note prints it: quoted, safe to print, cut at 40 characters."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def lex(text: str, notes: Notes) -> Lexed:
    """Cut `text` into lexemes; positions are in the cleaned text, which `notes` maps back to columns."""
    text = _clean(text, notes)
    lexemes: list[Lexeme] = []
    dashed, closers_left = False, {"double": True, "«": True, "»": True}
    at, free_end = 0, 0
    while match := _NEXT.match(text, at):
        group = match.lastgroup
        assert group is not None
        start, end = match.span(group)
        piece = match[group]
        free = start > at or at == free_end
        at = end
        if group == "chunk":
            prefix = free and piece[0] in "+-" and (len(piece) > 1 or _opens(text, end))
            dashed = dashed or bool(_OTHER_DASH.search(piece, 1 if prefix else 0))
            lexemes.append(Lexeme(_OPERATORS.get(piece, "chunk"), piece, start, end, free))
        elif group == "bars":
            lexemes.append(Lexeme("or", piece, start, end, free))
            free_end = end
        elif piece in "()":
            lexemes.append(Lexeme("open" if piece == "(" else "close", piece, start, end, free))
            free_end = end if piece == "(" else free_end
        elif piece == '"' and start and text[start - 1].isdecimal():
            continue
        else:
            late = piece == "»" and not free  # it closes what was never opened
            closer = -1 if late else _closer(text, piece, end, closers_left)
            if closer < 0:
                notes.syntax(f"{shown(piece)} has no partner and was read as punctuation", start)
                continue
            at = closer + 1
            slop = _SLOP.match(text, at)
            at = slop.end() if slop else at
            lexemes.append(Lexeme("phrase", text[end:closer], start, at, free, slop[1] if slop else ""))
    return Lexed(text, lexemes, dashed)


def _clean(text: str, notes: Notes) -> str:
    text = _SURROGATE.sub("\ufffd", text)
    strays = [match for match in _CONTROLS.finditer(text) if not _inside_word(text, *match.span())]
    if not strays:
        return text
    kept: list[str] = []
    columns: list[int] = []
    at = 0
    for match in strays:
        kept.append(text[at : match.start()])
        columns += range(at, match.start())
        at = match.end()
    kept.append(text[at:])
    columns += range(at, len(text) + 1)
    notes.columns = columns
    return "".join(kept)


def _inside_word(text: str, start: int, end: int) -> bool:
    return bool(start and _IS_LETTER.match(text, start - 1) and _IS_LETTER.match(text, end))


def _opens(text: str, at: int) -> bool:
    return text[at : at + 1] in tuple('("“”„‟＂″«»')


def _closer(text: str, quote: str, at: int, closers_left: dict[str, bool]) -> int:
    """Where the partner of `quote` stands, or -1. A failed search is remembered, so that many are still linear."""
    partner = {"«": "»", "»": "«"}.get(quote, "double")
    if not closers_left[partner]:
        return -1
    if partner == "double":
        match = _DOUBLE.search(text, at)
        found = match.start() if match else -1
    else:
        found = text.find(partner, at)
    closers_left[partner] = found >= 0
    return found
