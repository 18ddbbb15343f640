"""Snippets show the best passages of a text, cut at good places, and keep to the given length."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from fake_analysis import ANALYZER, target
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.snippets import Highlighter, HighlightTarget, find_spans, make_snippet, snippet_of
from arsearch.snippets import highlighter as highlighter_module

if TYPE_CHECKING:
    from arsearch.model import Snippet

FILLER = "كلمة عادية أخرى تملأ المكان هنا وهناك ولا معنى لها البتة"
LINE = FILLER + ". "


def snippet(text: str, *queries: str, length: int = 240, passages: int = 2) -> Snippet:
    return make_snippet(text, "body", [target(query) for query in queries], ANALYZER, length=length, passages=passages)


def shown(found: Snippet) -> list[str]:
    return [found.source[passage.start : passage.end] for passage in found.passages]


def highlighted(found: Snippet) -> list[str]:
    return [found.source[span.start : span.end] for span in found.spans]


def test_a_short_text_is_shown_whole() -> None:
    found = snippet("  كشف مصدر من الحرس الثوري عن الأمر.\n", "الحرس الثوري")

    assert found.text == "كشف مصدر من الحرس الثوري عن الأمر."
    assert found.html == "كشف مصدر من <mark>الحرس</mark> <mark>الثوري</mark> عن الأمر."


def test_a_text_without_a_match_is_shown_from_its_beginning() -> None:
    found = snippet("\n" + LINE * 20, "غائب")

    assert found.passages[0].start == 1
    assert found.text == (LINE * 4).strip()
    assert found.spans == ()


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_a_blank_text_gives_an_empty_snippet(text: str) -> None:
    found = snippet(text, "كتاب")

    assert (found.text, found.html, found.ansi, found.passages, found.spans) == ("", "", "", (), ())


def test_passages_are_whole_sentences_where_they_fit() -> None:
    found = snippet(LINE * 10 + "وفي الكتاب خبر. " + LINE * 10, "كتاب", length=140)

    assert found.text == f"وفي الكتاب خبر. {LINE * 2}".strip()


def test_a_long_sentence_is_cut_between_words() -> None:
    found = snippet(f"{FILLER} " * 20 + "الكتاب " + f"{FILLER} " * 20, "كتاب", length=100)

    assert highlighted(found) == ["الكتاب"]
    (passage,) = shown(found)
    assert len(passage) <= 100
    assert found.text == f"… {passage} …"
    assert set(passage.split()) <= {*FILLER.split(), "الكتاب"}
    assert passage.index("الكتاب") > 10


def test_distant_words_get_two_passages_and_close_words_one() -> None:
    far = snippet(f"جاء القلم أولا. {LINE * 30}ثم الكتاب أخيرا. {LINE * 3}", "قلم", "كتاب")
    near = snippet(f"{LINE * 9}جاء القلم أولا. ثم الكتاب أخيرا. {LINE * 9}", "قلم", "كتاب")

    assert len(far.passages) == 2
    assert highlighted(far) == ["القلم", "الكتاب"]
    assert " … " in far.text
    assert len(near.passages) == 1
    assert highlighted(near) == ["القلم", "الكتاب"]


def test_there_is_one_passage_if_a_second_would_show_nothing_new() -> None:
    assert len(snippet(f"جاء الكتاب. {LINE * 30}عاد الكتاب. {LINE}", "كتاب").passages) == 1


def test_the_passage_with_more_of_the_words_wins() -> None:
    text = f"القلم والقلم والقلم. {LINE * 20}القلم والكتاب معا. {LINE * 20}الكتاب والكتاب."

    assert "القلم والكتاب معا." in snippet(text, "قلم", "كتاب", passages=1).text


def test_targets_of_greater_weight_win() -> None:
    text = f"هذا من ذاك. {LINE * 20}الكتاب هنا. {LINE * 20}"
    targets = [target("من", weight=0.1), target("كتاب")]

    assert "الكتاب هنا." in make_snippet(text, "body", targets, ANALYZER, passages=1, length=100).text


def test_closer_words_win() -> None:
    text = f"القلم {FILLER} {FILLER} الكتاب. {LINE * 20}القلم والكتاب معا. {LINE * 20}"

    assert "القلم والكتاب معا." in snippet(text, "قلم", "كتاب", passages=1).text


def test_stricter_matches_win() -> None:
    text = f"والكتابي هنا. {LINE * 10}كتاب هناك. {LINE * 10}"

    assert "كتاب هناك." in snippet(text, "كتاب", length=80).text


def test_the_earlier_of_equal_passages_wins() -> None:
    assert "أولا" in snippet(f"{LINE * 5}الكتاب أولا. {LINE * 20}الكتاب ثانيا. {LINE * 5}", "كتاب", length=80).text


def test_boilerplate_does_not_win_over_the_article() -> None:
    text = (
        f"{LINE * 5}\n\nجاء القلم وحده إلى المدينة في الصباح.\n\n{LINE * 5}\n\n"
        "الوسوم: القلم، الكتاب، الورق\n\nاقرأ أيضا\nالقلم والكتاب والورق\nالكتاب والقلم والورق"
    )
    found = snippet(text, "قلم", "كتاب", "ورق")

    assert highlighted(found) == ["القلم"]
    assert "الوسوم" not in found.text
    assert "أيضا" not in found.text


def test_boilerplate_is_shown_if_nothing_else_matches() -> None:
    assert highlighted(snippet(f"{LINE * 20}\n\nالوسوم: القلم، الكتاب", "كتاب")) == ["الكتاب"]


def test_a_passage_does_not_extend_into_boilerplate() -> None:
    found = snippet(f"{LINE * 9}\nوصل الكتاب إلى صاحبه في المساء.\nمقالات ذات صلة\nكلمة أخرى", "كتاب")

    assert found.text.endswith("في المساء.")


def test_a_passage_does_not_end_with_the_next_heading() -> None:
    found = snippet(f"وصل الكتاب إلى صاحبه في مساء يوم طويل.\n\nعنوان فرعي\n\n{LINE * 9}", "كتاب", length=70)

    assert found.text == "وصل الكتاب إلى صاحبه في مساء يوم طويل."


def test_lines_of_verse_are_kept_together() -> None:
    verse = "قفا نبك من ذكرى حبيب ومنزل\nبسقط اللوى بين الدخول فحومل\nفتوضح فالمقراة لم يعف رسمها\n"

    assert snippet(verse, "حبيب", length=60).text == "قفا نبك من ذكرى حبيب ومنزل بسقط اللوى بين الدخول فحومل"


def test_a_phrase_longer_than_the_snippet_is_shown_in_parts() -> None:
    text = f"القلم {FILLER} {FILLER} {FILLER} الكتاب"
    found = make_snippet(text, "body", [target("القلم الكتاب", slop=99)], ANALYZER, length=130)

    assert highlighted(found) == ["القلم", "الكتاب"]
    assert len(found.passages) == 2


def test_a_match_past_32768_characters_is_shown() -> None:
    found = snippet(LINE * 2_000 + "وهنا وبالكتاب خبر. " + LINE * 9, "كتاب")

    assert highlighted(found) == ["وبالكتاب"]
    assert found.passages[0].start > 100_000


def test_a_long_text_is_read_in_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighter_module, "STAGES", (1_000, 2_000, 4_000))
    text = "كتاب " + "كلمة " * 300 + "قلم " + "كلمة " * 1_000 + "ورق"
    highlighter = Highlighter([target("كتاب"), target("قلم")], ANALYZER)

    assert 1_500 < highlighter.matches_for_snippet(text, "body").read < 2_010
    assert 1_000 <= Highlighter([target("كتاب")], ANALYZER).matches_for_snippet(text, "body").read < 1_010
    assert 4_000 <= Highlighter([target("ورق")], ANALYZER).matches_for_snippet(text, "body").read < 4_010
    assert snippet_of(text, "body", Highlighter([target("ورق")], ANALYZER)).text.startswith("كتاب")
    assert len(find_spans(text, "body", [target("ورق")], ANALYZER)) == 1


@pytest.mark.usefixtures("no_hang")
def test_a_fifty_megabyte_text_is_read_only_as_far_as_needed() -> None:
    text = LINE * 400_000

    assert highlighted(snippet("الكتاب " + text, "كتاب")) == ["الكتاب"]
    assert highlighted(snippet(text, "معنى", "غائب")) != []
    highlighter = Highlighter([target("الكتاب"), target("غائب")], ANALYZER)
    assert highlighter.matches_for_snippet(text, "body").read < highlighter_module.STAGES[-1] + len(LINE)


@pytest.mark.parametrize(
    "text", ["ا" * 3_000_000, "َ" * 1_000_000, " " * 1_000_000 + "كتاب", ".\n" * 500_000, "كتاب " * 200_000]
)
@pytest.mark.usefixtures("no_hang")
def test_odd_texts_have_snippets(text: str) -> None:
    assert sum(map(len, shown(snippet(text, "كتاب", "قلم")))) <= 240


def test_a_matched_word_longer_than_the_snippet_is_kept_whole() -> None:
    word = "كتاب" * 20

    assert shown(snippet(f"قبل {word} بعد", word, length=10)) == [word]


def test_an_unmatched_word_longer_than_the_snippet_is_cut_between_letters() -> None:
    (passage,) = shown(snippet("كَ" * 50, "غائب", length=9))

    assert passage == "كَ" * 4


@pytest.mark.parametrize("options", [{"length": 0}, {"passages": 0}])
def test_lengths_below_one_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        snippet("كتاب", "كتاب", **options)


_pieces = st.sampled_from(
    [
        FILLER,
        "الكتاب",
        "القلم",
        "عبدالله",
        "كِتَابٌ",
        ". ",
        "؟ ",
        "، ",
        "\n",
        "\r\n",
        "اقرأ أيضا",
        "د. ",
        "<b>&\"'",
        "\u202e",
        "\x1b[2J",
        "3.5",
    ]
)
_texts = (
    st.lists(_pieces, max_size=40).map(" ".join) | st.lists(_pieces, max_size=40).map("".join) | st.text(max_size=300)
)
_queries = st.lists(st.sampled_from(["كتاب", "قلم", "عبد الله", "القلم الكتاب", "هنا"]).map(target), max_size=4)


@given(_texts, _queries, st.integers(1, 300), st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_every_snippet_keeps_the_invariants(
    text: str, targets: list[HighlightTarget], length: int, passages: int
) -> None:
    found = make_snippet(text, "body", targets, ANALYZER, length=length, passages=passages)
    everything = find_spans(text, "body", targets, ANALYZER)

    assert len(found.passages) <= passages
    assert all(0 <= passage.start < passage.end <= len(text) for passage in found.passages)
    assert all(a.end < b.start for a, b in pairwise(found.passages))
    assert bool(found.passages) == bool(text.strip())
    longest = max((span.end - span.start for span in found.spans), default=0)
    assert sum(map(len, shown(found))) <= max(length, longest)
    inside = [s for s in everything if any(p.start <= s.start and s.end <= p.end for p in found.passages)]
    assert list(found.spans) == inside
    for span in everything:  # no passage begins or ends inside a matched word
        assert not any(span.start < edge < span.end for passage in found.passages for edge in passage)
    if any(span.end - span.start <= length for span in everything):
        assert found.spans
    assert html.unescape(re.sub("</?mark>", "", found.html)) == found.text
    assert re.sub(r"\x1b\[(?:1|22)m", "", found.ansi) == found.text
    assert found.html.count("<mark>") == len(found.spans)


@given(_texts, _queries)
@settings(max_examples=100, deadline=None)
def test_a_shared_highlighter_changes_nothing(text: str, targets: list[HighlightTarget]) -> None:
    highlighter = Highlighter(targets, ANALYZER)
    snippet_of("الكتاب والقلم عبدالله", "title", highlighter)

    alone = make_snippet(text, "body", targets, ANALYZER)

    assert snippet_of(text, "body", highlighter) == alone
    assert snippet_of(text, "body", highlighter, matches=highlighter.matches_for_snippet(text, "body")) == alone
