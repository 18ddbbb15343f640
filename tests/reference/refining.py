"""Changes of a query tree by what the index has: phrases read as words, and likelier spellings of missing words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.stemming.lexicon import lexicon
from arsearch.query import tree
from arsearch.query.traversal import iter_words

__all__ = ["corrected", "relaxed"]

Respell = Callable[[Sequence[str], Collection[str]], Mapping[str, str]]


def relaxed(
    node: tree.Node, fields: tuple[str, ...], fails: Callable[[tree.Phrase, tuple[str, ...]], bool]
) -> tree.Node:
    """Return a tree with the words of each phrase that `fails` and stands beside other words."""
    match node:
        case tree.And(children) | tree.Or(children):
            return type(node)(tuple(relaxed(child, fields, fails) for child in children))
        case tree.InField(name, child):
            return tree.InField(name, relaxed(child, (name,), fails))
        case tree.Bag(clauses):
            wanted = [one for one in clauses if one.occur != "must_not"]
            words = [one.node for one in wanted if not isinstance(one.node, tree.InField) or one.node.field in fields]
            beside = sum(bool(list(iter_words(one))) for one in words) > 1
            new: list[tree.Clause] = []
            for clause in clauses:
                one = clause.node
                if clause not in wanted:
                    new.append(clause)
                elif not isinstance(one, tree.Phrase):
                    new.append(tree.Clause(relaxed(one, fields, fails), clause.occur))
                elif beside and clause.occur == "should" and one.kind != "literal" and fails(one, fields):
                    new += [tree.Clause(tree.Word(word)) for word in one.words]
                else:
                    new.append(clause)
            return tree.Bag(tuple(new))
    return node


def corrected(node: tree.Node, analyzer: ArabicAnalyzer, stems: Collection[str], respell: Respell | None) -> tree.Node:
    """Return a tree with the likelier spellings of plain words whose stem is not among the `stems` of the index."""
    plain = list(_plain_words(node))
    missing = {word.text for word in plain if not word.also and _is_missing(word.text, analyzer, stems)}
    found = respell([word.text for word in plain], missing) if respell and missing else {}
    return _with_corrections(node, found)


def _is_missing(word: str, analyzer: ArabicAnalyzer, stems: Collection[str]) -> bool:
    terms = analyzer.form(word).terms
    if len(terms) != 1 or terms[0].stop or not re.fullmatch("[\u0621-\u064a]+", terms[0].normalised):
        return False
    _, _, normalised, word, stem, _ = terms[0]
    known = [form for form in (normalised, word, stem) if form in lexicon().entries or form in analyzer.dictionary]
    return not known and stem not in stems and not roots_of(stem)


def _plain_words(node: tree.Node) -> Iterator[tree.Word]:
    match node:
        case tree.Word(level=None):
            yield node
        case tree.And(children) | tree.Or(children):
            for child in children:
                yield from _plain_words(child)
        case tree.Bag(clauses):
            for clause in clauses:
                if clause.occur != "must_not":
                    yield from _plain_words(clause.node)


def _with_corrections(node: tree.Node, found: Mapping[str, str]) -> tree.Node:
    match node:
        case tree.Word(text, level=None) if text in found:
            return replace(node, correction=found[text])
        case tree.And(children) | tree.Or(children):
            return type(node)(tuple(_with_corrections(child, found) for child in children))
        case tree.Bag(clauses):
            return tree.Bag(
                tuple(
                    one if one.occur == "must_not" else replace(one, node=_with_corrections(one.node, found))
                    for one in clauses
                )
            )
    return node
