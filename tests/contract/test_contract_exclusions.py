"""Exclusions: a minus sign before a number is none, and a query whose exclusions leave nothing says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import arsearch

ARTICLES = [
    {"id": "derby", "body": "فاز الأهلي على الزمالك"},
    {"id": "draw", "body": "تعادل الأهلي والزمالك"},
    {"id": "covid", "body": "لقاح كوفيد-19"},
    {"id": "cold", "body": "بلغت درجة الحرارة ٥ تحت الصفر"},
    {"id": "isotope", "body": "اليورانيوم 238"},
]


@pytest.fixture(scope="module")
def index(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index(ARTICLES)


def ids(results: arsearch.SearchResults) -> set[str]:
    return {hit.id for hit in results}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("كوفيد -19", "covid"),
        ("كوفيد –19", "covid"),
        ("كوفيد - 19", "covid"),
        ("درجة الحرارة -5", "cold"),
        ("درجة الحرارة -٥", "cold"),
        ("درجة الحرارة −5", "cold"),
        ("درجة الحرارة -۵", "cold"),
        ("الحرارة -5 -الرياض", "cold"),
        ("-5 الحرارة", "cold"),
        ("اليورانيوم -238", "isotope"),
        ("اليورانيوم －238", "isotope"),
    ],
)
def test_a_minus_sign_before_a_number_excludes_nothing(index: arsearch.Index, query: str, expected: str) -> None:
    results = index.search(query, mode="all")

    assert ids(results) == {expected}
    assert not any("nothing is left" in note for note in results.notes)


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("الأهلي -الزمالك", "-الزمالك excludes all 2 articles"),
        ("الأهلي NOT الزمالك", "-الزمالك excludes all 2 articles"),
        ("الأهلي AND NOT الزمالك", "-الزمالك excludes all 2 articles"),
        ("فاز الأهلي AND NOT الزمالك", "-الزمالك excludes the only article"),
        ("+فاز -الزمالك", "-الزمالك excludes the only article"),
        ('الأهلي -"الأهلي على الزمالك" -تعادل', '-"الأهلي على الزمالك", -تعادل exclude all 2 articles'),
        ("الأهلي -(على OR تعادل)", "the exclusions exclude all 2 articles"),
        ("كوفيد -لقاح", "-لقاح excludes the only article"),
        ("كوفيد NOT 19", "-19 excludes the only article"),
        ("* -الأهلي -كوفيد -درجة -اليورانيوم", "the exclusions exclude all 5 articles"),
        ("(الأهلي -الزمالك) AND (فاز OR تعادل)", "-الزمالك excludes all 2 articles"),
    ],
)
def test_exclusions_that_leave_nothing_are_noted(index: arsearch.Index, query: str, note: str) -> None:
    results = index.search(query)

    assert ids(results) == set()
    assert f"nothing is left: {note} that the query finds otherwise" in results.notes


@pytest.mark.parametrize(
    "query", ["الأهلي -قمر", "قمر -الزمالك", "قمر", "الأهلي -تعادل", "-الزمالك", "قمر OR (الأهلي -الزمالك)"]
)
def test_other_queries_have_no_such_note(index: arsearch.Index, query: str) -> None:
    assert not any("nothing is left" in note for note in index.search(query).notes)
