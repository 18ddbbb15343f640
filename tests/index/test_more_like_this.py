"""More like this: the similar articles, the excluded ones, and the bound of the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError

REPORT = (
    "أعلنت المؤسسة العامة للسكك في الإقليم اليوم عودة الرحلات اليومية بين المدينتين بعد انتهاء أعمال الصيانة التي شملت "
    "جسرين ونفقا قديما، وقالت إن القطارات الجديدة ستقطع المسافة في ساعتين ونصف، ودعت المسافرين إلى حجز مقاعدهم قبل الموعد"
)
ROWS = [
    {"id": "rail", "title": "عودة القطارات", "body": REPORT, "source": "أ"},
    {"id": "copy", "title": "عودة القطارات", "body": "وكالة: " + REPORT, "source": "ب"},
    {
        "id": "trains",
        "title": "قطارات جديدة بين المدينتين",
        "body": "القطارات الجديدة تقطع المسافة في ساعتين",
        "source": "ب",
    },
    {
        "id": "ticket",
        "title": "حجز المقاعد",
        "body": "عودة المسافرين إلى القطارات بعد حجز المقاعد في المدينتين",
        "source": "أ",
    },
    {"id": "match", "title": "فوز الفريق", "body": "فاز الفريق على ضيفه بهدفين في المباراة", "source": "أ"},
    {"id": "cup", "title": "كأس الفريق", "body": "ينتظر الفريق المباراة الأخيرة بهدوء", "source": "ب"},
    {"id": "empty", "title": "؟", "body": "", "source": "ب"},
    *({"id": f"other{n}", "title": "خبر", "body": f"لا شيء مما سبق هنا سوى كلمة{n}", "source": "ج"} for n in range(6)),
]


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as index:
        index.add(ROWS[:3])
        index.add(ROWS[3:])
        yield index


@pytest.mark.parametrize(
    ("id", "options", "expected"),
    [
        ("rail", {}, ["copy", "trains"]),
        ("rail", {"collapse": "duplicates"}, ["trains"]),
        ("rail", {"limit": 1}, ["copy"]),
        ("rail", {"filters": {"source": "أ"}}, []),
        ("trains", {"collapse": "duplicates"}, ["rail", "ticket"]),
        ("match", {}, ["cup"]),
        ("empty", {}, []),
        ("empty", {"filters": {"source": "أ"}}, []),
    ],
)
def test_similar_articles_are_found(
    library: arsearch.Index, id: str, options: dict[str, Any], expected: list[str]
) -> None:
    assert [hit.id for hit in library.more_like(id, **options)] == expected


def test_articles_like_a_text_are_found(library: arsearch.Index) -> None:
    results = library.more_like(text="مباراة الفريق القادمة")

    assert {hit.id for hit in results} == {"match", "cup"}
    assert set(results.query.split()) == {"مباراة", "الفريق"}
    assert library.more_like(text="في من").notes == ("there are no words to compare articles by",)


def test_hits_are_marked_and_explained(library: arsearch.Index) -> None:
    (hit,) = library.more_like("match")

    assert "<mark>الفريق</mark>" in hit.snippet.html
    assert hit.explain().score == pytest.approx(hit.score, rel=1e-5)


def test_the_number_of_words_is_bounded(index: arsearch.Index) -> None:
    words = [f"{one}{other}{third}ون" for one in "بتثجحخد" for other in "بتثجحخد" for third in "بتثجحخد"]
    index.add({"id": str(n), "body": " ".join(words * 3)} for n in range(2))
    index.add({"id": f"x{n}", "body": "شيء آخر"} for n in range(3))

    assert len(index.more_like("0").query.split()) == 25


@pytest.mark.parametrize(("id", "text"), [(None, None), ("rail", "نص"), ("nobody", None)])
def test_wrong_arguments_are_named(library: arsearch.Index, id: str | None, text: str | None) -> None:
    with pytest.raises(QueryError, match=r"either the id of an article or a text|no article has the id 'nobody'"):
        library.more_like(id, text=text)
