"""Fragments of HTML to text: blocks are lines, inline tags join, nothing but markup is lost, and time is linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.html.text import html_to_text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("نص", "نص"),
        ("وزير&nbsp;الخارجية", "وزير الخارجية"),
        ("<b>الق</b>مح", "القمح"),
        ("القمح<br>غال", "القمح\nغال"),
        ("القمح<br/>غال<BR />جدا", "القمح\nغال\nجدا"),
        ("&#1575;&#1604;&#x642;مح &amp; &lt;خبز&gt;", "القمح & <خبز>"),
        ("<p>أ</p><p>ب</p>", "أ\n\nب"),
        ("<ul><li>أ</li><li>ب</li></ul>", "أ\n\nب"),
        ("<table><tr><th>أ</th><td>ب</td></tr><tr><td>ج</td><td>د</td></tr></table>", "أ\tب\n\nج\tد"),
        ("أ<script>var x = '<p>';</script>ب<style>p{}</style>", "أب"),
        ("أ<!-- تعليق <b> -->ب", "أب"),
        ("سطر\nثان", "سطر ثان"),
        ("<pre>سطر\nثان</pre>\nثالث\nرابع", "سطر\nثان\nثالث رابع"),
        ('<a title="a > b" href=x>رابط</a>', "رابط"),
        ("3 < 5 و 7 > 2", "3 < 5 و 7 > 2"),
        ("a<b", "a<b"),
        ("<!-- لا ينتهي نص", "<!-- لا ينتهي نص"),
        ("<svg>نص بعد وسم مفتوح", "نص بعد وسم مفتوح"),
        ("<img alt='صورة' src='data:" + "x" * 5000 + "'>نص", "نص"),
        ("<?php echo ?>نص", "نص"),
        ("&unknown; &#0;x", "&unknown; \ufffdx"),
        ("<!-- لا ينتهي <b>نص</b>", "<!-- لا ينتهي نص"),
        ("أ<iframe src='x'>ب<p>ج<script>د<br>ه", "أب\n\nجد\nه"),
        ("أ<iframe src='x'></iframe>ب<IFRAME>ج", "أبج"),
        ("<ul><li>أ<li>ب</ul>ج<hr>د", "أ\nب\nج\nد"),
        ("<div>أ</div><div>ب</div>ج<br><br><br><br>د", "أ\n\nب\nج\n\nد"),
        ("أ</td><td>ب</td>ج</tr><tr>د", "أ\nب\nج\n\nد"),
        ("<table><tr><td><p>أ</p><p>ب</p></td></tr></table>", "أ\n\nب"),
        ("<p>أ</p><table><tr><td></td><td>ب</td><td>ج</td></tr></table>", "أ\n\nب\tج"),
        ("<span hidden>س</span>أ<ruby>漢<rt>kan</rt></ruby>", "أ漢"),
        ("<object>أ<b>ب</b></objects>", "أب"),
        ("<![CDATA[أ]]>ب", "أب"),
        ("أ\x07<b>ب</b>\0", "أ\x07ب\0"),
    ],
)
def test_html_to_text(html: str, expected: str) -> None:
    assert html_to_text(html) == expected


def test_lines_of_the_source_may_be_kept() -> None:
    assert html_to_text("فقرة\n\nثانية<br />سطر", keep_lines=True) == "فقرة\n\nثانية\nسطر"
    assert html_to_text("أ\r\n\r\n\r\n<div>ب</div>\nج\n\n<b>د</b>", keep_lines=True) == "أ\n\nب\n\nج\n\nد"


@given(st.text(alphabet="اب \n", max_size=40))
def test_text_without_markup_keeps_its_words(text: str) -> None:
    assert html_to_text(text).split() == text.split()


@given(st.text(alphabet="<>/!-ab\"'&;= ", max_size=60))
def test_any_markup_has_a_text(text: str) -> None:
    assert html_to_text(html_to_text(text)) is not None


@pytest.mark.parametrize(
    "part",
    [
        "<",
        "<!--",
        "<a ",
        '<a "',
        "<a '>",
        "<svg>",
        "<pre>",
        "</",
        "&",
        "<p",
        "<!",
        "<script>",
        "<![CDATA[",
        "<td>",
        "<iframe><",
    ],
)
@pytest.mark.parametrize("end", ["", ">", "</svg></script>-->"])
def test_crafted_markup_takes_linear_time(part: str, end: str) -> None:
    start = time.process_time()
    html_to_text(part * 200_000 + end)
    assert time.process_time() - start < 20
