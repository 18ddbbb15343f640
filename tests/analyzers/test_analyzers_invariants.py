"""The invariants of analysis: offsets, agreement of index and query, idempotence, no exceptions."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Normalizer, NoStemmer, Tokenizer
from arsearch.analyzers.letters import CONTROLS, DAGGER_ALEF, HARAKAT, HONORIFICS, QURANIC_MARKS, SHADDA, TANWEEN
from arsearch.analyzers.uthmani import SIGNS

TOKENIZER = Tokenizer()
NORMALIZER = Normalizer()
ANALYZER = ArabicAnalyzer(stemmer=NoStemmer())
STEMMING = ArabicAnalyzer()

BLOCKS = [(0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF), (0x1EE00, 0x1EEFF)]
ARABIC = st.one_of([st.integers(low, high).map(chr) for low, high in BLOCKS])
COMMON = st.sampled_from("ابتكلمنوفهيىةأإآؤئءسعدقر")
SYMBOLS = (0x6DD, 0x6DE, 0x6E9, 0x8E2)  # end of ayah and the like: separate symbols that end a word
MARKS = st.sampled_from(
    [chr(c) for c in {**HARAKAT, **SHADDA, **TANWEEN, **DAGGER_ALEF, **QURANIC_MARKS} if c not in SYMBOLS]
)
INVISIBLE = st.sampled_from([chr(c) for c in CONTROLS])
OTHER = st.sampled_from("ـ\u0653\u0654\u0655 \n0١۲٫٬.,،-_'’\"«»()#@aBéœßİ\ud800\udfff\0*؟؛中")
TEXTS = st.text(st.one_of(COMMON, COMMON, ARABIC, MARKS, INVISIBLE, OTHER, st.characters(codec=None)), max_size=40)

MANY = settings(max_examples=400)


@MANY
@given(TEXTS)
@example("الـ\u200f17")
def test_words_are_the_text_at_their_spans(text: str) -> None:
    words, spans = TOKENIZER.words(text), TOKENIZER.spans(text)

    assert [text[start:end] for start, end in spans] == words
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@MANY
@given(TEXTS)
def test_only_letters_of_clitics_are_outside_the_words(text: str) -> None:
    covered = {at for start, end in TOKENIZER.spans(text) for at in range(start, end)}
    left = {c for at, c in enumerate(text) if at not in covered and unicodedata.category(c) in ("Lu", "Ll", "Lo", "Nd")}

    assert {NORMALIZER.normalise(c) for c in left} <= set("اوفبكلس") | {""}


@MANY
@given(TEXTS)
@example("آاا")
@example("ألي")
@example("ﹳ")
@example("بيئي")
@example("شئء")
@example("ى\u064e\u0654")
@example("\u03b0\u0345")
def test_surface_and_normalise_are_idempotent(text: str) -> None:
    surface = NORMALIZER.surface(text)
    normalised = NORMALIZER.normalise(text)

    assert NORMALIZER.surface(surface) == surface
    assert NORMALIZER.normalise(normalised) == normalised
    assert NORMALIZER.normalise(surface) == NORMALIZER.fold(surface) == normalised


@MANY
@given(TEXTS)
def test_the_steps_lead_to_the_normalised_form(text: str) -> None:
    results = [text, *(result for _, result in NORMALIZER.steps(text))]

    assert results[-1] == NORMALIZER.normalise(text)
    assert all(before != after for before, after in pairwise(results))


@MANY
@given(TEXTS)
def test_no_text_makes_analysis_raise(text: str) -> None:
    tokens = STEMMING.analyze(text)

    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert all(all(token.term[1:5]) for token in tokens)
    for word in (text, *TOKENIZER.words(text)):
        form = STEMMING.form(word)
        assert form.terms or not form.width
        assert STEMMING.steps(word)[-1][0] in ("surface", "stem")
    for mode in ("index", "query"):
        numbers = [token.pos for token in STEMMING(text, positions=True, mode=mode)]
        assert numbers == sorted(numbers)


@MANY
@given(TEXTS)
@example("ﱞ")
def test_every_word_the_tokenizer_cuts_has_a_term(text: str) -> None:
    for word in TOKENIZER.words(text):
        assert ANALYZER.form(word).terms


@given(TEXTS)
def test_a_form_depends_on_the_word_alone(text: str) -> None:
    for token in ANALYZER.analyze(text):
        assert token.term in ANALYZER.form(token.text).terms


WORDS = ["كتاب", "والمدرسة", "مسؤولية", "الأحمد", "إيمان", "آمال", "على", "إلى", "شيء", "أبناؤه", "عبدالله", "لأبوظبي"]
WORDS += ["مستشفى", "فائز", "رؤوف", "للجنة", "وبالقرآن", "مائة", "هدوء", "آلية", "كأن", "بن"]
ISOLATED = {
    unicodedata.normalize("NFKC", chr(c)): chr(c)
    for c in range(0xFE80, 0xFEFD)
    if "ISOLATED" in unicodedata.name(chr(c), "")
}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word and a variant with marks, tatweel, controls, presentation forms, look-alikes or a normal form."""
    word = draw(st.sampled_from(WORDS))
    letters = []
    for at, letter in enumerate(word):
        alike = {"ك": "ک", "ي": "ی", "ه": "ہ"}.get(letter, letter)
        letters.append(draw(st.sampled_from([letter, letter, ISOLATED[letter], alike])))
        letters += draw(st.lists(st.one_of(MARKS, INVISIBLE).filter(lambda c: c not in SIGNS), max_size=2))
        if at < len(word) - 1:
            letters += draw(st.sampled_from(["", "", "ـ", "ــ"]))
    form = draw(st.sampled_from(["", "NFC", "NFD", "NFKC", "NFKD"]))
    spelling = "".join(letters)
    return word, unicodedata.normalize(form, spelling) if form else spelling  # type: ignore[arg-type]


