"""Corrections and completions are the same for every back-end that makes them: those of the embedded index in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.search.backend import Capability
from contract.conftest import filled
from contract.corpus import ARTICLES


@pytest.fixture(scope="module")
def expected() -> Iterator[arsearch.Index]:
    """The corpus in memory."""
    with filled(":memory:") as index:
        yield index


def needs(index: arsearch.Index, capability: Capability) -> None:
    """Skip the test for an index that lacks an ability."""
    if capability not in index.capabilities:
        pytest.skip(f"this kind of index cannot {capability.value}")


WORDS = sorted(
    {word for article in ARTICLES for word in f"{article.get('title', '')} {article.get('body', '')}".split()}
)
LETTERS = "ابتثحخدذرزسشصضطظعغفقكلمنهويةىأ"


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A word of the corpus with one or two mistakes."""
    word = draw(st.sampled_from(WORDS))
    for _ in range(draw(st.integers(1, 2))):
        at, letter = draw(st.integers(0, len(word) - 1)), draw(st.sampled_from(LETTERS))
        kind = draw(st.sampled_from(["leave out", "put in", "change", "swap"]))
        if kind == "leave out" and len(word) > 2:
            word = word[:at] + word[at + 1 :]
        elif kind == "put in":
            word = word[:at] + letter + word[at:]
        elif kind == "change":
            word = word[:at] + letter + word[at + 1 :]
        elif kind == "swap":
            word = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    return word


TYPED = st.one_of(
    misspelt(), st.sampled_from(WORDS), st.sampled_from(["-", '"', "OR", "title:", "hgpvs", "كتا*", "~1", "12", ""])
)


@settings(max_examples=60)
@given(
    words=st.lists(TYPED, min_size=1, max_size=4), limit=st.integers(0, 4), glue=st.sampled_from([" ", " ", " ", ""])
)
def test_the_proposals_are_those_of_the_embedded_index(
    library: arsearch.Index, expected: arsearch.Index, words: list[str], limit: int, glue: str
) -> None:
    needs(library, Capability.CORRECT)
    text = glue.join(words)
    assert library.correct(text, limit=limit) == expected.correct(text, limit=limit)


@settings(max_examples=40)
@given(words=st.lists(TYPED, min_size=1, max_size=3))
def test_a_search_corrects_the_words_that_the_embedded_index_corrects(
    library: arsearch.Index, expected: arsearch.Index, words: list[str]
) -> None:
    needs(library, Capability.CORRECT)
    one, other = (index.search(" ".join(words)) for index in (expected, library))
    assert other.notes == one.notes
    assert [hit.id for hit in other] == [hit.id for hit in one]
    assert [hit.score for hit in other] == pytest.approx([hit.score for hit in one], rel=1e-5)


@settings(max_examples=60)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    cut=st.integers(0, 6),
    limit=st.integers(0, 12),
)
def test_the_completions_are_those_of_the_embedded_index(
    library: arsearch.Index, expected: arsearch.Index, words: list[str], cut: int, limit: int
) -> None:
    needs(library, Capability.SUGGEST)
    text = " ".join(words)
    text = text[: len(text) - min(cut, len(words[-1]))]
    assert library.suggest(text, limit=limit) == expected.suggest(text, limit=limit)


def test_headlines_complete_as_phrases(index: arsearch.Index) -> None:
    needs(index, Capability.SUGGEST)
    titles = ["أسعار النفط ترتفع", "أسعار النفط تنخفض", "أسعار النفط مستقرة", "أسعار القمح", "أسعارُ القمح تهبط"]
    index.add({"id": str(number), "title": title} for number, title in enumerate(titles))

    assert [(one.text, one.articles) for one in index.suggest("أسعار ال")] == [("أسعار النفط", 3), ("أسعار القمح", 2)]
    assert [one.text for one in index.suggest("أسعا")][:2] == ["أسعار", "أسعار النفط"]
    assert index.suggest("زرافة") == ()


def test_the_parts_of_a_work_count_as_one_article(index: arsearch.Index) -> None:
    needs(index, Capability.SUGGEST)
    parts = [{"heading": f"باب المطر {number}", "body": "مطر غزير وسيول"} for number in range(4)]
    index.add([{"id": "w", "title": "كتاب الأنواء", "parts": parts}, {"id": "a", "title": "خبر", "body": "مطر خفيف"}])
    for prefix, expected in [
        ("مط", [("مطر", 2), ("المطر", 1)]),
        ("مطر غ", [("مطر غزير", 1)]),
        ("باب ا", [("باب المطر", 1)]),
    ]:
        assert [(one.text, one.articles) for one in index.suggest(prefix)] == expected
