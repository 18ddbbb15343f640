"""Questions: the words of the frame weigh less, and are in no pair of neighbouring words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import arsearch
from arsearch import Ranking
from arsearch.search.request import SearchRequest
from arsearch.search.signals import ProximitySignal

ARTICLES = [
    {"id": "people", "title": "العراق", "body": "بلغ سكان العراق أربعين مليونا."},
    {"id": "number", "title": "عدد جديد من المجلة", "body": "صدر عدد جديد، ويبلغ ثمن العدد درهما."},
    {"id": "place", "title": "البصرة", "body": "البصرة مدينة في جنوب العراق."},
]
FRAMED = [
    ("كم يبلغ عدد سكان العراق؟", ["يبلغ", "عدد"], "people"),
    ("كم عدد سكان العراق", ["عدد"], "people"),
    ("أين تقع مدينة البصرة؟", ["تقع"], "place"),
    ("ما اسم مدينة الجنوب؟", ["اسم"], "place"),
    ("ما معنى سكان العراق؟", ["معنى"], "people"),
    ("في أي عام صدر عدد المجلة؟", ["عام", "عدد"], "number"),
    ("إلى كم يصل ثمن المجلة؟", ["يصل"], "number"),
    ("ما سبب ثمن المجلة؟", ["سبب"], "number"),
    ("ماذا نقصد ب سكان العراق؟", ["نقصد"], "people"),
]


@pytest.fixture(scope="module")
def news(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index(ARTICLES)


@pytest.mark.parametrize(("text", "frame", "first"), FRAMED, ids=[row[0] for row in FRAMED])
def test_the_frame_of_a_question_weighs_less(news: arsearch.Index, text: str, frame: list[str], first: str) -> None:
    hit = news.search(text)[0]
    words = hit.explain().words

    reason = ("weight", f"{Ranking().frame_weight:g}", "a word of the question's frame")
    assert [word.text for word in words if reason in word.steps] == frame
    assert hit.id == first


@pytest.mark.parametrize("text", ["عدد سكان العراق", "عدد جديد", "مدينة تقع جنوب"])
def test_a_query_that_is_no_question_has_no_frame(news: arsearch.Index, text: str) -> None:
    words = news.search(text, mode="any")[0].explain().words

    assert not [step for word in words for step in word.steps if step.name == "weight"]


def pairs(index: arsearch.Index, text: str) -> list[tuple[str, str]]:
    plan = index._session().plan(SearchRequest.read(text))
    return [(p.first, p.second) for signal in plan.signals if isinstance(signal, ProximitySignal) for p in signal.pairs]


def test_no_pair_has_a_frame_word(news: arsearch.Index) -> None:
    stems = {word: news.analyzer.form(word).terms[0].stem for word in ("يبلغ", "عدد", "سكان", "العراق", "كم")}

    assert pairs(news, "كم يبلغ عدد سكان العراق؟") == [(stems["سكان"], stems["العراق"])]
    assert (stems["عدد"], stems["سكان"]) in pairs(news, "عدد سكان العراق")
