"""Corrections propose words of the index."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from embedded import reader_of
from hypothesis import given
from hypothesis import strategies as st
from test_codec_terms import plain_distance

import arsearch
from arsearch import Correction, Index
from arsearch.index.suggest.spelling_index import spelling_index
from arsearch.suggest.edit_costs import weighted_edit_distance
from arsearch.suggest.keyboard_layout import retype_on_other_layout

TEXTS = {
    "1": ("زيارة أوباما إلى كينيا", "وصل الرئيس أوباما إلى كينيا في زيارة تاريخية."),
    "2": ("خطاب أوباما في كينيا", "ألقى أوباما خطابا في كينيا عن أفريقيا."),
    "3": ("مترو الرياض", "تقدم العمل في مترو الرياض، وتستعد الرياض لافتتاحه."),
    "4": ("سد النهضة", "تبحث الدول الثلاث ملء سد النهضة وتشغيل السد."),
    "5": ("مجلس الوزراء", "عقد مجلس الوزراء جلسته في الرياض، وأكد المجلس قراراته."),
    "6": ("الحرس الثوري", "أعلن الحرس الثوري بدء مناورات، والحرس في حالة تأهب."),
    "7": ("علاج الزهايمر", "دواء جديد قد يبطئ مرض الزهايمر عند كبار السن."),
    "8": ("اللقاح COVID", "وصلت شحنة من لقاح covid أمس."),
    "9": ("المنافسة على اللقب", "تشتد المنافسة على اللقب، والمنافسة قوية."),
}


@pytest.fixture(scope="module")
def news() -> Index:
    """The articles in two segments."""
    index = arsearch.open(":memory:", create=True, fields={"court": "keyword"})
    rows = [{"id": id, "title": title, "body": body, "court": "محكمة"} for id, (title, body) in TEXTS.items()]
    index.add(rows[:5])
    index.add(rows[5:])
    return index


PROPOSALS = [
    pytest.param("الرياظ", "الرياض", id="letters_that_sound_alike"),
    pytest.param("النهذة", "النهضة", id="one_letter_wrong"),
    pytest.param("مترو الرياظ", "مترو الرياض", id="beside_a_word_that_is_right"),
    pytest.param("الزهيمر", "الزهايمر", id="vowel_left_out"),
    pytest.param("الحررس", "الحرس", id="doubled"),
    pytest.param("الثروي", "الثوري", id="swapped"),
    pytest.param("اوبما كينا", "أوباما كينيا", id="two_words"),
    pytest.param("مجلسالوزراء", "مجلس الوزراء", id="space_left_out"),
    pytest.param("المنا فسة على اللقب", "المنافسة على اللقب", id="space_put_in"),
    pytest.param("hgpvs", "الحرس", id="keyboard_in_english"),
    pytest.param("hgpvs hge,vd", "الحرس الثوري", id="keyboard_in_english_several_words"),
    pytest.param("الحرس hge,vd", "الحرس الثوري", id="keyboard_changed_between"),
    pytest.param("ؤخرهي", "covid", id="keyboard_in_arabic"),
    pytest.param('"سد النهظة" -الرياظ', '"سد النهضة" -الرياظ', id="operators_stay_and_exclusions_too"),
    pytest.param("title:الرياظ OR x*", "title:الرياض OR x*", id="fields_and_patterns_stay"),
]


@pytest.mark.parametrize(("query", "expected"), PROPOSALS)
def test_the_first_proposal(news: Index, query: str, expected: str) -> None:
    assert news.correct(query).queries[0] == expected


@pytest.mark.parametrize("query", ["", "  ", "الحرس الثوري", "والحرس", "حرس", "*", "court:محكمه", "في"])
def test_correct_queries_have_no_corrections(news: Index, query: str) -> None:
    correction = news.correct(query)

    assert correction == Correction(query)
    assert not correction


def test_exclusions_are_not_corrected(news: Index) -> None:
    correction = news.correct("الحرس -الرياظ")

    assert (correction.missing, correction.queries) == ((), ())


def test_missing_words_are_named_and_the_others_proposed(news: Index) -> None:
    correction = news.correct("الحرس غغغغغغ +زظزظزظ الثوري")

    assert correction.missing == ("غغغغغغ", "زظزظزظ")
    assert correction.relaxed == "الحرس الثوري"
    assert news.correct("غغغغغغ").relaxed is None
    assert news.correct("في غغغغغغ").relaxed is None, "a stop word alone is no query"
    assert news.correct('"الحرس الرياض"').relaxed == "الحرس الرياض"
    assert correction.to_dict() == {
        "missing": ["غغغغغغ", "زظزظزظ"],
        "queries": list(correction.queries),
        "relaxed": "الحرس الثوري",
        "partial": False,
    }


def test_searches_never_retype_a_query(news: Index) -> None:
    assert news.search("hgpvs").total == 0


def test_a_rare_word_is_corrected_to_a_far_more_frequent_one(index: Index) -> None:
    index.add([{"id": str(at), "title": "غزال", "body": "شوهد غزال"} for at in range(90)])
    index.add([{"id": "x", "title": "حيوان", "body": "شوهد قزال"}])

    assert index.search("قزال").total == 1
    assert index.correct("قزال").queries == ("غزال",)
    assert index.correct("قزال").missing == ()
    assert index.correct("غزال").queries == ()


def test_a_word_of_the_lexicon_has_only_cheap_corrections(index: Index) -> None:
    """It makes no difference whether an article has other words of its root."""
    index.add([{"id": str(at), "body": "زال الأول في مدينة المدينة"} for at in range(90)])
    index.add([{"id": "x", "body": "متزلزل"}])

    assert [hit.id for hit in index.search("زلازل")] == ["x"]
    assert index.correct("زلازل") == Correction("زلازل", missing=("زلازل",))
    assert index.correct("مدخنة").queries == ()
    assert index.correct("مدينت").queries[0] == "مدينة", "not a word of the lexicon"
    assert index.correct("ذال").queries == ("زال",), "a letter that sounds alike"


def test_words_that_occur_together_rank_first(index: Index) -> None:
    index.add([{"id": f"a{at}", "body": "نادي الهلال"} for at in range(5)])
    index.add([{"id": f"b{at}", "body": "ضوء الهلاك"} for at in range(5)])

    assert index.correct("نادي الهلاد").queries[0] == "نادي الهلال"
    assert index.correct("ضوء الهلاد").queries[0] == "ضوء الهلاك"


def test_words_of_deleted_articles_are_not_proposed_after_a_merge(index: Index) -> None:
    """Before the merge, a proposal may find nothing."""
    index.add([{"id": "1", "body": "الزهايمر"}, {"id": "2", "body": "الرياض"}])
    index.delete("1")
    index.optimize()

    assert index.correct("الزهيمر").queries == ()


def test_limit_bounds_the_proposals(news: Index) -> None:
    assert len(news.correct("الرياظ", limit=1).queries) == 1
    assert news.correct("الرياظ", limit=0).queries == ()


def test_only_the_first_words_of_a_long_query_are_corrected(news: Index) -> None:
    correction = news.correct("الرياظ " + "الحرس " * 20 + "النهذة")

    assert correction.missing == ("الرياظ", "النهذة")
    assert correction.queries[0].startswith("الرياض ")
    assert correction.queries[0].endswith(" النهذة")


def test_a_segment_keeps_its_spelling_index(news: Index) -> None:
    for segment in reader_of(news).segments:
        assert spelling_index(segment, "body") is spelling_index(segment, "body") is not None
        assert spelling_index(segment, "no such field") is None


def test_threads_get_one_value_from_the_cache_of_a_segment(news: Index) -> None:
    segment = reader_of(news).segments[0]
    together = threading.Barrier(2)

    def build() -> object:
        together.wait(10)
        return object()

    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(segment.cached, "a key of this test", build) for _ in range(2))

    assert first.result() is second.result()


def test_an_empty_index_proposes_nothing(index: Index) -> None:
    assert index.correct("الرياظ hgpvs").queries == ()


@given(st.text(st.sampled_from("ابتسلمنهويرظ ةىdlgh,;'\"()-+:*~؟\u064e\u0640\U0001f600"), max_size=30))
def test_any_text_can_be_corrected(news: Index, text: str) -> None:
    correction = news.correct(text)

    assert text not in correction.queries
    assert len(set(correction.queries)) == len(correction.queries) <= 3


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hgpvs", "الحرس"),
        ("HGPVS", "الحرس"),
        ("Hpl]", "أحمد"),
        ("hg;jhf", "الكتاب"),
        ("ىثصس", "news"),
        ("لاخخن", "book"),
        ("hgpvs hge,vd", "الحرس الثوري"),
        ("الحرس hge", None),
        ("naïve", None),
        ("كتاب؟", None),
        ("", ""),
    ],
)
def test_text_is_retyped_on_the_other_layout(typed: str, expected: str | None) -> None:
    assert retype_on_other_layout(typed) == expected


def cost(word: str, other: str) -> float:
    table = np.array([[ord(letter) for letter in other]], np.uint16)
    return float(weighted_edit_distance(table, np.array([len(other)]), word)[0])


@pytest.mark.parametrize(
    ("word", "cheap", "expensive"),
    [
        ("رياظ", "رياض", "رياب"),
        ("اذان", "ادان", "امان"),
        ("سورة", "صورة", "دورة"),
        ("طابور", "تابور", "حابور"),
        ("قزال", "غزال", "نزال"),
        ("كتاب", "كتابب", "كتابق"),
        ("كتب", "كتاب", "كتقب"),
        ("كتاب", "كتبا", "كتقق"),
        ("شمس", "شمي", "شمق"),
    ],
)
def test_common_mistakes_cost_less(word: str, cheap: str, expensive: str) -> None:
    assert 0 < cost(word, cheap) < cost(word, expensive)


WORDS = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=1, max_size=8)


@given(WORDS, WORDS)
def test_costs_are_bounded_by_the_number_of_edits(word: str, other: str) -> None:
    """An edit costs at most 1; two or more edits cost more than 1."""
    edits = plain_distance(word, other)

    assert cost(word, other) <= edits + 1e-5
    assert (cost(word, other) == 0) is (word == other)
    if edits > 1:
        assert cost(word, other) > 1
