"""Subtitles: the lines of the cues, their times, and what is removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

TIMES = "00:00:01,500 --> 00:00:02,000"


@pytest.mark.parametrize(
    ("text", "expected", "times"),
    [
        pytest.param(f"1\n{TIMES}\nأ\nب\n\n2\n00:01:00,000 --> 00:01:01,000\nج\n", "أ\nب\nج", [(1.5, 0), (60.0, 4)], id="plain"),
        pytest.param(f"{TIMES}\nأ\n01:00:00,5 --> 01:00:01,000\nب", "أ\nب", [(1.5, 0), (3600.5, 2)], id="no_numbers_or_blanks"),
        pytest.param(f"1\n{TIMES}\nأ\n2\n00:00:03,000 --> 00:00:04,000\nب", "أ\nب", [(1.5, 0), (3.0, 2)], id="no_blanks"),
        pytest.param(f"1\n{TIMES}\n12\n\n2\n{TIMES}\nب", "12\nب", [(1.5, 0), (1.5, 3)], id="a_number_as_text"),
        pytest.param(
            f"1\n{TIMES} X1:0 X2:1\n{{\\an8}}<i>أ</i> <font color='#fff'>ب</font> < 3 <ب>\n", "أ ب < 3 <ب>", [(1.5, 0)], id="tags"
        ),
        pytest.param(f"1\n{TIMES}\nأ\n\n2\n{TIMES}\nأ\nب\n\n3\n{TIMES}\nب\n\n4\n{TIMES}\nأ", "أ\nب\nأ", [(1.5, 0), (1.5, 2), (1.5, 4)], id="repeats"),  # noqa: E501
        pytest.param(f"1\n{TIMES}\nأ\n\nب\n\n2\n\n{TIMES}\nج", "أ\nب\nج", [(1.5, 0), (1.5, 4)], id="blank_line_in_a_cue"),
        pytest.param(f"1\n{TIMES}\n<b></b>\n\n2\n{TIMES}\nأ", "أ", [(1.5, 0)], id="empty_cue"),
        pytest.param("1\r\n00:00:01.500 -> 00:00:02.000\r\nأ\r\n", "أ", [(1.5, 0)], id="careless"),
        pytest.param("1\n0:0:1,5 --> 0:0:2,0\nأ", "أ", [(1.5, 0)], id="short_times"),
    ],
)  # fmt: skip
def test_the_cues_of_subrip(read: Callable[..., Any], text: str, expected: str, times: list[tuple[float, int]]) -> None:
    got = read({"film_1.srt": text.encode()})
    cues = [{"time": time, "start": start} for time, start in times]
    assert got.data == [{"id": "film_1.srt", "title": "film 1", "body": expected, "cues": cues}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("WEBVTT\n\n00:01.500 --> 00:02.000\nأ", "أ", id="no_hours"),
        pytest.param("WEBVTT\n\n00:01.500 --> 00:02.000\n<ruby>漢<rt>kan</rt></ruby>字", "漢字", id="ruby"),
        pytest.param("\ufeffWEBVTT\nKind: captions\nLanguage: ar\n\n00:01.500 --> 00:02.000\nأ", "أ", id="header"),
        pytest.param(
            "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\nNOTE\nتعليق\nثان\n\nid 1\n00:00:01.500 --> 00:00:02.000 line:0\nأ",  # noqa: E501
            "أ",
            id="blocks",
        ),
        pytest.param("WEBVTT\n\n00:01.500 --> 00:02.000\n<v سلمى>أ <c.y>ب</c><00:01.700> ج</v> &amp;&lrm;&nbsp;د", "أ ب ج &\u200e د", id="tags"),  # noqa: E501
    ],
)  # fmt: skip
def test_the_cues_of_webvtt(read: Callable[..., Any], text: str, expected: str) -> None:
    got = read({"a.vtt": text.encode()})
    assert [(article["body"], article["cues"]) for article in got.data] == [(expected, [{"time": 1.5, "start": 0}])]


def test_the_title_of_webvtt_is_in_its_header(read: Callable[..., Any]) -> None:
    assert read({"a.vtt": "WEBVTT - فيلم\n\n00:01.500 --> 00:02.000\nأ".encode()}).data[0]["title"] == "فيلم"


def test_an_old_encoding_is_guessed(read: Callable[..., Any]) -> None:
    text = f"1\n{TIMES}\nقال الوزير في المؤتمر إن القمح على الطريق من الميناء\n"
    got = read({"a.srt": text.encode("cp1256")})
    assert got.data[0]["body"] == text.split("\n")[2]
    assert got.messages == ["a.srt: SubRip subtitles, windows-1256"]


@pytest.mark.parametrize("data", [b"", b"WEBVTT\n", b"1\n2\n3\n", b"1\n00:00:01,500 --> 00:00:02,000\n\n"])
def test_no_text_is_an_error(read: Callable[..., Any], data: bytes) -> None:
    [(where, problem)] = read({"a.srt": data}).problems
    assert where == "a.srt"
    assert "no cue" in problem
