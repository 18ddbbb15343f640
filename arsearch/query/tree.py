"""The tree a query becomes: small immutable nodes that hold what the user typed, unanalysed.

    Word Phrase Prefix Wildcard Fuzzy      what to look for
    Range DateRange Everything             what an article must have
    Bag And Or Not InField                 how these combine

`to_text(node)`, also `str(node)`, writes a tree in the query language again; for a tree made by the parser,
parsing that text gives an equal tree. The lower-case builders keep trees in one canonical shape, which is what
makes this true: no Bag of one, no And inside And, no Not inside Not, no field around an only-negative part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from arsearch.model import Level

__all__ = [
    "And",
    "Bag",
    "Clause",
    "DateRange",
    "Everything",
    "Fuzzy",
    "InField",
    "Node",
    "Not",
    "Occur",
    "Or",
    "Phrase",
    "PhraseKind",
    "Prefix",
    "Range",
    "Wildcard",
    "Word",
    "all_of",
    "any_of",
    "bag",
    "contradictions",
    "in_field",
    "is_negative",
    "iter_leaves",
    "iter_named",
    "iter_words",
    "to_text",
]

Occur = Literal["should", "must", "must_not"]
PhraseKind = Literal["normal", "literal", "stemmed"]


class Node:
    """Any part of a query tree; `str(node)` is its canonical text."""

    __slots__ = ()

    def __str__(self) -> str:
        return to_text(self)


@dataclass(frozen=True, slots=True)
class Word(Node):
    """One written word. `level` is the loosest match allowed; `None` leaves it to the search.

    `also` are words and phrases looked for in its place: synonyms, which the parser does not know.
    """

    text: str
    level: Level | None = None
    also: tuple[str, ...] = ()

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Written words in this order, with up to `slop` positions moved or between them.

    `normal`: literal up to normalisation and the first word's proclitics; `literal`: strictly; `stemmed`: by stem.
    """

    words: tuple[str, ...]
    slop: int = 0
    kind: PhraseKind = "normal"

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """Every word that begins with `text`, as typed."""

    text: str

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Wildcard(Node):
    """Every word of this pattern: `*` any letters or none, `?` one letter."""

    pattern: str

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Fuzzy(Node):
    """Every word within `distance` (1 or 2) edits of `text`."""

    text: str
    distance: int

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Everything(Node):
    """Every article; inside `InField`, every article that has the field."""

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Range(Node):
    """Values of an int, float or keyword field; `None` leaves an end open. Digits are ASCII."""

    field: str
    low: str | None
    high: str | None
    include_low: bool = True
    include_high: bool = True

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class DateRange(Node):
    """Days of a date field from `start` to `end`, both included; `None` leaves an end open."""

    field: str
    start: dt.date | None
    end: dt.date | None

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a Bag: wanted (`should`), required (`must`) or excluded (`must_not`)."""

    node: Node
    occur: Occur = "should"


@dataclass(frozen=True, slots=True)
class Bag(Node):
    """Parts side by side; the search's `mode` decides how many of the `should` ones are needed."""

    clauses: tuple[Clause, ...]

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of the children."""

    children: tuple[Node, ...]

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one of the children."""

    children: tuple[Node, ...]

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Every article that the child does not match."""

    child: Node

    __str__ = Node.__str__


@dataclass(frozen=True, slots=True)
class InField(Node):
    """The child, looked for in one field only; a field named further down wins."""

    field: str
    child: Node

    __str__ = Node.__str__


def bag(clauses: Iterable[Clause]) -> Node | None:
    """Put parts side by side; `None` if there are none.

    Groups of plain words melt into the bag, since brackets are punctuation in most headlines. Exclusions alone
    become `Not`; `Everything` stays only where nothing else is wanted, and is never excluded (`- *` ends many a title).
    """
    flat: list[Clause] = []
    for clause in clauses:
        node, occur = clause.node, clause.occur
        if isinstance(node, Not):
            flat.append(Clause(node.child, "must" if occur == "must_not" else "must_not"))
        elif occur != "must_not" and isinstance(node, And) and all(isinstance(n, Not) for n in node.children):
            flat += [Clause(n.child, "must_not") for n in node.children if isinstance(n, Not)]
        elif occur == "should" and isinstance(node, Bag) and all(c.occur == "should" for c in node.clauses):
            flat += node.clauses
        else:
            flat.append(clause)
    flat = [c for c in flat if c.occur != "must_not" or not isinstance(c.node, Everything)]
    wanted = [c for c in flat if c.occur != "must_not"]
    if not wanted:
        return all_of([Not(c.node) for c in flat])
    if any(isinstance(c.node, Everything) for c in wanted):
        named = [c for c in flat if not (isinstance(c.node, Everything) and c.occur != "must_not")]
        flat = named if any(c.occur != "must_not" for c in named) else [Clause(Everything()), *named]
    return flat[0].node if len(flat) == 1 else Bag(tuple(flat))


def all_of(children: Iterable[Node]) -> Node | None:
    """Join parts by AND; `None` if there are none."""
    flat = [n for child in children for n in (child.children if isinstance(child, And) else (child,))]
    if any(isinstance(n, Everything) for n in flat):
        named = [n for n in flat if not isinstance(n, Everything)]
        flat = [Everything(), *named] if all(map(is_negative, named)) else named
    return And(tuple(flat)) if len(flat) > 1 else (flat[0] if flat else None)


def any_of(children: Iterable[Node]) -> Node | None:
    """Join parts by OR; `None` if there are none."""
    flat = [n for child in children for n in (child.children if isinstance(child, Or) else (child,))]
    return Or(tuple(flat)) if len(flat) > 1 else (flat[0] if flat else None)


def in_field(field: str, node: Node) -> Node:
    """Look for a part in one field. Exclusions stay outside: not in the field, rather than in it not."""
    if isinstance(node, InField | Range | DateRange):
        return node
    if isinstance(node, Not):
        return Not(in_field(field, node.child))
    if isinstance(node, And | Or) and is_negative(node):
        return type(node)(tuple(in_field(field, n) for n in node.children))
    return InField(field, node)


def is_negative(node: Node) -> bool:
    """Whether a tree only says what must not be there."""
    if isinstance(node, And | Or):
        return all(map(is_negative, node.children))
    if isinstance(node, Bag):
        return all(is_negative(c.node) for c in node.clauses if c.occur != "must_not")
    return isinstance(node, Not)


def iter_leaves(node: Node | None, *, excluded: bool = False) -> Iterator[Node]:
    """Yield the leaves in order: what is wanted, or with `excluded` also what must not be there.

    Fields are looked through: the leaves of `title:(a b)` are two words.
    """
    if isinstance(node, Bag):
        for clause in node.clauses:
            if excluded or clause.occur != "must_not":
                yield from iter_leaves(clause.node, excluded=excluded)
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from iter_leaves(child, excluded=excluded)
    elif isinstance(node, Not):
        if excluded:
            yield from iter_leaves(node.child, excluded=True)
    elif isinstance(node, InField):
        yield from iter_leaves(node.child, excluded=excluded)
    elif node is not None:
        yield node


def iter_words(node: Node | None, *, excluded: bool = False) -> Iterator[str]:
    """Yield the written words of a tree in order, those of phrases included, patterns left out."""
    for leaf in iter_leaves(node, excluded=excluded):
        if isinstance(leaf, Word):
            yield leaf.text
        elif isinstance(leaf, Phrase):
            yield from leaf.words


def iter_named(node: Node) -> Iterator[Node]:
    """Yield the parts of a tree without their AND, OR and NOT: wanted and unwanted alike, each with its field."""
    if isinstance(node, Bag):
        for clause in node.clauses:
            yield from iter_named(clause.node)
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from iter_named(child)
    elif isinstance(node, Not):
        yield from iter_named(node.child)
    else:
        yield node


def contradictions(node: Node | None) -> Iterator[Node]:
    """Yield the parts that a Bag or an And both asks for and excludes."""
    inner: list[Node] = []
    wanted: set[Node] = set()
    excluded: list[Node] = []
    if isinstance(node, Bag):
        inner = [c.node for c in node.clauses]
        wanted = {c.node for c in node.clauses if c.occur != "must_not"}
        excluded = [c.node for c in node.clauses if c.occur == "must_not"]
    elif isinstance(node, And):
        inner = list(node.children)
        wanted = set(inner)
        excluded = [child.child for child in inner if isinstance(child, Not)]
    elif isinstance(node, Or):
        inner = list(node.children)
    elif isinstance(node, Not | InField):
        inner = [node.child]
    yield from (child for child in excluded if child in wanted)
    for child in inner:
        yield from contradictions(child)


_LEVEL_MARK = {None: "", Level.SURFACE: "=", Level.ROOT: "جذر:"}
_KIND_MARK = {"normal": "", "literal": "=", "stemmed": "~"}
_OCCUR_MARK = {"should": "", "must": "+", "must_not": "NOT "}


def to_text(node: Node) -> str:
    """Write a tree in the query language; `parse` reads it back as an equal tree."""
    match node:
        case Word(text, level):
            return _LEVEL_MARK.get(level, "") + text
        case Phrase(words, slop, kind):
            return f'{_KIND_MARK[kind]}"{" ".join(words)}"' + (f"~{slop}" if slop else "")
        case Prefix(text):
            return text + "*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(text, distance):
            return f"{text}~{distance}"
        case Everything():
            return "*"
        case Range(field, low, high, include_low, include_high):
            return _range_text(field, low, high, "" if include_low else ">", "" if include_high else "<")
        case DateRange(field, start, end):
            return _range_text(field, start.isoformat() if start else None, end.isoformat() if end else None, "", "")
        case Bag(clauses):
            return " ".join(_OCCUR_MARK[c.occur] + _operand(c.node) for c in clauses)
        case And(children):
            return " AND ".join(map(_operand, children))
        case Or(children):
            return " OR ".join(map(_operand, children))
        case Not(child):
            return "NOT " + _operand(child)
        case InField(field, child):
            inner = _operand(child)
            return f"{field}:({inner})" if isinstance(child, Word) and ".." in inner else f"{field}:{inner}"
    raise TypeError(f"{type(node).__name__} is not a node of a query tree")


def _operand(node: Node) -> str:
    text = to_text(node)
    return text if isinstance(node, Not) or not isinstance(node, Bag | And | Or) else f"({text})"


def _range_text(field: str, low: str | None, high: str | None, above: str, below: str) -> str:
    if low is None and high is None:
        return f"{field}:*"
    if low == high and not above and not below:
        return f"{field}:{low}"
    if above or below:
        parts = [f"{field}:{above or '>='}{low}"] if low is not None else []
        parts += [f"{field}:{below or '<='}{high}"] if high is not None else []
        return parts[0] if len(parts) == 1 else f"({' AND '.join(parts)})"
    return f"{field}:{low or ''}..{high or ''}"
