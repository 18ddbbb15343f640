"""Build query trees in one canonical shape, on which the round trip from tree to text and back relies.

A canonical tree has no Bag of one clause, no And inside And, no Or inside Or, no Not inside Not, and no field around a
node that only excludes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arsearch.query.numbers import with_numbers
from arsearch.query.traversal import is_negative, parts
from arsearch.query.tree import And, Bag, Clause, DateRange, Everything, InField, Leaf, Node, Not, Occur, Or, Range

__all__ = ["all_of", "any_of", "bag", "in_field"]


def bag(clauses: Iterable[Clause]) -> Node | None:
    """Put clauses side by side; `None` if there are none.

    A group of plain words dissolves into the bag, because brackets in headlines are mostly punctuation. Clauses that
    all exclude become `Not`. `Everything` remains only where no other clause is optional or required. It is never
    excluded, because many a title ends in `- *`. The words of a number in groups become one word.
    """
    flat: list[Clause] = []
    for clause in clauses:
        if isinstance(clause.node, Leaf):
            flat.append(clause)
        else:
            flat += _dissolved(clause)
    others = with_numbers([part for part in flat if not isinstance(part.node, Everything)])
    if _all_occur(others, "must_not"):
        if _all_occur(flat, "must_not"):
            return all_of(Not(part.node) for part in others)
        others = [Clause(Everything()), *others]
    return others[0].node if len(others) == 1 else Bag(tuple(others))


def _dissolved(clause: Clause) -> tuple[Clause, ...]:
    """Return the clauses that replace one clause in the bag: itself, or the parts of its node."""
    node, inner = clause.node, parts(clause.node)
    if clause.occur == "must_not":
        return (Clause(node.child, "must"),) if isinstance(node, Not) else (clause,)
    excludes = isinstance(node, Not | And) and _all_occur(inner, "must_not")
    optional = isinstance(node, Bag) and clause.occur == "should" and _all_occur(inner, "should")
    return inner if excludes or optional else (clause,)


def _all_occur(clauses: Iterable[Clause], occur: Occur) -> bool:
    return all(clause.occur == occur for clause in clauses)


def all_of(nodes: Iterable[Node]) -> Node | None:
    """Join nodes by AND; `None` if there are none. `Everything` remains only beside nodes that all exclude."""
    flat = _flattened(And, nodes)
    others: list[Node] = [node for node in flat if not isinstance(node, Everything)]
    if len(others) < len(flat):
        flat = [Everything(), *others] if all(map(is_negative, others)) else others
    return _joined(And, flat)


def any_of(nodes: Iterable[Node]) -> Node | None:
    """Join nodes by OR; `None` if there are none."""
    return _joined(Or, _flattened(Or, nodes))


def _flattened(join: type[And | Or], nodes: Iterable[Node]) -> list[Node]:
    flat: list[Node] = []
    for node in nodes:
        flat += node.children if isinstance(node, join) else (node,)
    return flat


def _joined(join: type[And | Or], nodes: Sequence[Node]) -> Node | None:
    return join(tuple(nodes)) if len(nodes) > 1 else next(iter(nodes), None)


def in_field(field: str, node: Node) -> Node:
    """Restrict a node to a field. An exclusion stays outside: `NOT title:x`, never `title:(NOT x)`.

    A node that names a field already keeps its own.
    """
    if isinstance(node, InField | Range | DateRange):
        return node
    if isinstance(node, Not):
        return Not(in_field(field, node.child))
    if is_negative(node) and isinstance(node, And | Or):
        return type(node)(tuple(in_field(field, child) for child in node.children))
    return InField(field, node)
