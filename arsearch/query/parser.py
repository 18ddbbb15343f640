"""Parse what a user typed into a tree (arsearch.query.tree) and notes.

    query  := side (OR side)*         OR is also written |
    side   := parts (AND parts)*      parts stand side by side and bind tightest: a b | c d is (a b) | (c d)
    part   := [NOT | + | -] [field:] [=] (word | pattern | "phrase" | ( query ))

Lenient unless asked: whatever does not fit is read as words or left out, with a note. `-x` excludes only where no
other dash stands in the query, and exclusions alone are searched as words: news text is full of dashes (-وفق المصدر-)
that are punctuation. Depth, words and notes are bounded, and time is linear in the length of the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from arsearch.model import Level
from arsearch.query.builders import all_of, any_of, bag, in_field
from arsearch.query.calendars import fold
from arsearch.query.fields import ROOT_NAMES, read_keywords, resolve_field
from arsearch.query.lexer import Lexed, Lexeme, Notes, lex, shown
from arsearch.query.questions import is_question
from arsearch.query.terms import Words, apart, read_term, split_words, trimmed, word
from arsearch.query.traversal import contradictions, is_negative, iter_operands, iter_words
from arsearch.query.tree import (
    Bag,
    Clause,
    Everything,
    Node,
    Occur,
    Phrase,
    PhraseKind,
    Range,
    Word,
)
from arsearch.query.values import is_date, read_value

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_PHRASE", "MAX_SLOP", "MAX_WORDS", "Parsed", "parse"]

MAX_WORDS = 1024
"""Words, patterns and ranges kept of one query."""
MAX_LENGTH = 100_000
"""Characters read of one query."""
MAX_PHRASE = 64
"""Words kept of one phrase: to mark it is work for each of its words at each place of each of them."""
MAX_DEPTH = 20
"""Brackets within brackets; deeper ones are punctuation."""
MAX_SLOP = 1000

_DATE_CHUNKS = 6  # "21 كانون الثاني 2015 .. 3 شباط" and the like stand in several chunks
_SPECIAL = re.compile(
    r"""["“”„‟＂″«»()|*?~=:+‐‑‒–—―−﹘﹣－⸺⸻\ud800-\udfff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"""
    r"|(?:^|\s)-|AND|OR|NOT"
)
_VALUES = frozenset(("int", "float", "date"))
_KEPT = f"kept the first {MAX_WORDS:,} words of the query"
_OPERATORS = ("AND", "OR", "NOT")
_KINDS: dict[str, PhraseKind] = {"": "normal", "=": "literal", "~": "stemmed"}
_Item = TypeVar("_Item")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query's tree (`None` when nothing is asked for), what to tell the user, and whether it is a question."""

    root: Node | None
    notes: tuple[str, ...] = ()
    question: bool = False


def parse(text: str, *, fields: Mapping[str, str], words: Words | None = None, strict: bool = False) -> Parsed:
    """Parse a query.

    `fields` maps the names of the index's fields to their kinds (text, keyword, int, float, date); `words` cuts text
    into written words as the analyzer does. Raises nothing, or with `strict` `QuerySyntaxError` at the first mistake.
    """
    words = words or split_words
    notes = Notes(strict)
    if len(text) > MAX_LENGTH:
        notes.syntax(f"kept the first {MAX_LENGTH:,} characters of the query", MAX_LENGTH)
        text = text[:MAX_LENGTH]
    if not _SPECIAL.search(text):
        return _plain(text, words, notes)
    parser = _Parser(lex(text, notes), fields, words, notes)
    root = parser.query()
    if root is not None and is_negative(root):
        notes.say("only exclusions: there is nothing to take them from, so they were searched as words")
        root = bag(Clause(part) for part in iter_operands(root))
    for part in contradictions(root):
        notes.say(f"{shown(str(part))} is both asked for and excluded")
    return Parsed(root, tuple(notes.messages), is_question(text, list(iter_words(root))))


