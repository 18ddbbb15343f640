"""Saved pages and web archives: title, text, author and the date that a page states; damage costs one page."""

from __future__ import annotations

import base64
import gzip
import quopri
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arsearch.errors import InputError
from arsearch.readers import read_articles
from arsearch.readers.html.encoding import decoded_markup

for module in ("trafilatura", "warcio"):
    pytest.importorskip(module)

PARAGRAPHS = (
    "قال الوزير إن القمح غال في هذا العام وإن الأسعار سترتفع في الأسواق المحلية خلال الأسابيع القادمة.",
    "وأضاف أن الحكومة ستوفر الدعم للمزارعين في جميع المحافظات قبل موسم الحصاد القادم بوقت كاف.",
)
BODY = "\n".join(PARAGRAPHS)


def page(head: str = "", article: str = "", charset: str = "utf-8") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="ar"><head><meta charset="{charset}"><title>غلاء القمح</title>{head}</head><body>'
        f'<nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></nav>'
        f"<article><h1>غلاء القمح</h1>{article}{text}</article><footer>حقوق النشر محفوظة</footer></body></html>"
    )


def test_a_page_is_one_article_without_its_menus(read: Callable[..., Any]) -> None:
    got = read({"a.html": page('<meta name="author" content="سعاد حسن">').encode()})
    assert got.data == [{"id": "a.html", "title": "غلاء القمح", "body": BODY, "author": "سعاد حسن"}]
    assert got.messages == ["a.html: HTML"]


@pytest.mark.parametrize(
    ("head", "article", "expected"),
    [
        pytest.param(
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2015-07-21"}]}'
            '</script><meta name="date" content="2001-01-01">', "", "2015-07-21", id="json_ld_first",
        ),
        pytest.param(
            '<script type="application/ld+json">{broken</script>'
            '<meta property="article:published_time" content="2015-07-21T10:00:00+03:00">', "",
            "2015-07-21T10:00:00+03:00", id="meta_after_broken_json",
        ),
        pytest.param('<meta name="DC.date.issued" content="2015-07-21">', "", "2015-07-21", id="dublin_core"),
        pytest.param('<meta name="pubdate" content="Tue, 21 Jul 2015 09:30:00 +0300">', "",
                     "2015-07-21 09:30:00+03:00", id="rfc_5322"),
        pytest.param("", '<time datetime="2015-07-21">أمس</time>', "2015-07-21", id="time"),
        pytest.param("", "<time>21 يوليو 2015</time>", "21 يوليو 2015", id="text_of_time"),
        pytest.param("", "<time>منذ 3 ساعات</time>", None, id="no_year"),
        pytest.param('<meta name="date" content="">', '<p>12 كانون الثاني 2014</p>', None, id="text_is_no_statement"),
    ],
)  # fmt: skip
def test_the_date_is_what_the_page_states(
    read: Callable[..., Any], head: str, article: str, expected: str | None
) -> None:
    assert read({"a.html": page(head, article).encode()}).data[0].get("date") == expected


@pytest.mark.parametrize(
    ("codec", "declared", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8", "windows-1256", b""),  # converted, with its old declaration
        ("cp1256", "windows-1256", b""),
        ("iso8859_6", "iso-8859-6", b""),
        ("cp1256", "iso-8859-1", b""),
        ("cp1256", "", b""),
        ("utf-16-le", "utf-16", b"\xff\xfe"),
    ],
)
def test_the_encoding(read: Callable[..., Any], codec: str, declared: str, mark: bytes) -> None:
    assert read({"a.html": mark + page(charset=declared).encode(codec)}).data[0]["body"] == BODY


def test_an_encoding_that_is_not_certain_is_a_problem() -> None:
    with pytest.raises(InputError, match="neither declared nor certain"):
        decoded_markup("<p>Всё хорошо".encode("koi8-r"))


@pytest.mark.parametrize(
    "markup",
    [page(), "<html><body><p>نص قصير", "<div><p>نص</p></div>", "  <!-- x --><!doctype html><title>ن</title>نص",
     '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html><body>نص</body></html>'],
)  # fmt: skip
def test_markup_without_a_name_is_recognised(read: Callable[..., Any], markup: str) -> None:
    got = read({"noname": markup.encode()})
    assert got.messages[0] == "noname: HTML"
    assert "<" not in got.data[0]["body"]
    assert "نص" in got.data[0]["body"] or got.data[0]["body"] == BODY


@pytest.mark.parametrize("text", ["a < b وكان", "<3 أحبك", "<p ليس وسما"])
def test_text_with_a_bracket_stays_text(read: Callable[..., Any], text: str) -> None:
    assert read({"noname": text.encode()}).data[0]["body"] == text


