"""Reading a text ends at the deadline: the clock is read often enough, and answers tell what they lack."""

from __future__ import annotations

import time

import pytest
from fake_analysis import ANALYZER, FakeAnalyzer, target
from hypothesis import given
from hypothesis import strategies as st

from arsearch.analyzers.tokens import Term
from arsearch.concurrency import Clock
from arsearch.snippets import Highlighter, HighlightTarget, PatternMatcher, TermMatcher, WordMatcher
from arsearch.snippets import highlighter as highlighter_module
from arsearch.snippets.fuzzy import FuzzyMatcher
from arsearch.snippets.highlighter import LOOK_EVERY, TIMED_BLOCK
from arsearch.snippets.matcher_table import MatcherTable
from arsearch.snippets.phrases import phrase_positions

WORDS = ["كتاب", "كتب", "قلم", "باب", "ابواب", "مكتبه", "درس"]
"""Every word matches a target of `EVERY_WORD`."""

EVERY_WORD = [HighlightTarget((PatternMatcher(f"*{letter}*"),)) for letter in "بمد"]


class Readings:
    """A clock in place of `time.perf_counter`: the deadline passes after some readings, which are counted."""

    def __init__(self, in_time: int = 1 << 60) -> None:
        self.in_time = in_time
        self.readings = 0

    def __call__(self) -> float:
        self.readings += 1
        return 0.0 if self.readings <= self.in_time else 10.0


def timed(targets: list[HighlightTarget], *, bounded: bool = False) -> Highlighter:
    return Highlighter(targets, FakeAnalyzer(), bounded=bounded, clock=Clock(5.0))


@pytest.mark.parametrize("text", [" ".join(WORDS * 40), " ".join(WORDS), "كتاب"])
def test_whenever_time_runs_out_exactly_the_rest_is_missing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "LOOK_EVERY", 2)
    monkeypatch.setattr(highlighter_module, "TIMED_BLOCK", 100)
    whole = Highlighter(EVERY_WORD, ANALYZER).find_spans(text, "body")
    assert len(whole) == len(text.split())
    for readings in range(1000):
        monkeypatch.setattr(time, "perf_counter", Readings(readings))
        highlighter = timed(EVERY_WORD)
        found = highlighter.find_spans(text, "body")
        assert found == whole[: len(found)]
        assert highlighter.clock.timed_out == (len(found) < len(whole)), (
            "an answer is incomplete if and only if it says so"
        )
        if not highlighter.clock.timed_out:
            break
    assert readings >= len(text) // 100
    assert not highlighter.clock.timed_out


def test_the_clock_is_read_for_every_few_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = "ابتثجحدرسعفقكلمنهوي"
    text = " ".join(a + b + c for a in letters for b in letters for c in letters[:5])  # 1,805 words in one block
    assert len(text) < TIMED_BLOCK
    patterns = [HighlightTarget((PatternMatcher(f"*{letter}*"),)) for letter in letters]
    monkeypatch.setattr(time, "perf_counter", clock := Readings())

    matches = timed(patterns).matches(text, "body")

    assert clock.readings >= len(matches.occurrences) // (2 * LOOK_EVERY)
    assert clock.readings <= len(matches.occurrences) // 10


def test_the_clock_is_read_within_a_word_of_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    hashtag = "#" + "_".join(f"كتاب{number}" for number in range(1000))
    monkeypatch.setattr(time, "perf_counter", Readings(3))
    highlighter = timed(EVERY_WORD)

    assert highlighter.find_spans(f"{hashtag} كتاب", "body") == []
    assert highlighter.clock.timed_out


def test_the_clock_is_read_for_every_block_of_known_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "كتاب " * TIMED_BLOCK
    monkeypatch.setattr(time, "perf_counter", Readings(3))
    highlighter = timed([target("كتاب")])

    read = highlighter.matches(text, "body").read

    assert highlighter.clock.timed_out
    assert TIMED_BLOCK <= read <= 4 * TIMED_BLOCK


def test_a_text_without_targets_is_complete_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "perf_counter", Readings(0))
    highlighter = timed([HighlightTarget((TermMatcher("كتاب", "كتاب", "كتاب", "كتاب"),), fields=frozenset(["title"]))])

    assert highlighter.matches("كتاب", "body").read == 4
    assert not highlighter.clock.timed_out


@pytest.mark.parametrize("ordered", [True, False])
def test_phrases_are_looked_for_in_time(ordered: bool) -> None:
    looks = 0

    def in_time() -> bool:
        nonlocal looks
        looks += 1
        return looks < 4

    columns = [range(0, 60_000, 3), range(1, 60_000, 3), range(2, 60_000, 3)]
    some = list(phrase_positions(columns, slop=9, ordered=ordered, steps=1 << 40, in_time=in_time))

    assert 4 <= looks <= 5
    assert 1000 < len(some) < 20_000
    assert some == list(phrase_positions(columns, slop=9, ordered=ordered, steps=1 << 40))[: len(some)]


def test_blocks_do_not_show_with_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "TIMED_BLOCK", 30)
    text = " ".join(WORDS * 20)
    phrase = HighlightTarget((*target("كتاب").matchers, *target("كتب").matchers), slop=12)
    for targets in ([target("قلم")], [phrase], [target("قلم"), phrase, target("كتاب")]):
        highlighter = Highlighter(targets, ANALYZER, clock=Clock(float("inf")))
        assert highlighter.matches(text, "body") == Highlighter(targets, ANALYZER).matches(text, "body")
        assert highlighter.find_spans(text, "body") == Highlighter(targets, ANALYZER).find_spans(text, "body")


# Matchers without keys

FEW = st.text("ابتكل٣x", max_size=6)
MATCHERS: st.SearchStrategy[WordMatcher] = st.one_of(
    st.text("ابت*?", min_size=1, max_size=5).map(PatternMatcher),
    st.builds(FuzzyMatcher, FEW.filter(bool), st.integers(1, 2)),
)


@given(matchers=st.lists(MATCHERS, max_size=8), word=FEW)
def test_no_matcher_is_left_out_by_its_letters(matchers: list[WordMatcher], word: str) -> None:
    table = MatcherTable(HighlightTarget((matcher,)) for matcher in matchers)
    term = Term(0, word, word, word, word, False)

    candidates = table.candidates(term)

    assert candidates == sorted(set(candidates))
    matching = {ordinal for ordinal, matcher in enumerate(table.matchers) if matcher.level(term, word) is not None}
    assert matching <= set(candidates)


def test_most_matchers_are_left_out_by_their_letters() -> None:
    patterns = [PatternMatcher(pattern) for pattern in ("*ق*", "ك?ق", "كت*", "*")]
    matchers: list[WordMatcher] = [*patterns, FuzzyMatcher("قلم", 1), FuzzyMatcher("كتب", 1)]
    table = MatcherTable(HighlightTarget((matcher,)) for matcher in matchers)

    candidates = table.candidates(Term(0, "كتاب", "كتاب", "كتاب", "كتاب", False))

    assert [table.matchers[ordinal] for ordinal in candidates] == [
        PatternMatcher("كت*"),
        PatternMatcher("*"),
        FuzzyMatcher("كتب", 1),
    ]
