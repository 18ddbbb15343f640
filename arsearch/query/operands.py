"""Parse the operands of a query: words, patterns, phrases and values, with the sign and the names before them.

    operand := [+ | -] [name:]... ([=] word | pattern | value | [= | ~] "phrase" | [=] ( query ))

`name:` is a field, or asks for the root of the words (`root:`). The parser of queries supplies the groups in brackets.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from arsearch.dates.calendars import fold
from arsearch.model import Level
from arsearch.query.builders import bag, in_field
from arsearch.query.fields import ROOT_NAMES, read_keywords, resolve_field
from arsearch.query.lexer import KEPT_WORDS, MAX_WORDS, Lexed, Lexeme, Notes, is_negative_number, shown
from arsearch.query.terms import Words, cut_at_colons, read_term, trimmed, word
from arsearch.query.tree import Clause, Everything, Node, Occur, Phrase, PhraseKind, Range, Word
from arsearch.query.values import HIJRI_YEAR, is_date, read_value

__all__ = ["MAX_PHRASE", "MAX_SLOP", "OperandParser", "Scope"]

MAX_PHRASE = 64
"""The words kept of one phrase: highlighting checks each word of a phrase at each place of each other word."""
MAX_SLOP = 1000

_DATE_CHUNKS = 6  # "21 كانون الثاني 2015 .. 3 شباط" has several chunks
_VALUE_KINDS = frozenset(("int", "float", "date", HIJRI_YEAR))
_PHRASE_KINDS: dict[str, PhraseKind] = {"": "normal", "=": "literal", "~": "stemmed"}
_NAMED = re.compile(r"([^:]+):(?!//)(.*)")
_UNKNOWN_FIELD = re.compile(r"[^\W\d]\w*:[^\W_]")
_Item = TypeVar("_Item")


class Scope(NamedTuple):
    """The context of an operand: its field and the field's kind, the level of its words, and the depth of its brackets."""

    field: str | None = None
    kind: str | None = None
    level: Level | None = None
    depth: int = 0

    @property
    def has_values(self) -> bool:
        """Whether the field holds dates or numbers rather than words."""
        return self.kind in _VALUE_KINDS


