"""Small sound files of pages, feeds, dumps, exports, chats, databases and books: name and content by format."""

from __future__ import annotations

import gzip
import json
import sqlite3
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

__all__ = ["SAMPLES"]

_PARAGRAPH = "قال الوزير إن القمح غال في هذا العام وإن الأسعار سترتفع في الأسواق المحلية خلال الأسابيع القادمة."

_PAGE = f"""<!DOCTYPE html>
<html lang="ar"><head><meta charset="utf-8"><title>غلاء القمح</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2015-07-21", "author": "سعاد"}}</script>
<meta property="article:published_time" content="2015-07-21T10:00:00+03:00"></head>
<body><nav><a href="/">الرئيسية</a></nav><article><h1>غلاء القمح</h1><p>{_PARAGRAPH}</p><p>{_PARAGRAPH}<br>وأضاف</p>
<table><tr><td>مصر</td><td>9</td></tr></table></article><footer>حقوق &copy;</footer></body></html>
"""

_MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: http://x/1
MIME-Version: 1.0
Date: Tue, 21 Jul 2015 09:30:00 -0000
Content-Type: multipart/related; type="text/html"; boundary="--b--"

----b--
Content-Type: text/html
Content-Transfer-Encoding: 8bit
Content-Location: http://x/1

{_PAGE}
----b--
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
----b----
"""

_RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>أخبار</title>
<item><title>خبر</title><link>http://x/1</link><pubDate>Tue, 21 Jul 2015 09:30:00 +0300</pubDate>
<content:encoded><![CDATA[<p>قال <b>الوز</b>ير<br>نعم</p>]]></content:encoded></item>
<item><title>آخر</title><guid>2</guid><description>&lt;p&gt;نص&lt;/p&gt;</description></item></channel></rss>
"""

_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title>
<entry><id>1</id><title type="html">خبر &lt;i&gt;مهم&lt;/i&gt;</title><updated>2015-07-22T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>أ</p></div></content></entry></feed>
"""

_WORDPRESS = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>مدونة</title><wp:author><wp:author_login>s</wp:author_login></wp:author>
<item><title>خبر</title><link>http://x/1</link><dc:creator>s</dc:creator><content:encoded><![CDATA[<p>نص [gallery ids="1"]</p>
<table><tr><td>أ</td></tr></table>]]></content:encoded><wp:post_date>2015-07-21 10:00:00</wp:post_date>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain="category"><![CDATA[قسم]]></category></item>
<item><title>صورة</title><wp:post_type>attachment</wp:post_type></item></channel></rss>
"""

_MEDIAWIKI = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><siteinfo><sitename>ويكي</sitename>
<base>https://x/wiki/M</base></siteinfo><page><title>القمح</title><ns>0</ns><id>17</id><revision><id>1</id>
<timestamp>2015-07-21T10:00:00Z</timestamp><text>'''القمح''' {{قالب|أ={{ب}}}} &lt;ref name="a"&gt;م&lt;/ref&gt; [[مصر|المصري]]
[[ملف:a.jpg|صورة [[القمح]]]]
== عنوان ==
{| class="x"
! البلد !! الطن
|-
| مصر || 9
|}
[[تصنيف:نبات]]</text></revision></page>
<page><title>قمحة</title><ns>0</ns><id>18</id><redirect title="القمح" /></page></mediawiki>
"""

_MARKDOWN = """---
title: "خبر: القمح"
date: 2015-07-21
tags: [قمح, 'خبز']
author:
  - سعاد
note: >
  سطر
  وآخر
seo:
  index: no
---

# **خبر**: [القمح](http://x/1)

