"""The compiled extension and Python choose the same passages, windows and matches."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any
from unittest import mock

import pytest
from fake_analysis import ANALYZER, target
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.analyzers import ArabicAnalyzer
from arsearch.kernel import native
from arsearch.model import Fragment, Level, Span
from arsearch.snippets import Highlighter, HighlightTarget, Occurrence, SetMatcher, TermMatcher, snippet_of
from arsearch.snippets import boilerplate as boilerplate_module
from arsearch.snippets import highlighter as highlighter_module
from arsearch.snippets.boilerplate import Boilerplate
from arsearch.snippets.occurrences import LEVELS, Matches
from arsearch.snippets.windows import choose_windows

pytest.importorskip("arsearch.kernel._native")

ARABIC = ArabicAnalyzer()
PYTHON_ALONE = mock.patch.dict(os.environ, ARSEARCH_KERNEL="numpy")


def both(compute: Callable[[], Any]) -> Any:
    """Return the result of the extension, after checking that Python gives the same."""
    compiled = compute()
    with PYTHON_ALONE:
        assert compute() == compiled
    return compiled


FILLER = "كلمة عادية أخرى تملأ المكان هنا وهناك ولا معنى لها البتة"
_pieces = st.sampled_from(
    [
        *(
            FILLER,
            FILLER[:30],
            f"{FILLER}. ",
            f"{FILLER}، " * 4,
            "كتاب",
            "الكتاب",
            "والكتابان",
            "القلم",
            "عبدالله",
            "كِتَابٌ",
            "كتـاب",
            "کتاب",
        ),
        *(
            ". ",
            ".",
            "؟ ",
            "؟!» ",
            "... ",
            "، ",
            "؛ ",
            "\n",
            "\n\n",
            "\r\n",
            "\u2028",
            "\u00a0",
            "\u3000",
            " ",
            "\t",
            "…",
            "”",
        ),
        *(
            "اقرأ أيضا: ",
            "مقالات ذات صلة",
            "الوسوم: ",
            "شارك",
            "طباعة\n",
            " | ",
            " - ",
            "#كتاب",
            " » ",
            " / ",
            "© ",
            "Read more",
            "تابعنا",
        ),
        *("د. ", "Dr. ", "م.", "3.5", "1. ", "12. ", "U.S. ", "1 500 000", "+966 50 123 4567", "٣٫٥ كتاب", "19.7.2015"),
        *(
            "😀",
            "👨‍👩‍👧",
            "كتااااب",
            "ك" * 70,
            "x" * 300,
            "كتاب" * 80,
            "<b>&\"'",
            "\u202e",
            "\u200f",
            "e\u0301",
            "\ufdfa",
            "\U0001ee00",
        ),
    ]
)
texts = (
    st.lists(_pieces, max_size=60).map("".join) | st.lists(_pieces, max_size=60).map(" ".join) | st.text(max_size=200)
)
_words = st.sampled_from(["كتاب", "قلم", "عبدالله", "كلمة", "هنا", "معنى", "المكان", "كِتاب", "500"])


@st.composite
def targets(draw: st.DrawFn, analyze: Callable[[str], Any] | None = None) -> list[HighlightTarget]:
    """Draw targets of words and phrases, made with `analyze`, an analyzer's `form`; by the fake analyzer without it."""
    made = []
    for words in draw(st.lists(st.lists(_words, min_size=1, max_size=3), max_size=5)):
        slop, weight = draw(st.integers(0, 3)), draw(st.sampled_from([1.0, 0.1, 0.33, 2.5]))
        if analyze is None:
            made.append(target(" ".join(words), slop=slop, ordered=slop < 2, weight=weight))
        else:
            floor = draw(st.sampled_from([Level.STEM, Level.WORD, Level.SURFACE]))
            matchers = [TermMatcher.of(term, word, floor) for word in words for term in analyze(word).terms]
            made.append(HighlightTarget(tuple(matchers), slop, ordered=slop < 2, weight=weight))
    return made


@settings(max_examples=400, deadline=None)
@given(texts, targets(), st.integers(1, 400), st.integers(1, 4))
def test_snippets_are_the_same(text: str, found: list[HighlightTarget], length: int, passages: int) -> None:
    both(lambda: snippet_of(text, "body", Highlighter(found, ANALYZER), length=length, passages=passages))


