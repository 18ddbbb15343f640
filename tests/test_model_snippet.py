"""The renderings of a snippet are readable, escaped and safe."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.model import Fragment, Level, Snippet, Span


def snippet(text: str, *words: str, passages: tuple[tuple[int, int], ...] | None = None) -> Snippet:
    spans = sorted((text.index(word), text.index(word) + len(word)) for word in words)
    return Snippet(
        "body",
        text,
        tuple(Fragment(*passage) for passage in passages or ((0, len(text)),)),
        tuple(Span("body", start, end, Level.SURFACE) for start, end in spans),
    )


def test_the_three_renderings() -> None:
    found = snippet("كشف الحرس الثوري أمس", "الحرس", "الثوري")

    assert found.text == "كشف الحرس الثوري أمس"
    assert found.html == "كشف <mark>الحرس</mark> <mark>الثوري</mark> أمس"
    assert found.ansi == "كشف \x1b[1mالحرس\x1b[22m \x1b[1mالثوري\x1b[22m أمس"


def test_a_custom_rendering() -> None:
    assert snippet("في الكتاب", "الكتاب").render(str.upper, "[", "]") == "في [الكتاب]"


TEXT = "قال زيد. جاء عمرو إلى البيت. ثم مضى"


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        pytest.param(((0, 8),), "قال زيد.", id="sentence"),
        pytest.param(((9, 28),), "جاء عمرو إلى البيت.", id="inner_sentence"),
        pytest.param(((13, 28),), "… عمرو إلى البيت.", id="cut_before"),
        pytest.param(((9, 17),), "جاء عمرو …", id="cut_after"),
        pytest.param(((13, 21),), "… عمرو إلى …", id="cut_on_both_sides"),
        pytest.param(((0, 8), (29, 35)), "قال زيد. … ثم مضى", id="two"),
        pytest.param(((4, 8), (29, 31)), "… زيد. … ثم …", id="two_cut"),
        pytest.param(((0, 0),), "", id="empty_passage"),
    ],
)
def test_an_ellipsis_marks_a_cut_sentence(passages: tuple[tuple[int, int], ...], expected: str) -> None:
    assert snippet(TEXT, passages=passages).text == expected


@pytest.mark.parametrize(
    ("text", "passage", "expected"),
    [
        ("عنوان\nنص\nآخر", (6, 8), "نص"),
        ("قال «نعم.» ثم", (11, 13), "ثم"),
        ("قال «نعم.» ثم", (0, 10), "قال «نعم.»"),
        ("   نص   ", (3, 5), "نص"),
        ("\ufeffنص", (0, 3), "نص"),
    ],
)
def test_line_breaks_and_closing_quotes_end_sentences(text: str, passage: tuple[int, int], expected: str) -> None:
    assert snippet(text, passages=(passage,)).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a \t\n\r\n b\u00a0\u2003c", "a b c", id="white_space_is_folded"),
        pytest.param("a\x0bb\x0cc\x85d\u2028e", "a b c d e", id="line_separators_are_white_space"),
        pytest.param(
            "a\x1b[2Jb\x07\x00\x7f\x9b1m", "a\ufffd[2Jb\ufffd\ufffd\ufffd\ufffd1m", id="controls_are_replaced"
        ),
        pytest.param("a\u202eb\u202c\u2066c\u2069", "abc", id="bidi_controls_are_removed"),
        pytest.param("a\u206ab\ufff9c\U000e0041d", "abcd", id="shaping_and_tag_controls_are_removed"),
        pytest.param("a \u202e b", "a b", id="no_double_space_is_left"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone_surrogates_are_replaced"),
        pytest.param("می\u200cخواهم ﷺ كَتَبَ", "می\u200cخواهم ﷺ كَتَبَ", id="joiners_and_marks_stay"),
        pytest.param("كت\u202eاب", "كتاب", id="inside_a_word"),
    ],
)
def test_unsafe_characters_are_neutralised(text: str, expected: str) -> None:
    found = snippet(text)

    assert found.text == expected
    assert html.unescape(found.html) == expected
    assert found.source == text


def test_html_is_safe_in_an_attribute_too() -> None:
    found = snippet("<b onclick=\"x('&')\">كتاب</b>", "كتاب")

    assert found.html == "&lt;b onclick=&quot;x(&#x27;&amp;&#x27;)&quot;&gt;<mark>كتاب</mark>&lt;/b&gt;"


def test_marks_keep_single_spaces_around_them() -> None:
    assert snippet("(الكتاب)  القلم\n الورق", "الكتاب", "القلم", "الورق").html == (
        "(<mark>الكتاب</mark>) <mark>القلم</mark> <mark>الورق</mark>"
    )


def test_each_span_is_marked_in_its_passage() -> None:
    found = snippet("كتاب ثم. قلم هنا. ورق هناك.", "كتاب", "ورق", passages=((0, 8), (18, 27)))

    assert found.html == "<mark>كتاب</mark> ثم. … <mark>ورق</mark> هناك."


def test_the_source_is_not_in_the_repr() -> None:
    assert "كتاب" not in repr(snippet("كتاب"))


@given(st.text(max_size=80) | st.text("اب \u202e\u2066\x1b\n\t<&.", max_size=40), st.integers(1, 3))
def test_every_rendering_is_safe(text: str, every: int) -> None:
    words = [found.span() for found in re.finditer(r"\w+", text)][::every]
    spans = tuple(Span("body", start, end, Level.STEM) for start, end in words)
    found = Snippet("body", text, (Fragment(0, len(text)),) if text else (), spans)
    plain = found.text

    plain.encode("utf-8")
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in plain)
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for c in plain
    )
    assert html.unescape(re.sub("</?mark>", "", found.html)) == plain
    assert found.ansi.replace("\x1b[1m", "").replace("\x1b[22m", "") == plain
    assert found.ansi.count("\x1b") == 2 * len(spans) == 2 * found.html.count("<mark>")
    assert plain == plain.strip()


def test_passages_may_be_lists_and_end_after_the_text() -> None:
    text = "وصل كتاب"
    found = Snippet("body", text, [Fragment(0, 20)], [Span("body", 4, 8, Level.SURFACE)])  # type: ignore[arg-type]

    assert (found.text, found.html) == (text, "وصل <mark>كتاب</mark>")
