"""Which sentences a passage has, which passages are chosen, and what an overlap repeats."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from arsearch.model import Level
from arsearch.search.passages.choosing import Candidate, add_overlap, choose
from arsearch.search.passages.cutting import CONSIDERED, best_extents, lead
from arsearch.snippets import Matches, Occurrence


def occurrences(text: str, marks: str = "قس") -> list[Occurrence]:
    """The occurrences of each mark in a text: the first mark is target 0, the second target 1."""
    return [
        Occurrence(marks.index(letter), ((at, at + 1, Level.STEM),))
        for at, letter in enumerate(text)
        if letter in marks
    ]


def count(inside: Sequence[Occurrence], length: int) -> float:
    """Score a passage by the number of its occurrences."""
    return float(len(inside))


def passages(text: str, size: int = 30, limit: int = 9) -> list[str]:
    found = best_extents(text, Matches(tuple(occurrences(text)), len(text)), size, limit, count)
    return [text[start:end] + f" {score:g}" for start, end, score in found]


# Sentences of nine characters and a space; ق is a match.
A, B, C, D, E, F = "ابجد هوز. تثخذ ضظغ. حطيك لمن. شصعف رزو. جدول نهر. بحرم لحم.".replace(". ", ".|").split("|")
Q = "ابجد قوز."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{A} {Q} {B} {C} {D}", [f"{Q} {B} {C} 1"], id="the sentence and what follows it"),
        pytest.param(f"{A} {B} {C} {D} {Q}", [f"{C} {D} {Q} 1"], id="at the end, what precedes it"),
        pytest.param(f"{A} {B} {C} {Q} {D}", [f"{C} {Q} {D} 1"], id="near the end, both"),
        pytest.param(f"{A} {B} {Q}\n\n{C} {D}", [f"{A} {B} {Q} 1"], id="nothing of the next paragraph"),
        pytest.param(f"{A} {B}\n\n{Q} {C}\n\n{D}", [f"{Q} {C} 1"], id="nothing of the paragraph before"),
        pytest.param(f"{A} {B}\n{Q}\n{C}", [f"{B}\n{Q}\n{C} 1"], id="lines of one paragraph"),
        pytest.param(f"{Q} {Q} {A} {B}", [f"{Q} {Q} {A} 2"], id="two matches"),
        pytest.param(f"{A} {Q} {B} {Q} {C}", [f"{Q} {B} {Q} 2"], id="the passage with more matches"),
        pytest.param(f"{Q} {A} {B} {C} {D} {E} {Q} {Q}", [f"{E} {Q} {Q} 2", f"{Q} {A} {B} 1"], id="the better first"),
        pytest.param(f"{Q} {A} {B} {C} {D} {E} {Q} {F} {A}", [f"{Q} {A} {B} 1", f"{Q} {F} {A} 1"], id="equal in order"),
        pytest.param(f"{A} {B} {C}", [], id="no match"),
        pytest.param("", [], id="no text"),
    ],
)
def test_a_passage_has_the_sentences_of_a_paragraph_that_fit(text: str, expected: list[str]) -> None:
    assert passages(text) == expected


@pytest.mark.parametrize(("size", "expected"), [(28, f"{Q} {B}"), (29, f"{Q} {B} {C}"), (30, f"{Q} {B} {C}")])
def test_a_passage_may_be_exactly_as_long_as_the_size(size: int, expected: str) -> None:
    assert passages(f"{A} {Q} {B} {C} {D}", size) == [f"{expected} 1"]
    backward = f"{A} {B} {Q}"
    assert passages(backward, size) == [f"{backward if size > 28 else backward[10:]} 1"]


@pytest.mark.parametrize(("limit", "number"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_at_most_as_many_passages_as_the_limit(limit: int, number: int) -> None:
    assert len(passages(f"{Q} {A} {B} {C} {D} " * 3, limit=limit)) == number


@pytest.mark.parametrize(("size", "expected"), [(19, [(0, 19, 1), (20, 39, 1)]), (9, [(0, 9, 1)])])
def test_a_phrase_counts_only_in_a_passage_that_has_all_of_it(size: int, expected: list[tuple[int, int, int]]) -> None:
    text = f"{A} {B} {C} {D}"
    word = Occurrence(0, ((0, 2, Level.STEM),))
    phrase = Occurrence(0, ((25, 27, Level.STEM), (33, 35, Level.STEM)))  # from the third sentence to the fourth

    assert best_extents(text, Matches((word, phrase), len(text)), size, 9, count) == expected


@pytest.mark.parametrize("at", [0, 700, 2_999])
def test_the_best_of_thousands_of_matches_is_found(at: int) -> None:
    sentence = "ابج قوز. "
    text = sentence * at + "ابج قسز. " + sentence * (3_000 - at - 1)
    matches = Matches(tuple(occurrences(text)), len(text))
    assert len(matches.occurrences) > CONSIDERED

    def kinds(inside: Sequence[Occurrence], length: int) -> float:
        return len({one.target for one in inside})

    (best,) = best_extents(text, matches, 40, 1, kinds)

    assert best.score == 2
    assert best.start <= len(sentence) * at < best.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        (" \n ", None),
        (f"{A} {B} {C} {D}", f"{A} {B} {C}"),
        (f"\n {A} {B}\n\n{C}", f"{A} {B}"),
        ("ابج " * 100, "ابج ابج ابج ابج ابج ابج ابج"),
        (" " * 500 + A, A),
    ],
)
def test_a_text_without_matches_has_its_beginning(text: str, expected: str | None) -> None:
    assert [(text[one.start : one.end], one.score) for one in lead(text, 30)] == (
        [] if expected is None else [(expected, 0)]
    )


BODY = "واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة"
"""A text of 52 characters; words begin at 0, 5, 11, 17, 23, 28, 32, 37, 45 and 50."""


def chosen(
    candidates: list[tuple[int, int, int, float]], *bodies: str, limit: int = 9
) -> list[tuple[int, int, int, float]]:
    found = choose((Candidate(*one) for one in candidates), bodies or (BODY,), limit, 10)
    return [tuple(one) for one in found]  # type: ignore[misc]


OTHER = "ألف باء تاء ثاء جيم حاء خاء دال ذال راء زاي سين شين"


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([(0, 0, 10, 1), (1, 0, 10, 2)], [(1, 0, 10, 2), (0, 0, 10, 1)], id="the better first"),
        pytest.param([(1, 0, 10, 1), (0, 0, 10, 1)], [(0, 0, 10, 1), (1, 0, 10, 1)], id="equal by article"),
        pytest.param([(0, 28, 35, 1), (0, 0, 4, 1)], [(0, 0, 4, 1), (0, 28, 35, 1)], id="equal by place"),
        pytest.param([(0, 0, 4, 2), (0, 5, 10, 3)], [(0, 0, 10, 3)], id="neighbours are merged"),
        pytest.param([(0, 0, 10, 2), (0, 5, 15, 3)], [(0, 0, 15, 3)], id="overlapping ones of 15 are merged"),
        pytest.param([(0, 0, 4, 3), (0, 11, 16, 2)], [(0, 0, 4, 3), (0, 11, 16, 2)], id="a word between them"),
        pytest.param([(0, 0, 10, 3), (0, 11, 16, 2)], [(0, 0, 10, 3), (0, 11, 16, 2)], id="too long together"),
        pytest.param([(0, 0, 4, 3), (1, 5, 10, 2)], [(0, 0, 4, 3), (1, 5, 10, 2)], id="of two articles"),
        pytest.param([(0, 0, 4, 1), (0, 5, 10, 2), (0, 11, 15, 3)], [(0, 0, 15, 3)], id="three are merged"),
    ],
)
def test_neighbours_of_up_to_one_and_a_half_passages_are_merged(
    candidates: list[tuple[int, int, int, float]], expected: list[tuple[int, int, int, float]]
) -> None:
    assert chosen(candidates, BODY, OTHER) == expected


def test_a_passage_beyond_the_limit_may_still_be_merged() -> None:
    candidates = [(0, 0, 4, 3.0), (1, 0, 7, 2.0), (0, 5, 10, 1.0)]

    assert chosen(candidates, BODY, OTHER, limit=2) == [(0, 0, 10, 3), (1, 0, 7, 2)]
    assert chosen(candidates, BODY, OTHER, limit=1) == [(0, 0, 4, 3)]
    assert chosen(candidates, BODY, OTHER, limit=0) == []


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ("أ ب ت ث ج ح خ د ذ ر ز س", True),
        ("أ ب ت ث ج ح خ د ذ ص ض ط", True),  # 7 of 10 triples
        ("أ ب ت ث ج ح خ د ص ض ط ظ", False),  # 6 of 10
        ("أ ب ت", True),
        ("أ ب ص", False),
        ("أ ب", False),
        ("س ز ر ذ د خ ح ج ث ت ب أ", False),
    ],
)
def test_seven_tenths_of_the_triples_make_a_near_duplicate(other: str, is_same: bool) -> None:
    body = "أ ب ت ث ج ح خ د ذ ر ز س"

    found = chosen([(0, 0, len(body), 2), (1, 0, len(other), 1)], body, other)

    assert [one[0] for one in found] == ([0] if is_same else [0, 1])


def test_after_the_deadline_only_the_first_passage_is_chosen() -> None:
    candidates = [Candidate(article, 0, 7, 1.0) for article in range(2)]

    assert choose(candidates, (BODY, OTHER), 9, 10, lambda: False) == candidates[:1]


THREE = "أول هنا. ثان هنا. ثالث هنا. رابع"
"""Sentences at 0-8, 9-17 and 18-27, and a word at 28."""


@pytest.mark.parametrize(
    ("before", "one", "overlap", "start"),
    [
        pytest.param((0, 0, 17), (0, 18, 27), 0, 18, id="no overlap"),
        pytest.param((0, 0, 17), (0, 18, 27), 8, 18, id="the sentence before is too long"),
        pytest.param((0, 0, 17), (0, 18, 27), 9, 9, id="one sentence"),
        pytest.param((0, 0, 17), (0, 18, 27), 10, 9, id="one sentence and a space"),
        pytest.param((0, 0, 17), (0, 18, 27), 17, 9, id="half of another does not count"),
        pytest.param((0, 0, 17), (0, 18, 27), 18, 0, id="two sentences"),
        pytest.param((0, 0, 17), (0, 18, 27), 99, 0, id="all of the passage before"),
        pytest.param((0, 9, 17), (0, 18, 27), 99, 9, id="no more than the passage before"),
        pytest.param((0, 0, 8), (0, 18, 27), 99, 18, id="not right before"),
        pytest.param((1, 0, 17), (0, 18, 27), 99, 18, id="of another article"),
    ],
)
def test_an_overlap_repeats_whole_sentences_of_the_passage_right_before(
    before: tuple[int, int, int], one: tuple[int, int, int], overlap: int, start: int
) -> None:
    pair = [Candidate(*before, 2.0), Candidate(*one, 1.0)]

    assert add_overlap(pair, [THREE, THREE], overlap) == [pair[0], pair[1]._replace(start=start)]
