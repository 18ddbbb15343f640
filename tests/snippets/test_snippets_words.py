"""The extension reads plain words, leaves out regions and renders passages as Python does."""

from __future__ import annotations

import os
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Dictionary, Normalizer
from arsearch.analyzers.tokens import Form
from arsearch.kernel import native
from arsearch.model import Fragment, Level, Snippet, Span
from arsearch.snippets import AnyMatcher, Highlighter, HighlightTarget, SetMatcher, TermMatcher

pytest.importorskip("arsearch.kernel._native")

PYTHON_ALONE = mock.patch.dict(os.environ, ARSEARCH_KERNEL="numpy")
ARABIC = ArabicAnalyzer()
ANALYZERS = {
    "default": ARABIC,
    "dictionary": ArabicAnalyzer(dictionary=Dictionary.parse("كتابخانه\n")),
    "without compounds": ArabicAnalyzer(compounds=False, names=False),
    "without alef": ArabicAnalyzer(normalizer=Normalizer(alef=False)),
    "with marks": ArabicAnalyzer(normalizer=Normalizer(tanween=False)),
}

_roots = st.sampled_from(
    "كتاب وزير وزراء مسؤول رئيس طائرة شيء بريء على إلى آلي ابن أبو عبدالله بوكر لابد دين الله الدين قرآن آن ءامن أء جآء".split()
)
_words = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "و", "ال", "وال", "بال", "لل", "ف", "س", "وس", "ول", "عبد", "أبو", "ذو"]),
    _roots | st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى", min_size=1, max_size=8),
    st.sampled_from(["", "ه", "ها", "هم", "ة", "ات", "ون", "ين", "ي", "نا", "ًا", "الله", "الدين", "ااا"]),
)
_marked = st.builds(
    lambda word, marks: "".join(letter + mark for letter, mark in zip(word, marks, strict=False)),
    _words,
    st.lists(st.sampled_from(["", "", "", "\u064e", "\u064b", "\u0651\u064f", "\u0652"]), min_size=20, max_size=20),
)


def highlighter_of(word: str, analyzer: ArabicAnalyzer, forms: dict[str, Form]) -> Highlighter:
    """Return a highlighter that reads a word: the terms of the word are its targets."""
    terms = analyzer.form(word).terms
    targets = [HighlightTarget((TermMatcher.of(term, "كتاب"),)) for term in terms]
    return Highlighter(targets, analyzer, forms=forms, spellings=lambda _: {term.normalised for term in terms})


@settings(max_examples=600, deadline=None)
@given(
    _words | _marked,
    st.sampled_from([*ANALYZERS]),
    st.sampled_from(["", "«", "(", '"']),
    st.sampled_from(["", "،", '".']),
)
@example("والوزراء", "default", "", "")
@example("شيء", "default", "", "")
@example("وعبدالله", "default", "", "،")
@example("كِتَابًا", "with marks", "", "")
def test_plain_words_have_the_form_that_the_analyzer_gives_them(word: str, name: str, before: str, after: str) -> None:
    analyzer, forms = ANALYZERS[name], dict[str, Form]()
    text = f"قبل {before}{word}{after} بعد"
    matches = highlighter_of(word, analyzer, forms).matches_for_snippet(text, "body")

    assert {known: analyzer.form(known) for known in forms} == forms
    with PYTHON_ALONE:
        slow = highlighter_of(word, analyzer, {}).matches_for_snippet(text, "body")
    assert (matches.spans("body"), matches.level) == (slow.spans("body"), slow.level)


_pieces = st.sampled_from(
    "كتاب الكتاب كتـاب كـتاب ﻛﺘﺎﺏ ﻛﺘﺎب ﻻعب لاعب 2014 ٢٠١٤ ۲۰۱۴ 2,014 2.014 1435هـ COVID-19 covid19 Covid O'Neil café "
    "#كتاب_جديد @user كتاب_جديد ² ﷲ ﷺ ک ی مئة مائة مسؤول مسئول شاطئ شاطىء أبي أبا ابن بن الصلوة ٱلصَّلَوٰة يَٰٓأَيُّهَا عبدالله".split()
)
_signs = st.sampled_from(
    ["", "«", "»", "(", ")", "\u200f", "\u200c", "\u202b", "،", ".", "%", "ـ", "&quot;", "-", "\u0654"]
)
_regions = st.lists(st.builds("{}{}{}{}".format, _signs, _pieces | _words, _signs, _pieces | st.just("")), max_size=12)


@settings(max_examples=600, deadline=None)
@given(_regions, st.lists(_pieces | _words, min_size=1, max_size=3), st.sampled_from(list(Level)))
def test_no_region_that_matches_is_left_out(regions: list[str], words: list[str], floor: Level) -> None:
    text = " ".join(regions)
    terms = {token.term for token in ARABIC.analyze(text)}
    wanted = [(word, term) for word in words for term in ARABIC.form(word).terms]
    targets = [
        HighlightTarget(
            (AnyMatcher((TermMatcher.of(term, word, floor), SetMatcher(frozenset((term.stem,)), Level.ROOT, "stem"))),)
        )
        for word, term in wanted
    ]

    def spellings(stems: object) -> set[str]:
        assert isinstance(stems, set)
        return {term.normalised for term in terms if term.stem in stems}

    found = Highlighter(targets, ARABIC, spellings=spellings).find_spans(text, "body")

    assert found == Highlighter(targets, ARABIC).find_spans(text, "body")


_source = st.lists(
    st.sampled_from(
        ["كلمة", " ", " ", "  ", ".", "؟", "\n", "»", '"', "'", "<b>", "&", "٣", "a", "\u200f", "\u202e", "é", "😀"]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(_source, st.lists(st.integers(0, 120), max_size=8))
def test_passages_are_rendered_alike(source: str, cuts: list[int]) -> None:
    bounds = sorted({min(cut, len(source)) for cut in cuts})
    passages = tuple(Fragment(start, end) for start, end in zip(bounds[::4], bounds[3::4], strict=False))
    spans = tuple(Span("body", start, end, Level.STEM) for start, end in zip(bounds[1::4], bounds[2::4], strict=False))
    snippet = Snippet("body", source, passages, spans)
    fast = snippet.html, snippet.text, snippet.ansi

    with PYTHON_ALONE:
        assert fast == (snippet.html, snippet.text, snippet.ansi)


def test_odd_passages_are_left_to_python() -> None:
    extension = native()
    assert extension is not None
    mark = ("body", 0, 4, Level.STEM)

    assert extension.render("كتاب", ((0, 4),), (mark,), True, "<b>", "</b>") == "<b>كتاب</b>"
    assert extension.render("كتاب", ((0, 9),), (mark,), True, "<b>", "</b>") is None
    assert extension.render("كتاب\u202e", ((0, 5),), (mark,), True, "<b>", "</b>") is None
    assert extension.render("  ", ((0, 1),), (), True, "<b>", "</b>") is None
