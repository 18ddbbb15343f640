"""A value of a keyword field that no article has is read as words, with a note; a value that some article has stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import arsearch

ARTICLES: list[dict[str, Any]] = [
    {"id": "news", "title": "قناة الجزيرة", "body": "المصدر الجزيرة نت", "source": "الأفق", "author": "خالد الأحمد"},
    {
        "id": "island",
        "title": "جزيرة العرب",
        "body": "تاريخ الجزيرة العربية",
        "source": "المرصد",
        "tags": ["تاريخ", "جغرافيا"],
    },
    {
        "id": "watch",
        "title": "رصد",
        "body": "أخبار الأفق والمرصد",
        "source": "Reuters",
        "category": "سياسة",
        "court": "النقض",
    },
    {"id": "oil", "title": "النفط", "body": "أسعار النفط في الأسواق", "source": "الافق الجديد", "author": "مريم"},
]


@pytest.fixture(scope="module")
def values(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index(ARTICLES)


def ids(results: arsearch.SearchResults) -> set[str]:
    return {hit.id for hit in results}


def note(value: str, field: str) -> str:
    return f"no article has '{value}' in the field '{field}', so it was searched as words"


@pytest.mark.parametrize(
    ("query", "expected", "value", "field"),
    [
        ("المصدر:الجزيرة", {"news", "island"}, "الجزيرة", "source"),
        ("مصدر:الجزيرة", {"news", "island"}, "الجزيرة", "source"),
        ("source:الجزيرة", {"news", "island"}, "الجزيرة", "source"),
        ("كاتب:النفط", {"oil"}, "النفط", "author"),
        ("القسم:الجغرافيا العربية", {"island"}, "الجغرافيا", "category"),
        ("وسم:الأسواق", {"oil"}, "الأسواق", "tags"),
        ("court:النفط", {"oil"}, "النفط", "court"),
        ('مصدر:"قناة الجزيرة"', {"news"}, '"قناة الجزيرة"', "source"),
        ('مصدر:"الجزيرة العربية"', {"island"}, '"الجزيرة العربية"', "source"),
        ("+المصدر:الجزيرة النفط", {"news", "island"}, "الجزيرة", "source"),
        ("المصدر:الجزيرة OR النفط", {"news", "island", "oil"}, "الجزيرة", "source"),
        ("نت AND المصدر:الجزيرة", {"news"}, "الجزيرة", "source"),
        ("source:(النفط OR الجزيرة)", {"news", "island", "oil"}, "النفط OR الجزيرة", "source"),
        ("source:(الجزيرة AND Reuters)", set(), "الجزيرة AND Reuters", "source"),
        ("مصدر:=الجزيرة", {"news", "island"}, "=الجزيرة", "source"),
        ("مصدر:=أفق", set(), "=أفق", "source"),
    ],
)
def test_an_absent_value_is_read_as_words(
    values: arsearch.Index, query: str, expected: set[str], value: str, field: str
) -> None:
    results = values.search(query, match="stem")

    assert ids(results) == expected
    assert note(value, field) in results.notes


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("مصدر:الأفق", {"news", "oil"}),
        ("مصدر:الافق", {"news", "oil"}),
        ("مصدر:افق", {"news", "oil"}),
        ("source:reuters", {"watch"}),
        ("source:REUTERS", {"watch"}),
        ('مصدر:"الأفق الجديد"', {"oil"}),
        ("مصدر:=الأفق", {"news"}),
        ("كاتب:احمد", {"news"}),
        ("وسم:تاريخ", {"island"}),
        ("source:(الجزيرة OR المرصد)", {"island"}),
        ("source:(الجزيرة الأفق)", {"news", "oil"}),
        ("أخبار -source:الجزيرة", {"watch"}),
        ("أخبار NOT source:الجزيرة", {"watch"}),
        ("source:الجز*", set()),
        ("source:*", {"news", "island", "watch", "oil"}),
        ("source:A..Z", {"watch"}),
        ("عنوان:الأسواق", set()),
        ("نص:رصد", set()),
        ("court:النقض", {"watch"}),
        ("heard:1999", set()),
        ("volume:77", set()),
    ],
)
def test_other_values_stay(values: arsearch.Index, query: str, expected: set[str]) -> None:
    results = values.search(query, match="stem")

    assert not any("searched as words" in one for one in results.notes)
    assert ids(results) == expected


def test_the_words_of_an_absent_value_are_marked_and_explained(values: arsearch.Index) -> None:
    (first, *_) = values.search("المصدر:الجزيرة نت")

    assert first.id == "news"
    assert "الجزيرة" in [first.snippet.source[span.start : span.end] for span in first.snippet.spans]
    assert [word.text for word in first.explain().words] == ["الجزيرة", "نت"]
    assert values.explain("المصدر:الجزيرة", "news").matched


def test_an_absent_value_has_synonyms_as_words(location: str) -> None:
    synonyms = arsearch.Synonyms.parse("مركبة, سيارة")
    with arsearch.open(location, create=True, synonyms=synonyms) as index:
        index.add([{"id": "car", "body": "سيارة", "source": "الأفق"}])

        assert ids(index.search("مصدر:مركبة")) == {"car"}
