"""The grammar of queries: operators, brackets, and operands side by side.

    query   := side (OR side)*             OR is also written |
    side    := clauses (AND clauses)*
    clauses := ([NOT] operand)+            words side by side bind tightest: a b | c d is (a b) | (c d)

`arsearch.query.operands` parses the operands. A plain query of words needs none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from arsearch.query.builders import all_of, any_of, bag
from arsearch.query.lexer import Lexed, Lexeme, Notes, shown
from arsearch.query.operands import OperandParser, Scope
from arsearch.query.terms import Words, word
from arsearch.query.tree import Clause, Node, Occur

__all__ = ["MAX_DEPTH", "Grammar"]

MAX_DEPTH = 20
"""Brackets within brackets; deeper ones are punctuation."""

_OPERATORS = ("AND", "OR", "NOT")


class Grammar(OperandParser):
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
