"""The contexts of the lines of a concordance, and their order, by a slow form that reads whole texts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import arsearch

BODY = (
    "نهر، وفي أول  الكتاب سطر\nثم   كتابٌ ثان (كتاب) قصير «كتاب» آخر عن بلاد بعيدة جدا، وبعد ذلك كتاب، "
    "وكلمةطويلةجدابلامسافة كتاب وكلمةأخرىطويلةجدابلامسافة ثم كتاب"
)
WIDTHS = (0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 16, 17, 18, 20, 24, 25, 26, 30, 31, 32, 33, 40, 64, 100, 1000)


@pytest.fixture(scope="module")
def index() -> Iterator[arsearch.Index]:
    with arsearch.open(":memory:", create=True) as opened:
        opened.add([{"id": "1", "body": BODY}, {"id": "2", "body": "كتاب"}, {"id": "3", "body": " \n كتاب \n "}])
        yield opened


def after(text: str, width: int) -> str:
    """Return as many of the first words of a text as have `width` characters with single spaces between them."""
    words = text.split()
    while len(" ".join(words)) > width:
        words.pop()
    space = " " if text[:1].isspace() and (words or not text.split()) else ""
    return space + " ".join(words)


def before(text: str, width: int) -> str:
    words = text.split()
    while len(" ".join(words)) > width:
        words.pop(0)
    space = " " if text[-1:].isspace() and (words or not text.split()) else ""
    return " ".join(words) + space


@pytest.mark.parametrize("width", WIDTHS)
def test_a_context_has_the_whole_words_that_its_width_has_room_for(index: arsearch.Index, width: int) -> None:
    lines = list(index.concordance("كتاب", width=width, filters={"id": "1"}))

    assert len(lines) == 7
    for line in lines:
        assert line.keyword == " ".join(BODY[line.start : line.end].split())
        assert line.before == before(BODY[: line.start], width)
        assert line.after == after(BODY[line.end :], width)


def test_a_keyword_without_words_beside_it_has_empty_contexts(index: arsearch.Index) -> None:
    found = index.concordance("كتاب", filters={"id": ["2", "3"]})

    assert [(line.before, line.keyword, line.after) for line in found] == [("", "كتاب", ""), (" ", "كتاب", " ")]


SHORT = "ا ب ج د ه".split()
LONG = [letter * 10 for letter in "كلمنس"]
LONGEST = [letter * 20 for letter in "كلمنس"]


@pytest.mark.parametrize(
    ("beside", "space", "is_compared"),
    [(SHORT, " ", True), (LONG, " ", True), (SHORT, " " * 8, True), (SHORT, "، ", True), (LONGEST, " ", False)],
)
@pytest.mark.parametrize("sort", ["left", "right"])
def test_lines_are_sorted_by_six_words_within_eighty_characters(
    sort: str, beside: list[str], space: str, is_compared: bool
) -> None:
    ends = [("ي", "ا"), ("ت", "ب"), ("ي", "ب"), ("أ", "ي"), ("ب", "ي"), ("ت", "ا"), ("آ", "ا")]
    rows = [["كتاب", *beside, *end] for end in ends]
    bodies = [space.join(row if sort == "left" else reversed(row)) for row in rows]
    with arsearch.open(":memory:", create=True) as opened:
        opened.add([{"id": str(number), "body": body} for number, body in enumerate(bodies)])
        found = [line.id for line in opened.concordance("كتاب", sort=sort, width=5)]

    # أ and آ are the same letter here. The seventh word does not count, and equal lines stay in their order.
    assert found == list("3641502" if is_compared else "0123456")
