"""Values of keyword fields that no article has, read as words."""

from __future__ import annotations

from dataclasses import dataclass

from whoosh.searching import Searcher

from arsearch.analyzers import ArabicAnalyzer
from arsearch.index.whoosh.schema import whoosh_field_name
from arsearch.model import Level
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.query import tree
from reference.terms import WordAnalysis

__all__ = ["ValueReader"]


@dataclass(frozen=True)
class ValueReader:
    """Reads the values of a tree by the terms of an index."""

    analyzer: ArabicAnalyzer
    schema: Schema
    searcher: Searcher

    def with_words(self, node: tree.Node) -> tree.Node:
        """Return a tree with the words of each value that no article has."""
        match node:
            case tree.And(children) | tree.Or(children):
                return type(node)(tuple(map(self.with_words, children)))
            case tree.Bag(clauses):
                return tree.Bag(
                    tuple(
                        one if one.occur == "must_not" else tree.Clause(self.with_words(one.node), one.occur)
                        for one in clauses
                    )
                )
            case tree.InField(name, child):
                if self.schema[name].kind != "keyword":
                    return tree.InField(name, self.with_words(child))
                return child if self._is_absent(child, name) else node
        return node

    def _is_absent(self, node: tree.Node, field: str) -> bool:
        match node:
            case tree.Or(children):
                return all(self._is_absent(child, field) for child in children if not isinstance(child, tree.Not))
            case tree.And(children):
                return any(self._is_absent(child, field) for child in children if not isinstance(child, tree.Not))
            case tree.Bag(clauses):
                return all(self._is_absent(one.node, field) for one in clauses if one.occur != "must_not")
            case tree.Word(text, level) if level is not Level.ROOT:
                return self._lacks([text], field, exact=level is not None)
            case tree.Phrase(words, _, kind):
                return self._lacks(words, field, exact=kind == "literal")
        return False

    def _lacks(self, words: tuple[str, ...] | list[str], field: str, *, exact: bool) -> bool:
        """Return whether the index lacks one of some words in a field."""
        name = whoosh_field_name(field, NORMALISED if exact else STEM)
        reader = self.searcher.reader()
        known = set(reader.lexicon(name)) if name in reader.indexed_field_names() else set()
        terms = [term for _, term, _ in WordAnalysis(self.analyzer, self.schema).terms(words, exact=exact)]
        return any((term.normalised if exact else term.stem).encode() not in known for term in terms)
