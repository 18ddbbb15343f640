"""RSS and Atom files: one article an entry, HTML as text; what is no feed is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("feedparser")

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>أخبار القمح</title><link>http://x/</link>
<item><title>غلاء القمح &amp;amp; الخبز</title><link>http://x/1</link><guid>خ1</guid>
<pubDate>Tue, 21 Jul 2015 09:30:00 +0300</pubDate><dc:creator>سعاد حسن</dc:creator><category>اقتصاد</category>
<description>&lt;p&gt;ملخص&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>قال <b>الوز</b>ير&nbsp;إن القمح<br>غال.</p>]]></content:encoded></item>
<item><title>خبر ثان</title><link>http://x/2</link><description>نصه</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title>
<entry><id>tag:x,1</id><title type="html">خبر &lt;i&gt;مهم&lt;/i&gt;</title><link href="http://x/1"/>
<updated>2015-07-22T00:00:00Z</updated><published>2015-07-21T10:00:00+03:00</published><author><name>سعاد</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>أ</p><p>ب</p></div></content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="http://x/"><title>أخبار</title></channel>
<item rdf:about="http://x/1"><title>خبر</title><link>http://x/1</link><description>نص</description></item></rdf:RDF>"""

FIRST = {
    "id": "خ1",
    "title": "غلاء القمح & الخبز",
    "body": "قال الوزير إن القمح\nغال.",
    "author": "سعاد حسن",
    "date": "2015-07-21 09:30:00+03:00",
    "url": "http://x/1",
    "source": "أخبار القمح",
    "tags": ["اقتصاد"],
    "summary": "ملخص",
}
SECOND = {"id": "http://x/2", "title": "خبر ثان", "body": "نصه", "url": "http://x/2", "source": "أخبار القمح"}


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "noname"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
def test_an_rss_file(read: Callable[..., Any], name: str, encoding: str) -> None:
    got = read({name: RSS.format(encoding=encoding).encode(encoding)})
    assert got.data == [FIRST, SECOND]
    assert [record.where for record in got.records] == [f"{name}:entry 1", f"{name}:entry 2"]


def test_an_atom_file(read: Callable[..., Any]) -> None:
    assert read({"a.atom": ATOM.encode()}).data == [
        {
            "id": "tag:x,1",
            "title": "خبر مهم",
            "body": "أ\n\nب",
            "author": "سعاد",
            "date": "2015-07-21T10:00:00+03:00",
            "url": "http://x/1",
            "source": "أخبار",
        }
    ]


def test_an_rss_1_file_without_ids(read: Callable[..., Any]) -> None:
    data = read({"a.xml": RDF.encode()}).data
    assert [(article["id"], article["body"]) for article in data] == [("http://x/1", "نص")]


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss version='2.0'><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BILLION_LAUGHS.encode(), "the feed declares entities"),
        ("ليس خلاصة".encode(), "not an RSS or Atom feed"),
        (b"<html><body>404 Not Found</body></html>", "not an RSS or Atom feed"),
        (b"", "not an RSS or Atom feed"),
        (b'{"items": []}', "not an RSS or Atom feed"),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "the feed has no entries"),
    ],
)
def test_what_is_no_feed_is_refused(read: Callable[..., Any], data: bytes, reason: str) -> None:
    got = read({"a.rss": data, "b.rss": RSS.format(encoding="utf-8").encode()})
    assert len(got.data) == 2
    assert got.problems[0][0] == "a.rss"
    assert reason in got.problems[0][1]


@pytest.mark.parametrize("cut", [RSS.index("</channel>"), RSS.index("خبر ثان")])
def test_a_damaged_feed_keeps_its_entries_and_is_reported(read: Callable[..., Any], cut: int) -> None:
    got = read({"a.rss": RSS[:cut].format(encoding="utf-8").encode()})
    assert got.data[0] == FIRST
    assert got.problems[0][0] == "a.rss"
    assert "not well-formed" in got.problems[0][1]
