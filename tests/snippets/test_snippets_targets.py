"""Matchers return the strictest level, and phrases occur exactly where a window holds them."""

from __future__ import annotations

import itertools
import pickle
import re
from typing import Any

import pytest
from fake_analysis import FakeAnalyzer, target
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.model import Level
from arsearch.snippets import AnyMatcher, HighlightTarget, PatternMatcher, SetMatcher, TermMatcher, WordMatcher
from arsearch.snippets.phrases import phrase_positions
from arsearch.snippets.targets import term_keys
from arsearch.snippets.vocalisation import agrees, letters


def level_of(matcher: WordMatcher, word: str) -> Level | None:
    (term,) = FakeAnalyzer().form(word).terms
    return matcher.level(term, word)


def matcher_of(word: str, floor: Level = Level.STEM) -> TermMatcher:
    (term,) = FakeAnalyzer().form(word).terms
    return TermMatcher.of(term, word, floor)


@pytest.mark.parametrize(
    ("query", "written", "expected"),
    [
        pytest.param("كَتب", "كَتَبَ", Level.VOCALISED, id="all_marks_of_the_query_are_written"),
        pytest.param("كَتب", "كُتُب", Level.SURFACE, id="other_marks"),
        pytest.param("كَتب", "كتب", Level.SURFACE, id="no_marks_written"),
        pytest.param("كتب", "كَتَبَ", Level.SURFACE, id="no_marks_in_the_query"),
        pytest.param("كتب", "كـتـب", Level.SURFACE, id="tatweel"),
        pytest.param("أكرم", "اكرم", Level.NORMALISED, id="alef"),
        pytest.param("أَكرم", "اَكرم", Level.NORMALISED, id="marks_do_not_raise_the_level_of_another_letter"),
        pytest.param("كتاب", "وبالكتاب", Level.WORD, id="proclitics"),
        pytest.param("كتاب", "والكتابي", Level.STEM, id="ending"),
        pytest.param("كتاب", "كاتب", None, id="another_word"),
    ],
)
def test_a_term_matches_at_the_strictest_level(query: str, written: str, expected: Level | None) -> None:
    assert level_of(matcher_of(query), written) == expected


@pytest.mark.parametrize("floor", list(Level))
@pytest.mark.parametrize("written", ["كِتابة", "كتابة", "كتابه", "والكتابة", "كتاب", "قلم"])
def test_a_floor_only_removes_matches(floor: Level, written: str) -> None:
    free = level_of(matcher_of("كِتابة"), written)

    assert level_of(matcher_of("كِتابة", floor), written) == (free if free and free >= floor else None)


def test_empty_forms_match_nothing() -> None:
    assert level_of(TermMatcher("", "", "", ""), "كتاب") is None


@pytest.mark.parametrize(
    ("query", "written", "expected"),
    [
        ("كتابًا", "كتاباً", True),
        ("كتاباً", "كِتَابًا", True),
        ("هدًى", "هُدىً", True),
        ("مُدرّس", "مُدَرِّس", True),
        ("مدرّس", "مُدَرِس", False),
        ("الرحمٰن", "الرَّحْمَٰنِ", True),
        ("كْتب", "ك\u06e1تب", True),
        ("أَ", "ا\u064e\u0654", True),
        ("#كَتب", "كَتب", True),
        ("عَبد", "عَبدالله", False),
        ("", "", True),
    ],
)
def test_vowel_marks_agree(query: str, written: str, expected: bool) -> None:
    assert agrees(letters(query), written) is expected


@pytest.mark.parametrize(
    ("pattern", "word", "expected"),
    [
        ("كتا*", "كتابات", True),
        ("كتا*", "كتا", True),
        ("كتا*", "وكتاب", False),
        ("*تاب", "كتاب", True),
        ("ك?اب", "كتاب", True),
        ("ك?اب", "كاب", False),
        ("ك*ب*ه", "كتابته", True),
        ("ab*ba", "aba", False),
        ("ab*ba", "abba", True),
        ("*", "", True),
        ("?", "", False),
        ("", "", True),
        ("a**b", "ab", True),
        ("a.c", "abc", False),
        ("?*?", "a", False),
        ("?*?", "ab", True),
        ("*ب?*", "كتابه", True),
    ],
)
def test_patterns(pattern: str, word: str, expected: bool) -> None:
    assert PatternMatcher(pattern).fits(word) is expected


@given(st.text("ab*?", max_size=7), st.text("ab", max_size=7))
@settings(max_examples=300)
def test_patterns_agree_with_a_regular_expression(pattern: str, word: str) -> None:
    plain = "".join({"*": ".*", "?": "."}.get(c, c) for c in pattern)

    assert PatternMatcher(pattern).fits(word) == bool(re.fullmatch(plain, word))


@pytest.mark.usefixtures("no_hang")
def test_a_hostile_pattern_does_not_backtrack() -> None:
    assert not PatternMatcher("*a" * 200 + "*b").fits("a" * 20_000)


