"""Exports of WordPress and dumps of MediaWiki: streamed; a broken record costs itself; what is left out is counted."""

from __future__ import annotations

import bz2
import gzip
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from arsearch.errors import InputError
from arsearch.readers.web.xml_records import XmlRecords

WXR_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>مدونة القمح</title>
<wp:author><wp:author_login>suad</wp:author_login>
<wp:author_display_name><![CDATA[سعاد حسن]]></wp:author_display_name></wp:author>
"""
WXR_TAIL = "</channel></rss>"


def item(
    number: int, title: str = "خبر", body: str = "نص", kind: str = "post", status: str = "publish", more: str = ""
) -> str:
    return (
        f"<item><title>{title}</title><link>http://x/{number}</link><dc:creator>suad</dc:creator>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date>2015-07-21 10:00:00</wp:post_date><wp:status>{status}</wp:status>"
        f"<wp:post_type>{kind}</wp:post_type>{more}</item>\n"
    )


def wxr(*items: str) -> bytes:
    return (WXR_HEAD + "".join(items) + WXR_TAIL).encode()


@pytest.mark.parametrize("name", ["a.xml", "a.wxr", "noname"])
def test_a_wordpress_export(read: Callable[..., Any], name: str) -> None:
    terms = '<category domain="category"><![CDATA[اقتصاد]]></category><category domain="post_tag"><![CDATA[قمح]]></category>'
    body = (
        "<!-- wp:paragraph --><p>قال <b>الوز</b>ير&nbsp;إن القمح<br>غال.</p><!-- /wp:paragraph -->\n\n"
        '[caption id="1" width="300"]<img src="a.jpg" />صورة[/caption] [gallery ids="1,2"]\n\nفقرة\nسطر [sic]'
    )
    got = read({name: wxr(item(1, "غلاء القمح", body, more=terms))})
    assert got.data == [
        {
            "id": "http://x/1",
            "title": "غلاء القمح",
            "body": "قال الوزير إن القمح\nغال.\n\nصورة\n\nفقرة\nسطر [sic]",
            "author": "سعاد حسن",
            "source": "مدونة القمح",
            "url": "http://x/1",
            "date": "2015-07-21 10:00:00",
            "category": "اقتصاد",
            "tags": ["قمح"],
            "post_type": "post",
        }
    ]
    assert got.messages == [f"{name}: WordPress export, UTF-8"]
    assert got.records[0].where == f"{name}:6"


def test_what_is_not_published_is_counted(read: Callable[..., Any]) -> None:
    got = read(
        {
            "a.xml": wxr(
                item(1), item(2, kind="attachment", status="inherit"), item(3, status="draft"), item(4, kind="page"),
                item(5, status="private"), item(6, kind="attachment"), item(7, kind="nav_menu_item"),
                item(8, more="<wp:post_password>x</wp:post_password>"), item(9, kind="book"),
            )
        }
    )  # fmt: skip
    assert [article["id"] for article in got.data] == ["http://x/1", "http://x/4", "http://x/9"]
    assert got.messages[-1] == (
        "a.xml: left out: 2 attachment, 1 nav_menu_item, 1 post (draft), 1 post (private), 1 post (with a password); "
        "only published posts and pages are articles"
    )


def test_a_date_of_zeros_is_no_date(read: Callable[..., Any]) -> None:
    zeros = item(1).replace("2015-07-21 10:00:00", "0000-00-00 00:00:00")
    dated = zeros.replace("<wp:status>", "<pubDate>Tue, 21 Jul 2015 07:00:00 +0000</pubDate><wp:status>")
    got = read({"a.xml": wxr(zeros, dated)})
    assert [article.get("date") for article in got.data] == [None, "2015-07-21 07:00:00+00:00"]


@pytest.mark.parametrize(
    "broken",
    [
        item(2, "أ & ب"),
        item(2, "أ < ب"),
        item(2).replace("</title>", ""),
        item(2, "\x0b"),
        item(2, "&nbsp;"),
        item(2).replace("</item>", ""),
    ],
)
def test_a_broken_item_costs_only_itself(read: Callable[..., Any], broken: str) -> None:
    got = read({"a.xml": wxr(item(1), broken, *(item(n) for n in range(3, 3000)))})
    assert [article["id"] for article in got.data][:2] in (["http://x/1", "http://x/3"], ["http://x/1", "http://x/4"])
    assert len(got.data) >= 2997
    assert len(got.problems) == 1
    assert got.problems[0][0].startswith("a.xml:")
    assert "not well-formed XML" in got.problems[0][1] or "is not closed before" in got.problems[0][1]


def test_a_cut_export_keeps_its_first_items(read: Callable[..., Any]) -> None:
    whole = wxr(item(1), item(2))
    got = read({"a.xml": whole[: whole.index(b"http://x/2")]})
    assert [article["id"] for article in got.data] == ["http://x/1"]
    assert "cut short" in got.problems[0][1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE rss [<!ENTITY a "x">]>' + wxr(item(1)).partition(b"\n")[2], "DOCTYPE"),
        (wxr(), "the export has no posts"),
        (b"<wordpress", "cut short or not XML"),
        (b"", "cut short or not XML"),
    ],
)
def test_a_file_that_cannot_be_read_has_a_reason(read: Callable[..., Any], data: bytes, reason: str) -> None:
    got = read({"a.wxr": data, "b.wxr": wxr(item(1))})
    assert len(got.data) == 1
    assert reason in got.problems[0][1]


WIKI_HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="ar">
<siteinfo><sitename>ويكي</sitename><dbname>arwiki</dbname><base>https://ar.example.org/wiki/Main</base></siteinfo>
"""


