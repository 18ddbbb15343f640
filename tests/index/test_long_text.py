"""The words of a long text are found by the extension and by array operations alike, with their offsets in code points."""

from __future__ import annotations

import os
import re
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.index.matching.long_text import LETTERS, REMOVED, LongText, folded
from arsearch.index.matching.prepared_text import PreparedText
from arsearch.index.matching.text_cache import long_text
from arsearch.kernel import native

ARABIC = st.text(st.sampled_from(LETTERS[:8] + REMOVED[:3] + "لله" + " \n\t"), max_size=60)
MIXED = st.text(st.sampled_from(LETTERS[:8] + REMOVED[:3] + "لله" + " \n\x0b" + "aé٣۳گکی،.\u00a0\u200f😀"), max_size=60)
PARTS = st.lists(st.text(st.sampled_from(folded(LETTERS[:8] + "لله")), min_size=1, max_size=6), min_size=1, max_size=4)
GAPS = st.integers(0, 3)

Places = list[tuple[int, str]]


def places_of(text: LongText, parts: list[str]) -> tuple[Places, int]:
    """Return the offset of each found word, the word, and the length of the whole text."""
    found = text.words_with(parts)
    assert sorted(set(found.numbers.tolist())) == list(range(len(found.words)))
    assert len(set(found.words)) == len(found.words)
    offsets, numbers = found.offsets.tolist(), found.numbers.tolist()
    return [(at, found.words[number]) for at, number in zip(offsets, numbers, strict=True)], found.length


def expected(bodies: list[str], gap: int, parts: list[str]) -> tuple[Places, int]:
    """Return what `places_of` must return, found by a regular expression."""
    places, length = [], 0
    removed = str.maketrans("", "", REMOVED)
    for body in filter(None, bodies):
        start = length + gap * bool(length)
        words = re.finditer(r"[^\x00-\x20]+", body)
        found = [word for word in words if any(part in folded(word[0].translate(removed)) for part in parts)]
        places += [(start + word.start(), word[0]) for word in found]
        length = start + len(body)
    return places, length


def encoded(bodies: list[str]) -> list[bytes]:
    """Return bodies as they are in encoded articles, after another line."""
    return [f"{{}}\n{body}".encode() for body in bodies]


@pytest.mark.skipif(native() is None, reason="the extension was not built")
@given(bodies=st.lists(MIXED, max_size=4), gap=GAPS, parts=PARTS)
def test_the_extension_finds_the_words(bodies: list[str], gap: int, parts: list[str]) -> None:
    text = long_text(encoded(bodies), gap)
    assert not isinstance(text, PreparedText)
    assert text.count == len(bodies)
    assert places_of(text, parts) == expected(bodies, gap, parts)


@given(bodies=st.lists(ARABIC, min_size=1, max_size=4), gap=GAPS, parts=PARTS)
def test_array_operations_find_the_words(bodies: list[str], gap: int, parts: list[str]) -> None:
    with mock.patch.dict(os.environ, ARSEARCH_KERNEL="numpy"):
        text = long_text(encoded(bodies), gap)
    assert isinstance(text, PreparedText)
    assert text.count == len(bodies)
    assert places_of(text, parts) == expected(bodies, gap, parts)


@given(bodies=st.lists(MIXED, min_size=1, max_size=4), gap=GAPS, parts=PARTS)
def test_array_operations_miss_no_word(bodies: list[str], gap: int, parts: list[str]) -> None:
    found, length = places_of(PreparedText([body.encode() for body in bodies], gap), parts)
    places, expected_length = expected(bodies, gap, parts)
    assert length == expected_length
    assert set(places) <= set(found)  # another letter may have the same second byte


@pytest.mark.skipif(native() is None, reason="the extension was not built")
@pytest.mark.parametrize(
    "body", [b"\xd9", b"\xd9 \xd9\x83\xd8", b"\xff\xd9\x83\xd8\xaa\xff", b"\xd9\x83\xd8\xaa\xd8"], ids=repr
)
def test_damaged_texts_are_read_to_their_end(body: bytes) -> None:
    found = long_text([b"{}\n" + body]).words_with(["كت"])
    assert all("كت" in word for word in found.words)


@pytest.mark.skipif(native() is None, reason="the extension was not built")
def test_a_part_has_letters() -> None:
    with pytest.raises(ValueError, match="a part is empty"):
        long_text(encoded(["كتاب"])).words_with(["كتاب", ""])


@pytest.mark.skipif(native() is None, reason="the extension was not built")
@pytest.mark.parametrize(
    ("word", "part"),
    [("كتاب", "كتاب"), ("مكتبة", "كت"), ("كَـتَب", "كتب"), ("ل", "ل"), ("بيت", "ت"), ("يؤيؤ", "ييي"), ("لله", "له")],
)
@pytest.mark.parametrize("before", ["", " ", "a ", "é ", "ب ", "ب😀 "])
@pytest.mark.parametrize("after", ["", " ", "\n9", " ب", "ة ة"])
def test_a_word_is_found_wherever_it_begins(before: str, word: str, part: str, after: str) -> None:
    for text in ((before + word + after) * 3, before + word + after + "ت ك ل ب ي ه و " * 10_000):
        assert places_of(long_text(encoded([text])), [part]) == expected([text], 0, [part])


def test_many_words_are_found() -> None:
    words = [f"كتاب{index}" for index in range(3_000)]
    body = " ".join([*words, *words])
    for text in (long_text(encoded([body])), PreparedText([body.encode()])):
        found = text.words_with(["كتاب"])
        assert found.words == words
        assert found.numbers.tolist() == [*range(3_000), *range(3_000)]
        assert [body[at : at + 5] for at in found.offsets.tolist()] == ["كتاب" + word[4] for word in [*words, *words]]