def test_text_that_trafilatura_misses_is_read_and_said(read: Callable[..., Any]) -> None:
    boxes = "".join(f'<div class="box"><div>{n} {PARAGRAPHS[0]}</div></div>' for n in range(30))
    markup = f"<html><body><div class='menu'><a href='/'>قائمة</a></div><p>{PARAGRAPHS[1]}</p><table><tr><td>{boxes}"
    got = read({"a.html": (markup + "</table>").encode()})
    assert all(f"{n} قال" in got.data[0]["body"] for n in range(30))
    assert "قائمة" not in got.data[0]["body"] or got.messages[-1].startswith("a.html: trafilatura finds too little")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><body><script>var x = 1;</script></body></html>", "the page has no text"),
        (b"", "HTML|empty"),
        (b"<html>" + b"<div>" * 100_000, "no text|memory|crashed|failed|HTML"),
    ],
)
def test_a_page_without_text_is_a_problem(read: Callable[..., Any], data: bytes, reason: str) -> None:
    import re

    got = read({"a.html": data, "b.html": page().encode()})
    assert [where for where, _ in got.problems] == ["a.html"]
    assert re.search(reason, got.problems[0][1])
    assert got.data[0]["body"] == BODY


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: http://x/1
Subject: x
Date: Tue, 21 Jul 2015 09:30:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="--b--"

----b--
Content-Type: text/css
Content-Location: cid:css

p {{}}
----b--
Content-Type: text/html; charset="{charset}"
Content-Transfer-Encoding: {transfer}
Content-Location: http://x/1

