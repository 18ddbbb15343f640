"""Every function that walks a query tree handles every class of node, and rejects anything else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, get_args

import pytest

from arsearch.analyzers import ArabicAnalyzer
from arsearch.query import (
    And,
    Bag,
    Clause,
    DateRange,
    Everything,
    Fuzzy,
    InField,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Synonyms,
    Wildcard,
    Word,
    iter_leaves,
    iter_words,
    to_text,
    tree,
)
from arsearch.query.builders import bag, in_field
from arsearch.query.expansion import SynonymExpander
from arsearch.query.traversal import contradictions, is_negative, iter_operands, parts
from arsearch.suggest.did_you_mean import iter_text_words

NODES: dict[type[Node], Node] = {
    Word: Word("سيارة"),
    Phrase: Phrase(("سيارة", "جديدة")),
    Prefix: Prefix("سيا"),
    Wildcard: Wildcard("س*رة"),
    Fuzzy: Fuzzy("سيارة", 1),
    Everything: Everything(),
    Range: Range("volume", "3", "7"),
    DateRange: DateRange("date", dt.date(2015, 7, 1), None),
    Bag: Bag((Clause(Word("سيارة")), Clause(Word("قديمة"), "must_not"))),
    And: And((Word("سيارة"), Not(Word("قديمة")))),
    Or: Or((Word("سيارة"), Word("دراجة"))),
    Not: Not(Word("قديمة")),
    InField: InField("title", Word("سيارة")),
}


class Unknown:
    """An object that is not a node of a query tree."""


ANALYZER = ArabicAnalyzer()
EXPANDER = SynonymExpander(Synonyms.parse("سيارة, مركبة"), ANALYZER)


WALKERS: dict[str, Callable[[Any], object]] = {
    "to_text": to_text,
    "parts": parts,
    "is_negative": is_negative,
    "iter_leaves": lambda node: list(iter_leaves(node)),
    "iter_words": lambda node: list(iter_words(node)),
    "iter_operands": lambda node: list(iter_operands(node)),
    "contradictions": lambda node: list(contradictions(node)),
    "bag": lambda node: bag([Clause(node), Clause(Word("أ"))]),
    "in_field": lambda node: in_field("title", node),
    "SynonymExpander.expand": lambda node: EXPANDER.expand(node, {}),
    "iter_text_words": lambda node: list(iter_text_words(node, {"title": "text"})),
}


def test_the_sample_has_every_class_of_node() -> None:
    in_module = {
        member
        for name, member in vars(tree).items()
        if isinstance(member, type) and member.__module__ == tree.__name__ and name != "Clause"
    }

    assert set(NODES) == set(get_args(Node)) == in_module
    assert all(type(node) is kind for kind, node in NODES.items())


@pytest.mark.parametrize("kind", NODES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("walk", WALKERS.values(), ids=WALKERS)
def test_every_walker_handles_every_node(walk: Callable[[Any], object], kind: type[Node]) -> None:
    walk(NODES[kind])


@pytest.mark.parametrize("walk", WALKERS.values(), ids=WALKERS)
def test_every_walker_rejects_an_unknown_node(walk: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError, match="Unknown is not a node of a query tree"):
        walk(Unknown())


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (And((Word("أ"), Not(Word("ب")))), (Clause(Word("أ"), "must"), Clause(Word("ب"), "must_not"))),
        (Or((Word("أ"), Not(Word("ب")))), (Clause(Word("أ")), Clause(Word("ب"), "must_not"))),
        (Not(Word("أ")), (Clause(Word("أ"), "must_not"),)),
        (InField("title", Word("أ")), (Clause(Word("أ"), "must"),)),
        (Bag((Clause(Word("أ"), "must"),)), (Clause(Word("أ"), "must"),)),
        (Word("أ"), ()),
    ],
)
def test_parts(node: Node, expected: tuple[Clause, ...]) -> None:
    assert parts(node) == expected


@pytest.mark.parametrize(
    ("node", "negative"),
    [
        (Not(Word("أ")), True),
        (And((Not(Word("أ")), Not(Word("ب")))), True),
        (Or((Not(Word("أ")), Word("ب"))), False),
        (Bag((Clause(Word("أ"), "must_not"),)), True),
        (InField("title", Not(Word("أ"))), False),
        (Word("أ"), False),
    ],
)
def test_a_tree_of_exclusions_alone_is_negative(node: Node, negative: bool) -> None:
    assert is_negative(node) is negative


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Range("volume", "3", "7", include_low=False), "(volume:>3 AND volume:<=7)"),
        (Range("volume", "3", "3"), "volume:3"),
        (Range("volume", None, "7", include_high=False), "volume:<7"),
        (Range("volume", None, None, include_low=False), "volume:*"),
        (DateRange("date", None, None), "date:*"),
        (InField("title", Word("a..b")), "title:(a..b)"),
        (Not(Or((Word("أ"), Word("ب")))), "NOT (أ OR ب)"),
    ],
)
def test_nodes_write_their_canonical_text(node: Node, text: str) -> None:
    assert str(node) == to_text(node) == text
