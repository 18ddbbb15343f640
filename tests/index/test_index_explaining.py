"""The parts of an explanation add up to the score of the hit, for every kind of query, and so do the figures shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_whoosh_reference import CLOSE, options, queries, three_segments, tiny, words_of

import arsearch
from arsearch.errors import QueryError
from arsearch.model.explanations import Step


@pytest.fixture(scope="module")
def tiny_index() -> Iterator[arsearch.Index]:
    with three_segments(tiny()) as index:
        yield index


def assert_adds_up(explanation: arsearch.Explanation) -> None:
    """Assert that each score is the sum of its parts in JSON, by the formula of `arsearch.search.ranking`."""
    data = explanation.to_dict()
    lists = [one for word in data["words"] for one in word["lists"]] + data["pairs"]
    for one in lists:
        tf = sum(
            field["weight"] * field["frequency"] / (1 - field["b"] + field["b"] * field["length"] / field["average"])
            for field in one["fields"]
        )
        idf = math.log(1 + (one["total"] - one["articles"] + 0.5) / (one["articles"] + 0.5))
        if one["fields"]:
            assert one["idf"] == pytest.approx(idf)
        assert one["score"] == pytest.approx(one["weight"] * idf * tf * (one["k1"] + 1) / (one["k1"] + tf))
    for word in data["words"]:
        assert word["score"] == pytest.approx(sum(one["score"] for one in word["lists"]) if word["counted"] else 0)
    assert data["score"] == pytest.approx(sum(part["score"] for part in (*data["words"], *data["pairs"])))


@settings(max_examples=300)
@given(text=st.deferred(lambda: queries(words_of(tiny(), 1))), chosen=options, other=st.integers(0, 79))
def test_the_parts_add_up_to_the_score(
    tiny_index: arsearch.Index, text: str, chosen: dict[str, Any], other: int
) -> None:
    results = tiny_index.search(text, limit=10_000, **chosen)
    found = {hit.id: hit for hit in results}
    for hit in (*results.hits[:2], *results.hits[-1:]):
        explanation = hit.explain()
        assert_adds_up(explanation)
        assert (explanation.id, explanation.matched, explanation.complete) == (hit.id, True, hit.complete)
        assert math.isclose(explanation.score, hit.score, rel_tol=CLOSE, abs_tol=1e-9), text
    if str(other) in tiny_index:
        explanation = tiny_index.explain(text, str(other), **chosen)
        assert_adds_up(explanation)
        assert explanation.matched == (str(other) in found)
        if explanation.matched:
            assert explanation.complete == found[str(other)].complete
            assert math.isclose(explanation.score, found[str(other)].score, rel_tol=CLOSE, abs_tol=1e-9), text


ARTICLE = {
    "id": "1",
    "title": "وزير التعليم",
    "body": "قال الوزير إن الوَزِيرَ السابق زار مدارس في الرياض، والوزير في الرياض.",
    "tags": ["الوزير", "تعليم"],
}


@pytest.fixture
def one(index: arsearch.Index) -> arsearch.Index:
    index.add([ARTICLE, {"id": "2", "body": "خبر آخر عن الرياض والوزير فلان"}])
    return index


def test_a_word_shows_its_forms_levels_and_spans(one: arsearch.Index) -> None:
    (word,) = one.explain("الوزير", "1").words

    assert [(form.text, form.level.label, form.times) for form in word.forms] == [
        ("الوزير", "surface", 1),
        ("الوَزِيرَ", "surface", 1),
        ("والوزير", "word", 1),
        ("وزير", "word", 1),
    ]
    texts = {"title": ARTICLE["title"], "body": ARTICLE["body"]}
    marked = [(span.field, texts[span.field][span.start : span.end]) for span in word.spans]
    assert marked == [("title", "وزير"), ("body", "الوزير"), ("body", "الوَزِيرَ"), ("body", "والوزير")]
    assert word.level == arsearch.Level.SURFACE
    assert [(listed.kind, listed.sought, listed.articles) for listed in word.lists] == [
        ("normalised", "الوزير", 1),
        ("stem", "وزير", 2),
        ("root", "وزر", 2),
    ]
    assert [(field.field, field.frequency) for field in word.lists[1].fields] == [("title", 1), ("body", 3)]


def test_forms_are_in_order_of_strictness_then_of_frequency(one: arsearch.Index) -> None:
    one.add([{"id": "3", "body": "وزير ووزير لوزير وزير بوزير الوزير وزيرا وزيرا لوزير"}])
    (word,) = one.explain("الوزير", "3").words

    assert [(form.text, form.level.label, form.times) for form in word.forms] == [
        ("الوزير", "surface", 1),
        ("لوزير", "word", 2),
        ("وزير", "word", 2),
        ("بوزير", "word", 1),
        ("ووزير", "word", 1),
        ("وزيرا", "stem", 2),
    ]


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("الوزير في", [("الوزير", "wanted", True, "surface"), ("في", "extra", True, "surface")]),
        ("+الرياض الوزير", [("الوزير", "wanted", True, "surface"), ("الرياض", "required", True, "surface")]),
        ("الرياض -قطر", [("الرياض", "wanted", True, "surface"), ("قطر", "excluded", False, None)]),
        (
            "وزير OR (قطر AND الرياض)",
            [
                ("وزير", "wanted", True, "surface"),
                ("قطر", "wanted", False, None),
                ("الرياض", "wanted", False, "surface"),
            ],
        ),
        ('"الوزير السابق"', [('"الوزير السابق"', "wanted", True, "surface")]),
        ("مدا*", [("مدا*", "wanted", True, "normalised")]),
        ("tags:الوزير", [("الوزير", "wanted", True, "surface")]),
        ("source:*", []),
        ("؟", []),
    ],
)
def test_each_part_of_a_query_has_a_role(
    query: str, parts: list[tuple[str, str, bool, str | None]], one: arsearch.Index
) -> None:
    words = one.explain(query, "1").words

    assert [(word.text, word.role, word.counted, word.level.label if word.level else None) for word in words] == parts


def test_neighbouring_words_have_a_pair(one: arsearch.Index) -> None:
    (pair,) = one.explain("الوزير السابق", "1").pairs

    assert (pair.kind, pair.sought, [field.field for field in pair.fields]) == ("pair", "وزير سابق", ["body"])
    assert one.explain("السابق الوزير", "2").pairs == ()


@pytest.mark.parametrize(
    ("word", "steps"),
    [
        ("وبالكِتَاب", [
            ("written", "وبالكِتَاب", ""),
            ("harakat", "وبالكتاب", ""),
            ("normalised", "وبالكتاب", ""),
            ("word", "كتاب", "وبال off the front: كتاب is in the lexicon"),
            ("stem", "كتاب", "nothing to take off"),
        ]),
        ("والمهندسين", [
            ("written", "والمهندسين", ""),
            ("normalised", "والمهندسين", ""),
            ("word", "مهندسين", "وال off the front: مهندسين is not in the lexicon as it stands"),
            ("stem", "مهندس", "ين off the end: مهندس is in the lexicon"),
        ]),
        ("مدرستهم", [
            ("written", "مدرستهم", ""),
            ("normalised", "مدرستهم", ""),
            ("word", "مدرسه", "تهم made ه: مدرسه is in the lexicon"),
            ("stem", "مدرسه", "nothing to take off"),
        ]),
        ("1.500.000", [
            ("written", "1.500.000", ""),
            ("digits", "1500000", ""),
            ("normalised", "1500000", ""),
            ("word", "1500000", "1500000 is not in the lexicon as it stands"),
            ("stem", "1500000", "nothing to take off"),
        ]),
        ("أبي", [
            ("written", "أبي", ""),
            ("alef", "ابي", ""),
            ("normalised", "ابي", ""),
            ("word", "ابو", "counts as ابو"),
            ("stem", "ابو", "nothing to take off"),
        ]),
    ],
)  # fmt: skip
def test_each_step_of_the_analysis_has_a_reason(
    word: str, steps: list[tuple[str, str, str]], one: arsearch.Index
) -> None:
    (explained,) = one.explain(word, "1").words

    assert list(explained.steps) == [Step(*step) for step in steps]


def test_a_word_of_several_terms_shows_each_term(one: arsearch.Index) -> None:
    (explained,) = one.explain("عبدالله", "1").words

    assert [step.result for step in explained.steps if step.name == "surface"] == ["عبد", "الله"]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("00966501234567", "a telephone number with its prefix and without"),
        ("عبدالله", "a compound name"),
        ("COVID-19", ""),
    ],
)
def test_the_parts_of_a_number_have_a_reason(word: str, reason: str, one: arsearch.Index) -> None:
    (explained,) = one.explain(word, "1").words

    assert [step.why for step in explained.steps if step.name == "parts"] == [reason]


def test_an_article_that_does_not_match_is_explained(one: arsearch.Index) -> None:
    explanation = one.explain("مدارس الرياض", "2", mode="all")

    assert (explanation.matched, explanation.complete) == (False, False)
    assert [bool(word.score) for word in explanation.words] == [False, True]
    with pytest.raises(QueryError, match=r"no article has the id 'x-9'; give the id of a hit"):
        one.explain("الرياض", "x-9")


def test_a_snapshot_explains_its_own_commit(one: arsearch.Index) -> None:
    with one.snapshot() as snapshot:
        before = snapshot.explain("الوزير", "2")
        one.delete("1")

        assert snapshot.explain("الوزير", "2") == before
        assert one.explain("الوزير", "2") != before
