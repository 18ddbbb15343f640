"""Searches also look for a likelier spelling of a word that no article has, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch import Level, Ranking

TEXTS = {
    "metro": ("مترو الرياض", "تقدم العمل في مترو الرياض، وتستعد الرياض لافتتاحه في الربيع."),
    "dam": ("سد النهضة", "تبحث الدول الثلاث ملء سد النهضة وتشغيل السد."),
    "drug": ("علاج الزهايمر", "دواء جديد قد يبطئ مرض الزهايمر عند كبار السن، وارتفاع ضغط الدم يزيده."),
    "guard": ("الحرس الثوري", "أعلن الحرس الثوري بدء مناورات، ثم جاءت تصريحات القائد."),
    "council": ("مجلس الوزراء", "عقد مجلس الوزراء جلسته، وأكد المجلس قراراته في اجتماع طارئ."),
    "city": ("هيروشيما اليابانية", "أحيت هيروشيما ذكرى القنبلة، لأن استهداف المدن جريمة."),
    "player": ("احتراف اللاعبين", "لجنة الاحتراف تنظر في عقد إدواردو مع النادي."),
    "dinosaur": ("ديناصور مجنح", "كشف علماء الصين عن ديناصور مجنح صغير."),
    "actor": ("رحيل نور الشريف", "رحل الممثل نور الشريف بعد مرض."),
    "windows": ("ويندوز جديد", "أطلقت الشركة نظام ويندوز في المملكة."),
    "plane": ("الطائرة الماليزية", "عثر على حطام الطائرة الماليزية في جزيرة."),
    "dollar": ("سعر الدولار", "ارتفع الدولار أمام اليورو، وخسرت شركات كثيرة."),
}


@pytest.fixture(scope="module")
def news() -> Iterator[arsearch.Index]:
    """The articles in two segments."""
    with arsearch.open(":memory:", create=True) as index:
        rows = [{"id": id, "title": title, "body": body} for id, (title, body) in TEXTS.items()]
        index.add(rows[:6])
        index.add(rows[6:])
        yield index


RESPELT = [
    ("الرياظ", "الرياض", "metro"),  # letters that sound alike
    ("النهظة", "النهضة", "dam"),
    ("ظغط الدم", "ضغط", "drug"),
    ("استهذاف المدن", "استهداف", "city"),
    ("الزهيمر", "الزهايمر", "drug"),  # a long vowel left out
    ("الطائرة المليزية", "الماليزية", "plane"),
    ("وندوز", "ويندوز", "windows"),
    ("شركات الدولر", "الدولار", "dollar"),
    ("هيروشيم", "هيروشيما", "city"),
    ("ايدواردو", "إدواردو", "player"),  # a long vowel too many
    ("الاختراف", "الاحتراف", "player"),  # letters that look alike
    ("احتماع طارئ", "اجتماع", "council"),
    ("تصربحات", "تصريحات", "guard"),  # a neighbour on the keyboard
    ("الثورري", "الثوري", "guard"),  # doubled
    ("مناوارت الحرس", "مناورات", "guard"),  # swapped
    ("نورالشريف", "نور الشريف", "actor"),  # a space left out
    ("مجلسالوزراء", "مجلس الوزراء", "council"),
    ("متى رحل نورالشريف؟", "نور الشريف", "actor"),
    ("+الرياظ", "الرياض", "metro"),
    ("الرياظ OR القدس", "الرياض", "metro"),
    ('ماذا عن "سد النهظة الكبير"؟', "النهضة", "dam"),  # a word of a relaxed phrase
]


@pytest.mark.parametrize(("text", "likelier", "id"), RESPELT, ids=[row[0] for row in RESPELT])
def test_a_likelier_spelling_is_searched_and_said(news: arsearch.Index, text: str, likelier: str, id: str) -> None:
    results = news.search(text)

    assert any(note.endswith(f"; searched also for {likelier}") for note in results.notes)
    hit = results[0]
    assert (hit.id, hit.complete) == (id, True)
    marked = {hit.article.to_dict()[span.field][span.start : span.end]: span.level for span in hit.spans}
    assert Level.CORRECTION in marked.values()
    explained = hit.explain()
    (word,) = (one for one in explained.words if any(step.name == "corrected" for step in one.steps))
    assert [(step.result, step.why) for step in word.steps if step.name == "corrected"] == [
        (likelier, f"no article has {word.text}")
    ]
    assert word.level == Level.CORRECTION
    assert explained.score == pytest.approx(hit.score, rel=1e-5)


KEPT = [
    "معنى",  # the lexicon knows the word, though no article has it
    "الرياح",
    "الحرث",
    "النهوض",
    "مدرسة",
    "الجزائر",
    "تستهدف",
    "كينيا",
    "الدولاب",
    "يتقدم الرياح",
    "hgpvs",  # no Arabic letters
    "١٢٣٤",
    "رظ",  # too short
    "=الرياظ",
    '"الرياظ"',
    "الحرس -الرياظ",
    "الرياظ*",
    "الرياظ~1",
    "جذر:الرياظ",
    "title:الرياظ",
    "#الرياظ",
    "تادمكة",  # nothing cheap enough
    "بونابارت",
    "الثروي",  # a letter swapped, but the lexicon knows the word
]


@pytest.mark.parametrize("text", KEPT)
def test_other_words_are_searched_as_they_are(news: arsearch.Index, text: str) -> None:
    assert not any("searched also" in note for note in news.search(text).notes)


@pytest.mark.parametrize(
    "options", [{"correct": False}, {"match": "word"}, {"match": "normalised"}, {"match": "surface"}], ids=str
)
def test_corrections_can_be_switched_off(news: arsearch.Index, options: dict[str, Any]) -> None:
    results = news.search("الرياظ", **options)

    assert (results.total, results.notes) == (0, ())
    assert not news.explain("الرياظ", "metro", **options).matched


def test_a_word_that_some_article_has_is_never_corrected(index: arsearch.Index) -> None:
    index.add([{"id": str(at), "body": "مترو الرياض"} for at in range(50)])
    assert [note for note in index.search("الرياظ").notes if "الرياض" in note]

    index.add([{"id": "typo", "body": "والرياظ"}])

    assert [hit.id for hit in index.search("الرياظ")] == ["typo"]
    assert index.search("الرياظ").notes == ()


def test_a_word_of_deleted_articles_is_corrected_once_they_are_merged_away(index: arsearch.Index) -> None:
    index.add([{"id": str(at), "body": "مترو الرياض"} for at in range(50)])
    index.add([{"id": "typo", "body": "مترو الرياظ"}])
    index.delete("typo")
    index.optimize()

    assert index.search("الرياظ").total == 50


def test_a_word_of_the_users_dictionary_is_never_corrected() -> None:
    analyzer = arsearch.ArabicAnalyzer(dictionary=arsearch.Dictionary.parse("[names]\nالرياظ"))
    with arsearch.open(":memory:", create=True, analyzer=analyzer) as index:
        index.add([{"id": str(at), "body": "مترو الرياض ثم النهضة"} for at in range(50)])

        assert index.search("الرياظ").notes == index.search("والرياظ").notes == ()
        assert index.search("النهظة").notes == ("no article has النهظة; searched also for النهضة",)


def test_a_synonym_comes_before_a_correction(index: arsearch.Index) -> None:
    index.add([{"id": "1", "body": "سعر الجلكسي"}, {"id": "2", "body": "سعر سامسونغ"}])
    synonyms = arsearch.Synonyms.parse("الغلكسي, سامسونغ")

    with arsearch.open(":memory:", create=True, synonyms=synonyms) as other:
        other.add(index)
        notes = other.search("الغلكسي").notes
        assert notes == ("الغلكسي: also looked for سامسونغ", "الغلكسي: also looked for جلكسي")


def test_a_correction_weighs_less_than_a_typed_word(news: arsearch.Index) -> None:
    typed, corrected = (news.search(text, match="stem")[0] for text in ("الرياض", "الرياظ"))

    assert corrected.score == pytest.approx(typed.score * Ranking().correction_weight, rel=1e-5)


def test_the_other_words_choose_between_spellings(index: arsearch.Index) -> None:
    index.add({"id": f"a{at}", "body": "سعر الكسدرات"} for at in range(9))
    index.add({"id": f"b{at}", "body": "بعثة الكسزرات"} for at in range(9))

    assert index.search("سعر الكسذرات").notes == ("no article has الكسذرات; searched also for الكسدرات",)
    assert index.search("بعثة الكسذرات").notes == ("no article has الكسذرات; searched also for الكسزرات",)


def test_a_search_that_is_late_corrects_nothing(news: arsearch.Index) -> None:
    results = news.search("الرياظ", timeout=0.0)

    assert not any("searched also" in note for note in results.notes)


@given(st.lists(st.text("اابتجدرسعلمنهويةىظضصث", min_size=1, max_size=9), max_size=30).map(" ".join))
def test_no_words_raise(news: arsearch.Index, text: str) -> None:
    exact = {hit.id for hit in news.search(text, correct=False, limit=100, mode="any")}

    assert exact <= {hit.id for hit in news.search(text, limit=100, mode="any")}
