"""`=` finds a word as it is written: a hashtag or mention as a whole, a word with a hyphen however it is joined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import arsearch

BODIES = {
    "plain": "وسم جديد",
    "hashtag": "قال #وسم اليوم",
    "longer": "قال #وسم_مركب اليوم",
    "words": "قال وسم مركب اليوم",
    "mention": "كتب @الشرق اليوم",
    "east": "كتب الشرق اليوم",
    "vaccine": "لقاح COVID-19 مجانا",
    "joined": "لقاح COVID19 مجانا",
    "apart": "لقاح covid 19 مجانا",
    "date": "يوم 21.7.2015 مساء",
    "numbers": "يوم 21 7 2015 مساء",
    "mail": "بريد info@example.org هنا",
    "site": "بريد example.org هنا",
    "honour": "محمد ﷺ قال",
    "honoured": "محمد صلى الله عليه وسلم قال",
}


@pytest.fixture(scope="module")
def index(shared_index: Callable[..., arsearch.Index]) -> arsearch.Index:
    return shared_index([{"id": id, "body": body} for id, body in BODIES.items()])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("#وسم", {"hashtag"}),
        ("#وَسم", set()),
        ("#وسم_مركب", {"longer"}),
        ("#مركب", set()),
        ("وسم", {"plain", "hashtag", "longer", "words"}),
        ("@الشرق", {"mention"}),
        ("الشرق", {"mention", "east"}),
        ("COVID-19", {"vaccine", "joined", "apart"}),
        ("covid19", {"vaccine", "joined", "apart"}),
        ("21.7.2015", {"date", "numbers"}),
        ("example.org", {"mail", "site"}),
        ("ﷺ", {"honour", "honoured"}),
    ],
)
def test_an_exact_word_is_the_whole_word(index: arsearch.Index, word: str, expected: set[str]) -> None:
    assert {hit.id for hit in index.search(f"={word}")} == expected
    assert {hit.id for hit in index.search(f'="{word}"')} == expected
    assert {hit.id for hit in index.search(f"={word} -قمر")} == expected


@pytest.mark.parametrize("word", ["#وسم", "#وسم_مركب", "@الشرق"])
def test_match_surface_takes_whole_hashtags(index: arsearch.Index, word: str) -> None:
    (hit,) = index.search(word, match="surface")

    assert word in BODIES[hit.id]
    assert [hit.snippet.source[span.start : span.end] for span in hit.snippet.spans] == [word]


def test_an_exact_phrase_has_the_whole_hashtag_at_its_place(index: arsearch.Index) -> None:
    assert {hit.id for hit in index.search('="قال #وسم_مركب اليوم"')} == {"longer"}
    assert {hit.id for hit in index.search('="قال وسم مركب اليوم"')} == {"longer", "words"}
    assert {hit.id for hit in index.search('="#وسم اليوم"')} == {"hashtag"}


@pytest.mark.parametrize(
    ("word", "expected"), [("#وسم", {"plain", "hashtag", "longer", "words"}), ("@الشرق", {"mention", "east"})]
)
def test_without_a_sign_the_word_of_a_hashtag_counts(index: arsearch.Index, word: str, expected: set[str]) -> None:
    assert {hit.id for hit in index.search(word)} == expected