{page}
----b----
"""


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "noname"])
@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_a_page_that_a_browser_saved(read: Callable[..., Any], name: str, transfer: str, charset: str) -> None:
    data = page(charset=charset).encode(charset)
    packed = quopri.encodestring(data) if transfer == "quoted-printable" else base64.encodebytes(data)
    got = read({name: MHTML.format(charset=charset, transfer=transfer, page=packed.decode()).encode()})
    [article] = got.data
    assert (article["title"], article["body"], article["url"]) == ("غلاء القمح", BODY, "http://x/1")
    assert article["captured"] == "2015-07-21 09:30:00-00:00"


def test_a_saved_file_without_a_page_is_a_problem(read: Callable[..., Any]) -> None:
    got = read({"a.mhtml": b"From: x\n\nno page", "b.html": page().encode()})
    assert got.problems == [("a.mhtml", "no part of the file is HTML; is it a page that a browser saved?")]


def warc_record(kind: str, url: str, block: bytes, *, length: int | None = None) -> bytes:
    kind_of_block = "application/http; msgtype=response" if kind == "response" else "application/warc-fields"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2015-07-22T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{abs(hash(url)) % 10**12:012}>\r\n"
        f"Content-Type: {kind_of_block}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(body: bytes, type: str = "text/html", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{more}\r\n".encode() + body


ARCHIVE = (
    warc_record("warcinfo", "", b"software: x\r\n"),
    warc_record("response", "http://x/1", response(page().encode())),
    warc_record("request", "http://x/1", b"GET / HTTP/1.1\r\n\r\n"),
    warc_record("response", "http://x/2", response(page().encode("cp1256"), "text/html; charset=windows-1256")),
    warc_record("response", "http://x/3", response(gzip.compress(page().encode()), more="Content-Encoding: gzip\r\n")),
    warc_record("response", "http://x/4", response(b"\x89PNG", "image/png")),
    warc_record("response", "http://x/5", response(page().encode(), status="404 Not Found")),
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", b"".join(ARCHIVE)),
        ("a.warc.gz", b"".join(map(gzip.compress, ARCHIVE))),
        ("noname", b"".join(ARCHIVE)),
    ],
)
def test_the_pages_of_an_archive(read: Callable[..., Any], name: str, data: bytes) -> None:
    got = read({name: data})
    assert [(article["id"], article["url"], article["body"]) for article in got.data] == [
        (f"http://x/{n}", f"http://x/{n}", BODY) for n in (1, 2, 3)
    ]
    assert got.data[0]["captured"] == "2015-07-22T00:00:00Z"
    assert [record.where for record in got.records] == [f"{name}:record {n}" for n in (2, 4, 5)]
    assert got.messages[-1] == (
        f"{name}: left out: 1 records of other types than HTML, 1 request records, "
        "1 responses without a page (status other than 2xx), 1 warcinfo records"
    )


def test_a_cut_record_is_reported_and_the_rest_read(read: Callable[..., Any]) -> None:
    cut = b"".join(ARCHIVE)[: len(b"".join(ARCHIVE[:4])) - 300]
    got = read({"a.warc": cut, "b.warc.gz": b"".join(map(gzip.compress, ARCHIVE[:2]))})
    assert [article["url"] for article in got.data] == ["http://x/1", "http://x/1"]
    assert got.problems == [("a.warc:record 4", "the record is cut short; its page was left out")]


def test_a_cut_compressed_archive_keeps_its_first_pages(read: Callable[..., Any]) -> None:
    packed = b"".join(map(gzip.compress, ARCHIVE))
    got = read({"a.warc.gz": packed[: len(b"".join(map(gzip.compress, ARCHIVE[:3]))) + 200]})
    assert [article["url"] for article in got.data] == ["http://x/1"]
    assert "the gzip data is cut short" in got.problems[-1][1]


@pytest.mark.parametrize(
    "data",
    [b"WARC/1.0\r\ngarbage", b"WARC/1.0\r\n\r\n", b"not an archive at all", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n"],
)
def test_a_broken_archive_ends_with_a_reason(read: Callable[..., Any], data: bytes) -> None:
    got = read({"a.warc": data, "b.warc": b"".join(ARCHIVE[:2])})
    assert [article["url"] for article in got.data] == ["http://x/1"]


LINKS = '<a href="/">الرئيسية</a> | <a href="/a">أخبار</a> | <a href="/b">رياضة</a>'
SHORT = "<p>نص قصير هنا.</p>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<nav>{LINKS}</nav>{SHORT}", id="nav"),
        pytest.param(f"<div>{LINKS}</div>{SHORT}", id="links"),
        pytest.param(f'<ul><li><a href="/">الرئيسية</a></li><li><a href="/a">أخبار</a></li></ul>{SHORT}', id="list"),
        pytest.param(f"<table><tr><td>{LINKS}</td></tr></table>{SHORT}", id="table"),
        pytest.param(
            f'<ul class="menu"><li><a href="/">الموقع</a></li></ul>{SHORT}<div id="footer">حقوق</div>', id="names"
        ),
        pytest.param(f"<header><a href='/'>الموقع</a></header><main>{SHORT}</main><footer>حقوق</footer>", id="main"),
        pytest.param(f"<div><a href='/'>الموقع</a></div><article>{SHORT}</article><div>حقوق</div>", id="article"),
        pytest.param(
            f"<p><a href='/'>الموقع</a> &gt; <a href='/a'>أخبار</a> &gt; هنا</p>{SHORT}<p>{LINKS}</p>", id="path"
        ),
        pytest.param(f"<h1>عنوان</h1>{SHORT}<form>بحث</form>", id="form"),
    ],
)
def test_a_short_page_loses_its_navigation(read: Callable[..., Any], body: str) -> None:
    [article] = read({"a.html": f"<html><head><title>عنوان</title></head><body>{body}</body></html>".encode()}).data
    assert (article["title"], article["body"]) == ("عنوان", "نص قصير هنا.")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<h1>عنوان</h1><ul><li>{LINKS}</li></ul>", "الرئيسية | أخبار | رياضة"),
        ("<p>نص <a href='/1'>مع رابط</a> وآخر <a href='/2'>هنا</a> في الجملة</p>", "نص مع رابط وآخر هنا في الجملة"),
        ("<main></main><p>نص هنا.</p>", "نص هنا."),
    ],
)
def test_the_text_of_a_short_page_stays(read: Callable[..., Any], body: str, text: str) -> None:
    page = f"<html><head><title>عنوان</title></head><body>{body}</body></html>"
    assert read({"a.html": page.encode()}).data[0]["body"] == text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('<p>نص <a href="x">رابط</a> عربي</p>', "HTML"),
        ('<a href="/x">رابط عربي</a>', "HTML"),
        ("<a><b>نص عربي</b></a>", "text, UTF-8"),
        ("<table><row><cell>نص عربي</cell></row></table>", "text, UTF-8"),
        ("<article><headline>نص عربي</headline></article>", "text, UTF-8"),
    ],
)
def test_xml_with_names_of_html_is_no_page(read: Callable[..., Any], text: str, label: str) -> None:
    assert read({"a": text.encode()}).messages[0] == f"a: {label}"


def test_a_missing_extra_is_named(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.readers.workers.find_spec", lambda _: None)
    got = read({"a.html": page().encode(), "b.warc": b"".join(ARCHIVE), "c.rss": b"<rss/>"})
    assert [problem for _, problem in got.problems] == [
        f'{name} is read with the extra [html]: pip install "arsearch[html]"' for name in ("HTML", "HTML", "a feed")
    ]


def test_stopping_in_the_middle_ends_the_children(tmp_path: Any) -> None:
    (tmp_path / "a.warc").write_bytes(b"".join(ARCHIVE) * 20)
    records = read_articles(tmp_path / "a.warc")
    next(records)
    records.close()
    assert next(records, None) is None


def test_a_page_on_standard_input_is_recognised(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "arsearch", "index", "-", "-i", str(tmp_path / "i")]
    done = subprocess.run(command, input=page().encode(), capture_output=True, check=True)
    assert b"1 added" in done.stdout
    assert b"stdin: HTML" in done.stderr