def wiki_page(id: int, title: str, text: str, ns: int = 0, more: str = "", model: str = "wikitext") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{id}</id>{more}<revision><id>{id}00</id>"
        f"<timestamp>2015-07-21T10:00:00Z</timestamp><contributor><username>سعاد</username><id>5</id></contributor>"
        f'<model>{model}</model><text bytes="1" xml:space="preserve">{escaped}</text></revision></page>\n'
    )


def dump(*pages: str) -> bytes:
    return (WIKI_HEAD + "".join(pages) + "</mediawiki>").encode()


@pytest.mark.parametrize(
    ("name", "pack"), [("a.xml", bytes), ("a.xml.bz2", bz2.compress), ("a.xml.gz", gzip.compress), ("noname", bytes)]
)
def test_a_mediawiki_dump(read: Callable[..., Any], name: str, pack: Callable[[bytes], bytes]) -> None:
    pytest.importorskip("mwparserfromhell")
    got = read({name: pack(dump(wiki_page(17, "حقل القمح", "'''القمح''' نبات.\n\n[[تصنيف:نباتات]]")))})
    assert got.data == [
        {
            "id": "arwiki-17",
            "title": "حقل القمح",
            "body": "القمح نبات.",
            "date": "2015-07-21T10:00:00Z",
            "author": "سعاد",
            "source": "ويكي",
            "url": "https://ar.example.org/wiki/%D8%AD%D9%82%D9%84_%D8%A7%D9%84%D9%82%D9%85%D8%AD",
            "tags": ["نباتات"],
            "revision": "1700",
        }
    ]
    assert got.records[0].where == f"{name}:page 17"


def test_redirects_and_other_namespaces_are_counted(read: Callable[..., Any]) -> None:
    pytest.importorskip("mwparserfromhell")
    redirect = wiki_page(2, "قمحة", "#تحويل [[القمح]]", more='<redirect title="القمح" />')
    got = read({"a.xml": dump(wiki_page(1, "القمح", "نص"), redirect, wiki_page(3, "نقاش:القمح", "نص", ns=1),
                              wiki_page(4, "x", "{}", model="json"))})  # fmt: skip
    assert [article["title"] for article in got.data] == ["القمح"]
    assert got.messages[-1] == (
        "a.xml: left out: 1 pages of json, 1 pages of namespace 1, 1 redirects; "
        "only pages of the main namespace are articles"
    )


def test_an_old_dump_without_numbers_of_namespaces(read: Callable[..., Any]) -> None:
    pytest.importorskip("mwparserfromhell")
    names = '<namespaces><namespace key="0" /><namespace key="1">نقاش</namespace></namespaces></siteinfo>'
    text = dump(wiki_page(1, "القمح", "نص"), wiki_page(2, "نقاش:القمح", "نص"), wiki_page(3, "فيلم: القمح", "نص"))
    got = read({"a.xml": text.replace(b"<ns>0</ns>", b"").replace(b"</siteinfo>", names.encode())})
    assert [article["title"] for article in got.data] == ["القمح", "فيلم: القمح"]
    assert "1 pages of namespace نقاش" in got.messages[-1]


def test_a_history_gives_the_last_revision(read: Callable[..., Any]) -> None:
    pytest.importorskip("mwparserfromhell")
    page = wiki_page(1, "القمح", "قديم")
    newer = page.partition("</revision>")[0].partition("<revision>")[2].replace("قديم", "جديد").replace("2015", "2020")
    both = page.replace("</page>", f"<revision>{newer}</revision></page>")
    data = read({"a.xml": dump(both)}).data[0]
    assert (data["body"], data["date"]) == ("جديد", "2020-07-21T10:00:00Z")


