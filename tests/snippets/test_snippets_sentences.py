"""Texts are cut at sentence ends and word ends, and never between a letter and its marks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.snippets.boilerplate import Boilerplate
from arsearch.snippets.sentences import letter_edge, sentence_ends, skip_space, word_end, word_start


def sentences(text: str) -> list[str]:
    edges = [0, *sentence_ends(text, 0, len(text)), len(text)]
    parts = (text[a:b].strip() for a, b in pairwise(edges))
    return [part for part in parts if part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ذهب زيد. عاد عمرو.", ["ذهب زيد.", "عاد عمرو."]),
        ("من هنا؟ لا أحد! حسنا", ["من هنا؟", "لا أحد!", "حسنا"]),
        ("قال؛ ثم سكت۔ ومضى… هكذا", ["قال؛", "ثم سكت۔", "ومضى…", "هكذا"]),
        ("من هنا؟لا أحد", ["من هنا؟", "لا أحد"]),
        ("قال: «نعم.» ثم مضى", ["قال: «نعم.»", "ثم مضى"]),
        ("العنوان\nالنص هنا", ["العنوان", "النص هنا"]),
        ("بلغ 3.5 في المئة", ["بلغ 3.5 في المئة"]),
        ("بلغ ٣.٥ في المئة", ["بلغ ٣.٥ في المئة"]),
        ("قال د. أحمد مع أ. د. سالم", ["قال د. أحمد مع أ. د. سالم"]),
        ("في U.S. Army وفي U.K. أيضا", ["في U.S. Army وفي U.K. أيضا"]),
        ("met Dr. Smith. Then left", ["met Dr. Smith.", "Then left"]),
        ("عام 2011م. وقال", ["عام 2011م.", "وقال"]),
        ("في عام 2015. وقال", ["في عام 2015.", "وقال"]),
        ("1. البند الأول\n2. البند الثاني", ["1. البند الأول", "2. البند الثاني"]),
        ("http://a.b/?q=1 example.com", ["http://a.b/?q=1 example.com"]),
        ("انتهى... ثم بدأ", ["انتهى...", "ثم بدأ"]),
        ("كلمة، كلمة: كلمة", ["كلمة، كلمة: كلمة"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_should(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text("اب .؟\n«»5د", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_sentence_ends_are_within_the_offsets_and_increase(text: str, start: int, end: int) -> None:
    ends = sentence_ends(text, start, min(end, len(text)))

    assert ends == sorted(set(ends))
    assert all(start < at <= end for at in ends)


@pytest.mark.parametrize(
    ("text", "at", "start", "end"),
    [("كتب زيد", 4, 4, 3), ("كتب زيد", 3, 4, 3), ("كتب زيد", 5, 7, 3), ("كتب زيد", 0, 0, 0), ("كتب زيد", 7, 7, 7)],
)
def test_word_edges(text: str, at: int, start: int, end: int) -> None:
    assert word_start(text, at, len(text)) == start
    assert word_end(text, 0, at) == end


def test_white_space_is_skipped_up_to_the_end_offset() -> None:
    assert [skip_space("  a ", 0, 4), skip_space("  a ", 0, 1), skip_space("  a ", 3, 4)] == [2, 1, 4]


def test_a_letter_keeps_its_marks() -> None:
    text = "كَتَّب"

    assert [letter_edge(text, 0, at) for at in (2, 3, 4, 5, 6)] == [2, 2, 2, 5, 6]
    assert letter_edge("ب" + "َ" * 9, 1, 5) == 5


BODY = "قال الرئيس في كلمته أمام البرلمان إن الحكومة ستواصل عملها.\n\n"


@pytest.mark.parametrize(
    "tail",
    [
        "اقرأ أيضا\nالرئيس يلتقي الوزير\nالوزير يلتقي الرئيس",
        "إقرأ أيضاً: الرئيس يلتقي الوزير",
        "شارك",
        "شارك المقال عبر فيسبوك",
        "جميع الحقوق محفوظة للرئيس © 2015",
        "جميع الحقوق محفوظة.",
        "الوسوم: الرئيس، الحكومة، البرلمان",
        "مقالات ذات صلة",
        "الرئيسية | سياسة | اقتصاد | الرئيس",
        "الرئيس يفتتح المعرض\nالرئيس يستقبل الوفد\nالرئيس يغادر",
        "تابع موقع الرئيس على التلغرام telegram\n\nاترك تعليقا\nلن يتم نشر عنوان بريدك الإلكتروني. الحقول *\n2 + 2 =",
    ],
)
def test_trailing_boilerplate_is_recognised(tail: str) -> None:
    text = BODY * 3 + tail
    boilerplate = Boilerplate(text)

    assert boilerplate.end <= text.index(tail)
    assert text[: boilerplate.end].rstrip().endswith("عملها.")
    assert len(text) - 1 in boilerplate
    assert 0 not in boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "الرئيس يلتقي الوزير",
        "قفا نبك من ذكرى حبيب ومنزل\nبسقط اللوى بين الدخول فحومل",
        BODY,
        BODY + "شارك الرئيس في المؤتمر الذي عقد أمس في العاصمة.",
        "عنوان فرعي\n" + BODY,
        BODY
        + "حقوق النشر والتأليف مصونة في هذا القانون، ويعاقب كل من يعتدي عليها بالغرامة كما نصت المادة الثالثة منه.",
    ],
)
def test_a_text_without_boilerplate_has_none(text: str) -> None:
    boilerplate = Boilerplate(text)

    assert boilerplate.end == len(text)
    assert not any(at in boilerplate for at in range(len(text)))


def test_a_link_list_inside_the_text_is_boilerplate_and_a_heading_is_not() -> None:
    text = f"{BODY}دلالات الزيارة\n\n{BODY}اقرأ أيضا\nالرئيس يغادر\nالوزير يعود\n\n{BODY}"
    boilerplate = Boilerplate(text)

    assert boilerplate.end == len(text)
    assert text.index("دلالات") not in boilerplate
    assert text.index("الوزير يعود") in boilerplate
    assert text.rindex("الحكومة") not in boilerplate


def test_a_link_list_glued_to_the_last_line_is_boilerplate() -> None:
    text = BODY.strip() + " مقالات أخرى للكاتب«ليتها كانت إشاعة»ثقافة التمييز"

    assert Boilerplate(text).end == text.index("مقالات")


@given(
    st.lists(st.sampled_from(["شارك", BODY, "\n", "اقرأ أيضا: ", "كلمة ", "| ", ". ", "د. "]), max_size=20).map("".join)
)
def test_boilerplate_does_not_depend_on_the_order_of_questions(text: str) -> None:
    boilerplate = Boilerplate(text)

    assert 0 <= boilerplate.end <= len(text)
    assert [at in boilerplate for at in range(len(text))] == [at in Boilerplate(text) for at in range(len(text))]
