"""The vocabulary gives texts the same terms and positions as the tokenizer and the analyzer give word by word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, Light10Stemmer, Normalizer, TashaphyneStemmer
from arsearch.analyzers.letters import HONORIFICS
from arsearch.analyzers.numbers import NUMBER_SIGNS, digit_groups
from arsearch.analyzers.tokenizer import Tokenizer, separators
from arsearch.index.writing import pretokenizer
from arsearch.index.writing.pretokenizer import KEY_BYTES, is_single_word, pretokenize
from arsearch.index.writing.vocabulary import Vocabulary

Terms = list[tuple[int, str, str]]

ANALYZER = ArabicAnalyzer()

# Pieces whose meaning depends on their neighbours: clitics, joiners, digits, marks, controls, other scripts.
PIECES = (
    *"ال و ف ب ل ك س لل قال كتاب عبدالله أبوظبي مسؤول شيء على إلى جمييييل ء ى".split(),
    *("كَتَبَ", "مُحَمَّدٌ", "ـ", "ــ", "\u0654", "\u0670", "\u064e", "\u06d6", "\u200b", "\u200f", "\u00ad", "\ufeff"),
    *" \n\t\xa0.,،٬٫؛؟:!()[]{}«»“”‘’„‹›\"'#@_-‐‑–/%*&",
    *"0 7 12 123 1,000 2,5 3.5 ٣ ۴ 2015-07-21 1 ² ½".split(),
    *"a U.S. COVID-19 O'Neil example.org e\u0301 é ß İ ﬁ user_name".split(),
    *"漢 かな ไทย हिन्दी עברית ру́сский 𞸀 𝒳 😀 پاريس گل ﷺ ﷽ ﷲ ﻛﺘﺎﺏ".split(),
    *("\x1a", "\x1c", "\u2028", "\u3000", "\ud800", "\U00020000"),
)
# Numbers in groups, telephone numbers, and what stops them.
NUMBERS = (
    *"0 1 5 00 000 100 500 966 2015 ٥٠٠ ۱ ००५".split(),
    *("+", "00966", "+966", "+44", "(0)", "50", "4567", "-", "(", ")", ") ", " ("),
    *(".", ",", "'", "/", ":", "ال", "كتاب", "kg", "#"),
    *(" ", " ", " ", " ", "\xa0", "\u2009", "\u202f", "  ", "\n", "\u200f", "\U0001d4b3"),
)
numeric = st.lists(st.sampled_from(NUMBERS), max_size=30).map("".join)
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


def word_by_word(analyzer: ArabicAnalyzer, text: str) -> tuple[Terms, int]:
    """Return the position, normalised form and stem of each term of a text, and the number of its positions."""
    terms = []
    at = 0
    for word in analyzer.tokenizer.words(text):
        form = analyzer.form(word)
        terms += [(at + term.offset, term.normalised, term.stem) for term in form.terms]
        at += form.width
    return terms, at


def by_vocabulary(vocabulary: Vocabulary, texts: list[str]) -> list[tuple[Terms, int]]:
    tokens, counts = vocabulary.tokens(texts)
    assert len(counts) == len(texts)
    assert int(counts.sum()) == len(tokens)
    strings, stems = vocabulary.normalised, vocabulary.stems
    found = []
    for part in np.split(tokens, np.cumsum(counts)[:-1]):
        terms, positions = vocabulary.groups.expand(part)
        width, size = vocabulary.groups.widths(part, np.array([len(part)]))
        assert size.tolist() == [len(terms)]
        found.append(
            (
                [
                    (place, strings[vocabulary.normalised_of[term]], stems[vocabulary.stem_of[term]])
                    for place, term in zip(positions.tolist(), terms.tolist(), strict=True)
                ],
                int(width[0]),
            )
        )
    return found


@settings(max_examples=400)
@given(st.lists(nasty, min_size=1, max_size=4))
@example(['ال"قدس" وال(قدس) ب"', "و.", 'قال".", "قال"', "'قال'-5,،7", ")،12،5", "قال-x-y", "_U.S. قال_U.S."])
def test_a_text_has_the_same_terms_at_the_same_positions(texts: list[str]) -> None:
    assert by_vocabulary(Vocabulary(ANALYZER), texts) == [word_by_word(ANALYZER, text) for text in texts]


@settings(max_examples=1000)
@given(st.lists(numeric, min_size=1, max_size=3))
@example(["a.00966 (50) 123 4567", "5+966 50 123 4567", "\U0001d4b3+966 (50) 123 4567", "+966) 50-123-4567"])
@example(["هاتف:(00966) 50 123 4567 ", "1 500 000 2015 1 500 000", "100 200 300 400 500 600 700", "1\n500 000"])
def test_numbers_have_the_same_terms_at_the_same_positions(texts: list[str]) -> None:
    assert by_vocabulary(Vocabulary(ANALYZER), texts) == [word_by_word(ANALYZER, text) for text in texts]


@given(nasty)
def test_a_word_seen_before_keeps_its_terms(text: str) -> None:
    vocabulary = Vocabulary(ANALYZER)
    first = by_vocabulary(vocabulary, [text, "قال كتاب"])
    again = by_vocabulary(vocabulary, ["قال كتاب", text, text])

    assert again == [first[1], first[0], first[0]]


@pytest.mark.parametrize(
    "analyzer",
    [
        ArabicAnalyzer(normalizer=Normalizer(shadda=False, teh_marbuta=False, elongation=False), compounds=False),
        ArabicAnalyzer(normalizer=Normalizer(function_words=False, digits=False, case=False), names=False),
        ArabicAnalyzer(stemmer=Light10Stemmer()),
        ArabicAnalyzer(stemmer=TashaphyneStemmer()),
    ],
    ids=["fewer steps", "as typed", "light10", "tashaphyne"],
)
def test_every_analyzer_gives_its_own_terms(analyzer: ArabicAnalyzer, samples: list[dict[str, Any]]) -> None:
    texts = [sample["body"] for sample in samples[:40]] + ["".join(PIECES), "مُحَمَّدٌ شَدَّة COVID-19 ١٢ Ab جميييل كتاب كتابه"]

    assert by_vocabulary(Vocabulary(analyzer), texts) == [word_by_word(analyzer, text) for text in texts]


def test_a_long_text_is_split_in_windows(monkeypatch: pytest.MonkeyPatch, samples: list[dict[str, Any]]) -> None:
    monkeypatch.setattr(pretokenizer, "_WINDOW", 500)
    texts = [
        "كتاب",
        "\n".join(sample["body"] for sample in samples[:20]),
        "",
        "قال" * 1000,
        "a b",
        "و" + "ا" * 700 + " ب",
        "قال " * 123 + "1 500 000 " * 80 + "+966 (50) 123 4567 " * 40,
    ]

    assert by_vocabulary(Vocabulary(ANALYZER), texts) == [word_by_word(ANALYZER, text) for text in texts]


@given(st.lists(st.text(alphabet="اب 1", max_size=14), max_size=12))
def test_windows_have_every_text_once_and_are_small(texts: list[str]) -> None:
    joined = [""] * len(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pretokenizer, "_WINDOW", 8)
        for first, window in pretokenizer.text_windows(texts):
            assert sum(map(len, window[:-1])) <= 8
            for number, piece in enumerate(window, first):
                joined[number] += piece

    assert joined == texts


@given(st.text(alphabet=[*separators("".join(map(chr, range(0x3100)))), *"قالب5aé«\"'._-،\u064e\u200b#"], max_size=20))
def test_a_separator_separates_as_a_line_feed_does(text: str) -> None:
    lines = "".join("\n" if separators(character) else character for character in text)

    assert Tokenizer().words(text) == Tokenizer().words(lines)


@given(numeric)
def test_the_signs_of_numbers_separate_other_words(text: str) -> None:
    words = Tokenizer().words(text)

    assert all(digit_groups(word) for word in words if set(word) & set(NUMBER_SIGNS))


def test_no_character_of_a_word_is_a_separator() -> None:
    characters = "".join(chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    found = set(separators(characters))

    assert not found & set("".join(HONORIFICS))
    assert [c for c in sorted(found) if c.isalnum() or Tokenizer().words(c) or Tokenizer().words(f"ب{c}")[1:]] == []
    assert {"\t", "\n", "؟", "]", "»", "…", "/"} <= found
    assert not found & set(NUMBER_SIGNS)


@settings(max_examples=400)
@given(st.lists(nasty, min_size=1, max_size=3))
def test_packed_symbols_identify_a_pretoken(texts: list[str]) -> None:
    pretokens = pretokenize(texts)
    every = np.arange(len(pretokens.starts))
    strings = pretokens.texts(every)

    assert len(strings) == int(pretokens.counts.sum())
    by_key: dict[tuple[int, ...], set[str]] = {}
    keys = np.stack(pretokens.packed_symbols(every, 3), axis=1).tolist() if len(every) else []
    for text, packable, key in zip(strings, pretokens.packable.tolist(), keys, strict=True):
        if packable:
            assert len(text) <= KEY_BYTES
            by_key.setdefault(tuple(key), set()).add(text)
    assert all(len(same) == 1 for same in by_key.values())
    assert 0 not in [key[0] for key in by_key]
    for text, packable, single in zip(
        strings, pretokens.packable.tolist(), is_single_word(pretokens.packed_symbols(every, 3)).tolist(), strict=True
    ):
        if packable and single:
            assert Tokenizer().words(text) == [text]


def test_common_punctuation_is_not_part_of_a_pretoken() -> None:
    text = 'قال قال، (قال) «قال»، "قال": قال. قال؟ قال- .قال "قال".'
    pretokens = pretokenize([text])
    every = np.arange(len(pretokens.starts))

    assert set(pretokens.texts(every)) == {"قال", "."}


def test_every_symbol_represents_one_code_unit() -> None:
    table = pretokenizer._symbols()
    used, counts = np.unique(table[(table != 0) & (table != pretokenizer.UNKNOWN)], return_counts=True)

    assert counts.max() == 1
    assert used.tolist() == list(range(1, len(used) + 1))
    unlike = {chr(code) for code in np.flatnonzero(table == 0).tolist() if not separators(chr(code))}
    assert unlike == set(NUMBER_SIGNS) - {"("}


@pytest.mark.parametrize(
    "analyzer", [ANALYZER, ArabicAnalyzer(stemmer=TashaphyneStemmer())], ids=["nested", "not nested"]
)
def test_a_smaller_vocabulary_keeps_the_common_terms_and_relearns_the_rest(analyzer: ArabicAnalyzer) -> None:
    text = "كتاب كتاب والكتاب والكتاب عبدالله عبدالله نادر 12 12 الكتابة كتابٌ كتابٌ ال«قدس» ال«قدس» وحيد فريد"
    vocabulary = Vocabulary(analyzer)
    first = terms_of(vocabulary, text)
    vocabulary.count(
        np.bincount(vocabulary.groups.expand(vocabulary.tokens([text])[0]).terms, minlength=len(vocabulary))
    )

    smaller = vocabulary.most_frequent(3)

    assert len(smaller) == 3
    assert "كتاب" in smaller.normalised
    assert "نادر" not in smaller.normalised
    assert terms_of(smaller, text) == first
    assert len(smaller) == len(vocabulary)


def terms_of(vocabulary: Vocabulary, text: str) -> list[tuple[str, str, int]]:
    found = vocabulary.groups.expand(vocabulary.tokens([text])[0])
    normalised, stems = vocabulary.normalised, vocabulary.stems
    return [
        (normalised[vocabulary.normalised_of[term]], stems[vocabulary.stem_of[term]], position)
        for term, position in zip(found.terms.tolist(), found.positions.tolist(), strict=True)
    ]


def test_an_empty_vocabulary_has_no_most_frequent_terms() -> None:
    assert len(Vocabulary(ANALYZER).most_frequent(5)) == 0
