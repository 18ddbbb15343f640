"""Parse a query that a user typed into a tree (`arsearch.query.tree`) and notes.

    query   := side (OR side)*             OR is also written |
    side    := clauses (AND clauses)*
    clauses := ([NOT] operand)+            words side by side bind tightest: a b | c d is (a b) | (c d)

`arsearch.query.operands` parses the operands. The parser is lenient unless `strict`: it reads mistakes as words or
ignores them, and adds a note. `-x` excludes only if the query has no other dash, and a query of exclusions alone
searches their words: in news text most dashes (-وفق المصدر-) are punctuation. Depth, words and notes are bounded, and
time is linear in the length of the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from arsearch.query.builders import all_of, any_of, bag
from arsearch.query.lexer import Lexed, Lexeme, Notes, lex, shown
from arsearch.query.numbers import cut_numbers, with_numbers
from arsearch.query.operands import KEPT_WORDS, MAX_PHRASE, MAX_SLOP, MAX_WORDS, OperandParser, Scope
from arsearch.query.questions import is_question
from arsearch.query.terms import Words, split_words, word
from arsearch.query.traversal import contradictions, is_negative, iter_operands, iter_words
from arsearch.query.tree import Bag, Clause, Node, Occur, Word

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_PHRASE", "MAX_SLOP", "MAX_WORDS", "Parsed", "parse"]

MAX_LENGTH = 100_000
"""The characters read of one query."""
MAX_DEPTH = 20
"""Brackets within brackets; deeper ones are punctuation."""

_SPECIAL = re.compile(
    r"""["“”„‟＂″«»()|*?~=:+‐‑‒–—―−﹘﹣－⸺⸻\ud800-\udfff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"""
    r"|(?:^|\s)-|AND|OR|NOT"
)
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tree of a query (`None` for an empty one), the notes for the user, and whether the query is a question."""

    root: Node | None
    notes: tuple[str, ...] = ()
    question: bool = False


def parse(text: str, *, fields: Mapping[str, str], words: Words | None = None, strict: bool = False) -> Parsed:
    """Parse a query.

    `fields` maps the names of the index's fields to their kinds (text, keyword, int, float, date). `words` cuts a text
    into written words, as the analyzer does. Raises nothing, except with `strict`: QuerySyntaxError at the first mistake.
    """
    words = cut_numbers(words or split_words)
    notes = Notes(strict)
    if len(text) > MAX_LENGTH:
        notes.syntax(f"kept the first {MAX_LENGTH:,} characters of the query", MAX_LENGTH)
        text = text[:MAX_LENGTH]
    if not _SPECIAL.search(text):
        return _parse_plain(text, words, notes)
    root = _Parser(lex(text, notes), fields, words, notes).query()
    if root is not None and is_negative(root):
        notes.add("the query has only exclusions, so they were searched as words")
        root = bag(Clause(operand) for operand in iter_operands(root))
    for node in contradictions(root):
        notes.add(f"{shown(str(node))} is both searched for and excluded")
    return Parsed(root, tuple(notes.messages), is_question(text, list(iter_words(root))))


def _parse_plain(text: str, words: Words, notes: Notes) -> Parsed:
    """Parse text without special characters, which is the common case, fast."""
    texts = words(text)
    if len(texts) > MAX_WORDS:
        texts = texts[:MAX_WORDS]
        notes.add(KEPT_WORDS)
    messages = tuple(notes.messages)
    if not texts:
        return Parsed(None, messages)
    clauses = with_numbers([Clause(Word(text)) for text in texts])
    root = clauses[0].node if len(clauses) == 1 else Bag(tuple(clauses))
    return Parsed(root, messages, is_question(text, texts))


class _Parser(OperandParser):
    """A recursive descent over the lexemes, at most `MAX_DEPTH` brackets deep."""

    def __init__(self, lexed: Lexed, fields: Mapping[str, str], words: Words, notes: Notes) -> None:
        super().__init__(lexed, fields, words, notes)
        self.ignored_brackets = 0  # opened beyond MAX_DEPTH and not yet closed

    def query(self) -> Node | None:
        """Parse the whole query. The operators of a query that has nothing else are searched as words."""
        operators = [lexeme.text for lexeme in self.lexemes if lexeme.text in _OPERATORS]
        if operators and not any(map(_has_content, self.lexemes)):
            self.notes.syntax("the query has only operators, so they were searched as words", 0)
            return bag(map(Clause, self.take(list(map(word, operators)))))
        return self.any_of(Scope())

    def any_of(self, scope: Scope) -> Node | None:
        return any_of(self.sides("or", self.all_of, scope))

    def all_of(self, scope: Scope) -> Node | None:
        return all_of(self.sides("and", self.clauses, scope))

    def sides(self, operator: str, parse_side: Callable[[Scope], Node | None], scope: Scope) -> list[Node]:
        """Parse the sides of an operator; an operator that lacks a side is ignored."""
        nodes: list[Node] = []
        before: Lexeme | None = None  # the operator before the side
        while True:
            side = parse_side(scope)
            if side is not None:
                nodes.append(side)
            following = self.peek()
            after = following if following is not None and following.kind == operator else None
            if side is None and (lame := before or after) and self.budget:
                self.notes.syntax(f"{shown(lame.text)} needs something on both sides and was ignored", lame.start)
            if after is None:
                return nodes
            before = after
            self.next += 1

    def clauses(self, scope: Scope) -> Node | None:
        """Parse operands side by side, up to an operator or the end of the group."""
        clauses: list[Clause] = []
        negation: Lexeme | None = None
        while (lexeme := self.peek()) and lexeme.kind not in ("or", "and"):
            if lexeme.kind == "close" and self.closes_group(scope):
                break
            self.next += 1
            if lexeme.kind == "close":
                self.ignore_bracket(lexeme)
            elif lexeme.kind == "not":
                negation = None if negation else lexeme
            else:
                occur, nodes = self.operand(lexeme, scope, negated=negation is not None)
                if nodes and negation:
                    occur = "must" if occur == "must_not" else "must_not"
                    negation = None
                clauses += [Clause(node, occur) for node in nodes]
        if negation and self.budget:
            self.notes.syntax("'NOT' has nothing after it and was ignored", negation.start)
        return bag(clauses)

    def closes_group(self, scope: Scope) -> bool:
        return scope.depth > 0 and not self.ignored_brackets

    def ignore_bracket(self, closing: Lexeme) -> None:
        if self.ignored_brackets:
            self.ignored_brackets -= 1
        else:
            self.notes.syntax("')' without '(' was ignored", closing.start)

    def operand(self, lexeme: Lexeme, scope: Scope, *, negated: bool) -> tuple[Occur, list[Node]]:
        if lexeme.kind == "open":
            return "should", self.group(lexeme, scope)
        if lexeme.kind == "phrase":
            return "should", self.quoted(lexeme, scope, "")
        return self.chunk(lexeme, scope, negated=negated)

    def group(self, opening: Lexeme, scope: Scope) -> list[Node]:
        if scope.depth >= MAX_DEPTH:
            self.ignored_brackets += 1
            self.notes.syntax(f"brackets more than {MAX_DEPTH} deep were ignored", opening.start)
            return []
        node = self.any_of(scope._replace(depth=scope.depth + 1))
        if self.peek() is not None:
            self.next += 1  # only the closing bracket ends the query of a group before the last lexeme
        elif self.budget:
            self.notes.syntax("'(' without ')' was closed at the end", opening.start)
        return [] if node is None else [node]


def _has_content(lexeme: Lexeme) -> bool:
    return lexeme.kind in ("chunk", "phrase") and ("*" in lexeme.text or any(map(str.isalnum, lexeme.text)))
