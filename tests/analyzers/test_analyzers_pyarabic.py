"""Our tables against those of PyArabic, the reference for Arabic letters and marks in Python.

PyArabic calls `str.replace` for each mark, which is too slow for every word of an archive. Our tables must give the same
results, except for the intended differences that these tests list.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarabic import araby

from arsearch.analyzers import ArabicAnalyzer, Normalizer, Tokenizer

normalizer = Normalizer()
ARABIC_LETTERS = "".join(sorted(araby.LETTERS))


@given(st.text(alphabet="".join(araby.DIACRITICS) + "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=12))
def test_marks_are_removed_as_by_strip_diacritics(word: str) -> None:
    bare = araby.strip_diacritics(word)
    if any(a == b == c for a, b, c in zip(bare, bare[1:], bare[2:], strict=False)):
        return  # we fold runs of a letter, PyArabic does not
    assert Normalizer(uthmani=False).surface(word) == bare  # a dagger alef is a letter of Uthmani spelling


def test_tatweel_is_removed_as_by_strip_tatweel() -> None:
    for word in ("العـــربية", "ـكتاب", "كتابـ"):
        assert normalizer.surface(word) == araby.strip_tatweel(word)


@pytest.mark.parametrize("letter", ARABIC_LETTERS)
def test_the_letters_of_pyarabic_are_letters_of_the_tokenizer(letter: str) -> None:
    word = f"ب{letter}ب"
    assert Tokenizer().words(word) == [word]


@pytest.mark.parametrize(
    ("ours", "theirs"), [("احمد", "أحمد"), ("اسلام", "إسلام"), ("امال", "آمال"), ("الكتاب", "ٱلكتاب")]
)
def test_alef_forms_are_folded_as_by_normalize_alef(ours: str, theirs: str) -> None:
    assert normalizer.normalise(theirs) == araby.normalize_alef(theirs) == ours


def test_where_we_differ_from_pyarabic() -> None:
    assert araby.normalize_alef("مستشفى") == "مستشفا"  # it takes alef maksura for an alef
    assert normalizer.normalise("مستشفى") == "مستشفي"
    assert araby.normalize_ligature("ﷲ") == "ﷲ"
    assert normalizer.normalise("ﷲ") == "الله"


def test_vocalised_words_are_one_token_each_as_for_pyarabic() -> None:
    text = "ذَهَبَ الوَلَدُ إلى المَدْرَسَةِ صَباحًا"
    assert Tokenizer().words(text) == araby.tokenize(text)
    assert [t.term.surface for t in ArabicAnalyzer().analyze(text)] == araby.strip_diacritics(text).split()
