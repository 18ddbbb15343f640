"""Traverse a query tree: the parts of a node, leaves, words, and contradictions.

`parts` is the only function with the parts of each type of node. It raises TypeError for an object that is not a node,
and so do the functions built on it, in this package and elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from arsearch.query.tree import (
    And,
    Bag,
    Clause,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Leaf,
    Node,
    Not,
    Occur,
    Or,
    Phrase,
    Prefix,
    Range,
    Wildcard,
    Word,
    unknown_node,
)

__all__ = ["contradictions", "is_negative", "iter_leaves", "iter_operands", "iter_words", "parts", "rewritten"]


def parts(node: Node) -> tuple[Clause, ...]:
    """Return the direct parts of a node in order; a leaf has none.

    A `Not` has one part, which is excluded. A `Not` inside And or Or is no part itself: its child is an excluded part.
    """
    if isinstance(node, Bag):
        return node.clauses
    if isinstance(node, Leaf):
        return ()
    match node:
        case And(children):
            return tuple([_clause(child, "must") for child in children])
        case Or(children):
            return tuple([_clause(child, "should") for child in children])
        case Not():
            return (_clause(node, "must"),)
        case InField(_, child):
            return (Clause(child, "must"),)
    raise unknown_node(node)


def _clause(node: Node, occur: Occur) -> Clause:
    return Clause(node.child, "must_not") if isinstance(node, Not) else Clause(node, occur)


def rewritten(node: Node, rewrite: Callable[[Node], Node]) -> Node:
    """Return a node with `rewrite` of each direct part; a leaf, and everything that is excluded, stays as it is."""
    if isinstance(node, Leaf | Not):
        return node
    match node:
        case Bag(clauses):
            return Bag(
                tuple([one if one.occur == "must_not" else Clause(rewrite(one.node), one.occur) for one in clauses])
            )
        case And(children) | Or(children):
            return type(node)(tuple(map(rewrite, children)))
        case InField(name, child):
            return InField(name, rewrite(child))
    raise unknown_node(node)


def is_negative(node: Node) -> bool:
    """Return whether a tree only excludes."""
    required = [clause.node for clause in parts(node) if clause.occur != "must_not"]
    return not isinstance(node, Leaf | InField) and all(map(is_negative, required))


def iter_leaves(node: Node | None, *, excluded: bool = False) -> Iterator[Leaf]:
    """Yield the leaves in order, also the excluded ones if `excluded` is true.

    Leaves inside a field count: `title:(a b)` has the leaves `a` and `b`.
    """
    if isinstance(node, Leaf):
        yield node
    elif node is not None:
        for clause in parts(node):
            if excluded or clause.occur != "must_not":
                inner = clause.node
                if isinstance(inner, Word):  # nearly every part
                    yield inner
                else:
                    yield from iter_leaves(inner, excluded=excluded)


def iter_words(node: Node | None, *, excluded: bool = False) -> Iterator[str]:
    """Yield the written words of a tree in order, also the excluded ones if `excluded` is true.

    The words of phrases count. Patterns, fuzzy words and ranges have none.
    """
    for leaf in iter_leaves(node, excluded=excluded):
        match leaf:
            case Word(text):
                yield text
            case Phrase(words):
                yield from words
            case Prefix() | Wildcard() | Fuzzy() | Everything() | Range() | DateRange():
                pass
            case _:
                raise unknown_node(leaf)


def iter_operands(node: Node) -> Iterator[Leaf | InField]:
    """Yield the operands of a tree's AND, OR and NOT in order, excluded or not, each with its field."""
    if isinstance(node, Leaf | InField):
        yield node
    else:
        for clause in parts(node):
            yield from iter_operands(clause.node)


def contradictions(node: Node | None) -> Iterator[Node]:
    """Yield the nodes that one Bag or one And both requires and excludes."""
    if node is None:
        return
    clauses = parts(node)
    excluded = [clause.node for clause in clauses if clause.occur == "must_not"]
    if excluded and isinstance(node, Bag | And):
        searched = {clause.node for clause in clauses if clause.occur != "must_not"}
        yield from (part for part in excluded if part in searched)
    for clause in clauses:
        if not isinstance(clause.node, Leaf):
            yield from contradictions(clause.node)
