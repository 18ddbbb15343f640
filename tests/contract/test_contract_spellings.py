"""Spellings on every back-end: phrases, names, and foreign names beside the typed one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import arsearch
from arsearch import Level, Synonyms

BODIES = {
    "and-attached": "اشترى كتابا وقلما في كتاب وقلم أمس",
    "and-apart": "صورة كتاب و قلم على المكتب",
    "son-short": "روى عبد الله بن عمر الحديث",
    "son-long": "روى عبدالله ابن عمر الحديث",
    "abu": "قدم أبو بكر الصديق المدينة",
    "abi": "في خلافة أبي بكر الصديق",
    "aba": "سمعت أبا بكر الصديق",
    "father": "قال أبي إن البن اليمني غال",
    "willing": "نعود غدا إن شاء الله",
    "willing-joined": "نعود غدا إنشاء الله",
    "no": "لايوجد حل قريب",
    "no-apart": "لا يوجد حل قريب",
    "gattuso": "سجل غاتوزو هدفا",
    "jattuso": "سجل جاتوزو هدفا",
    "dinosaur": "عظام ديناصور في المتحف",
    "prayer": "وَأَقِيمُوا۟ ٱلصَّلَوٰةَ وَءَاتُوا۟ ٱلزَّكَوٰةَ",
    "call": "يَـٰٓأَيُّهَا ٱلنَّاسُ ٱعْبُدُوا۟ رَبَّكُمُ",
    "run": "بدأ تشغيل المصنع",
    "form": "بدأ تشكيل الحكومة",
}


@pytest.fixture(scope="module")
def spelled(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index([{"id": id, "body": body} for id, body in BODIES.items()])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"كتاب وقلم"', {"and-attached", "and-apart"}),
        ('"كتاب و قلم"', {"and-attached", "and-apart"}),
        ('~"كتاب وقلم"', {"and-attached", "and-apart"}),
        ('"كتاب وقلم"~2', {"and-attached", "and-apart"}),
        ('="كتاب وقلم"', {"and-attached"}),
        ('"عبد الله ابن عمر"', {"son-short", "son-long"}),
        ('"عبد الله بن عمر"', {"son-short", "son-long"}),
        ('"عبدالله بن عمر"', {"son-short", "son-long"}),
        ('"أبو بكر"', {"abu", "abi", "aba"}),
        ('"أبي بكر الصديق"', {"abu", "abi", "aba"}),
        ('"أبا بكر"', {"abu", "abi", "aba"}),
        ('"أبي إن"', {"father"}),
        ('"أبو إن"', set()),
        ('"ابن اليمني"', set()),
        ('"وأبو بكر"', set()),
        ('"إن شاء الله"', {"willing", "willing-joined"}),
        ('"إنشاء الله"', {"willing", "willing-joined"}),
        ('"لا يوجد"', {"no", "no-apart"}),
        ("لايوجد", {"no", "no-apart"}),
        ("جاتوزو", {"gattuso", "jattuso"}),
        ("غاتوزو", {"gattuso", "jattuso"}),
        ("دينصور", {"dinosaur"}),
        ('"سجل جاتوزو"', {"jattuso"}),
        ("=جاتوزو", {"jattuso"}),
        ("سجل -جاتوزو", {"gattuso"}),
        ("تشغيل", {"run"}),
        ("الصلاة", {"prayer"}),
        ('"الصلاة وآتوا"', {"prayer"}),
        ('"يا أيها الناس"', {"call"}),
    ],
)
def test_spellings_meet(spelled: arsearch.Index, query: str, expected: set[str]) -> None:
    results = spelled.search(query, limit=50)

    assert {hit.id for hit in results} == expected
    assert all(hit.snippet.spans for hit in results)


def test_another_spelling_of_a_foreign_name_scores_lower_and_is_said(spelled: arsearch.Index) -> None:
    first, second = spelled.search("جاتوزو")

    assert (first.id, second.id) == ("jattuso", "gattuso")
    assert first.score > second.score
    assert (first.level, second.level) == (Level.SURFACE, Level.SYNONYM)
    assert [second.snippet.text[span.start : span.end] for span in second.snippet.spans] == ["غاتوزو"]
    assert spelled.search("جاتوزو").notes == ("جاتوزو: also looked for غاتوزو",)
    assert spelled.search("جاتوزو", match="word").total == 1


@pytest.mark.parametrize("query", ["جاتوزو", '"كتاب وقلم"', '"عبد الله ابن عمر"', '"أبي بكر"~2'])
def test_an_explanation_adds_up(spelled: arsearch.Index, query: str) -> None:
    for hit in spelled.search(query):
        explained = spelled.explain(query, hit.id)

        assert explained.score == pytest.approx(hit.score, rel=1e-5)
        assert all(word.forms for word in explained.words)


def test_without_variants_foreign_names_stay_as_typed(location: str) -> None:
    with arsearch.open(location, create=True, synonyms=Synonyms(variants=False)) as index:
        index.add({"id": id, "body": body} for id, body in BODIES.items())

        assert [hit.id for hit in index.search("جاتوزو")] == ["jattuso"]
