"""Read a value of a keyword field as words if no article has it: `مصدر:الجزيرة` where no source is called الجزيرة.

The colon of a headline looks like the colon of a field, and not every field has what its name promises. Values are compared
by the terms of their words, so case, hamza and clitics do not matter. Exclusions stay, because no article has what they
exclude.

Limits: a phrase is absent if one of its words is absent. Patterns, misspellings and roots are never absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM
from arsearch.query import And, Bag, InField, Node, Or, Phrase, Word, iter_leaves
from arsearch.query.lexer import shown
from arsearch.query.traversal import parts, rewritten
from arsearch.search.scored_clauses import ScoredClauseBuilder
from arsearch.search.statistics import TermKey

__all__ = ["AbsentValues"]


@dataclass(frozen=True, slots=True)
class AbsentValues:
    """Refines the values of one query. `words` analyses its words, and `kinds` has the kind of each field."""

    words: ScoredClauseBuilder
    kinds: Mapping[str, str]

    def keys(self, root: Node) -> Iterator[TermKey]:
        """Yield the terms of the words of all values."""
        if self._is_value(root):
            for leaf in iter_leaves(root.child):
                yield from self._keys_of(leaf, root.field)
            return
        for clause in parts(root):
            if clause.occur != "must_not":
                yield from self.keys(clause.node)

    def refine(self, root: Node, frequency: Callable[[TermKey], int | None]) -> tuple[Node, tuple[str, ...]]:
        """Return the tree with the words of absent values in the place of the values, and a note for each of them."""
        notes: list[str] = []

        def refined(node: Node) -> Node:
            if not self._is_value(node):
                return rewritten(node, refined)
            if not self._is_absent(node.child, node.field, frequency):
                return node
            value = shown(str(node.child))
            notes.append(f"no article has {value} in the field {node.field!r}, so it was searched as words")
            return node.child

        return refined(root), tuple(notes)

    def _is_value(self, node: Node) -> TypeGuard[InField]:
        return isinstance(node, InField) and self.kinds.get(node.field) == "keyword"

    def _is_absent(self, node: Node, field: str, frequency: Callable[[TermKey], int | None]) -> bool:
        """Return whether no value of the field can match a node."""
        if isinstance(node, Bag | And | Or):
            inner = [clause.node for clause in parts(node) if clause.occur != "must_not"]
            absent = [self._is_absent(part, field, frequency) for part in inner]
            return any(absent) if isinstance(node, And) else bool(absent) and all(absent)
        return any(frequency(key) == 0 for key in self._keys_of(node, field))

    def _keys_of(self, node: Node, field: str) -> Iterator[TermKey]:
        """Yield the terms that a value must have to match a word or phrase; nothing for other nodes."""
        texts: tuple[str, ...] = ()
        exact = False
        if isinstance(node, Word) and node.level is not Level.ROOT:
            texts, exact = (node.text,), node.level is not None
        elif isinstance(node, Phrase):
            texts, exact = node.words, node.kind == "literal"
        for part in self.words.parts(texts, exact=exact):
            yield TermKey(field, NORMALISED if exact else STEM, part.term.normalised if exact else part.term.stem)
