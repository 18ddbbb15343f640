"""The score of a passage, computed by hand from the formula of `arsearch.search.passages.scoring`, and its sentences."""

from __future__ import annotations

import math

import pytest

from arsearch.model import Level
from arsearch.search.passages.scoring import PassageScorer, QueryWord, idf
from arsearch.search.passages.sentences import Sentence, regions, sentences
from arsearch.search.ranking import Ranking
from arsearch.snippets import Occurrence

RANKING = Ranking(k1=1.0, stem_weight=10.0, root_weight=4.0, normalised_weight=100.0, pair_weight=1000.0)
"""With k1 = 1 in a passage of the usual length, the factor tf * (k1 + 1) / (k1 + tf) is 1 for one occurrence."""

# What a word with an idf of 1 scores at each level. A root counts for half.
ROOT = 0.5 * 4
STEM = ROOT + 10
NORMALISED = STEM + 100


def word(target: int, start: int, level: Level = Level.STEM) -> Occurrence:
    """An occurrence of a word of three letters."""
    return Occurrence(target, ((start, start + 3, level),))


def score(*occurrences: Occurrence, idfs: tuple[float, ...] = (1, 1, 1), length: int = 100) -> float:
    words = [QueryWord((), 1.0, ()) for _ in idfs]
    return PassageScorer(words, idfs, range(len(idfs)), RANKING, 100).score(occurrences, length)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.ROOT, ROOT),
        (Level.STEM, STEM),
        (Level.WORD, STEM),
        (Level.NORMALISED, NORMALISED),
        (Level.SURFACE, NORMALISED),
        (Level.VOCALISED, NORMALISED),
    ],
)
def test_a_stricter_level_adds_to_the_looser_ones(level: Level, expected: float) -> None:
    assert score(word(0, 7, level)) == pytest.approx(expected)
    assert score(word(1, 0, level), idfs=(1, 3)) == pytest.approx(3 * expected)


@pytest.mark.parametrize(
    ("occurrences", "length", "factor"),
    [
        (1, 100, 2 / 2),
        (2, 100, 2 * 2 / 3),
        (3, 100, 2 * 3 / 4),
        (1, 200, 2 / (1 + 1.8)),  # k1 * (1 - 0.8 + 0.8 * 2) = 1.8
        (1, 50, 2 / (1 + 0.6)),
        (2, 50, 2 * 2 / (2 + 0.6)),
    ],
)
def test_more_occurrences_add_less_and_a_longer_passage_scores_less(
    occurrences: int, length: int, factor: float
) -> None:
    found = score(*(word(0, 10 * n) for n in range(occurrences)), length=length)

    assert found == pytest.approx(STEM * factor)


def test_levels_are_counted_apart() -> None:
    found = score(word(0, 0, Level.ROOT), word(0, 10, Level.ROOT), word(0, 20), word(0, 30, Level.NORMALISED))

    assert found == pytest.approx(2 * (0.5 * 4 * 4 / 5 + 10 * 2 / 3 + 100 * 1 / 2))


def test_a_phrase_counts_at_its_loosest_word() -> None:
    words = ((0, 3, Level.NORMALISED), (4, 7, Level.ROOT), (8, 11, Level.STEM))

    assert score(Occurrence(0, words)) == pytest.approx(ROOT)


@pytest.mark.parametrize(
    ("occurrences", "idfs", "pairs"),
    [
        pytest.param([word(0, 0), word(1, 3)], (1, 1), 1, id="touching"),
        pytest.param([word(0, 0), word(1, 27)], (1, 1), 2 * 0.5 / 1.5, id="24 code points between them"),
        pytest.param([word(0, 0), word(1, 28)], (1, 1), 0, id="25 code points between them"),
        pytest.param([word(0, 0), word(1, 2)], (1, 1), 0, id="one inside the other"),
        pytest.param([word(1, 0), word(0, 4)], (1, 1), 0, id="in the other order"),
        pytest.param([word(0, 0), word(2, 4)], (1, 1, 1), 0, id="with a word of the query left out"),
        pytest.param([word(0, 0), word(1, 3)], (2, 5), 2, id="as rare as the more frequent word"),
        pytest.param([word(0, 0), word(1, 3)], (5, 2), 2, id="as rare as the more frequent second word"),
        pytest.param([word(0, 0), word(1, 3)], (1, 1, 1), 1 / math.sqrt(2), id="less in a longer query"),
        pytest.param([word(0, 0), word(1, 3), word(2, 6)], (1, 1, 1), 2 / math.sqrt(2), id="two pairs"),
        pytest.param([word(0, 0), word(1, 3), word(0, 50), word(1, 53)], (1, 1), 2 * 2 / 3, id="a pair twice"),
        pytest.param(
            [word(0, 0), word(1, 3), word(1, 6)], (1, 1), 2 * (1 + 24 / 27) / (2 + 24 / 27), id="the second twice"
        ),
        pytest.param(
            [Occurrence(0, ((0, 3, Level.STEM), (50, 53, Level.STEM))), word(1, 53)], (1, 1), 1, id="after a phrase"
        ),
    ],
)
def test_neighbouring_words_of_the_query_add_to_the_score(
    occurrences: list[Occurrence], idfs: tuple[float, ...], pairs: float
) -> None:
    apart = [
        Occurrence(one.target, tuple((start, end, level) for start, end, level in one.words)) for one in occurrences
    ]
    alone = sum(score(*(one for one in apart if one.target == target), idfs=idfs) for target in range(len(idfs)))

    assert score(*occurrences, idfs=idfs) - alone == pytest.approx(1000 * pairs)


