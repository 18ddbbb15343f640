"""The strings of terms, the windows of phrases and the expressions of misspellings, without a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from contract.corpus import ARTICLES, FIELDS
from contract.toy_documents import Document
from contract.toy_scoring import _phrase_frequency
from hypothesis import given
from hypothesis import strategies as st

from arsearch import ArabicAnalyzer, Article
from arsearch.model.schema import NORMALISED, STEM, Schema
from arsearch.opensearch.documents import DocumentMaker, key_of, keyword, stored_article
from arsearch.opensearch.expansions import _around, _edited, _joined
from arsearch.opensearch.terms import ALTERNATIVE, HOLE, JOINER, FieldAnalyser, positions_of, text_of, token
from arsearch.opensearch.windows import window_count
from arsearch.snippets.fuzzy import is_within

ANALYZER = ArabicAnalyzer()
WORDS = [
    *("كتاب", "وبالكتاب", "كِتَابٌ", "عبدالله", "محمد ﷺ", "#يوم_الصحة", "COVID-19", "1 500 000", "ﷺ ﷺ", "،", "في", "إلى"),
    *("نص", "@الشرق", "21.7.2015", "+966 50 123 4567", "|", "!", "a^b", "ا" * 1200, "\u2028", "😀"),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_the_string_of_a_value_has_every_term_at_its_position(value: str) -> None:
    article = Article(id="1", title="", body="نص", extra={"court": value})
    document = Document(article, ANALYZER, Schema({"court": "keyword"}))
    analysed = FieldAnalyser(ANALYZER).analyse([value])
    here = positions_of(analysed.strings[0])
    expected = {
        (one.position, made)
        for one in document.occurrences("court")
        for made in (
            token(NORMALISED, one.term.normalised),
            token(STEM, one.term.stem),
            token("surface", one.term.surface),
        )
    }

    assert {(at, term) for at, terms in enumerate(here) for term in terms if term[0] in "nsu"} == expected
    assert {token(NORMALISED, term) for term in analysed.terms} <= {term for _, term in expected}


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_the_length_of_a_field_counts_the_gaps_between_values(values: list[str]) -> None:
    article = Article(id="1", title="", body="نص", extra={"court": values})
    document = Document(article, ANALYZER, Schema({"court": "keyword"}))

    assert FieldAnalyser(ANALYZER).analyse(values).length == document.lengths["court"]


@pytest.mark.parametrize("text", ["a b", "a\nb", "\u00a0", "!", "|", "a^b", "x\u2028", "ا" * 1001, "\x1f"])
def test_a_term_that_would_break_a_string_becomes_a_digest(text: str) -> None:
    made = token(NORMALISED, text)

    assert made == token(NORMALISED, text) != token(NORMALISED, text + "a")
    assert not re.search(rf"[\s{re.escape(ALTERNATIVE + HOLE + JOINER)}]", made)
    assert len(made) < 50


@given(st.lists(st.text("كتابيgzZA19،é", min_size=1), min_size=2, max_size=2, unique=True))
def test_letters_that_change_places_keep_terms_apart(texts: list[str]) -> None:
    one, other = (token(NORMALISED, text) for text in texts)

    assert one != other
    assert [text_of(one), text_of(other)] == texts


def test_an_arabic_letter_is_one_byte() -> None:
    assert token(NORMALISED, "كتابءيغ").isascii()


def test_only_words_with_marks_have_a_term_as_written() -> None:
    analysed = FieldAnalyser(ANALYZER).analyse(["كتاب كِتَابٌ"])

    assert [text_of(one) for one in analysed.forms] == [f"كتاب{JOINER}كِتَابٌ"]
    assert analysed.terms == ["كتاب"]


@given(
    st.lists(st.sets(st.integers(0, 12), max_size=5), min_size=2, max_size=4),
    st.integers(1, 4),
)
def test_windows_are_counted_as_the_slow_form_counts_them(columns: list[set[int]], slop: int) -> None:
    expected = _phrase_frequency(list(enumerate(columns)), slop)

    assert window_count([sorted(one) for one in columns], len(columns) - 1 + slop, ordered=slop == 1) == expected


@pytest.mark.parametrize(("expressions", "fewest"), [(_edited, 1), (_around, 7)])
@given(data=st.data(), distance=st.integers(1, 3))
def test_no_word_within_the_distance_is_missed(
    expressions: Callable[[str, int], Iterator[str]], fewest: int, data: st.DataObject, distance: int
) -> None:
    word = data.draw(st.text("ابجد", min_size=fewest, max_size=9))
    other = data.draw(st.one_of(st.text("ابجد", min_size=1, max_size=9), st.just(word).flatmap(misspelt)))
    if is_within(word, other, distance):
        assert any(re.fullmatch(expression, other) for expression in expressions(word, distance))


def misspelt(word: str) -> st.SearchStrategy[str]:
    """Words at most three edits from a word."""

    def edited(edits: list[tuple[int, str]]) -> str:
        text = word
        for place, kind in edits:
            before, after = text[: place % (len(text) + 1)], text[place % (len(text) + 1) :]
            text = {
                "insert": f"{before}ب{after}",
                "delete": before + after[1:],
                "swap": before + after[1:2] + after[:1] + after[2:],
            }[kind]
        return text

    edit = st.tuples(st.integers(0, 9), st.sampled_from(["insert", "delete", "swap"]))
    return st.lists(edit, max_size=3).map(edited)


def test_long_expressions_are_sent_in_parts() -> None:
    parts = list(_joined(_edited("استخدامات", 2)))

    assert len(parts) > 1
    assert all(len(part) <= 1000 for part in parts)
    assert "|".join(parts) == "|".join(_edited("استخدامات", 2))


@pytest.mark.parametrize("data", ARTICLES, ids=lambda data: data["id"])
def test_a_document_holds_its_article(data: dict[str, object]) -> None:
    schema, article = Schema(FIELDS), Article.from_dict(data)
    document = DocumentMaker(FieldAnalyser(ANALYZER), schema, ANALYZER.normalizer.normalise).make(article, 7)

    assert stored_article(document) == article
    assert (document["id"], document["group"], document["seq"], document["part"]) == (article.id, article.id, 7, False)


def test_ids_and_keywords_fit_the_cluster() -> None:
    assert key_of("17") == "17"
    assert key_of("@commit") != "@commit"
    assert len(key_of("ا" * 1024).encode()) <= 512
    assert key_of("ا" * 1024) != key_of("ا" * 1023)
    assert keyword("قصير") == "قصير"
    assert len(keyword("ا" * 40_000).encode()) < 32_766
    assert keyword("ا" * 40_000) != keyword("ا" * 40_001)
