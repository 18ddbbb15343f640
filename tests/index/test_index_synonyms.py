"""Synonyms at search time: the articles found, their order, spans, notes, and the words without synonyms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from embedded import reader_of
from hypothesis import given
from hypothesis import strategies as st
from reference.search import reference_search

import arsearch
from arsearch import Level, Ranking, Synonyms

SYNONYMS = Synonyms.parse(
    """
    سيارة, مركبة, عربة نقل
    الأمم المتحدة, المنظمة الدولية
    حاسوب => كمبيوتر
    عبدالله => خادم الحرمين
    """
)
BODIES = {
    "car": "سيارة جديدة في الشارع",
    "vehicle": "مركبة جديدة في الشارع",
    "cart": "عربة نقل جديدة في الشارع",
    "apart": "عربة بيع ووسيلة نقل أخرى",
    "un": "قالت الأمم المتحدة في بيان",
    "body": "قالت المنظمة الدولية في بيان",
    "nations": "قالت الأمم في بيان",
    "pc": "حاسوب سريع",
    "computer": "كمبيوتر سريع",
    "king": "زار خادم الحرمين المدينة",
    "abdullah": "زار عبدالله المدينة",
    "america": "زار أميركا وزير",
}


@pytest.fixture(scope="module")
def library() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True, synonyms=SYNONYMS) as index:
        index.add({"id": id, "body": body} for id, body in BODIES.items())
        yield index


def ids(library: arsearch.Index, text: str, **options: str) -> list[str]:
    return [hit.id for hit in library.search(text, mode="all", **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("سيارة", ["car", "vehicle", "cart"]),
        ("وبالسيارة", ["car", "vehicle", "cart"]),  # compared by stem
        ("مركبة", ["vehicle", "car", "cart"]),
        (
            "عربة نقل",
            ["cart", "apart", "car", "vehicle"],
        ),  # a phrase: its synonyms may replace each of its words
        ("نقل", ["cart", "apart"]),
        ("سيارة جديدة", ["car", "vehicle", "cart"]),
        ("الأمم المتحدة", ["un", "body"]),
        ("بيان الأمم المتحدة", ["un", "body"]),
        ("المنظمة الدولية", ["body", "un"]),
        ("الأمم", ["nations", "un"]),
        ("حاسوب", ["pc", "computer"]),
        ("كمبيوتر", ["computer"]),  # one way only
        ("عبدالله", ["abdullah", "king"]),
        ("عبد الله", ["abdullah", "king"]),
        ("أمريكا", ["america"]),  # a shipped variant
        ("+سيارة", ["car", "vehicle", "cart"]),
        ("سيارة OR كمبيوتر", ["computer", "car", "vehicle", "cart"]),
        ("body:سيارة", ["car", "vehicle", "cart"]),
        ('"سيارة"', ["car"]),
        ("=سيارة", ["car"]),
        ("جديدة -سيارة", ["vehicle", "cart"]),  # exclusions have no synonyms
        ("سيار*", ["car"]),
    ],
)
def test_the_articles_found(library: arsearch.Index, query: str, expected: list[str]) -> None:
    answer = ids(library, query)
    assert sorted(answer) == sorted(expected)
    assert answer[0] == expected[0]


@pytest.mark.parametrize("match", ["word", "normalised"])
def test_a_stricter_match_uses_no_synonyms(library: arsearch.Index, match: str) -> None:
    assert ids(library, "سيارة", match=match) == ["car"]


def test_notes_spans_and_levels(library: arsearch.Index) -> None:
    results = library.search("سيارة جديدة")
    levels = {hit.id: {hit.article.body[s.start : s.end]: s.level for s in hit.spans} for hit in results}

    assert results.notes == ("سيارة: also looked for مركبة, عربة نقل",)
    assert levels["car"] == {"سيارة": Level.SURFACE, "جديدة": Level.SURFACE}
    assert levels["vehicle"] == {"مركبة": Level.SYNONYM, "جديدة": Level.SURFACE}
    assert levels["cart"] == {"عربة": Level.SYNONYM, "نقل": Level.SYNONYM, "جديدة": Level.SURFACE}
    assert {hit.id: hit.level for hit in library.search("حاسوب")} == {"pc": Level.SURFACE, "computer": Level.SYNONYM}


def test_explanations_show_synonyms(library: arsearch.Index) -> None:
    (hit,) = [hit for hit in library.search("سيارة") if hit.id == "vehicle"]
    explained = hit.explain()
    (word,) = explained.words

    assert explained.score == pytest.approx(hit.score, rel=1e-5)
    assert [(form.text, form.level) for form in word.forms] == [("مركبة", Level.SYNONYM)]
    assert [one.kind for one in word.lists] == ["normalised", "synonyms", "root"]
    assert ["مركب" in one.sought for one in word.lists] == [False, True, True]
    assert {hit.id: hit.complete for hit in library.search("سيارة")} == dict.fromkeys(("car", "vehicle", "cart"), True)


def test_shipped_variants_can_be_switched_off() -> None:
    with arsearch.open(":memory:", create=True, synonyms=Synonyms(variants=False)) as index:
        index.add([{"id": "1", "body": BODIES["america"]}])
        assert index.search("أمريكا").total == 0
        assert index.search("أمريكا").notes == ()


def test_synonyms_apply_after_each_commit() -> None:
    with arsearch.open(":memory:", create=True, synonyms=SYNONYMS) as index:
        for id, body in BODIES.items():
            index.add([{"id": id, "body": body}])
        assert len(ids(index, "سيارة")) == 3


words = st.sampled_from(
    ["سيارة", "مركبة", "عربة", "نقل", "جديدة", "الأمم", "المتحدة", "في", "حاسوب", "عبدالله", "الله"]
)
texts = st.lists(words, min_size=1, max_size=7).map(" ".join)


SHARES = st.sampled_from([0.5, Ranking().synonym_share])


@given(st.lists(texts, min_size=1, max_size=8), texts, SHARES)
def test_searches_agree_with_the_reference(bodies: list[str], query: str, share: float) -> None:
    with arsearch.open(":memory:", create=True, synonyms=SYNONYMS, ranking=Ranking(synonym_share=share)) as index:
        index.add({"id": str(n), "title": body[::2], "body": body} for n, body in enumerate(bodies))
        reader = reader_of(index)
        answers = reference_search(reader, index.analyzer, index._planner.ranking, query, synonyms=SYNONYMS)
        results = index.search(query, limit=100)

        complete = sum(answer.complete for answer in answers)
        assert (results.total_complete, results.total) == (complete, len(answers))
        assert {reader.find(hit.id): pytest.approx(hit.score, rel=1e-5) for hit in results} == {
            answer.doc: answer.score for answer in answers
        }


@given(st.sampled_from(["سيارة", "مركبة", "حاسوب"]), st.lists(words, max_size=6), SHARES)
def test_the_typed_word_scores_at_least_as_high_as_a_synonym(typed: str, rest: list[str], share: float) -> None:
    other = {"سيارة": "مركبة", "مركبة": "سيارة", "حاسوب": "كمبيوتر"}[typed]
    with arsearch.open(":memory:", create=True, synonyms=SYNONYMS, ranking=Ranking(synonym_share=share)) as index:
        index.add({"id": word, "body": " ".join([*rest, word])} for word in (other, typed))
        scores = {hit.id: hit.score for hit in index.search(typed)}

        assert scores[typed] >= scores[other] > 0