def test_weights_of_words_and_targets_of_one_word() -> None:
    words = [QueryWord((), 0.5, ()), QueryWord((), 2.0, ())]
    scorer = PassageScorer(words, [1.0, 3.0], [0, 0, 1], RANKING, 100)

    assert scorer.score([word(0, 0)], 100) == scorer.score([word(1, 0)], 100) == pytest.approx(0.5 * STEM)
    assert scorer.score([word(2, 0)], 100) == pytest.approx(6 * STEM)
    assert scorer.score([], 100) == 0


@pytest.mark.parametrize(
    ("passages", "frequency", "expected"),
    [(10, 0, math.log(22)), (10, 2, math.log(4.4)), (10, 10, math.log(1 + 1 / 21)), (10, 99, math.log(1 + 1 / 21))],
)
def test_a_rare_word_has_a_greater_idf(passages: float, frequency: float, expected: float) -> None:
    assert idf(passages, frequency) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ([], []),
        ([(10, 12)], [(5, 17)]),
        ([(3, 5)], [(0, 10)]),
        ([(90, 98)], [(85, 100)]),
        ([(10, 12), (23, 24)], [(5, 17), (18, 29)]),
        ([(10, 12), (22, 24)], [(5, 29)]),
        ([(10, 30), (15, 17)], [(5, 35)]),
        ([(0, 1), (2, 3), (40, 41), (44, 45)], [(0, 8), (35, 50)]),
    ],
)
def test_regions_reach_five_code_points_around_matches(
    matches: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert list(regions(matches, 5, 100)) == expected


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("", (0, 0), []),
        (" \n ", (0, 3), []),
        ("اب جد. هو زح", (0, 12), ["اب جد.", "هو زح"]),
        ("  اب جد.  هو زح \n", (0, 17), ["اب جد.", "هو زح"]),
        ("اب\nجد", (0, 5), ["اب", "جد"]),
        ("اب\n\nجد", (0, 6), ["اب", "*جد"]),
        ("\n\nاب. جد", (0, 8), ["*اب.", "جد"]),
        ("اب.\n\nجد. هو", (0, 11), ["اب.", "*جد.", "هو"]),
        ("اب \n \n جد", (0, 9), ["اب", "*جد"]),
        ("اب. جد. هو. زح.", (4, 11), ["جد.", "هو."]),
        ("ابجد هو. زح طي", (1, 14), ["هو.", "زح طي"]),  # a word that is cut at the start is left out
        ("ابجد هو. زح طيكل", (0, 14), ["ابجد هو.", "زح"]),  # and a word that is cut at the end
        ("ابجدهوزح", (2, 6), []),
        ("اب جد هو زح طي كل من سع", (0, 23), ["اب جد هو زح طي كل من", "سع"]),
        ("اب جد هو زح، طي كل من سع", (0, 24), ["اب جد هو زح،", "طي كل من سع"]),
        ("اب، جد هو زح طي كل من سع", (0, 24), ["اب، جد هو زح طي كل", "من سع"]),  # the clause is short
        ("اب جد هو ز: طي، كل من سع", (0, 24), ["اب جد هو ز: طي،", "كل من سع"]),
        ("ا" * 45, (0, 45), ["ا" * 20, "ا" * 20, "ا" * 5]),
        ("ا" * 19 + "ب\u064b" + "ج" * 20, (0, 41), ["ا" * 19, "ب\u064b" + "ج" * 18, "جج"]),
        ("ا" * 20, (0, 20), ["ا" * 20]),
    ],
)
def test_sentences_of_at_most_twenty_code_points(text: str, part: tuple[int, int], expected: list[str]) -> None:
    found = sentences(text, *part, 20)

    assert [("*" if one.opens else "") + text[one.start : one.end] for one in found] == expected
    assert all(isinstance(one, Sentence) for one in found)