@settings(max_examples=300, deadline=None)
@given(texts, targets(ARABIC.form), st.integers(0, 40) | st.just(10_000), st.booleans(), st.booleans())
def test_matches_are_the_same_for_any_budget(
    text: str, found: list[HighlightTarget], steps: int, known: bool, with_patterns: bool
) -> None:
    terms = [token.term for token in ARABIC.analyze(text)]

    def spellings(stems: Iterable[str]) -> set[str]:
        return {term.normalised for term in terms if term.stem in stems}

    forms = {token.text: ARABIC.form(token.text) for token in ARABIC.analyze(text)} if known else {}
    if with_patterns:
        found = [*found, HighlightTarget((SetMatcher(frozenset({"كتاب", "الكتاب", "هنا"})),))]

    def compute() -> tuple[Any, ...]:
        made = [Highlighter(found, ARABIC, spellings=spellings, forms=dict(forms)) for _ in range(3)]
        shown = made[0].matches_for_snippet(text, "body")
        title = made[1].mark_all(text, "body")
        return (
            (shown.read, shown.level, shown.spans("body"), shown.spans_in((Fragment(3, 40), Fragment(50, 90)), "body")),
            *(title.spans, snippet_of(text, "body", made[0]), snippet_of(title.text, "body", made[1])),
            made[2].matches(text, "body"),
        )

    with mock.patch.object(highlighter_module, "STEPS", steps):
        both(compute)


@pytest.mark.parametrize(
    "sign", [*filter(str.isspace, map(chr, range(0x3100))), *"\u180e\u200b\u200c\u2060\ufeff.!?؟؛۔…\"'”’»›)]}«(["]
)
def test_each_space_and_sign_counts_alike(sign: str) -> None:
    for text in (
        f"{FILLER}{sign}كتاب{sign}{FILLER}.{sign} {FILLER}",
        f"قال:{sign}\n{FILLER}. {sign}{FILLER}{sign}\nكتاب{sign}",
    ):
        for length in (20, 60, 140):
            both(lambda: snippet_of(text, "body", Highlighter([target("كتاب")], ANALYZER), length=length))  # noqa: B023


def _matches(starts: Iterable[tuple[int, int, int]]) -> Matches:
    occurrences = [Occurrence(number, ((start, start + 4, Level(level)),)) for start, number, level in starts]
    return Matches(tuple(sorted(occurrences, key=lambda one: (one.start, one.target))), 100_000)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 9), st.integers(1, 8)), max_size=80),
    st.sampled_from([1.0, 0.7, 1 / 3]),
    st.integers(1, 500),
    st.integers(1, 6),
)
def test_windows_are_the_same(starts: list[tuple[int, int, int]], weight: float, length: int, passages: int) -> None:
    found = [target("كتاب", weight=weight * number) for number in range(1, 11)]
    boilerplate = Boilerplate("كلمة " * 200 + "\n")

    windows = both(lambda: choose_windows(_matches(starts), found, boilerplate, length, passages, native()))

    assert len(windows) <= passages
    assert bool(windows) == bool(starts)


@settings(max_examples=500, deadline=None)
@given(
    st.from_regex(re.compile(boilerplate_module._LINK_LIST, re.VERBOSE | re.IGNORECASE), fullmatch=True),
    st.sampled_from([". ", "؟\n", "!» \u2003", "…)] "]),
)
def test_no_link_list_after_a_sentence_is_overlooked(listed: str, end: str) -> None:
    from arsearch.kernel import _native

    text = f"{FILLER}{end}{listed} {FILLER}"

    assert _native.list_places(text, 0, len(text))
    assert not _native.list_places(f"{FILLER}. {FILLER}", 0, len(FILLER))


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["", ".", "؟ \n", "\nاقرأ أيضا كلمة أخرى تملأ المكان هنا وهناك.", "\n| شارك - طباعة"]))
def test_a_text_ends_in_prose_only_if_it_has_no_trailing_boilerplate(text: str, end: str) -> None:
    from arsearch.kernel import _native

    text += end
    if _native.ends_in_prose(text):
        assert Boilerplate(text).end == len(text)
    assert _native.ends_in_prose(f"{text}\nهذه {FILLER}.\n")
    assert not _native.ends_in_prose(f"{FILLER}. {FILLER}.\nاقرأ أيضا: {FILLER}.")


@pytest.mark.parametrize("sign", [*".,،؛؟:!\"()«»“”'’-–…/#@&*", "\u200f", "ـ", "5", "a", "َ"])
def test_words_between_signs_are_the_same(sign: str) -> None:
    words = ["كتاب", "و", "وال", "بال", "لل", "كتب", "عبدالله"]
    text = " ".join(
        around
        for word in words
        for around in (sign + word, word + sign, sign + word + sign, word + sign * 2, sign + word + sign + word)
    )
    forms = {token.text: ARABIC.form(token.text) for token in ARABIC.analyze(text)}
    found = [HighlightTarget((TermMatcher.of(term, word),)) for word in words for term in ARABIC.form(word).terms[:1]]
    listed = {term.normalised for form in forms.values() for term in form.terms}

    assert both(
        lambda: Highlighter(found, ARABIC, spellings=lambda _: listed, forms=dict(forms)).mark_all(text, "body")
    ).spans