class OperandParser(ABC):
    """Parses operands from a list of lexemes and keeps the place in it; a subclass parses the query in brackets."""

    def __init__(self, lexed: Lexed, fields: Mapping[str, str], words: Words, notes: Notes) -> None:
        self.text, self.lexemes, self.dashed = lexed
        self.fields = fields
        self.words_in_quotes = trimmed(words)
        self.words = cut_at_colons(self.words_in_quotes)
        self.notes = notes
        self.next = 0
        self.budget = MAX_WORDS

    @abstractmethod
    def group(self, opening: Lexeme, scope: Scope) -> list[Node]:
        """Parse the query between brackets; `opening` has been read."""

    def peek(self) -> Lexeme | None:
        """Return the next lexeme, or `None` at the end."""
        return self.lexemes[self.next] if self.next < len(self.lexemes) else None

    def take(self, items: Sequence[_Item]) -> list[_Item]:
        """Return the items that the limit on words still allows. At the limit, parsing ends."""
        if len(items) > self.budget:
            items = items[: self.budget]
            self.notes.add(KEPT_WORDS)
            self.next = len(self.lexemes)
        self.budget -= len(items)
        return list(items)

    def chunk(self, lexeme: Lexeme, scope: Scope, *, negated: bool) -> tuple[Occur, list[Node]]:
        """Parse a chunk that has been read, and the phrase or group attached to it; `negated` means that NOT precedes it.

        Several words behind a sign, a name or NOT become one node.
        """
        attached = self.attached(lexeme)
        occur, unsigned = self.sign(lexeme, attached)
        scope, start = self.names(lexeme, unsigned, attached, scope)
        named, valued, body = start > unsigned, scope.has_values, lexeme.text[start:]
        if attached and body in _PHRASE_KINDS and (attached.kind == "phrase" or body != "~"):
            self.next += 1
            nodes = (
                self.quoted(attached, scope, body) if attached.kind == "phrase" else self.inner(attached, scope, body)
            )
        elif valued:
            nodes = self.value(lexeme, lexeme.start + start, scope, named=named)
        else:
            nodes = self.term(body, scope, attached)
        if negated or occur != "should" or (named and not valued):
            nodes = _as_unit(nodes)
        if scope.field is not None and not valued:
            nodes = [in_field(scope.field, node) for node in nodes]
        return occur, nodes

    def attached(self, lexeme: Lexeme) -> Lexeme | None:
        """Return the phrase or opening bracket that follows a chunk without a space."""
        following = self.peek()
        touches = following is not None and following.start == lexeme.end and following.kind in ("open", "phrase")
        return following if touches else None

    def sign(self, lexeme: Lexeme, attached: Lexeme | None) -> tuple[Occur, int]:
        """Return the meaning of the sign before a chunk, and the number of characters to skip for it."""
        sign, following = lexeme.text[0], lexeme.text[1:2]
        skipped = int(self.dashed and lexeme.free and sign == "-" and bool(following))
        if sign not in "+-" or not lexeme.free or not (following or attached) or following in ("+", "-"):
            return "should", skipped
        if sign == "+":
            return "must", 1
        if is_negative_number(lexeme.text):
            self.notes.add(f"{shown(lexeme.text)} was read as a number; write NOT to exclude it")
            return "should", 1
        if not self.dashed:
            return "must_not", 1
        self.notes.syntax(
            f"{shown(lexeme.text)} excludes nothing, because the query has another dash; write NOT to exclude",
            lexeme.start,
        )
        return "should", skipped

    def names(self, lexeme: Lexeme, start: int, attached: Lexeme | None, scope: Scope) -> tuple[Scope, int]:
        """Return the scope of a chunk's value, and where in the chunk the value starts; its names start at `start`."""
        end = start
        if ":" not in lexeme.text:
            return scope, end
        while (named := self.name(lexeme, end, attached, scope, first=end == start)) is not None:
            scope, end = named, lexeme.text.index(":", end) + 1
        return scope, end

    def name(self, lexeme: Lexeme, start: int, attached: Lexeme | None, scope: Scope, *, first: bool) -> Scope | None:
        """Return the scope that the name at `start` opens; `None` if there is no name, or only a word with a colon.

        `title:root:x` has two names. In `title:title:x` the second one is a word.
        """
        match = _NAMED.fullmatch(lexeme.text, start)
        if not match or not (match[2] or attached):
            return None
        field = resolve_field(match[1], self.fields)
        if _asks_for_root(match[1], field):
            return scope._replace(level=Level.ROOT) if first or scope.level is not Level.ROOT else None
        if field is not None:
            return scope._replace(field=field, kind=self.fields[field]) if first or scope.field is None else None
        if "date" in self.fields and fold(match[1]) == HIJRI_YEAR and (first or scope.field is None):
            return scope._replace(field="date", kind=HIJRI_YEAR)
        if first and not attached and _UNKNOWN_FIELD.match(lexeme.text, start):
            names = ", ".join(sorted(self.fields)) or "none"
            message = f"{shown(match[1])} is not a field, so it was searched as a word; fields: {names}"
            self.notes.syntax(message, lexeme.start)
        return None

    def inner(self, opening: Lexeme, scope: Scope, sign: str) -> list[Node]:
        """Parse a group behind a name or `=`. Its words inherit the level; only values inherit the field."""
        if sign:
            scope = scope._replace(level=Level.SURFACE)
        return self.group(opening, scope if scope.has_values else scope._replace(field=None, kind=None))

    def quoted(self, lexeme: Lexeme, scope: Scope, sign: str) -> list[Node]:
        """Parse a quoted part that has been read: a phrase, or a value of a date or number field."""
        if scope.has_values:
            return self.read_value(lexeme.text, scope, lexeme, lexeme.text)
        cut = self.words if scope.level is Level.ROOT else self.words_in_quotes
        words = self.take(cut(lexeme.text))
        if not words:
            self.notes.syntax("quotes without a word between them were ignored", lexeme.start)
            return []
        if len(words) > MAX_PHRASE:
            self.notes.syntax(f"kept the first {MAX_PHRASE} words of a phrase", lexeme.start)
            words = words[:MAX_PHRASE]
        if "*" in lexeme.text:
            self.notes.add(f"between quotes * stands for itself: {shown(lexeme.text)}")
        if scope.level is Level.ROOT:
            return _as_unit([word(text, Level.ROOT) for text in words])
        kind = "literal" if scope.level is Level.SURFACE else _PHRASE_KINDS[sign]
        slop = int(lexeme.slop[:6] or "0")
        if slop > MAX_SLOP:
            self.notes.add(f"~{slop} was read as ~{MAX_SLOP}, the widest distance")
        return [Phrase(tuple(words), min(slop, MAX_SLOP), kind)]

    def term(self, body: str, scope: Scope, attached: Lexeme | None) -> list[Node]:
        """Parse a chunk's words and patterns, or the range of a keyword field."""
        exact = len(body) > 1 and body[0] == "="
        if exact:
            body, scope = body[1:], scope._replace(level=Level.SURFACE)
        bounds = read_keywords(body) if scope.kind == "keyword" else None
        if bounds and scope.field:
            if bounds.swapped:
                self.notes.add(f"range {shown(body)} runs backwards; its ends were swapped")
            return self.take([Range(scope.field, bounds.low, bounds.high)])
        nodes = self.take(read_term(body, "«" if attached else "", self.words, scope.level, self.notes.add))
        return _as_unit(nodes) if exact else nodes

    def value(self, lexeme: Lexeme, start: int, scope: Scope, *, named: bool) -> list[Node]:
        """Parse the value of a date or number field. A date may take up the next chunks, as 21 يوليو 2015 does."""
        end = self.next
        while scope.kind == "date" and end - self.next < _DATE_CHUNKS and end < len(self.lexemes):
            following = self.lexemes[end]
            if following.kind != "chunk" or (following.text[0] in "+-" and len(following.text) > 1):
                break
            end += 1
        for after in range(end, self.next, -1):  # the longest date wins
            text = self.text[start : self.lexemes[after - 1].end]
            if is_date(text):
                self.next = after
                return self.read_value(text, scope, lexeme, text)
        text = self.text[start : lexeme.end]
        return self.read_value(text, scope, lexeme, lexeme.text if named else text)

    def read_value(self, text: str, scope: Scope, lexeme: Lexeme, whole: str) -> list[Node]:
        """Read one value or range. An unreadable one is ignored if it has digits; otherwise the words of `whole` count."""
        value = read_value(text, scope.field or "", scope.kind or "")
        for note in value.notes:
            self.notes.add(note)
        if value.node is not None:
            return self.take([value.node])
        if any(char.isdecimal() for char in text):
            self.notes.syntax(f"{value.problem}; it was ignored", lexeme.start)
            self.take([Everything()])  # an ignored value counts towards the limit too
            return []
        if value.problem:
            self.notes.syntax(f"{value.problem}; it was searched as words", lexeme.start)
        return self.take([word(text) for text in self.words(whole.lstrip("+-"))])


def _asks_for_root(name: str, field: str | None) -> bool:
    return fold(name) in ROOT_NAMES and (field is None or not name.isascii())


def _as_unit(nodes: Sequence[Node]) -> list[Node]:
    """Return several nodes as one: words as a phrase, other nodes and words searched by root as a bag."""
    if len(nodes) < 2:
        return list(nodes)
    words = [node for node in nodes if isinstance(node, Word) and node.level is not Level.ROOT]
    if len(words) == len(nodes):
        exact = any(node.level is Level.SURFACE for node in words)
        return [Phrase(tuple(node.text for node in words), kind="literal" if exact else "normal")]
    unit = bag(Clause(node) for node in nodes)
    return [] if unit is None else [unit]
