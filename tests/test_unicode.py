"""Analyzer, index, query and snippets take any text: nothing raises, offsets are exact, and queries find their articles."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch import ArabicAnalyzer
from arsearch.errors import ArticleError

ANALYZER = ArabicAnalyzer()
BLOCKS = {
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "Arabic Supplement": (0x0750, 0x077F),
    "Arabic Extended-B": (0x0870, 0x089F),
    "Arabic Extended-A": (0x08A0, 0x08FF),
    "Arabic Presentation Forms-A": (0xFB50, 0xFDFF),
    "Arabic Presentation Forms-B": (0xFE70, 0xFEFF),
    "Arabic Extended-C": (0x10EC0, 0x10EFF),
    "Arabic Mathematical Alphabetic Symbols": (0x1EE00, 0x1EEFF),
    "Rumi Numeral Symbols": (0x10E60, 0x10E7F),
    "General Punctuation": (0x2000, 0x206F),
    "Combining Diacritical Marks": (0x0300, 0x036F),
    "Specials and beyond": (0xFFF0, 0x1000F),
    "Tags and variation selectors": (0xE0000, 0xE01EF),
}
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")
SHAPES = ["{}", "ك{}ب", "{}كتاب", "كتاب{}", "ا{0}{0}{0}ل", "x{}y", "3{}5", "#{}_و", "كتاب {} وزير"]


def check_analysis(text: str) -> None:
    """Check the invariants of the tokens of a text."""
    last_start = 0
    for token in ANALYZER.analyze(text):
        assert text[token.start : token.end] == token.text
        assert last_start <= token.start < token.end <= len(text)
        assert token.position >= 0
        last_start = token.start
        for term in (token.term.surface, token.term.normalised, token.term.word, token.term.stem):
            assert term
            assert not re.search(r"[\n\t\u064b-\u0652\u0640]", term)


@pytest.mark.parametrize("block", BLOCKS)
def test_tokens_of_every_code_point_keep_the_invariants(block: str) -> None:
    low, high = BLOCKS[block]
    for code in range(low, high + 1):
        for shape in SHAPES:
            check_analysis(shape.format(chr(code)))


@pytest.fixture(scope="module")
def every_code_point() -> Iterator[arsearch.Index]:
    """An index with an article for each code point of the blocks: the character on its own, and inside a word.

    The id is the code point.
    """
    with arsearch.open(":memory:", create=True) as index:
        codes = [code for low, high in BLOCKS.values() for code in range(low, high + 1)]
        report = index.add(
            {"id": f"{code:x}", "title": f"حرف {chr(code)}", "body": f"قبل ك{chr(code)}بن بعد"} for code in codes
        )
        assert (report.added, report.failures) == (len(codes), 0)
        yield index


@pytest.mark.parametrize("block", BLOCKS)
def test_every_code_point_is_found_and_shown(block: str, every_code_point: arsearch.Index) -> None:
    low, high = BLOCKS[block]
    for code in range(low, high + 1, 1 if high - low < 100 else 3):
        id, char = f"{code:x}", chr(code)
        words = ANALYZER.tokenizer.words(f"ك{char}بن")
        assert words
        results = every_code_point.search('="' + " ".join(words) + '"', limit=3000)
        assert id in {hit.id for hit in results}, f"U+{id}"
        for query in (char, f"ك{char}بن", f'"{char}"', f"{char}*", f"-{char}", f"title:{char}", f"{char}~1"):
            for hit in every_code_point.search(query, limit=1):
                shown = hit.to_dict(body=True)
                json.dumps(shown, ensure_ascii=False).encode()
                for span in shown["snippet"]["spans"]:
                    assert 0 <= span["start"] < span["end"] <= len(shown["article"][span["field"]])


@pytest.mark.parametrize("form", FORMS)
def test_the_normal_form_of_a_text_does_not_matter(form: Form) -> None:
    """Queries in each normal form find articles in each normal form."""
    texts = ["أَحْمَدُ آلُ إبراهيم", "مُؤْمِن شَيْءٌ", "القرآنُ الكريم", "café naïve", "لَا إِلَٰهَ", "ۀ ۓ ۂ", "مسؤول رئيس"]
    with arsearch.open(":memory:", create=True) as index:
        for number, text in enumerate(texts):
            index.add({"id": f"{number}-{f}", "body": unicodedata.normalize(f, text)} for f in FORMS)
        for number, text in enumerate(texts):
            for word in text.split():
                found = {hit.id for hit in index.search(unicodedata.normalize(form, word), limit=100)}
                assert found >= {f"{number}-{f}" for f in FORMS}, word


LONG_RUNS = {
    "fathas": "ك" + "\u064e" * 50_000 + "تاب",
    "marks_alone": "\u0651\u064b" * 50_000,
    "combining": "e" + "\u0301" * 50_000,
    "tatweel": "ك" + "ـ" * 50_000 + "تاب",
    "joiners": "ك" + "\u200d\u200c" * 25_000 + "تاب",
    "one_letter": "ك" * 50_000,
    "ligatures": "ﷺ" * 2000,
    "spaces": "كتاب" + "\u00a0\u2003\u3000" * 20_000 + "كتاب",
    "bidi": "\u202e\u2066" * 25_000 + "كتاب",
    "emoji": "👨‍👩‍👧‍👦" * 2000,
    "alternating": "كa" * 2000,
    "digits": "٣5" * 2500,
    "hashes": "#" * 50_000 + "كتاب",
    "underscores": "#" + "ك_" * 2000,
    "dashes": "ك-" * 2000,
    "apostrophes": "a'" * 2500,
}


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize("kind", LONG_RUNS)
def test_long_runs_are_fast_and_hide_no_other_word(kind: str, index: arsearch.Index) -> None:
    text = LONG_RUNS[kind]
    check_analysis(text)

    index.add([{"id": "1", "title": "وزير", "body": f"{text} مدرسة"}, {"id": "2", "body": "مدرسة"}])

    assert {hit.id for hit in index.search("مدرسة")} == {"1", "2"}
    assert all(len(hit.snippet.html) < 500_000 for hit in index.search("مدرسة"))
    for query in (text, f'"{text}"', f"{text}*", f"={text}"):
        json.dumps(index.search(query).to_dict())


# Mixtures as in real texts: letters, marks, controls, unassigned code points

anything = st.text(
    st.one_of(
        st.sampled_from(
            "كتابالوزيرأإآىةئؤء ءا\u064b\u0651\u0670\u0640\u200c\u200d\u200e\u200f\u202e\u2066 \n#_-'.،؟٣5aZ"
        ),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from([chr(code) for low, high in BLOCKS.values() for code in range(low, high + 1)]),
    ),
    max_size=30,
)
with_surrogates = st.text(st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from('كتاب "*?~()')))


@settings(max_examples=400)
@given(anything)
def test_any_text_keeps_the_invariants(text: str) -> None:
    check_analysis(text)
    batch = ArabicAnalyzer()
    assert [token.term for token in batch.analyze(text)] == [token.term for token in ANALYZER.analyze(text)]


@settings(max_examples=150)
@given(anything, anything)
def test_any_article_is_found_by_its_words(title: str, body: str) -> None:
    if "\0" in title + body or not (title + body).strip():
        return
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": title, "body": body}], strict=True)
        stored = index.get("1")
        assert stored is not None
        assert (stored.title, stored.body) == (title, body)
        for field, text in (("title", title), ("body", body)):
            for word in ANALYZER.tokenizer.words(text):
                if not ANALYZER.form(word).terms or any(char in '"“”„‟＂″«»' for char in word):
                    continue
                results = index.search(f'{field}:="{word}"')
                assert results.total == 1, (word, results.notes)
                for span in results[0].spans:
                    source = title if span.field == "title" else body
                    assert 0 <= span.start < span.end <= len(source)
        assert index.check() == []


@settings(max_examples=300)
@given(with_surrogates)
def test_any_query_has_results_even_with_lone_surrogates(every_code_point: arsearch.Index, text: str) -> None:
    results = every_code_point.search(text, limit=2)

    json.dumps(results.to_dict())
    ANALYZER.analyze(text)


@pytest.mark.parametrize("field", ["id", "title", "body", "source", "tags", "court"])
def test_a_lone_surrogate_in_an_article_is_reported(field: str) -> None:
    article = {"id": "1", "title": "خبر", field: "كت\ud800اب"}
    with arsearch.open(":memory:", create=True, fields={"court": "keyword"}) as index:
        report = index.add([article, {"id": "2", "title": "خبر"}])
        assert (report.added, report.failures) == (1, 1)
        assert "surrogate" in report.failed[0].reason
        with pytest.raises(ArticleError, match="surrogate"):
            arsearch.Article.from_dict(article | {"title": "\udfff"})
