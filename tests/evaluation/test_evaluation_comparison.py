"""Queries with a common document form a group, and whole groups are resampled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.errors import InputError
from arsearch.evaluation import compare, holm, query_groups


def partition(groups: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(query for query, group in groups.items() if group == name) for name in groups.values()}


@pytest.mark.parametrize(
    ("qrels", "keys", "expected"),
    [
        pytest.param({"a": {"1": 1}, "b": {"2": 1}}, None, {"a", "b"}, id="separate"),
        pytest.param({"a": {"1": 1}, "b": {"1": 1}}, None, {"ab"}, id="same_document"),
        pytest.param({"a": {"1": 1}, "b": {"2": 1}, "c": {"1": 1, "2": 1}}, None, {"abc"}, id="chain"),
        pytest.param({"a": {"1": 1}, "b": {"1": 0}}, None, {"a", "b"}, id="irrelevant_document_does_not_join"),
        pytest.param({"a": {"1": 1}, "b": {"2": 1}}, {"1": "t", "2": "t"}, {"ab"}, id="same_key"),
        pytest.param({"a": {"1": 1}, "b": {"2": 1}}, {"1": "", "2": ""}, {"a", "b"}, id="empty_key"),
        pytest.param({"a": {"t": 1}, "b": {"2": 1}}, {"2": "t"}, {"a", "b"}, id="key_is_not_a_document"),
    ],
)
def test_query_groups(qrels: dict[str, dict[str, int]], keys: dict[str, str] | None, expected: set[str]) -> None:
    assert partition(query_groups(qrels, keys)) == {frozenset(group) for group in expected}


def test_a_constant_gain_has_equal_bounds() -> None:
    result = compare(dict.fromkeys("abcd", 0.75), dict.fromkeys("abcd", 0.5))

    assert (result.difference, result.low, result.high) == (0.25, 0.25, 0.25)
    assert result.p == pytest.approx(1 / 10_000)


def test_equal_runs_do_not_differ() -> None:
    result = compare({"a": 0.3, "b": 0.6}, {"a": 0.3, "b": 0.6})

    assert (result.difference, result.p) == (0.0, 1.0)


def test_grouped_queries_widen_the_bounds() -> None:
    first = {f"q{number}": float(number % 20 < 12) for number in range(200)}
    second = dict.fromkeys(first, 0.5)
    groups = {query: str(int(query[1:]) % 20) for query in first}

    alone, grouped = compare(first, second), compare(first, second, groups=groups)

    assert grouped.groups == 20
    assert grouped.difference == alone.difference == pytest.approx(0.1)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
@settings(max_examples=30, deadline=None)
def test_swapping_the_runs_swaps_the_sign(pairs: list[tuple[float, float]]) -> None:
    first = {str(at): pair[0] for at, pair in enumerate(pairs)}
    second = {str(at): pair[1] for at, pair in enumerate(pairs)}

    one, other = compare(first, second, samples=200), compare(second, first, samples=200)

    assert one.low <= one.high
    assert one.difference == pytest.approx(-other.difference)
    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert one.p == pytest.approx(other.p)


@pytest.mark.parametrize(("first", "second"), [({}, {}), ({"a": 1.0}, {"b": 1.0}), ({"a": 1.0}, {"a": 1.0, "b": 1.0})])
def test_runs_over_different_queries_are_refused(first: dict[str, float], second: dict[str, float]) -> None:
    with pytest.raises(InputError, match="same queries"):
        compare(first, second)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.04, 0.01], [0.04, 0.02]),
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # the result of p.adjust(method = "holm") in R
        ([0.5, 0.9], [1.0, 1.0]),
    ],
)
def test_holm(values: list[float], expected: list[float]) -> None:
    assert holm(values) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_raises_values_and_keeps_their_order(values: list[float]) -> None:
    corrected = holm(values)

    assert all(one <= other <= 1 for one, other in zip(values, corrected, strict=True))
    assert sorted(corrected) == [one for _, one in sorted(zip(values, corrected, strict=True))]