@MANY
@given(spellings())
def test_a_word_finds_itself_in_any_of_its_spellings(pair: tuple[str, str]) -> None:
    word, spelling = pair
    before, *found, after = ANALYZER.analyze(f"قال {spelling}، ثم")

    assert {token.text for token in found} == {spelling}
    assert ANALYZER.form(spelling) == ANALYZER.form(word)
    assert (before.position, after.position) == (0, 1 + ANALYZER.form(word).width)


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_presentation_forms_are_tokenized_like_their_nfkc(words: list[str]) -> None:
    plain = " ".join(words)
    shown = plain.translate({ord(letter): form for letter, form in ISOLATED.items() if len(letter) == 1})

    assert TOKENIZER.spans(shown) == TOKENIZER.spans(plain)
    assert [token.term for token in ANALYZER.analyze(shown)] == [token.term for token in ANALYZER.analyze(plain)]


@pytest.mark.parametrize("block", BLOCKS, ids=[f"{low:04X}" for low, _ in BLOCKS])
def test_every_arabic_letter_alone_is_found_by_its_nfkc(block: tuple[int, int]) -> None:
    for letter in map(chr, range(block[0], block[1] + 1)):
        if unicodedata.category(letter) == "Lo" and letter not in HONORIFICS:
            assert TOKENIZER.words(f"ب{letter}ب") == [f"ب{letter}ب"], hex(ord(letter))
            nfkc = unicodedata.normalize("NFKC", letter).replace(" ", "")  # NFKC puts a mark on a space
            assert NORMALIZER.normalise(letter) == NORMALIZER.normalise(nfkc)


@given(st.lists(spellings(), min_size=2, max_size=4))
def test_levels_are_nested(pairs: list[tuple[str, str]]) -> None:
    terms = [term for pair in pairs for word in pair for term in STEMMING.form(word).terms]

    for finer, coarser in ((1, 2), (2, 3), (3, 4)):
        keys = {(term[finer], term[coarser]) for term in terms}
        assert len(keys) == len({key for key, _ in keys})
