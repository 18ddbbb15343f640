"""The tokenizer: the rows of docs/analysis.md, and further cases."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest
from analysis_tables import tables
from hypothesis import example, given
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer, NoStemmer, Tokenizer

TOKENIZER = Tokenizer()


@pytest.mark.parametrize(("text", "words", "rule"), tables()["Text"])
def test_words_are_those_of_the_documentation(text: str, words: str, rule: str) -> None:
    expected = [] if words == "-" else words.split(" · ")

    assert TOKENIZER.words(text) == expected
    assert [text[start:end] for start, end in TOKENIZER.spans(text)] == expected


def test_spans_count_code_points_of_the_original_text() -> None:
    text = "  قَرَأَ\u200f «الكِتَابَ»، \U0001f600 ثُمَّ"

    assert TOKENIZER.spans(text) == [(2, 9), (11, 20), (25, 30)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("بال17 ولل17 وكال17", ["17"] * 3),
        ("وَلِـ«كتاب»", ["كتاب"]),
        ("سـ", []),
        ("س1", ["س", "1"]),
        ("ولـ\u200f\u0022كتاب", ["كتاب"]),
        ("قال: 'و' ثم", ["قال", "و", "ثم"]),
        ("مال17", ["مال", "17"]),
        ("ثالـ17", ["ثالـ", "17"]),
    ],
)
def test_a_clitic_is_skipped_only_before_a_host(text: str, words: list[str]) -> None:
    assert TOKENIZER.words(text) == words


@given(st.text(alphabet="والبسكمٱپﻛ\u064e\u0651\u0640\u200c\u0670 \n.,،؛؟:!\"'()«»/–-“”’%[4٥a#_", max_size=12))
@example("«الحرس» و(كتاب)")
@example('بال"كتاب" و\'من')
@example("الـ«كتاب»، ـكتاب َكتاب")
@example("الـ23 لـ«4»")
@example("(1436هـ)، و٥٪")
@example("و’4’")
@example("﴿و﴾ {ال*}[ل]«ك»")
def test_a_short_text_has_the_words_of_a_long_text(text: str) -> None:
    long = "\n" + "4 " * 100  # only short texts of Arabic letters have a pattern of their own

    assert TOKENIZER.words(text + long) == TOKENIZER.words(text) + ["4"] * 100
    assert TOKENIZER.spans(text + long)[:-100] == TOKENIZER.spans(text)


def test_the_tokenizer_takes_very_long_words() -> None:
    text = "و" * 200_000 + "4" + "ا" * 200_000 + "ـ«" + "a-" * 100_000

    words = TOKENIZER.words(text)

    assert [len(word) for word in words] == [200_000, 1, 200_001, 199_999]


def test_a_tokenizer_is_a_value() -> None:
    assert pickle.loads(pickle.dumps(TOKENIZER)) == TOKENIZER
    assert hash(Tokenizer()) == hash(TOKENIZER)


@pytest.mark.skipif("ARSEARCH_DATA" not in os.environ, reason="ARSEARCH_DATA names no folder of corpora")
def test_vocalised_text_is_tokenized_and_analysed_like_plain_text() -> None:
    path = Path(os.environ["ARSEARCH_DATA"]) / "gold" / "tashkeel_pairs.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    analyzer = ArabicAnalyzer(stemmer=NoStemmer())
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    differing = [
        pair["id"]
        for pair in pairs
        if [token.term for token in analyzer.analyze(pair["plain"])]
        != [token.term for token in analyzer.analyze(pair["vocalised"])]
    ]

    assert len(pairs) > 3000
    assert differing == []
