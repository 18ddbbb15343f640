"""Colour, direction and line breaks, and visual order for terminals without bidirectional text."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.cli import bidi
from arsearch.cli.output import format_size, pluralize, safe
from arsearch.cli.style import Style, choose_style, has_rtl
from arsearch.cli.wrapping import OFF, ON, printed_width, wrap
from arsearch.model import Fragment, Level, Snippet, Span

TEXT = "قال وبالكتاب نعم"
MARKED = Snippet("body", TEXT, (Fragment(0, len(TEXT)),), (Span("body", 4, 12, Level.STEM),))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        pytest.param(Style(), TEXT, id="pipe"),
        pytest.param(Style(colour=True), "قال \x1b[1mوبالكتاب\x1b[22m نعم", id="coloured_pipe"),
        pytest.param(Style(isolate=True), f"\u2067{TEXT}\u2069", id="terminal_without_colour"),
        pytest.param(Style(colour=True, isolate=True), "\u2067قال \x1b[1mوبالكتاب\x1b[22m نعم\u2069", id="terminal"),
    ],
)
def test_an_isolate_surrounds_a_line_and_none_surrounds_a_mark(style: Style, expected: str) -> None:
    assert style.marked(MARKED, "  ") == f"  {expected}"


def test_values_are_isolated_only_on_terminals_and_only_if_right_to_left() -> None:
    assert Style(isolate=True).value("الرياض") == "\u2068الرياض\u2069"
    assert Style(isolate=True).value("wire 7") == "wire 7"
    assert Style(mark=True).value("الرياض") == "الرياض\u200e"
    assert Style(mark=True).value("wire 7") == "wire 7"
    assert Style().value("الرياض") == "الرياض"


def test_each_line_on_a_narrow_terminal_is_isolated_and_right_aligned() -> None:
    lines = Style(isolate=True, width=23).line("واحد اثنان ثلاثة أربعة خمسة", "   ").split("\n")

    assert lines == ["   \u2067واحد اثنان ثلاثة\u2069", "         \u2067أربعة خمسة\u2069"]
    assert Style(isolate=True).line("كتاب") == " \u2067كتاب\u2069"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        pytest.param("", 9, [], id="empty"),
        pytest.param("  a  b ", 9, ["a  b"], id="ends"),
        pytest.param("aaa bb cc", 6, ["aaa bb", "cc"], id="between_words"),
        pytest.param("a bbbbbbbbb c", 4, ["a", "bbbbbbbbb", "c"], id="long_word"),
        pytest.param("كِتَابٌ ثقيل", 9, ["كِتَابٌ ثقيل"], id="vowel_marks_have_no_width"),
        pytest.param("a \x1b[1mbb\x1b[22m. c", 5, ["a \x1b[1mbb\x1b[22m.", "c"], id="mark_and_full_stop"),
        pytest.param(
            "\x1b[1maa bb\x1b[22m c", 3, ["\x1b[1maa\x1b[22m", "\x1b[1mbb\x1b[22m", "c"], id="mark_over_two_lines"
        ),
    ],
)
def test_wrap(text: str, width: int, expected: list[str]) -> None:
    assert wrap(text, width) == expected


@given(st.lists(st.tuples(st.text("اب ab\u064b.", max_size=8), st.booleans()), max_size=8), st.integers(1, 12))
def test_wrapping_keeps_all_words_and_closes_all_marks(pieces: list[tuple[str, bool]], width: int) -> None:
    text = "".join(f"{ON}{piece}{OFF}" if marked else piece for piece, marked in pieces)

    lines = wrap(text, width)

    assert " ".join(lines).replace(ON, "").replace(OFF, "").split() == text.replace(ON, "").replace(OFF, "").split()
    for line in lines:
        assert line.count(ON) == line.count(OFF)
        assert printed_width(line) <= width or " " not in line.strip()


def test_latin_lines_stay_unchanged() -> None:
    assert Style(isolate=True).line("COVID-19 update.") == "COVID-19 update."


def test_article_text_is_made_safe() -> None:
    assert safe("a\x1b[2J\u202eb\r\n c\ud800\x00") == "a\ufffd[2Jb c\ufffd\ufffd"
    assert Style().value("x\ty") == Style().line("x\ty") == "x y"


@pytest.mark.parametrize(("text", "expected"), [("كتاب", True), ("abc ١٢", False), ("", False), ("a שלום", True)])
def test_has_rtl(text: str, expected: bool) -> None:
    assert has_rtl(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (999_999, "1.0 MB"), (5e9, "5.0 GB")],
)
def test_format_size(value: float, expected: str) -> None:
    assert format_size(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0, "0 articles"), (1, "1 article"), (1234, "1,234 articles")])
def test_pluralize(value: int, expected: str) -> None:
    assert pluralize(value, "article") == expected


@pytest.fixture
def _reversing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace both packages: letters stay unjoined, and reordering reverses a line."""
    monkeypatch.setitem(
        sys.modules,
        "arabic_reshaper",
        SimpleNamespace(ArabicReshaper=lambda configuration: SimpleNamespace(reshape=lambda text: text)),
    )
    algorithm = SimpleNamespace(get_display=lambda text, base_dir: text[::-1])
    monkeypatch.setitem(sys.modules, "bidi.algorithm", algorithm)


@pytest.mark.usefixtures("_reversing")
def test_marks_move_with_their_words() -> None:
    assert bidi.visual_lines("قال \x1b[1mكتب\x1b[22m نعم", 80) == ["معن \x1b[1mبتك\x1b[22m لاق"]


@pytest.mark.usefixtures("_reversing")
def test_lines_are_wrapped_before_they_are_reordered_and_right_aligned() -> None:
    text = "واحد اثنان ثلاثة أربعة خمسة"

    lines = bidi.visual_lines(text, 20)

    assert [line[::-1] for line in lines] == ["واحد اثنان ثلاثة", "أربعة خمسة"]
    assert Style(reorder=bidi.visual_lines, width=24).line(text, "    ").split("\n") == [
        "    " + lines[0],
        " " * 10 + lines[1],
    ]


def test_visual_order_with_the_real_packages() -> None:
    (line,) = bidi.visual_lines("قال \x1b[1mوبالكِتاب\x1b[22m COVID-19 2015", 80)

    before, marked, after = line.replace("\x1b[22m", "\x1b[1m").split("\x1b[1m")
    assert marked == "\ufe8f\ufe8e\ufe98\ufedc\ufedf\ufe8e\ufe91\ufeed"
    assert before == "COVID-19 2015 "
    assert after == " \ufedd\ufe8e\ufed7"


@pytest.mark.parametrize(
    ("text", "plain", "missing"),
    [
        ("كان ١٨٠ دولارا", "180", "١٨٠"),
        ("بنسبة ٪١٢٫٥ و۹۰", "12.5", "٪٫۹"),
        ("قال ﷺ ذلك", "ﺳﻠﻢ"[::-1], "ﷺ"),
        ("بسم الله", "ﺍﻟﻠﻪ"[::-1], "ﷲ"),
    ],
)
def test_the_console_gets_the_characters_of_its_fonts(text: str, plain: str, missing: str) -> None:
    (line,) = bidi.console_lines(text, 80)

    assert plain in line
    assert not set(missing) & set(line)
    assert len(bidi.visual_lines(text, 80)) == 1


def test_the_linux_console_has_a_form_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for term, reorder in (
        ("linux", bidi.console_lines),
        ("linux-16color", bidi.console_lines),
        ("xterm", bidi.visual_lines),
    ):
        monkeypatch.setenv("TERM", term)
        assert choose_style("never", "visual").reorder is reorder