@pytest.mark.parametrize(
    ("wiki", "expected"),
    [
        ("'''القمح''' نبات<ref name=\"a\">مصدر</ref> نافع<ref name=a />.", "القمح نبات نافع."),
        ("[[ملف:قمح.jpg|تصغير|صورة [[القمح]] في [[حقل]]]]نص", "نص"),
        ("[[File:a.jpg|thumb|x]][[صورة:b.png]]نص[[تصنيف:نباتات]][[Category:x]]", "نص"),
        ("من [[نجيليات|النجيليات]] و[[مصر]]يون و[http://x موقع]", "من النجيليات ومصريون وموقع"),
        ("{{صندوق|اسم={{ن|قمح}}}}نص{{مرجع}}", "نص"),
        ("قبل {{قالب غير مغلق نص", "قبل {{قالب غير مغلق نص"),
        ("== الزراعة ==\n* يزرع\n# أولا\n:: إزاحة", "الزراعة\n\nيزرع\nأولا\nإزاحة"),
        ('{| class="x"\n|+ عنوان\n! البلد !! الطن\n|-\n| style="a" | مصر || 9\n|-\n| [[سوريا]]\n| 8\n|}\nبعد',
         "عنوان\nالبلد\tالطن\nمصر\t9\nسوريا\t8\nبعد"),
        ("أ<!-- تعليق -->ب __TOC__ <br />ج", "أب\nج"),
        ("<gallery>\nملف:a.jpg|x\n</gallery>نص<math>x^2</math>", "نص"),
        ("نص<ref>لا ينتهي", "نصلا ينتهي"),
        ("نص\n\n\n\nآخر\n[[en:Wheat]]", "نص\n\nآخر"),
        ("&nbsp;نص&nbsp;آخر", "نص\u00a0آخر"),
        ("", ""),
    ],
)  # fmt: skip
def test_wiki_text(wiki: str, expected: str) -> None:
    pytest.importorskip("mwparserfromhell")
    from arsearch.readers.web.wiki_text import wiki_to_text

    assert wiki_to_text(wiki)[0] == expected


def test_records_are_streamed_in_bounded_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"<records>"
        for _ in range(400):
            yield b"<page><a>" + b"x" * 100_000 + b"</a></page>"
        yield b"</records>"

    tracemalloc.start()
    count = sum(len(page.text_of("a")) for page in XmlRecords(chunks(), "page"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000_000
    assert peak < 10_000_000


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (b"<b/>" * 300_000, "not read: an element"),
        (b"x" * (65 << 20), "not read: an element"),
        (b"<b>" * 100, "deeper"),
    ],
)
def test_an_immense_record_is_a_problem(part: bytes, problem: str) -> None:
    def read() -> Iterator[tuple[str | None, int]]:
        chunks = [b"<r><page>", part, b"</page><page>y</page></r>"]
        for element in XmlRecords(chunks, "page"):
            yield element.problem, len(element.text)

    try:
        found = list(read())
    except InputError as error:
        found = [(str(error), 0)]
    assert problem in (found[0][0] or "")
    assert found[1:] in ([(None, 1)], [])


def test_the_lines_of_records_are_right_after_damage() -> None:
    lines = [b"<r>\n", *(b"<page>%d</page>\n" % n for n in range(2, 500)), b"<page>&</page>\n"]
    lines += [b"<page>%d</page>\n" % n for n in range(len(lines) + 1, 1000)]
    data = b"".join(lines) + b"</r>"
    for size in (7, 64, 1000, len(data)):
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        found = list(XmlRecords(chunks, "page"))
        assert [int(element.text) for element in found if not element.problem] == [
            element.line for element in found if not element.problem
        ]
        assert [element.line for element in found if element.problem] == [500]
        assert len(found) == 998


@pytest.mark.parametrize("part", [b"<!--", b'<page a="', b"<page "])
def test_an_endless_tag_is_refused_in_bounded_memory(part: bytes) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"<r>" + part
        while True:
            yield b"x" * (1 << 18)

    with pytest.raises(InputError, match="a tag or comment of more than"):
        list(XmlRecords(chunks(), "page"))


def test_endless_different_names_are_refused() -> None:
    chunks = [b"<r>", *(b"<n%d/>" % n * 1 for n in range(60_000))]
    with pytest.raises(InputError, match="different names"):
        list(XmlRecords(chunks, "page"))


def test_the_message_about_a_doctype_says_only_that(read: Callable[..., Any]) -> None:
    [(_, problem)] = read({"a.xml": b"<!DOCTYPE x><mediawiki><page><title>x</title></page></mediawiki>"}).problems
    assert problem.startswith("the XML has a DOCTYPE")
