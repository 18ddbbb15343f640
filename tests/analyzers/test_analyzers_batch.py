"""The analysis of many words at once: the results are those of each word alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, ArabicStemmer, Normalizer
from arsearch.analyzers.batch import normalised_words, stems, surfaces_and_normalised
from arsearch.analyzers.foldings import RESERVED
from arsearch.analyzers.normalizer import NORMALISE_STEPS, SURFACE_STEPS
from arsearch.analyzers.stemming.stem import Stem

words = st.lists(
    st.text(alphabet="ابوللهيىئؤءأإآةكتن\u064e\u0651\u0640", max_size=9)
    | st.sampled_from([*RESERVED, "عبدالله", "أبوظبي", "بيئي", "بييي", "شيء", "أبناؤه", "جميييل", "ألي", "مشيئئي"])
    | st.text(max_size=4),
    max_size=12,
)
normalizers = st.builds(
    Normalizer,
    **{
        name: st.booleans()
        for name in ("harakat", "shadda", "tatweel", "elongation", "function_words", "alef", "hamza_seats", "case")
    },
)


@settings(max_examples=400)
@given(words, normalizers | st.just(Normalizer()))
@example(["بيئي", "جميييل", "", "a\nb"], Normalizer())
@example(["جميييل", "بيئي"], Normalizer(elongation=False))
def test_surfaces_and_normalised_forms_are_those_of_each_word(words: list[str], normalizer: Normalizer) -> None:
    surfaces = [normalizer.surface(word) for word in words]

    assert surfaces_and_normalised(normalizer, words) == (surfaces, [normalizer.fold(surface) for surface in surfaces])


@settings(max_examples=400)
@given(words, st.builds(ArabicAnalyzer, compounds=st.booleans(), names=st.booleans()))
@example(["أء", "وأء", "آء", "ءا", "ءـأ", "أـء"], ArabicAnalyzer())
def test_a_normalised_word_has_a_form_of_one_term(words: list[str], analyzer: ArabicAnalyzer) -> None:
    for word, found in zip(words, normalised_words(analyzer, words), strict=True):
        form = analyzer.form(word)
        if found is not None:
            assert [(term.offset, term.normalised) for term in form.terms] == [(0, found)]
            assert form.width == 1
            assert stems(analyzer, [found]) == [form.terms[0].stem]


@pytest.mark.parametrize("word", ["كتاب", "كِتَابٌ", "وبالمدارس", "على", "مسؤول", "بيئي", "إلى"])
def test_plain_words_are_not_left_to_form(word: str) -> None:
    analyzer = ArabicAnalyzer()

    assert normalised_words(analyzer, [word]) == [analyzer.form(word).terms[0].normalised]


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=12), normalizers)
def test_the_shortcut_for_ascii_words_gives_the_result_of_the_steps(word: str, normalizer: Normalizer) -> None:
    surface = word
    for name, step in SURFACE_STEPS:
        surface = step(surface) if getattr(normalizer, name) else surface
    normalised = surface
    for name, step in NORMALISE_STEPS:
        normalised = step(normalised) if getattr(normalizer, name) else normalised

    assert (normalizer.surface(word), normalizer.fold(surface)) == (surface, normalised)


def test_the_stem_method_of_a_subclass_is_called() -> None:
    class Longer(ArabicStemmer):
        def stem(self, surface: str, normalised: str) -> Stem:
            return Stem(normalised, normalised + "ا")

    assert stems(ArabicAnalyzer(stemmer=Longer()), ["كتاب", "علم"]) == ["كتابا", "علما"]
