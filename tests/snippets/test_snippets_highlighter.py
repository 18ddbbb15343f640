"""Spans cover whole written words, at their exact offsets, once each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fake_analysis import ANALYZER, FakeAnalyzer, target
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.model import Fragment, Level
from arsearch.snippets import (
    Highlighter,
    HighlightTarget,
    PatternMatcher,
    SetMatcher,
    TermMatcher,
    find_spans,
    mark_all,
)
from arsearch.snippets import highlighter as highlighter_module

if TYPE_CHECKING:
    from collections.abc import Callable

    from arsearch.analyzers.tokens import Form, Term
    from arsearch.snippets.targets import WordMatcher


def highlighted(text: str, *targets: HighlightTarget, field: str = "body") -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text, field, targets, ANALYZER)]


@pytest.mark.parametrize(
    ("text", "queries", "expected"),
    [
        pytest.param("قرأت وبالكتاب عرفت", ["كتاب"], ["وبالكتاب"], id="clitics_are_part_of_the_word"),
        pytest.param("هذا كِتَابٌ، جديد.", ["كتاب"], ["كِتَابٌ"], id="marks_are_part_of_the_word"),
        pytest.param("كـتـاب", ["كتاب"], ["كـتـاب"], id="tatweel"),
        pytest.param("(كتاب)/كتاب", ["كتاب"], ["كتاب", "كتاب"], id="punctuation_is_not"),
        pytest.param("قلم وورقة", ["كتاب"], [], id="no_match"),
        pytest.param("", ["كتاب"], [], id="empty_text"),
        pytest.param("كتاب", [], [], id="no_targets"),
        pytest.param("الحرس الثوري في الحرس", ["الحرس الثوري"], ["الحرس", "الثوري"], id="phrase_only_where_it_occurs"),
        pytest.param("الثوري الحرس", ["الحرس الثوري"], [], id="phrase_in_order"),
        pytest.param("الحرس، (الثوري)", ["الحرس الثوري"], ["الحرس", "الثوري"], id="phrase_across_punctuation"),
        pytest.param("الحرس ًٌ الثوري", ["الحرس الثوري"], ["الحرس", "الثوري"], id="marks_alone_take_up_no_position"),
        pytest.param("جاء عبد الله", ["عبدالله"], ["عبد", "الله"], id="compound_matches_its_parts"),
        pytest.param("جاء عبدالله", ["عبد الله"], ["عبدالله"], id="parts_match_the_compound"),
        pytest.param("قال عبدالله صالح", ["الله صالح"], ["عبدالله", "صالح"], id="phrase_that_begins_inside_a_compound"),
        pytest.param("شاهد #الحرس_الثوري", ["الثوري"], ["#الحرس_الثوري"], id="part_of_a_hashtag"),
        pytest.param("شاهد #الحرس_الثوري", ["الحرس الثوري"], ["#الحرس_الثوري"], id="phrase_in_a_hashtag"),
        pytest.param("شاهد #الحرس_الثوري هنا", ["الثوري هنا"], ["#الحرس_الثوري", "هنا"], id="after_a_hashtag"),
        pytest.param("كتاب كتاب كتاب", ["كتاب كتاب"], ["كتاب"] * 3, id="overlapping_phrases"),
    ],
)
def test_written_words_are_highlighted(text: str, queries: list[str], expected: list[str]) -> None:
    assert highlighted(text, *(target(query) for query in queries)) == expected


def test_slop_is_the_number_of_words_in_between() -> None:
    text = "الحرس الوطني الثوري"

    assert highlighted(text, target("الحرس الثوري")) == []
    assert highlighted(text, target("الحرس الثوري", slop=1)) == ["الحرس", "الثوري"]
    assert highlighted("الثوري الحرس", target("الحرس الثوري", slop=2, ordered=False)) == ["الثوري", "الحرس"]


def test_the_strictest_level_wins() -> None:
    text = "كِتاب الكتاب كتابه"
    spans = find_spans(
        text, "body", [target("كتاب"), target("كِتاب"), HighlightTarget((PatternMatcher("كتاب*"),))], ANALYZER
    )

    assert [span.level for span in spans] == [Level.VOCALISED, Level.WORD, Level.NORMALISED]


def test_each_word_of_a_phrase_has_its_own_level() -> None:
    spans = find_spans("والحرس الثوري", "body", [target("الحرس الثوري")], ANALYZER)

    assert [span.level for span in spans] == [Level.WORD, Level.SURFACE]


def test_a_target_applies_to_its_fields_only() -> None:
    only_title = target("كتاب", fields=frozenset({"title"}))

    assert highlighted("كتاب", only_title, field="title") == ["كتاب"]
    assert highlighted("كتاب", only_title, field="body") == []
    assert find_spans("كتاب", "title", [only_title], ANALYZER)[0].field == "title"


def test_a_custom_matcher_is_used() -> None:
    class LongWords:
        def level(self, term: object, text: str) -> Level | None:
            return Level.SURFACE if len(text) > 4 else None

    matcher: WordMatcher = LongWords()

    assert highlighted("من المدرسة الى البيت", HighlightTarget((matcher,))) == ["المدرسة", "البيت"]


def test_a_whole_title_is_one_passage() -> None:
    title = mark_all("الحرس الثوري: بيان", "title", [target("بيان")], ANALYZER)

    assert title.passages == (Fragment(0, 18),)
    assert title.html == "الحرس الثوري: <mark>بيان</mark>"


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_blank_title_has_no_passage(text: str) -> None:
    assert mark_all(text, "title", [target("بيان")], ANALYZER).passages == ()


def test_each_distinct_word_is_analysed_once() -> None:
    analyzer = FakeAnalyzer()
    forms: dict[str, Form] = {}
    highlighter = Highlighter([target("كتاب")], analyzer, forms=forms)
    highlighter.find_spans("قلم كتاب قلم كتاب", "body")
    highlighter.find_spans("قلم كتاب", "title")

    assert analyzer.calls == 2
    assert set(forms) == {"قلم", "كتاب"}

    find_spans("قلم كتاب", "body", [target("قلم")], analyzer, forms=forms)

    assert analyzer.calls == 2


def test_block_boundaries_of_a_long_text_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "الحرس الثوري بيان عبدالله \n" * 40
    targets = [target("الثوري بيان"), target("الله الحرس")]
    whole = find_spans(text, "body", targets, ANALYZER)
    monkeypatch.setattr(highlighter_module, "BLOCK", 7)

    assert find_spans(text, "body", targets, ANALYZER) == whole
    assert len(whole) == 4 * 40 - 2


def test_a_full_cache_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "CACHE_LIMIT", 3)
    text = " ".join(f"كلمة{number} كتاب" for number in range(50))

    assert highlighted(text, target("كتاب")) == ["كتاب"] * 50


def test_a_match_past_32768_characters_is_exact() -> None:
    text = "كلمة " * 10_000 + "وبالكتاب"

    assert [(span.start, span.end) for span in find_spans(text, "body", [target("كتاب")], ANALYZER)] == [
        (50_000, 50_008)
    ]


def record_comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets each word that a matcher is compared with."""
    compared: list[str] = []
    for kind in (TermMatcher, SetMatcher, PatternMatcher):

        def recorded(self: Any, term: Term, text: str, level: Callable[..., Level | None] = kind.level) -> Level | None:
            compared.append(term.normalised)
            return level(self, term, text)

        monkeypatch.setattr(kind, "level", recorded)
    return compared


