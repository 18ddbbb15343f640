"""The other spellings of foreign names, in pairs found in newspapers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer
from arsearch.analyzers.foreign_spellings import MOST_CANDIDATES, foreign_spellings
from arsearch.analyzers.roots import roots_of
from arsearch.analyzers.stemming.lexicon import lexicon

ANALYZER = ArabicAnalyzer()


def stem(word: str) -> str:
    return ANALYZER.form(word).terms[0].stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("جاتوزو", "غاتوزو"), ("الرتويت", "الريتويت"), ("كاغاوا", "كاجاوا"), ("جازينتاب", "غازينتاب")),
        *(("مايدوجوري", "مايدوغوري"), ("زيفاجو", "زيفاغو"), ("ياماجوتشي", "ياماغوتشي"), ("تيجريس", "تيغريس")),
        *(("ماجازين", "ماغازين"), ("جريجوري", "غريغوري"), ("جروب", "قروب"), ("ديجاو", "ديقاو"), ("كوجيلو", "كوغيلو")),
        *(("يانجكينج", "يانغكينغ"), ("انتركونتننتال", "انتركونتيننتال"), ("فيتفاتزيدس", "فيتفاتزيديس")),
        *(("يوفتيتش", "يوفيتيتش"), ("سيلرينا", "سيليرينا"), ("رومنيجه", "رومينيجه"), ("دمرتاش", "ديمرتاش")),
        *(("نكسوس", "نيكسوس"), ("ازفيدو", "ازيفيدو"), ("هافنغتون", "هافينغتون"), ("بيللوتشي", "بيلوتشي")),
        *(("ابوللو", "ابولو"), ("صاموييل", "صامويل"), ("تشاووش", "تشاوش"), ("فلومينزي", "فلوميننزي")),
    ],
)
def test_spellings_of_a_foreign_name_meet_in_both_directions(one: str, other: str) -> None:
    assert stem(other) in foreign_spellings(stem(one))
    assert stem(one) in foreign_spellings(stem(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("تشكيل", "تشغيل"),
            ("قانون", "كانون"),
            ("قرار", "غرار"),
            ("نواف", "نواب"),
            ("غينيا", "كينيا"),
            ("برتغال", "برتقال"),
        ),
        *(
            ("جنيه", "غنيه"),
            ("سلمان", "سليمان"),
            ("كوبا", "جوبا"),
            ("قائد", "كائد"),
            ("مقال", "مغال"),
            ("جامع", "قامع"),
        ),
        *(("شارك", "شارق"), ("عقيل", "عجيل"), ("كلب", "قلب"), ("جبل", "قبل"), ("غرب", "قرب"), ("عراق", "عراك")),
    ],
)
def test_arabic_words_stay_apart(one: str, other: str) -> None:
    assert stem(other) not in foreign_spellings(stem(one))
    assert stem(one) not in foreign_spellings(stem(other))


@pytest.mark.parametrize(
    "word", ["كتاب", "وزير", "الحكومة", "يقولون", "الذين", "هناك", "جدار", "غرفة", "مكتبات", "كرة"]
)
def test_a_word_of_the_dictionaries_has_no_other_spelling(word: str) -> None:
    assert foreign_spellings(stem(word)) == ()


@pytest.mark.parametrize("word", ["", "جو", "غوغ", "google", "جوجل19", "ج" * 21, "جوجل غوغل", "#جوجل"])
def test_short_long_and_other_words_have_none(word: str) -> None:
    assert foreign_spellings(word) == ()


@given(st.text("جغكقاويبترسنم", min_size=4, max_size=20))
def test_candidates_are_bounded_distinct_and_never_two_lexicon_words(word: str) -> None:
    entries = lexicon().entries
    found = foreign_spellings(word)

    assert word not in found
    assert len(set(found)) == len(found) <= MOST_CANDIDATES
    assert [other for other in found if roots_of(other)] == []
    assert not found or word not in entries or not any(other in entries for other in found)