@pytest.mark.parametrize(
    "changed",
    [
        {0: 5},
        {1: [(0, -1)]},
        {1: [(0, 1 << 40)]},
        {1: [(0,)]},
        {2: ()},
        {3: (None,)},
        {4: int},
    ],
)
def test_wrong_arguments_of_matches_raise(changed: dict[int, Any]) -> None:
    (term,) = ARABIC.form("كتاب").terms
    highlighter = Highlighter([HighlightTarget((TermMatcher.of(term, "كتاب"),))], ARABIC, spellings=lambda _: {"كتاب"})
    arguments = ["زار كتاب هنا", [(0, 0)], highlighter._caches(), LEVELS, Span, 100]
    arguments = [changed.get(at, value) for at, value in enumerate(arguments)]

    with pytest.raises((ValueError, TypeError)):
        highlighter._compiled.matches(*arguments).spans("body")  # type: ignore[union-attr]


def test_thousands_of_matches_have_windows() -> None:
    found = [target("كتاب")]
    matches = _matches((at * 3, 0, 7) for at in range(5_000))

    assert len(both(lambda: choose_windows(matches, found, Boilerplate("كلمة " * 3_010), 240, 2, native()))) == 1


def test_words_at_one_place_are_occurrences_in_order_of_their_targets() -> None:
    targets = [target("الله"), target("عبد"), target("قلم"), target("الله", weight=2.0)]
    found = both(lambda: Highlighter(targets, ANALYZER).matches("قلم عبدالله قلم", "body").occurrences)

    assert [occurrence.target for occurrence in found] == [2, 0, 1, 3, 2]
    assert all(type(occurrence) is Occurrence for occurrence in found)


def test_named_tuples_of_the_extension_are_found_in_sets() -> None:
    extension = native()
    assert extension is not None
    matches = Highlighter([target("قلم")], ANALYZER).matches("قلم", "body")
    key = (3 << 4 | int(Level.SURFACE)).to_bytes(8, sys.byteorder)
    by_key = extension.spans_by_key("body", key, LEVELS + (None,) * (16 - len(LEVELS)), Span)
    (term,) = ARABIC.form("قلم").terms
    spans = Highlighter([HighlightTarget((TermMatcher.of(term, "قلم"),))], ARABIC).find_spans("قلم", "body")

    assert set(by_key) == set(spans) == {Span("body", 0, 3, Level.SURFACE)}
    assert set(matches.occurrences) == {Occurrence(0, ((0, 3, Level.SURFACE),))}


def test_regions_that_matched_nothing_match_in_other_searches() -> None:
    readings: dict[str, Any] = {}
    text = "زار عبدالله و#الكتاب عبدالله، ثم 2015 عبدالرحمن"
    forms = {token.term.normalised for token in ARABIC.analyze(text)}

    def spans(word: str) -> list[str]:
        (term,) = ARABIC.form(word).terms
        made = HighlightTarget((TermMatcher.of(term, word),))
        highlighter = Highlighter([made], ARABIC, readings=readings, spellings=lambda stems: forms & {*stems})
        return [text[span.start : span.end] for span in highlighter.find_spans(text, "body")]

    assert spans("قلم") == spans("قلم") == []
    assert {"عبدالله", "عبدالله،", "عبدالرحمن"} <= set(readings)
    assert spans("عبد") == ["عبدالله", "عبدالله", "عبدالرحمن"]
    assert spans("قلم") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ((), (), (), 240, 2),
        (((0, ()),), (1.0,), ("", 0, 0, None, None, None, None), 240, 2),
        (((3, ((0, 4, 7),)),), (1.0,), ("", 0, 0, None, None, None, None), 240, 2),
        (((0, ((4, 0, 7),)),), (1.0,), ("", 0, 0, None, None, None, None), 240, 2),
        (((0, ((0, 4, 9),)),), (1.0,), ("", 0, 0, None, None, None, None), 240, 2),
        (((0, ((0, 4, 7),)),), (1.0,), (), 240, 2),
        (((0, ((0, 4, 7),)),), (1.0,), ("", 0, 9, None, None, None, None), 240, 2),
        (((0, ((0, 4, 7),)),), (1.0,), ("كتاب", 4, 4, None, None, None, None), 0, 2),
    ],
)
def test_wrong_arguments_raise(arguments: tuple[Any, ...]) -> None:
    from arsearch.kernel import _native

    if arguments[0]:
        with pytest.raises((ValueError, TypeError, IndexError)):
            _native.windows(*arguments)
    else:
        assert _native.windows(*arguments) == []
