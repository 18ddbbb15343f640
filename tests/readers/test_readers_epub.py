"""E-books and (X)HTML: chapters in reading order, headings of the text and of the table of contents, and what is left out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from document_samples import book, package
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.html.encoding import decode_html
from arsearch.readers.html.text import html_text

PAGES = {
    "a.xhtml": "<html><head><title>x</title></head><body><h1 id='one'>الباب الأول</h1><p>نص</p></body></html>",
    "b.xhtml": "<html><body><p>تتمة</p><p id='two'>موضع</p></body></html>",
}


def test_chapters_come_in_the_order_of_the_spine(read: Callable[..., Any]) -> None:
    got = read({"a.epub": book(PAGES, spine='<itemref idref="i1"/><itemref idref="i0" linear="no"/>')})
    assert [article["body"] for article in got.data] == ["تتمة\nموضع\nالباب الأول\nنص"]
    assert not got.problems


@pytest.mark.parametrize("kind", ["nav", "ncx"])
def test_titles_of_the_table_of_contents_are_headings_where_they_lead(read: Callable[..., Any], kind: str) -> None:
    toc = {
        "nav": '<li><a href="text/a.xhtml">أ</a><ol><li><a href="text/b.xhtml">ب <b>ب</b></a></li><li><a href="text/b.xhtml#two">ج'  # noqa: E501
        '</a></li></ol></li><li><a href="text/none.xhtml">د</a></li>',
        "ncx": '<navPoint><navLabel><text>أ</text></navLabel><content src="text/a.xhtml"/><navPoint><navLabel><text>ب ب</text>'
        '</navLabel><content src="text/b.xhtml"/></navPoint><navPoint><navLabel><text>ج</text></navLabel>'
        '<content src="text/b.xhtml#two"/></navPoint></navPoint>',
    }  # fmt: skip
    data = book(PAGES, nav=toc["nav"]) if kind == "nav" else book(PAGES, ncx=toc["ncx"])
    [article] = read({"a.epub": data}).data
    assert article["body"] == "الباب الأول\nنص\nتتمة\nموضع"
    assert article["headings"] == [
        {"heading": "الباب الأول", "level": 1, "start": 0},
        {"heading": "ب ب", "level": 2, "start": 15},
        {"heading": "ج", "level": 2, "start": 20},
    ]


def test_the_metadata_of_a_book(read: Callable[..., Any]) -> None:
    metadata = (
        "<dc:title>كتاب</dc:title><dc:title>ثان</dc:title><dc:creator>سلمى</dc:creator><dc:creator>عمر</dc:creator>"
        '<dc:date event="modification">2020</dc:date><dc:date>2015-07-21</dc:date><dc:language>ar</dc:language>'
        "<dc:publisher>دار</dc:publisher><dc:subject>شعر</dc:subject><dc:identifier>urn:isbn:1</dc:identifier>"
    )
    assert read({"a.epub": book({"b.xhtml": "<p>نص</p>"}, metadata=metadata)}).data == [
        {"id": "a.epub", "title": "كتاب", "body": "نص", "author": "سلمى, عمر", "date": "2015-07-21", "language": "ar",
         "source": "دار", "tags": ["شعر"], "identifier": "urn:isbn:1"}
    ]  # fmt: skip


def test_the_date_that_calibre_writes_for_none_is_no_date(read: Callable[..., Any]) -> None:
    metadata = "<dc:title>كتاب</dc:title><dc:date>0101-01-01T00:00:00+00:00</dc:date>"
    [article] = read({"a.epub": book({"b.xhtml": "<p>نص</p>"}, metadata=metadata)}).data
    assert "date" not in article


def test_navigation_and_cover_are_left_out(read: Callable[..., Any]) -> None:
    pages = {"cover.xhtml": "<p>غلاف</p>", **PAGES}
    nav = '<li><a href="text/a.xhtml">أ</a></li>'
    spine = '<itemref idref="i0"/><itemref idref="nav"/><itemref idref="i1"/>'
    guide = '<reference type="cover" href="text/cover.xhtml"/>'
    [article] = read({"a.epub": book(pages, nav=nav, spine=spine, guide=guide)}).data
    assert article["body"] == "الباب الأول\nنص"


ENCRYPTED = (
    '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/><CipherData>'
    '<CipherReference URI="OPS/text/a.xhtml"/></CipherData></EncryptedData></encryption>'
)


@pytest.mark.parametrize(
    ("parts", "options", "place", "reason"),
    [
        pytest.param(
            {"META-INF/encryption.xml": ENCRYPTED.format("u:aes")}, {}, "OPS/text/a.xhtml", "encrypted (DRM)", id="drm"
        ),
        pytest.param({}, {"spine": '<itemref idref="none"/><itemref idref="i1"/>'}, "", "which the manifest lacks", id="spine"),
        pytest.param({"OPS/nav.xhtml": "<nav"}, {"nav": "x"}, None, "", id="damaged_nav"),
        pytest.param({"../evil": "x"}, {}, "../evil", "leads out of the archive", id="path_out"),
    ],
)  # fmt: skip
def test_a_damaged_part_is_reported_and_the_rest_is_read(
    read: Callable[..., Any], parts: dict[str, str | bytes], options: dict[str, Any], place: str | None, reason: str
) -> None:
    got = read({"a.epub": book(PAGES, parts=parts, **options)})
    assert "تتمة" in got.data[0]["body"]
    assert [where for where, _ in got.problems] == ([] if place is None else [f"a.epub:{place}".rstrip(":")])
    assert all(reason in problem for _, problem in got.problems)


def test_a_missing_chapter_is_reported(read: Callable[..., Any]) -> None:
    items = '<item id="i9" href="text/none.xhtml" media-type="application/xhtml+xml"/>'
    whole = book({**PAGES}, spine='<itemref idref="i0"/><itemref idref="i9"/>')
    got = read({"a.epub": _changed(whole, "OPS/book.opf", "</manifest>", f"{items}</manifest>")})
    assert got.problems == [("a.epub:OPS/text/none.xhtml", "no such member in the archive")]
    assert got.data[0]["title"] == "الباب الأول"


def _changed(data: bytes, member: str, old: str, new: str) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in members[member]
    return package({**members, member: members[member].replace(old.encode(), new.encode())})


def test_entities_that_a_chapter_declares_are_reported_and_not_expanded(read: Callable[..., Any]) -> None:
    laughs = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b; نص</p>'
    got = read({"a.epub": book({"a.xhtml": laughs})})
    assert got.data[0]["body"] == "&b; نص"
    assert got.problems == [("a.epub:OPS/text/a.xhtml", "its DOCTYPE declares entities, which are not expanded")]


def test_fonts_that_are_only_obfuscated_hide_no_chapter(read: Callable[..., Any]) -> None:
    parts = {"META-INF/encryption.xml": ENCRYPTED.format("http://www.idpf.org/2008/embedding")}
    assert not read({"a.epub": book(PAGES, parts=parts)}).problems


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<b>الق</b>مح", "القمح", id="inline"),
        pytest.param("القمح<br>غال<br/>جدا", "القمح\nغال\nجدا", id="line_break"),
        pytest.param("وزير&nbsp;الخارجية &#1575;&amp;&lt;b&gt;", "وزير الخارجية ا&<b>", id="entities"),
        pytest.param("<p>أ</p> <div>ب<p>ج", "أ\nب\nج", id="blocks"),
        pytest.param("<ul><li>أ<li>ب</ul>", "أ\nب", id="list"),
        pytest.param("<table><tr><th>أ<th>ب<tr><td>ج<td><p>د</p><p>ه</p></table>و", "أ\tب\nج\tد ه\nو", id="table"),
        pytest.param("<table><tr><td>أ<table><tr><td>ب<td>ج</table><td>د</table>", "أ ب ج\tد", id="table_in_a_table"),
        pytest.param("<table><td>أ<td>ب</table>", "أ\tب", id="table_without_rows"),
        pytest.param("<td>أ</td><td>ب</td>", "أ\nب", id="cells_without_table"),
        pytest.param("<ruby>漢<rp>(</rp><rt>kan</rt></ruby>字", "漢字", id="ruby"),
        pytest.param("أ<sup><a href='#n1'>1</a></sup>ب<a href='#n2'><sup>2</sup></a>ج<a role='doc-noteref' href='#n3'>3</a>.", "أبج.", id="notes"),  # noqa: E501
        pytest.param("م<sup>2</sup> <a href='#x'>رابط</a><p><sup>أ<p><a href='#y'>ب</a>", "م2 رابط\nأ\nب", id="superscripts"),
        pytest.param("<pre>أ\n  ب</pre>", "أ\nب", id="preformatted"),
        pytest.param("أ<script>x<p></script>ب<style>p{}</style><!-- <p> -->ج", "أبج", id="script_style_comment"),
        pytest.param("<p hidden>x<p>أ<span style='display: none'>x</span><li hidden>x<li>ب", "أ\nب", id="hidden"),
        pytest.param("<head><title>x</title><p>أ", "أ", id="head_never_ended"),
        pytest.param("أ < ب > ج <3 <", "أ < ب > ج <3 <", id="no_tags"),
        pytest.param("<a title='a>b' href=x>أ</a><img alt='x'/>", "أ", id="attributes"),
        pytest.param("<a title=\"x>أ", "أ", id="quote_never_closed"),
        pytest.param("<![CDATA[أ<p>]]>ب<?php x ?><!DOCTYPE html>", "أ<p>ب", id="cdata_and_declarations"),
        pytest.param("<!DOCTYPE html [<!ENTITY a 'b'><!ENTITY c 'd'>]><p>أ", "أ", id="declarations"),
        pytest.param("<svg:p>أ</svg:p><H1>ب</H1>", "أ\nب", id="prefixes_and_capitals"),
        pytest.param("أ<!-- never ended <p>ب", "أ", id="comment_never_ended"),
        pytest.param("", "", id="empty"),
    ],
)  # fmt: skip
def test_the_text_of_html(html: str, expected: str) -> None:
    assert html_text(html) == expected


@pytest.mark.parametrize(
    "part",
    ["<!--", "<a ", '<a "', "<a='", "<![CDATA[", "<", "</", "&", "<table>", "<table><tr><td>x", "<div hidden>", "<script><", "<a b='>", "<!x[>"],  # noqa: E501
)  # fmt: skip
@pytest.mark.parametrize("end", ["", ">"])
def test_html_takes_linear_time(part: str, end: str) -> None:
    start = time.process_time()
    html_text(part * (200_000 // len(part)) + end)
    assert time.process_time() - start < 5


@given(st.text(alphabet="<>/!-[]&;'\"= aptdrhx1\nب", max_size=200))
def test_any_text_is_html(text: str) -> None:
    html_text(text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("كتاب".encode(), "كتاب"),
        ("كتاب".encode("utf-8-sig"), "كتاب"),
        ("كتاب".encode("utf-16"), "كتاب"),
        ("كتاب".encode("utf-32"), "كتاب"),
        ("<p>كتاب".encode("utf-16-be"), "كتاب"),
        (b"<p>\xa9\xcc\xf0 \xff", "\ufffd"),
        ('<?xml version="1.0" encoding="windows-1256"?>كتاب'.encode("cp1256"), "كتاب"),
        ("<meta charset=iso-8859-6>كتاب".encode("iso-8859-6"), "كتاب"),
        ("<meta charset='klingon'>كتاب".encode(), "كتاب"),
        ("<meta charset='windows-1256'>كتاب العرب في المدينة".encode(), "كتاب العرب في المدينة"),
        ("<p>قال الكاتب في المدينة من العرب إلى الشام</p>".encode("cp1256"), "الكاتب في"),
    ],
)
def test_the_encoding_of_html(data: bytes, expected: str) -> None:
    assert expected in decode_html(data)
