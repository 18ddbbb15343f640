"""The query tree: small immutable nodes that hold the words as typed, unanalysed.

    Word Phrase Prefix Wildcard Fuzzy      words and patterns to find
    Range DateRange Everything             conditions on the values of an article
    Bag And Or Not InField                 combinations of other nodes

`Leaf` is the union of the first two rows and `Node` the union of all. `str(node)` is the node's canonical text in
the query language. Parsing that text gives an equal tree, provided that the parser made the tree.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

from arsearch.model import Level

__all__ = [
    "And",
    "Bag",
    "Clause",
    "DateRange",
    "Everything",
    "Fuzzy",
    "InField",
    "Leaf",
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
    "to_text",
    "unknown_node",
]

Occur = Literal["should", "must", "must_not"]
PhraseKind = Literal["normal", "literal", "stemmed"]

_LEVEL_SIGNS = {None: "", Level.SURFACE: "=", Level.ROOT: "جذر:"}
_KIND_SIGNS = {"normal": "", "literal": "=", "stemmed": "~"}
_OCCUR_SIGNS = {"should": "", "must": "+", "must_not": "NOT "}


@dataclass(frozen=True, slots=True)
class Word:
    """One written word. `level` is the loosest match allowed; `None` leaves it to the search.

    `also` holds the synonyms of the word: words and phrases that match in its place. `spellings` holds the stems of
    other spellings of a foreign name. `correction` is a likelier spelling of a word that no article has. The parser
    leaves all three empty.
    """

    text: str
    level: Level | None = None
    also: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    correction: str | None = None

    def __str__(self) -> str:
        return _LEVEL_SIGNS.get(self.level, "") + self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Written words in this order, apart or out of order by up to `slop` positions.

    A `normal` phrase matches normalised words and allows proclitics on the first one. A `literal` phrase matches words
    as written, a `stemmed` one matches stems.
    """

    words: tuple[str, ...]
    slop: int = 0
    kind: PhraseKind = "normal"

    def __str__(self) -> str:
        return f'{_KIND_SIGNS[self.kind]}"{" ".join(self.words)}"' + (f"~{self.slop}" if self.slop else "")


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins with `text`, as typed."""

    text: str

    def __str__(self) -> str:
        return self.text + "*"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word that fits `pattern`: `*` stands for any number of letters, `?` for one letter."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word within `distance` (1 or 2) edits of `text`."""

    text: str
    distance: int

    def __str__(self) -> str:
        return f"{self.text}~{self.distance}"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article; inside `InField`, every article that has the field."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Range:
    """Values of an int, float or keyword field; `None` leaves an end open. Digits are ASCII."""

    field: str
    low: str | None
    high: str | None
    include_low: bool = True
    include_high: bool = True

    def __str__(self) -> str:
        if self.include_low and self.include_high:
            return _interval(self.field, self.low, self.high)
        bounds = [
            f"{self.field}:{sign}{end}"
            for sign, end in (
                (">=" if self.include_low else ">", self.low),
                ("<=" if self.include_high else "<", self.high),
            )
            if end is not None
        ]
        return f"({' AND '.join(bounds)})" if len(bounds) == 2 else "".join(bounds) or f"{self.field}:*"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days of a date field from `start` to `end`, both included; `None` leaves an end open."""

    field: str
    start: dt.date | None
    end: dt.date | None

    def __str__(self) -> str:
        return _interval(self.field, *(_day(day) if day else None for day in (self.start, self.end)))


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a Bag: optional (`should`), required (`must`) or excluded (`must_not`)."""

    node: Node
    occur: Occur = "should"


@dataclass(frozen=True, slots=True)
class Bag:
    """Clauses side by side; the search's `mode` decides how many of the `should` clauses must match."""

    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        return " ".join(_OCCUR_SIGNS[clause.occur] + _operand(clause.node) for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class And:
    """All of the children."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " AND ".join(map(_operand, self.children))


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the children."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_operand, self.children))


@dataclass(frozen=True, slots=True)
class Not:
    """Every article that the child does not match."""

    child: Node

    def __str__(self) -> str:
        return "NOT " + _operand(self.child)


@dataclass(frozen=True, slots=True)
class InField:
    """The child, matched in one field only; a nested InField names its own field instead."""

    field: str
    child: Node

    def __str__(self) -> str:
        text = _operand(self.child)
        return f"{self.field}:({text})" if isinstance(self.child, Word) and ".." in text else f"{self.field}:{text}"


Leaf: TypeAlias = Word | Phrase | Prefix | Wildcard | Fuzzy | Everything | Range | DateRange
Node: TypeAlias = Leaf | Bag | And | Or | Not | InField


def _day(day: dt.date) -> str:
    """Return a day as text that is read as this day: with a mark in the years that are taken for Hijri ones."""
    return f"{day.isoformat()}م" if 1300 <= day.year <= 1500 else day.isoformat()


def to_text(node: Node) -> str:
    """Return the canonical text of a tree. Raises TypeError if `node` is not a node."""
    if not isinstance(node, Node):
        raise unknown_node(node)
    return str(node)


def unknown_node(node: NoReturn) -> TypeError:
    """Return the error to raise for an object that is not a node of a query tree.

    A function that tells node types apart raises it last. A type checker then reports each type that the function forgets.
    """
    return TypeError(f"{type(node).__name__} is not a node of a query tree")


def _operand(node: Node) -> str:
    text = to_text(node)
    return f"({text})" if isinstance(node, Bag | And | Or) else text


def _interval(field: str, low: str | None, high: str | None) -> str:
    if low is None and high is None:
        return f"{field}:*"
    return f"{field}:{low}" if low == high else f"{field}:{low or ''}..{high or ''}"
