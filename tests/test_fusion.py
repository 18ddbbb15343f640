"""Two rankings are joined by ranks or by scores."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.errors import QueryError

LEXICAL = [("a", 9.0), ("b", 5.0), ("c", 1.0)]
VECTORS = [("c", 0.9), ("d", 0.8), ("a", 0.1)]


def ids(fused: tuple[arsearch.Fused, ...]) -> list[str]:
    return [one.id for one in fused]


def test_reciprocal_ranks_are_added() -> None:
    fused = arsearch.fuse(LEXICAL, VECTORS)

    expected = {"a": 1 / 61 + 1 / 63, "c": 1 / 63 + 1 / 61, "b": 1 / 62, "d": 1 / 62}
    assert ids(fused) == ["a", "c", "b", "d"]  # equal ones: the better lexical rank first
    assert {one.id: one.score for one in fused} == pytest.approx({id: score / 2 for id, score in expected.items()})
    assert [(one.lexical_rank, one.vector_rank) for one in fused] == [(1, 3), (3, 1), (2, None), (None, 2)]


def test_scaled_scores_are_added() -> None:
    fused = arsearch.fuse(LEXICAL, VECTORS, "convex", weight=0.75)

    assert {one.id: one.score for one in fused} == pytest.approx(
        {"a": 0.75, "b": 0.75 * 0.5, "c": 0.25, "d": 0.25 * 0.875}
    )
    assert ids(fused) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("method", ["rrf", "convex"])
@pytest.mark.parametrize(
    ("lexical", "vectors", "expected"),
    [
        ([], [], []),
        (LEXICAL, [], ["a", "b", "c"]),
        ([], VECTORS, ["c", "d", "a"]),
        ([("a", 1.0), ("b", 1.0)], [], ["a", "b"]),
        ([("a", 1.0), ("b", 2.0)], {}, ["b", "a"]),
        ([("a", 1.0), ("a", 3.0), ("b", 2.0)], [], ["a", "b"]),
        ([("a", -1e308), ("b", 1e308)], [], ["b", "a"]),
        ([(1, 2.0)], [("1", 0.5)], ["1"]),
        ({"a": 1.0, "b": 2.0}, {"b": 0.5}, ["b", "a"]),
    ],
)
def test_the_order_of_unusual_rankings(method: Any, lexical: Any, vectors: Any, expected: list[str]) -> None:
    assert ids(arsearch.fuse(lexical, vectors, method)) == expected


def test_a_repeated_id_counts_once_at_its_best_place() -> None:
    fused = arsearch.fuse([], [("a", 0.9), ("a", 0.8), ("b", 0.7)])

    assert [(one.id, one.vector_rank) for one in fused] == [("a", 1), ("b", 2)]


def test_results_keep_their_order_and_their_hits() -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "body": "قمح وشعير"}, {"id": "2", "body": "قمح"}, {"id": "3", "body": "شعير"}])
        results = index.search("قمح شعير")

        fused = arsearch.fuse(results, [("3", 0.7), ("9", 0.6)], weight=0.9)
        same = arsearch.fuse(list(results), {"3": 0.7, "9": 0.6}, weight=0.9)

    assert {one.id: one.lexical_rank for one in fused} == {**{hit.id: hit.rank for hit in results}, "9": None}
    assert {one.id: one.hit for one in fused} == {**{hit.id: hit for hit in results}, "9": None}
    assert fused == same


def test_a_limit_cuts_the_ranking() -> None:
    assert arsearch.fuse(LEXICAL, VECTORS, limit=2) == arsearch.fuse(LEXICAL, VECTORS)[:2]
    assert arsearch.fuse(LEXICAL, VECTORS, limit=0) == ()


@pytest.mark.parametrize(
    ("lexical", "options", "message"),
    [
        ([("a", math.nan)], {}, "the score nan of 'a'"),
        ([("a", math.inf)], {}, "the score inf of 'a'"),
        ([("a", None)], {}, "the score None of 'a'"),
        ([("a", "9")], {}, "the score '9' of 'a'"),
        (["a"], {}, "'a' is no hit"),
        ("ab", {}, "'ab' is no ranking"),
        (None, {}, "None is no ranking"),
        ([(0.5, "a")], {}, "no pair of an id and a score"),
        ([], {"method": "sum"}, "known: rrf, convex"),
        ([], {"weight": 1.5}, "weight 1.5"),
        ([], {"weight": math.nan}, "weight nan"),
        ([], {"k": -1}, "k -1"),
        ([], {"limit": -1}, "limit -1"),
    ],
)
def test_what_is_no_ranking_is_an_error(lexical: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        arsearch.fuse(lexical, [], **options)


_rankings = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(-1e6, 1e6)), max_size=12)


@given(_rankings, _rankings, st.sampled_from(["rrf", "convex"]), st.floats(0, 1))
def test_the_ids_of_both_rankings_come_once_by_falling_score(
    lexical: Any, vectors: Any, method: Any, weight: float
) -> None:
    fused = arsearch.fuse(lexical, vectors, method, weight=weight)

    assert sorted(ids(fused)) == sorted({id for id, _ in lexical + vectors})
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)
    assert all(0 <= one.score <= 1 for one in fused)