قال الوزير إن القمح غال.
"""

_SOURCE = {"title": "خبر", "body": ["أ", "ب"], "date": "2015-07-21"}
_RESPONSE = {
    "took": 1,
    "hits": {"total": {"value": 2}, "hits": [{"_id": str(n), "_source": _SOURCE} for n in range(2)]},
}
_BULK = [{"index": {"_id": "1"}}, _SOURCE, {"delete": {"_id": "2"}}, {"update": {"_id": "3"}}, {"doc": _SOURCE}]
_MONGO = [
    {"_id": {"$oid": "5f"}, "title": "خبر", "body": "نص", "date": {"$date": {"$numberLong": "1437436800000"}}},
    {
        "_id": {"$oid": "60"},
        "title": {"rendered": "<b>خبر</b>"},
        "content": {"rendered": "<p>نص</p>"},
        "n": {"$numberInt": "1"},
    },
]
_TWEETS = [{"tweet": {"id_str": "1", "full_text": "تغريدة &amp; [1]", "created_at": "Tue Jul 21 09:30:00 +0000 2015"}}]
_TELEGRAM = {
    "name": "قناة",
    "type": "channel",
    "id": 4,
    "messages": [
        {"id": 1, "type": "service", "date": "2015-07-21T09:00:00", "text": ""},
        {
            "id": 2,
            "type": "message",
            "date": "2015-07-21T10:00:00",
            "from": "س",
            "text": ["أ", {"type": "bold", "text": "ب"}],
        },
    ],
}
_WHATSAPP = """21/07/2015, 10:29 م - الرسائل مشفرة
21/07/2015, 10:30 م - سعاد: سطر
ثان
[٢٢/٧/٢٠١٥، ١٠:٣١:١٥ م] علي: <Media omitted>
"""
_OPENITI = """######OpenITI#
#META# 020.BookTITLE :: كتاب
#META#Header#End#
### | الباب PageV01P001
# نص ms001 أول %~% ثان
~~آخر @QB@ PageV01P002
"""
_TABLE = 'المعرف,العنوان,الخبر\n1,خبر,"نص, ""له"" \\u0627\\u0644"\n2,آخر,نص\n'


def _lines(values: list[object]) -> bytes:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values).encode()


def _archive() -> bytes:
    parts = []
    for kind, url in (("warcinfo", ""), ("response", "http://x/1"), ("response", "http://x/2")):
        block = b"software: x\r\n"
        if kind == "response":
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + _PAGE.encode()
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2015-07-22T00:00:00Z\r\n"
        head += f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
        parts.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(parts)


def _database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT, image BLOB);"
            f"INSERT INTO posts VALUES (1, 'خبر', '{_PARAGRAPH * 40}', X'00FF'), (2, 'آخر', NULL, NULL);"
            "CREATE VIEW v AS SELECT * FROM posts; CREATE INDEX i ON posts (title); CREATE TABLE tags (name);"
        )
        return connection.serialize()


def _parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet

    rows = [{"id": str(n), "title": "خبر", "body": _PARAGRAPH, "tags": ["أ"]} for n in range(40)]
    with tempfile.TemporaryDirectory() as folder:
        parquet.write_table(pyarrow.Table.from_pylist(rows), Path(folder) / "a", row_group_size=10)
        return (Path(folder) / "a").read_bytes()


SAMPLES: dict[str, tuple[str, bytes]] = {
    "wordpress": ("a.xml", _WORDPRESS.encode()),
    "response": ("a.json", json.dumps(_RESPONSE, ensure_ascii=False, indent=1).encode()),
    "bulk": ("a.jsonl", _lines([*_BULK])),
    "mongo": ("b.jsonl", _lines([*_MONGO])),
    "tweets": ("tweets.js", b"window.YTD.tweets.part0 = " + json.dumps(_TWEETS, ensure_ascii=False, indent=1).encode()),
    "telegram": ("result.json", json.dumps(_TELEGRAM, ensure_ascii=False, indent=1).encode()),
    "whatsapp": ("a.txt", _WHATSAPP.encode()),
    "openiti": ("a.markdown", _OPENITI.encode()),
    "table": ("a.csv", _TABLE.encode()),
    "sqlite": ("a.db", _database()),
    "markdown": ("a.md", _MARKDOWN.encode()),
}
if find_spec("mwparserfromhell"):
    SAMPLES["mediawiki"] = ("b.xml", _MEDIAWIKI.encode())
if find_spec("trafilatura") and find_spec("warcio") and find_spec("feedparser"):
    SAMPLES["html"] = ("a.html", _PAGE.encode())
    SAMPLES["mhtml"] = ("a.mhtml", _MHTML.encode())
    SAMPLES["warc"] = ("a.warc", _archive())
    SAMPLES["warc.gz"] = ("b.warc.gz", gzip.compress(_archive(), mtime=0))
    SAMPLES["rss"] = ("a.rss", _RSS.encode())
    SAMPLES["atom"] = ("a.atom", _ATOM.encode())
if find_spec("pyarrow"):
    SAMPLES["parquet"] = ("a.parquet", _parquet())