def test_ten_thousand_targets_are_looked_up_not_tried_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [target(f"كلمة{number}") for number in range(10_000)]
    targets += [HighlightTarget((SetMatcher(frozenset({f"قلم{number}"})),)) for number in range(1_000)]
    text = " ".join(f"كلمة{number} قلم{number}" for number in range(500))
    compared = record_comparisons(monkeypatch)

    assert len(highlighted(text, *targets)) == 1_000
    assert len(compared) == 1_000


def test_each_part_of_a_long_compound_is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compound = "#" + "ك_" * 5_000
    whole = HighlightTarget(target(compound).matchers[1:])  # the parts
    compared = record_comparisons(monkeypatch)

    assert highlighted(f"قبل {compound} بعد", whole) == [compound]
    assert len(compared) <= 5_001


@pytest.mark.parametrize("equal", [True, False], ids=["one target many times", "many targets"])
def test_reading_ends_when_the_steps_for_a_text_are_spent(equal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "STEPS", 600)
    text = "كتاب مكتوب " * 1_000
    patterns = [HighlightTarget((PatternMatcher(f"*{letter}*"),)) for letter in "كتاب"]
    targets = [target("كتاب")] * 10 if equal else [target("كتاب"), *patterns]
    highlighter = Highlighter(targets, ANALYZER)

    matches = highlighter.matches(text, "body")

    assert 0 < matches.read < 1_000
    assert len(matches.occurrences) <= 620
    assert matches.spans("body") == find_spans(text[: matches.read], "body", targets, ANALYZER)
    assert highlighter.matches_for_snippet(text, "body").read == pytest.approx(matches.read, abs=100)
    monkeypatch.undo()
    assert Highlighter(targets, ANALYZER).matches(text, "body").read == len(text)


def test_comparisons_for_a_compound_of_many_parts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "WORD_STEPS", 100)
    compared = record_comparisons(monkeypatch)

    assert highlighted("#" + "كتاب_" * 10_000, target("كتاب")) == ["#" + "كتاب_" * 10_000]
    assert len(compared) == 100


def test_patterns_are_not_compared_with_endless_words(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = record_comparisons(monkeypatch)

    assert highlighted("كتاب " + "ك" * 5_000, HighlightTarget((PatternMatcher("ك*"),))) == ["كتاب"]
    assert compared == ["كتاب"]


_words = st.sampled_from(
    ["الحرس", "الثوري", "وَالحرس", "عبدالله", "عبد", "الله", "#الحرس_الثوري", "ًٌ", "،", "\n", "x" * 9]
)
_texts = st.lists(_words, max_size=25).map(" ".join) | st.text(max_size=60)
_targets = st.lists(
    st.builds(
        lambda query, slop, ordered: target(query, slop=slop, ordered=ordered),
        st.sampled_from(["الحرس", "الحرس الثوري", "عبدالله", "عبد الله", "الله الحرس", "الحَرس"]),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=3,
)


@given(_texts, _targets)
@settings(max_examples=300)
def test_spans_are_written_words_sorted_and_disjoint(text: str, targets: list[HighlightTarget]) -> None:
    spans = find_spans(text, "body", targets, ANALYZER)

    assert {(span.start, span.end) for span in spans} <= set(ANALYZER.tokenizer.spans(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(isinstance(span.level, Level) for span in spans)