def _plain(text: str, words: Words, notes: Notes) -> Parsed:
    """The fast way, for text without any special character."""
    found = words(text)
    if len(found) > MAX_WORDS:
        found = found[:MAX_WORDS]
        notes.say(_KEPT)
    said = tuple(notes.messages)
    if len(found) < 2:
        return Parsed(Word(found[0]) if found else None, said)
    return Parsed(Bag(tuple([Clause(Word(w)) for w in found])), said, is_question(text, found))


class _Scope(NamedTuple):
    """What a group inherits: the date or number field its values belong to, the level of its words."""

    field: str | None = None
    kind: str | None = None
    level: Level | None = None


class _Parser:
    """One pass over the lexemes by recursive descent, at most `MAX_DEPTH` brackets deep."""

    def __init__(self, lexed: Lexed, fields: Mapping[str, str], words: Words, notes: Notes) -> None:
        self.text, self.lexemes, self.dashed = lexed
        self.fields = fields
        self.words_in_quotes = trimmed(words)
        self.words = apart(self.words_in_quotes)
        self.notes = notes
        self.at = 0
        self.left = MAX_WORDS
        self.too_deep = 0

    def query(self) -> Node | None:
        """The whole query; operators alone are searched as words."""
        if not any(map(_says_something, self.lexemes)) and any(lexeme.text in _OPERATORS for lexeme in self.lexemes):
            self.notes.syntax("there is nothing but operators, so they were searched as words", 0)
            return bag(Clause(node) for node in self.take([word(x.text) for x in self.lexemes if x.text in _OPERATORS]))
        return self.any_of(0, _Scope())

    def any_of(self, depth: int, scope: _Scope) -> Node | None:
        return any_of(self.sides("or", depth, scope))

    def all_of(self, depth: int, scope: _Scope) -> Node | None:
        return all_of(self.sides("and", depth, scope))

    def sides(self, operator: str, depth: int, scope: _Scope) -> list[Node]:
        inner = self.all_of if operator == "or" else self.parts
        found: list[Node] = []
        pending: Lexeme | None = None
        while True:
            side = inner(depth, scope)
            if side is not None:
                found.append(side)
            following = self.peek()
            joins = following is not None and following.kind == operator
            if side is None and (lame := pending or (following if joins else None)) and self.left:
                self.notes.syntax(f"{shown(lame.text)} needs something on both sides and was ignored", lame.start)
            if following is None or not joins:
                return found
            pending = following
            self.at += 1

    def parts(self, depth: int, scope: _Scope) -> Node | None:
        clauses: list[Clause] = []
        negation: Lexeme | None = None
        while (lexeme := self.peek()) and lexeme.kind not in ("or", "and"):
            if lexeme.kind == "close":
                if depth and not self.too_deep:
                    break
                self.at += 1
                if self.too_deep:
                    self.too_deep -= 1
                else:
                    self.notes.syntax("')' without '(' was ignored", lexeme.start)
                continue
            self.at += 1
            if lexeme.kind == "not":
                negation = None if negation else lexeme
                continue
            occur, nodes = self.part(lexeme, depth, scope, unit=negation is not None)
            if nodes and negation:
                occur = "must" if occur == "must_not" else "must_not"
                negation = None
            clauses += [Clause(node, occur) for node in nodes]
        if negation and self.left:
            self.notes.syntax("'NOT' has nothing after it and was ignored", negation.start)
        return bag(clauses)

    def part(self, lexeme: Lexeme, depth: int, scope: _Scope, *, unit: bool) -> tuple[Occur, list[Node]]:
        if lexeme.kind == "open":
            return "should", self.group(lexeme, depth, scope)
        if lexeme.kind == "phrase":
            return "should", self.phrase(lexeme, scope, "")
        return self.chunk(lexeme, depth, scope, unit=unit)

    def chunk(self, lexeme: Lexeme, depth: int, scope: _Scope, *, unit: bool) -> tuple[Occur, list[Node]]:
        body, at = lexeme.text, lexeme.start
        beside = self.peek()
        if beside is None or beside.start != lexeme.end or beside.kind not in ("open", "phrase"):
            beside = None
        occur = self.prefix(lexeme, beside)
        if occur != "should" or (self.dashed and lexeme.free and body[0] == "-" and len(body) > 1):
            body, at = body[1:], at + 1
        inner, named = scope, False
        while (found := self.target(body, lexeme, beside, inner if named else None)) is not None:
            colon = body.index(":") + 1
            body, at, named = body[colon:], at + colon, True
            inner = inner._replace(level=found.level) if found.level else found._replace(level=inner.level)
        valued = inner.kind in _VALUES
        exact = len(body) > 1 and body[0] == "=" and not valued
        if beside and body in _KINDS and (beside.kind == "phrase" or body != "~"):
            self.at += 1
            nodes = (
                self.phrase(beside, inner, body) if beside.kind == "phrase" else self.inside(beside, depth, inner, body)
            )
        elif valued:
            nodes = self.value(lexeme, at, inner, named=named)
        else:
            level = Level.SURFACE if exact else inner.level
            nodes = self.term(body[1:] if exact else body, level, beside, inner)
        if unit or exact or occur != "should" or (named and not valued):
            nodes = _as_unit(nodes)
        if inner.field is not None and not valued:
            nodes = [in_field(inner.field, node) for node in nodes]
        return occur, nodes

    def prefix(self, lexeme: Lexeme, beside: Lexeme | None) -> Occur:
        sign, following = lexeme.text[0], lexeme.text[1:2]
        if sign not in "+-" or not lexeme.free or not (following or beside) or following in ("+", "-"):
            return "should"
        if sign == "+":
            return "must"
        if not self.dashed:
            return "must_not"
        self.notes.syntax(
            f"{shown(lexeme.text)} excludes nothing, because another dash stands in the query; write NOT to exclude",
            lexeme.start,
        )
        return "should"

    def target(self, body: str, lexeme: Lexeme, beside: Lexeme | None, outer: _Scope | None) -> _Scope | None:
        """The scope that the `name:` before the value opens; `None` if there is none, or if the name is mere text.

        `outer` is what a name before this one opened: `title:root:x` is both, `title:title:x` a word with a colon.
        """
        name, colon, value = body.partition(":")
        if not colon or not name or not (value or beside) or value.startswith("//"):
            return None
        field = resolve_field(name, self.fields)
        if fold(name) in ROOT_NAMES and (field is None or not name.isascii()):
            return _Scope(level=Level.ROOT) if outer is None or outer.level is not Level.ROOT else None
        if field is not None:
            return _Scope(field, self.fields[field]) if outer is None or outer.field is None else None
        if _NAME.fullmatch(name) and not beside and value[:1].isalnum() and outer is None:
            known = ", ".join(sorted(self.fields)) or "none"
            self.notes.syntax(
                f"{shown(name)} is not a field, so it was searched as a word; fields: {known}", lexeme.start
            )
        return None

    def inside(self, opening: Lexeme, depth: int, scope: _Scope, mark: str) -> list[Node]:
        """A group behind a field or `=`: its words inherit the level, and the field if that has values, not words."""
        if mark:
            scope = scope._replace(level=Level.SURFACE)
        return self.group(opening, depth, scope if scope.kind in _VALUES else _Scope(level=scope.level))

    def group(self, opening: Lexeme, depth: int, scope: _Scope) -> list[Node]:
        if depth >= MAX_DEPTH:
            self.too_deep += 1
            self.notes.syntax(f"brackets more than {MAX_DEPTH} deep were ignored", opening.start)
            return []
        node = self.any_of(depth + 1, scope)
        if self.peek() is not None:
            self.at += 1  # the closing bracket: nothing else ends a query inside a group
        elif self.left:
            self.notes.syntax("'(' without ')' was closed at the end", opening.start)
        return [] if node is None else [node]

    def phrase(self, lexeme: Lexeme, scope: _Scope, mark: str) -> list[Node]:
        if scope.kind in _VALUES:
            return self.read_value(lexeme.text, scope, lexeme, lexeme.text)
        cut = self.words if scope.level is Level.ROOT else self.words_in_quotes
        found = self.take(cut(lexeme.text))
        if not found:
            self.notes.syntax("quotes without a word between them were ignored", lexeme.start)
            return []
        if len(found) > MAX_PHRASE:
            self.notes.syntax(f"kept the first {MAX_PHRASE} words of a phrase", lexeme.start)
            found = found[:MAX_PHRASE]
        if "*" in lexeme.text:
            self.notes.say(f"between quotes * stands for itself: {shown(lexeme.text)}")
        if scope.level is Level.ROOT:
            return _as_unit([word(text, Level.ROOT) for text in found])
        kind = "literal" if scope.level is Level.SURFACE else _KINDS[mark]
        slop = int(lexeme.slop[:6] or "0")
        if slop > MAX_SLOP:
            self.notes.say(f"~{slop} was read as ~{MAX_SLOP}, the widest distance")
        return [Phrase(tuple(found), min(slop, MAX_SLOP), kind)]

    def term(self, body: str, level: Level | None, beside: Lexeme | None, scope: _Scope) -> list[Node]:
        bounds = read_keywords(body) if scope.field and scope.kind == "keyword" else None
        if bounds and scope.field:
            if bounds.swapped:
                self.notes.say(f"range {shown(body)} runs backwards; its ends were swapped")
            return self.take([Range(scope.field, bounds.low, bounds.high)])
        following = "«" if beside is not None else ""
        return self.take(read_term(body, following, self.words, level, self.notes.say))

    def value(self, lexeme: Lexeme, at: int, scope: _Scope, *, named: bool) -> list[Node]:
        """The value of a date or number field; a date may go on over the next chunks, as 21 يوليو 2015 does."""
        stop = self.at
        while scope.kind == "date" and stop - self.at < _DATE_CHUNKS and stop < len(self.lexemes):
            following = self.lexemes[stop]
            if following.kind != "chunk" or (following.text[0] in "+-" and len(following.text) > 1):
                break
            stop += 1
        for end in range(stop, self.at, -1):
            text = self.text[at : self.lexemes[end - 1].end]
            if is_date(text):
                self.at = end
                return self.read_value(text, scope, lexeme, text)
        text = self.text[at : lexeme.end]
        return self.read_value(text, scope, lexeme, lexeme.text if named else text)

    def read_value(self, text: str, scope: _Scope, lexeme: Lexeme, whole: str) -> list[Node]:
        """One value or range. If unreadable, it is left out when it has digits, else read as the words of `whole`."""
        found = read_value(text, scope.field or "", scope.kind or "")
        for note in found.notes:
            self.notes.say(note)
        if found.node is not None:
            return self.take([found.node])
        if any(c.isdecimal() for c in text):
            self.notes.syntax(f"{found.problem}; it was ignored", lexeme.start)
            self.take([Everything()])  # counts against the limit all the same
            return []
        if found.problem:
            self.notes.syntax(f"{found.problem}; it was searched as words", lexeme.start)
        return self.take([word(w) for w in self.words(whole.lstrip("+-"))])

    def take(self, items: Sequence[_Item]) -> list[_Item]:
        """As many of the items as the limit on words allows; at the limit parsing ends."""
        if len(items) > self.left:
            items = items[: self.left]
            self.notes.say(_KEPT)
            self.at = len(self.lexemes)
        self.left -= len(items)
        return list(items)

    def peek(self) -> Lexeme | None:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None


def _says_something(lexeme: Lexeme) -> bool:
    return lexeme.kind in ("chunk", "phrase") and ("*" in lexeme.text or any(map(str.isalnum, lexeme.text)))


def _as_unit(nodes: Sequence[Node]) -> list[Node]:
    """What stands behind a sign or a field as one thing: several words of a chunk are a phrase, roots a bag."""
    texts = [node.text for node in nodes if isinstance(node, Word) and node.level is not Level.ROOT]
    if len(nodes) < 2:
        return list(nodes)
    if len(texts) == len(nodes):
        exact = any(isinstance(node, Word) and node.level is Level.SURFACE for node in nodes)
        return [Phrase(tuple(texts), kind="literal" if exact else "normal")]
    unit = bag(Clause(node) for node in nodes)
    return [] if unit is None else [unit]