def test_a_set_matches_by_its_key() -> None:
    assert level_of(SetMatcher(frozenset({"كتاب"})), "كِتاب") is Level.NORMALISED
    assert level_of(SetMatcher(frozenset({"كتاب"}), Level.ROOT, "stem"), "والكتابي") is Level.ROOT
    assert level_of(SetMatcher(frozenset({"كتاب"})), "والكتاب") is None


def test_the_strictest_of_several_matchers_counts() -> None:
    either = AnyMatcher((SetMatcher(frozenset({"كتاب", "مكتوب"}), Level.ROOT, "stem"), matcher_of("كتاب")))

    assert [level_of(either, word) for word in ("مكتوب", "الكتاب", "قلم")] == [Level.ROOT, Level.WORD, None]


@pytest.mark.parametrize(
    "matcher",
    [
        matcher_of("كِتاب"),
        PatternMatcher("ك*ب"),
        SetMatcher(frozenset({"كتاب"})),
        AnyMatcher((matcher_of("كتاب"), PatternMatcher("ك*"))),
    ],
    ids=lambda matcher: type(matcher).__name__,
)
def test_matchers_are_values(matcher: WordMatcher) -> None:
    copy = pickle.loads(pickle.dumps(matcher))

    assert copy == matcher
    assert hash(copy) == hash(matcher)
    assert isinstance(matcher, WordMatcher)
    assert level_of(copy, "كِتاب") == level_of(matcher, "كِتاب") is not None


def test_term_keys_list_the_forms_that_can_match() -> None:
    term, pattern = matcher_of("والكتابي", Level.WORD), PatternMatcher("ك*")

    assert term_keys(term) == [("word", "كتابي")]
    assert term_keys(AnyMatcher((term, SetMatcher(frozenset("a"))))) == [("word", "كتابي"), ("normalised", "a")]
    assert term_keys(AnyMatcher((term, pattern))) is None


def test_a_target_without_matchers_or_with_negative_slop_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one matcher"):
        HighlightTarget(())
    with pytest.raises(ValueError, match="slop is -1"):
        target("كتاب", slop=-1)


def test_a_target_applies_to_its_fields() -> None:
    assert target("كتاب").reads("body")
    assert not target("كتاب", fields=frozenset({"title"})).reads("body")


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [
        pytest.param([[0, 5], [1, 7]], {}, [(0, 1)], id="consecutive"),
        pytest.param([[0, 5], [1, 7]], {"slop": 1}, [(0, 1), (5, 7)], id="one_between"),
        pytest.param([[1], [0]], {"slop": 5}, [], id="ordered"),
        pytest.param([[1], [0]], {"slop": 2, "ordered": False}, [(1, 0)], id="reversed"),
        pytest.param([[1], [0]], {"slop": 1, "ordered": False}, [], id="a_swap_costs_two"),
        pytest.param([[0, 1, 2], [0, 1, 2]], {}, [(0, 1), (1, 2)], id="same_word_twice"),
        pytest.param([[3], [3]], {"slop": 4, "ordered": False}, [], id="one_position_does_not_hold_two_words"),
        pytest.param([[0], [9], [1]], {"slop": 9, "ordered": False}, [(0, 9, 1)], id="three_in_another_order"),
        pytest.param([[4], [4, 6], [6]], {"slop": 9, "ordered": False}, [], id="two_positions_do_not_hold_three_words"),
        pytest.param([[2], []], {"slop": 9}, [], id="a_missing_word"),
    ],
)
def test_phrases_occur(columns: list[list[int]], options: dict[str, Any], expected: list[tuple[int, ...]]) -> None:
    assert list(phrase_positions(columns, **options)) == expected


_columns = st.lists(st.lists(st.integers(0, 12), max_size=5, unique=True).map(sorted), min_size=1, max_size=4)


@given(_columns, st.integers(0, 6), st.booleans())
@settings(max_examples=400)
def test_phrases_are_found_exactly_where_a_window_holds_them(
    columns: list[list[int]], slop: int, ordered: bool
) -> None:
    size = len(columns)
    possible = {
        taken
        for taken in itertools.product(*columns)
        if len(set(taken)) == size
        and max(taken) - min(taken) < size + slop
        and (list(taken) == sorted(taken) or (not ordered and slop >= 2))
    }
    found = list(phrase_positions(columns, slop=slop, ordered=ordered))

    assert set(found) <= possible
    assert bool(found) == bool(possible)
    in_order = {taken[0] for taken in possible if list(taken) == sorted(taken)}
    assert {taken[0] for taken in found if list(taken) == sorted(taken)} == in_order


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize("ordered", [True, False])
def test_a_phrase_of_many_equal_words_is_bounded(ordered: bool) -> None:
    column = list(range(200_000))

    assert next(phrase_positions([column] * 500, slop=9, ordered=ordered)) == tuple(range(500))
    assert sum(1 for _ in phrase_positions([column] * 500, slop=9, ordered=ordered)) < 2_000
