"""Filters compare exactly: whole numbers of 64 bits as they are, floats as the nearest ones, and keywords with both ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import QueryError, UnknownFieldError, shown
from arsearch.search.filters import filters_of_texts

MOST = 2**63 - 1
PAST = 2**53 + 1
"""The first whole number that is no float."""

INTS = [-MOST, -PAST, -(2**53), -3, 0, 2, 3, 4, 2**53, PAST, PAST + 1, MOST - 1, MOST]
FLOATS = [-1e300, -2.5, 0.0, 2.5, 3.0, 2.0**53, 2.0**53 + 2, 1e300]
COURTS = ["", "أ", "ب", "ت", "ث"]


@pytest.fixture(scope="module")
def numbers(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    """An index with an article for each number and keyword, whose id is that value, and one without any."""
    return shared_index(
        [
            *({"id": f"whole {number}", "body": "نص", "whole": number} for number in INTS),
            *({"id": f"real {number}", "body": "نص", "real": number} for number in FLOATS),
            *({"id": f"court {court}", "body": "نص", "court": court} for court in COURTS[1:]),
            {"id": "none", "body": "نص"},
        ],
        {"whole": "int", "real": "float", "court": "keyword"},
    )


def found(index: arsearch.Index, field: str, value: Any, text: str = "") -> list[str]:
    """Return the values of the articles that a filter finds, in order."""
    hits = index.search(text, limit=100, filters={field: value})
    assert hits.total == len(hits)
    return [hit.id.removeprefix(f"{field} ") for hit in hits]


def texts(values: Any) -> list[str]:
    return list(map(str, values))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, [3]),
        ("3", [3]),
        ("٣", [3]),
        (3.0, [3]),
        ("3.0", [3]),
        (Decimal("3.00"), [3]),
        (Fraction(6, 2), [3]),
        (np.int64(3), [3]),
        (3.5, []),
        ("3.5", []),
        ([2, 3.5, "4"], [2, 4]),
        (PAST, [PAST]),
        (float(2**53), [2**53]),
        (str(PAST), [PAST]),
        (f"{PAST}.0", [PAST]),
        ("9007199254740993.5", []),
        (MOST, [MOST]),
        (MOST + 1, []),
        ([1, MOST + 1], []),
        ([3, MOST + 1], [3]),
        ([MOST, 2**70, -(2**63)], [MOST]),
        (float(MOST), []),  # 2**63
        (-MOST, [-MOST]),
        (-(2**63), []),
        (10**5000, []),
        (float("inf"), []),
        ("1e999999", []),
        ([], []),
        ((PAST, PAST), [PAST]),
        ((PAST, None), [PAST, PAST + 1, MOST - 1, MOST]),
        ((None, -PAST), [-MOST, -PAST]),
        ((float(2**53), PAST), [2**53, PAST]),
        ((f"{2**53}.5", f"{PAST}.5"), [PAST]),
        ((2.5, 3.5), [3]),
        ((3.5, 2.5), [3]),
        ((2.1, 2.9), []),
        ((MOST, 10**5000), [MOST]),
        ((MOST + 1, None), []),
        ((-(10**5000), -PAST), [-MOST, -PAST]),
        ((None, "-1e999999"), []),
        ((None, None), INTS),
        ((0, None), [n for n in INTS if n >= 0]),
        ([(3, 4)], [3, 4]),
        ({3, 4}, [3, 4]),
        (frozenset({3, 3.5}), [3]),
        (arsearch.Not([n for n in INTS if n != PAST]), [PAST]),
    ],
    ids=lambda value: shown(value)[:40],
)
def test_whole_numbers(numbers: arsearch.Index, value: Any, expected: list[int]) -> None:
    others = texts([]) if not isinstance(value, arsearch.Not) else [f"real {n}" for n in FLOATS]
    others += [f"court {c}" for c in COURTS[1:]] + ["none"] if others else []

    assert found(numbers, "whole", value) == texts(expected) + others
    assert set(found(numbers, "whole", value, "نص")) == {*texts(expected), *others}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.5, [2.5]),
        ("2.5", [2.5]),
        (3, [3.0]),
        (PAST, [2.0**53]),  # an article with this number has the nearest float too
        ([PAST + 1, -2.5], [-2.5, 2.0**53 + 2]),
        (FLOATS, FLOATS),
        ((2.5, 3), [2.5, 3.0]),
        ((3, 2.5), [2.5, 3.0]),
        ((2.0**53, PAST), [2.0**53]),
        ((1e300, None), [1e300]),
        ((10**5000, None), []),
        ((None, -(10**5000)), []),
        ((-(10**5000), 10**5000), FLOATS),
        (float("inf"), []),
    ],
    ids=lambda value: shown(value)[:40],
)
def test_floats(numbers: arsearch.Index, value: Any, expected: list[float]) -> None:
    assert found(numbers, "real", value) == texts(expected)


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "3 4", None, True, [None], float("nan"), "nan", "snan", Decimal("nan"), np.float64("nan"),
        b"3", 3j, [[3]], (), (3,), (1, 2, 3), {3: 4}, [(1, 2), (3, 4)],
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["whole", "real"])
def test_other_values_are_no_numbers(numbers: arsearch.Index, field: str, value: Any) -> None:
    with pytest.raises(QueryError, match="is not a number"):
        numbers.search("نص", filters={field: value})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ب", ["ب"]),
        (["ب", "ث", "x"], ["ب", "ث"]),
        (("ب", "ث"), ["ب", "ث"]),
        pytest.param({"ب", arsearch.Not("أ")}, ["ب"], id="a set"),
        ([], []),
        (5, []),
    ],
    ids=str,
)
def test_keywords(numbers: arsearch.Index, value: Any, expected: list[str]) -> None:
    assert found(numbers, "court", value) == expected


@pytest.mark.parametrize(
    "value",
    [None, 1.5, b"x", bytearray(b"x"), {"x": 1}, [1.5], [None], [b"x"], 10**5000],
    ids=lambda value: shown(value)[:40],
)
def test_other_values_are_no_keywords(numbers: arsearch.Index, value: Any) -> None:
    with pytest.raises(QueryError, match="field 'court' is filtered by"):
        numbers.search("نص", filters={"court": value})


@pytest.mark.parametrize("name", ["nothing", "title", "an", 3])
def test_a_field_that_is_no_filter_is_refused_and_the_others_are_named(numbers: arsearch.Index, name: Any) -> None:
    with pytest.raises(UnknownFieldError, match=r"filter by; known: .*court, date, hijri_year, id,.* whole"):
        numbers.search("نص", filters={name: "3"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("court:ب..ت", ["ب", "ت"]),
        ("court:أ..ب", ["أ", "ب"]),
        ("court:ت..ب", ["ب", "ت"]),
        ("court:*", COURTS[1:]),
        (f"whole:{PAST}", [PAST]),
        (f"whole:{PAST}..{2**53}", [2**53, PAST]),
        (f"whole:>{2**53}", [PAST, PAST + 1, MOST - 1, MOST]),
        (f"whole:>={MOST}", [MOST]),
        (f"whole:>{MOST}", []),
        (f"whole:<-{PAST}", [-MOST]),
        (f"whole:{'9' * 40}", []),
        (f"whole:>-{'9' * 40}", INTS),
        ("real:2.5..3", [2.5, 3.0]),
        ("real:>3", [2.0**53, 2.0**53 + 2, 1e300]),
        ("real:<-2.5", [-1e300]),
    ],
    ids=lambda value: str(value)[:30],
)
def test_conditions_in_queries(numbers: arsearch.Index, text: str, expected: list[Any]) -> None:
    hits = numbers.search(f"+{text}", limit=100)

    assert {hit.id.partition(" ")[2] for hit in hits} == set(texts(expected))


@pytest.mark.parametrize("field", ["whole", "real"])
def test_the_greatest_numbers_are_sorted_before_articles_without_one(numbers: arsearch.Index, field: str) -> None:
    values = texts(INTS if field == "whole" else FLOATS)
    for sort, expected in ((field, values), (f"-{field}", values[::-1])):
        ids = [hit.id for hit in numbers.search("نص", limit=100, sort=sort)]
        assert ids[: len(values)] == [f"{field} {value}" for value in expected]


def test_date_facets_are_in_order(location: str) -> None:
    dates = ["2015-03-01", "2014-12-31", "2015-01-02", "2015-03-09", "2014-12-31", "2013-01-01"]
    with arsearch.open(location, create=True, fields={"heard": "date"}) as index:
        index.add({"id": str(n), "body": "نص", "date": day, "heard": day} for n, day in enumerate(dates))
        facets = index.search("نص", facets=["month", "year", "heard", "date"]).facets

    # The most frequent first, then in ascending order.
    assert list(facets["month"].items()) == [("2014-12", 2), ("2015-03", 2), ("2013-01", 1), ("2015-01", 1)]
    assert list(facets["year"].items()) == [("2015", 3), ("2014", 2), ("2013", 1)]
    days = [("2014-12-31", 2), ("2013-01-01", 1), ("2015-01-02", 1), ("2015-03-01", 1), ("2015-03-09", 1)]
    assert list(facets["heard"].items()) == list(facets["date"].items()) == days


@settings(max_examples=150)
@given(
    stored=st.lists(st.integers(-MOST, MOST) | st.sampled_from(INTS), max_size=8),
    low=st.none() | st.integers(-(2**65), 2**65) | st.floats(allow_nan=False) | st.sampled_from(INTS),
    high=st.none() | st.integers(-(2**65), 2**65) | st.floats(allow_nan=False) | st.sampled_from(INTS),
)
def test_ranges_are_those_of_python(stored: list[int], low: float | None, high: float | None) -> None:
    with arsearch.open(":memory:", create=True, fields={"whole": "int"}) as index:
        index.add({"id": str(n), "body": "نص", "whole": number} for n, number in enumerate(stored))
        first, last = (high, low) if low is not None and high is not None and low > high else (low, high)

        passing = [n for n in stored if (first is None or n >= first) and (last is None or n <= last)]
        assert index.search("", limit=10, filters={"whole": (low, high)}).total == len(passing)
        for end in (low, high):
            if end is not None:
                assert index.search("", limit=10, filters={"whole": end}).total == stored.count(end)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("whole:*", {f"whole {n}" for n in INTS}),
        ("real:*", {f"real {n}" for n in FLOATS}),
        ("court:*", {f"court {c}" for c in COURTS[1:]}),
    ],
)
def test_a_field_with_any_value(numbers: arsearch.Index, text: str, expected: set[str]) -> None:
    assert {hit.id for hit in numbers.search(f"+{text}", limit=100)} == expected


def test_ids_of_the_first_and_the_last_article(numbers: arsearch.Index) -> None:
    first, last = f"whole {INTS[0]}", "none"

    assert [hit.id for hit in numbers.search("", filters={"id": first})] == [first]
    assert [hit.id for hit in numbers.search("", filters={"id": [last, "other", first, first]})] == [first, last]
    assert [hit.id for hit in numbers.search("", filters={"id": ["other", first]})] == [first]
    assert not numbers.search("", filters={"id": "other"})
    assert [hit.id for hit in numbers.search("", filters=json.loads(f'{{"id": "{last}"}}'))] == [last]
    others = numbers.search("", limit=100, filters={"id": arsearch.Not([first, last])})
    assert {first, last}.isdisjoint(hit.id for hit in others)
    assert others.total == len(numbers) - 2


def test_a_day_ends_with_its_last_second(location: str) -> None:
    times = ["2015-06-30T23:59:59", "2015-07-01", "2015-07-01T23:59:59", "2015-07-02T00:00:00", "2015-07-02T00:00:01"]
    with arsearch.open(location, create=True, fields={"heard": "date", "note": "text"}) as index:
        index.add({"id": time, "body": "نص", "date": time, "heard": time} for time in times)
        index.add([{"id": "none", "body": "نص", "note": "حاشية"}])
        for field in ("date", "heard"):
            for day, expected in (
                ("2015-07-01", times[1:3]),
                (("2015-07-01", "2015-07-01"), times[1:3]),
                ((None, "2015-06-30"), times[:1]),
                (("2015-07-02", None), times[3:]),
            ):
                assert {hit.id for hit in index.search("نص", filters={field: day})} == set(expected)
            assert {hit.id for hit in index.search(f"+{field}:*", limit=100)} == set(times)
        assert [hit.id for hit in index.search("+note:*")] == ["none"]


def test_a_note_cuts_the_long_ends_of_a_range(numbers: arsearch.Index) -> None:
    assert numbers.search("", filters={"whole": (3, 3)}).notes == ()
    results = numbers.search("", filters={"whole": ("9" * 50, "0" * 41)})

    assert results.notes == (f"range {'9' * 40}..{'0' * 40} runs backwards; its ends were swapped",)


KINDS = {"whole": "int", "real": "float", "court": "keyword", "date": "date"}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("whole", "3")], {"whole": "3"}),
        ([("whole", "3"), ("whole", "4")], {"whole": ["3", "4"]}),
        ([("whole", "3..4")], {"whole": ("3", "4")}),
        ([("whole", "3..")], {"whole": ("3", None)}),
        ([("court", "أ..ب")], {"court": ["أ..ب"]}),
        ([("court", "أ"), ("court", "ب")], {"court": ["أ", "ب"]}),
        ([("date", "2015-07..")], {"date": "2015-07.."}),
        ([("whole!", "3"), ("whole", "4")], {"whole": ["4", arsearch.Not("3")]}),
        ([("id", "3"), ("id", "4")], {"id": ["3", "4"]}),
        ([("author", "أ"), ("author", "ب")], {"author": ["أ", "ب"]}),
        ([("hijri_year", "1436")], {"hijri_year": ["1436"]}),
        ([("real", "3..4"), ("real!", "3.5")], {"real": [("3", "4"), arsearch.Not("3.5")]}),
    ],
)
def test_filters_that_are_typed(pairs: list[tuple[str, str]], expected: dict[str, Any]) -> None:
    assert filters_of_texts(pairs, json.loads(json.dumps(KINDS))) == expected


@pytest.mark.parametrize(
    "pairs",
    [
        [("date", "2015"), ("date", "2016")],
        [("hijri_year", "1436"), ("hijri_year", "1437")],
        [("whole", "3..4"), ("whole", "5")],
        [("real", "5"), ("real", "3..4")],
    ],
)
def test_a_date_and_a_range_are_typed_once(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(QueryError, match=f"the filter {pairs[0][0]} can be given once"):
        filters_of_texts(pairs, json.loads(json.dumps(KINDS)))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ((None, None), {}),
        (("2015", None), {"date": ("2015", None)}),
        ((None, "2016"), {"date": (None, "2016")}),
    ],
)
def test_a_first_and_a_last_date_are_a_filter(period: tuple[str | None, str | None], expected: dict[str, Any]) -> None:
    assert filters_of_texts([], KINDS, period) == expected
    if expected:
        with pytest.raises(QueryError, match="not by both"):
            filters_of_texts([("date", "2015")], KINDS, period)
