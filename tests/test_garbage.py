"""Values that are kept for long do not slow down the collector of reference cycles."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

import arsearch
from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.tokens import Term
from arsearch.kernel import native, untracked
from arsearch.search.clauses import RootClause, TermsClause

needs_extension = pytest.mark.skipif(native() is None, reason="the extension was not built")

TERM = ("كتاب", "كتاب", "كتاب", "كتب")


class Node:
    """An object that can be in a cycle."""


def tuples_in(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield value
        for item in value:
            yield from tuples_in(item)


@needs_extension
@pytest.mark.parametrize(
    "value",
    [
        Term(0, *TERM, False),
        (1.5, TermsClause("stem", ("كتب",))),
        (((0.5, TermsClause("stem", ("كتب", "كتاب"))), (0.2, RootClause("كتب"))), ("title", "body"), True, None),
        *(ArabicAnalyzer().form(word) for word in ("بالكتاب", "عبدالله", "#كتاب_الله", "2015", "COVID-19")),
    ],
    ids=repr,
)
def test_nested_tuples_of_strings_and_numbers_are_not_read(value: Any) -> None:
    assert untracked(value) is value
    assert [one for one in tuples_in(value) if gc.is_tracked(one)] == []


@pytest.mark.parametrize(
    "other", [[], {}, {1}, frozenset("a"), Node(), lambda: 0, Node], ids=lambda one: type(one).__name__
)
def test_a_tuple_with_another_object_is_read_as_before(other: object) -> None:
    inner = RootClause("كتب")
    value = (inner, ("a", other), other)
    untracked(value)
    assert gc.is_tracked(value)
    assert gc.is_tracked(value[1])


def test_a_cycle_through_a_tuple_is_collected() -> None:
    node: Any = Node()
    node.values = untracked((TermsClause("stem", ("كتب",)), node))
    alive = weakref.ref(node)
    del node
    gc.collect()
    assert alive() is None


def test_a_deep_tuple_is_left_alone() -> None:
    value: Any = ("a",)
    for _ in range(100_000):
        value = (value,)
    assert untracked(value) is value
    while len(value) and isinstance(value[0], tuple):  # a deep value overflows the stack when it is freed at once
        value = value[0]


@needs_extension
def test_searches_leave_few_objects_to_the_collector() -> None:
    words = [f"كلمة{chr(0x628 + at % 20)}{chr(0x628 + at // 20)}" for at in range(300)]
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": str(at), "title": word, "body": f"{word} نص"} for at, word in enumerate(words)])
        index.search("نص")
        gc.collect()
        before = len(gc.get_objects())
        for word in words:
            index.search(f"{word} نص")
        gc.collect()
        assert len(gc.get_objects()) - before < 2 * len(words)
