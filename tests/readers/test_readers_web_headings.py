"""The headings of HTML and of wiki text: with their levels, where they stand in the body, and without those of menus."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.readers.html.text import headed_text, html_to_text
from arsearch.readers.quality.checks import TextChecks
from arsearch.readers.quality.places import with_places

PROSE = "<p>قال الوزير إن القمح غال في هذا العام وإن الأسعار سترتفع في الأسواق المحلية {} خلال الأسابيع القادمة.</p>"


def prose(number: int) -> str:
    return PROSE.format(number)


def headings(article: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the headings of an article with their levels, each of which stands where it says."""
    for one in article.get("headings", []):
        here = article["body"][one["start"] :].split()
        assert [word for word in here if word not in ("-", "|")][: len(one["heading"].split())] == one[
            "heading"
        ].split()
    return [(one["heading"], one["level"]) for one in article.get("headings", [])]


def page(body: str, title: str = "كتاب القمح") -> bytes:
    return f'<!DOCTYPE html><html lang="ar"><head><title>{title}</title></head><body>{body}</body></html>'.encode()


MENU = '<nav><h2>الأقسام</h2><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></nav>'
ASIDE = '<aside class="sidebar"><h3>اقرأ أيضا</h3><ul><li><a href="/1">خبر</a></li></ul></aside>'
FOOTER = "<footer><h4>اتصل بنا</h4>حقوق النشر محفوظة</footer>"
RELATED = '<h3>مقالات ذات صلة</h3><ul><li><a href="/1">خبر</a></li><li><a href="/2">خبر</a></li></ul>'


def around(text: str) -> str:
    return f"{MENU}{ASIDE}{text}{FOOTER}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            around(
                "<article><h1>كتاب القمح</h1>" + prose(1) + "<section><h2>باب <em>الزراعة</em> في <a href='/x'>مصر</a></h2>"
                + prose(2) + "<h3><span>الرَّيّ</span></h3>" + prose(3) + "<div><h4 id='a'>السَّماد<br>والتربة</h4>" + prose(4)
                + "</div></section><section><h2><a name='b'></a><b>باب الحصاد</b></h2>" + prose(5) + RELATED + "</article>"
            ),
            [("باب الزراعة في مصر", 2), ("الرَّيّ", 3), ("السَّماد والتربة", 4), ("باب الحصاد", 2)],
            id="article",
        ),
        pytest.param(
            around("<main>" + "".join(f"<h{n}>درجة {n}</h{n}>{prose(n)}" for n in range(1, 7)) + "</main>"),
            [(f"درجة {n}", n) for n in range(2, 7)],
            id="all_levels_below_the_title",
        ),
        pytest.param(
            around(f"<div><h1>كتاب القمح</h1><h2>باب أول</h2>{prose(1)}<h2>باب ثان</h2>{prose(2)}</div>"),
            [("باب أول", 2), ("باب ثان", 2)],
            id="headings_that_trafilatura_leaves_out",
        ),
        pytest.param(
            f"<h1>كتاب القمح</h1><h2>باب أول</h2><p>نص قصير.</p><h2>باب ثان<p>نص قصير آخر.<p>ثم نص.{FOOTER}",
            [("باب أول", 2), ("باب ثان", 2)],
            id="a_short_page_and_an_open_heading",
        ),
        pytest.param(
            "<table><tr><td>" + "".join(f"<h3>باب {n}</h3>{prose(n)}" for n in range(9)) + "</td></tr></table>",
            [(f"باب {n}", 3) for n in range(9)],
            id="a_table_as_layout",
        ),
        pytest.param(
            prose(1) + "<table><tr><th><h3>البلد</h3></th><th><h3>السعر</h3></th></tr><tr><td>مصر</td><td>9</td></tr></table>"
            + prose(2),
            [],
            id="cells",
        ),
        pytest.param(f"<ul><li><h3>باب أول</h3>{prose(1)}</li><li><h3>باب ثان</h3>{prose(2)}</li></ul>",
                     [("باب أول", 3), ("باب ثان", 3)], id="items"),
        pytest.param(
            around("<main>" + "".join(
                f'<h2><span>{name}</span><span class="mw-editsection">[<a href="/e">عدل</a>]</span></h2>{prose(n)}'
                for n, name in enumerate(("القمح", "الشعير"))
            ) + "</main>"),
            [("القمح", 2), ("الشعير", 2)],
            id="links_to_edit",
        ),
        pytest.param(
            f'<h2>القمح<a class="headerlink" href="#a">¶</a></h2>{prose(1)}<h2><a href="#b">#</a> الشعير</h2>{prose(2)}'
            f'<h2><a href="#c">الذرة</a> (<a href="#d">أ</a>)</h2>{prose(3)}',
            [("القمح", 2), ("الشعير", 2), ("الذرة (أ)", 2)],
            id="links_to_headings",
        ),
        pytest.param(prose(1) + prose(2), [], id="none"),
    ],
)  # fmt: skip
def test_the_headings_of_a_page(read: Callable[..., Any], body: str, expected: list[tuple[str, int]]) -> None:
    pytest.importorskip("trafilatura")
    [article] = read({"a.html": page(body)}).data
    assert headings(article) == expected
    assert "headings" in article or not expected


def test_a_page_that_trafilatura_cannot_read_has_its_headings(read: Callable[..., Any]) -> None:
    pytest.importorskip("trafilatura")
    boxes = "".join(f'<div class="box"><h2>باب {n}</h2><div>{n} {prose(n)[3:-4]}</div></div>' for n in range(30))
    [article] = read({"a.html": page(f"{MENU}<p>{prose(99)}</p><table><tr><td>{boxes}</table>")}).data
    assert headings(article) == [(f"باب {n}", 2) for n in range(30)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>باب</h2><p>نص", [("باب", 2, 0)]),
        ("نص<h1>باب\nأول</h1>نص", [("باب أول", 1, 3)]),
        ("<h3><i>أ</i><b>ب</b></h3>نص<h6>ج</h6>", [("أب", 3, 0), ("ج", 6, 6)]),
        ("<h2><p>باب</p></h2><p>نص</p>", [("باب", 2, 0)]),
        ("<h2>باب<p>نص</p><p>نص</p>", [("باب", 2, 0)]),
        ("<h2> </h2><h2><img src='a'></h2>نص", []),
        ("<h2 hidden>باب</h2>نص<h2 style='display:none'>باب</h2>", []),
        ("<table><tr><td><h2>أ</h2></td><td>ب</td></tr></table>", []),
        ("<table><tr><td><h2>أ</h2>نص</td></tr></table>", [("أ", 2, 0)]),
    ],
)
def test_the_headings_of_a_fragment(html: str, expected: list[tuple[str, int, int]]) -> None:
    text, found = headed_text(html)
    assert [(one["heading"], one["level"], one["start"]) for one in found] == expected
    assert text == html_to_text(html)


@given(
    st.lists(
        st.sampled_from(
            ["<h1>", "</h1>", "<h2>", "</h2>", "<p>", "</p>", "<td>", "<tr>", "<table>", "نص", " ", "\n", "باب"]
        )
    ),
    st.booleans(),
)
def test_headings_of_fragments_stand_where_they_say(pieces: list[str], keep_lines: bool) -> None:
    text, found = headed_text("".join(pieces), keep_lines=keep_lines)
    starts = [one["start"] for one in found]
    assert starts == sorted(set(starts))
    for one in found:
        assert " ".join(text[one["start"] :].split()).startswith(one["heading"])
        assert 1 <= one["level"] <= 6


HTML = f"<h2>باب أول</h2>{prose(1)}<h3>فصل</h3>{prose(2)}"
EXPECTED = [("باب أول", 2), ("فصل", 3)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(
            "a.wxr",
            '<rss xmlns:content="c" xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>خبر</title>'
            f"<link>http://x/1</link><content:encoded><![CDATA[[caption]{HTML}]]></content:encoded></item></channel></rss>",
            id="wordpress",
        ),
        pytest.param(
            "a.rss",
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>ن</title><item>'
            f"<title>خبر</title><link>http://x/1</link><content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>",
            id="feed",
        ),
        pytest.param(
            "a.rss",
            '<rss version="2.0"><channel><title>ن</title><item><title>خبر</title><link>http://x/1</link>'
            f"<description><![CDATA[{HTML}]]></description></item></channel></rss>",
            id="summary_of_a_feed",
        ),
        pytest.param(
            "a.json", json.dumps([{"id": 1, "title": {"rendered": "خبر"}, "content": {"rendered": HTML}}]), id="rest"
        ),
        pytest.param("a.jsonl", json.dumps({"id": 1, "title": "خبر", "body": HTML}), id="body_with_markup"),
        pytest.param("a.csv", f"id,title,body\n1,خبر,{HTML}\n", id="table"),
    ],
)
def test_html_in_other_files_has_headings(read: Callable[..., Any], name: str, data: str) -> None:
    if name == "a.rss":
        pytest.importorskip("feedparser")
    [article] = read({name: data.encode()}).data
    assert headings(article) == EXPECTED


def test_given_headings_of_a_body_with_markup_stay(read: Callable[..., Any]) -> None:
    given = [{"heading": "عنوان", "level": 1, "start": 0}]
    data = {"id": 1, "title": "خبر", "body": HTML, "headings": given}
    assert read({"a.jsonl": json.dumps(data).encode()}).data[0]["headings"] == given


@pytest.mark.parametrize(
    ("wiki", "expected"),
    [
        ("مقدمة.\n" + "".join(f"{'=' * n} درجة {n} {'=' * n}\nنص.\n" for n in range(1, 7)),
         [(f"درجة {n}", n) for n in range(1, 7)]),
        ("== '''الزراعة''' في [[مصر|أرض مصر]]<ref>م</ref> ==\nنص", [("الزراعة في أرض مصر", 2)]),
        ("==ريّ الأرض==<!-- ت -->\nنص\n\u200f=== سَمَاد ===\u200f\nنص", [("ريّ الأرض", 2), ("سَمَاد", 3)]),
        ("== {{قالب}} ==\nنص\n== ==\nنص", []),
        ("{{قالب|\n== باب ==\n}}نص<ref>\n== باب ==\n</ref>", []),
        ("<h3 id='x'>باب\n<b>أول</b></h3>\nنص", [("باب أول", 3)]),
        ("== #وسم ==\n# بند\n== گندم و آب ==\nنص", [("#وسم", 2), ("گندم و آب", 2)]),
        ("س == ص ==\nالمعادلة = س\n= ص", []),
        ("== باب ==\n\n\n== باب ==", [("باب", 2), ("باب", 2)]),
        ("\x01نص\n== باب\x015 ==\nنص", [("باب5", 2)]),
    ],
)  # fmt: skip
def test_the_headings_of_wiki_text(wiki: str, expected: list[tuple[str, int]]) -> None:
    pytest.importorskip("mwparserfromhell")
    from arsearch.readers.web.wiki_text import wiki_to_text

    found = wiki_to_text(wiki)
    assert headings({"body": found.text, "headings": found.headings}) == expected
    assert "\x01" not in found.text
    assert "\n\n\n" not in found.text


@given(st.text("=\n باب#<>*\x01'[]{}1", max_size=80))
def test_any_wiki_text_has_its_headings_where_they_say(wiki: str) -> None:
    pytest.importorskip("mwparserfromhell")
    from arsearch.readers.web.wiki_text import wiki_to_text

    found = wiki_to_text(wiki)
    for one in found.headings:
        assert " ".join(found.text[one["start"] :].partition("\n")[0].split()) == one["heading"]


def test_the_headings_of_a_dump(read: Callable[..., Any]) -> None:
    pytest.importorskip("mwparserfromhell")
    dump = (
        "<mediawiki><page><title>القمح</title><ns>0</ns><id>1</id><revision>"
        "<text>'''القمح''' نبات.\n== الزراعة ==\nنص.\n=== الري ===\nنص.</text></revision></page></mediawiki>"
    )
    [article] = read({"a.xml": dump.encode()}).data
    assert headings(article) == [("الزراعة", 2), ("الري", 3)]


@pytest.mark.parametrize(
    ("line", "repaired"),
    [("ﺍﻟﻔﺼﻞ ﺍﻷﻭﻝ", "الفصل الأول"), ("ﺍﻟﺼﻼﺓ ﺍﻟﻮﺳﻄﻰ", "الصلاة الوسطى")],
)
def test_places_move_with_the_repairs_of_a_text(line: str, repaired: str) -> None:
    from arsearch.model import Record

    body = f"{line} {line}\n{line}\nنص {line} آخر"
    data = {
        "id": "1",
        "title": "كتاب",
        "body": body,
        "headings": [{"heading": line, "level": 1, "start": body.index("\n") + 1}],
        "pages": [{"page": 1, "start": 0}, {"page": 2, "start": len(body) - 3}],
    }
    got = TextChecks(False, print).checked(Record("x", data)).data
    assert got is not None
    assert got["headings"] == [{"heading": repaired, "level": 1, "start": got["body"].index("\n") + 1}]
    assert [got["body"][page["start"] :].split()[0] for page in got["pages"]] == [repaired.split()[0], "آخر"]


@given(st.lists(st.text("اب ", min_size=1, max_size=9), min_size=1, max_size=5), st.data())
def test_places_stay_in_their_lines(lines: list[str], data: st.DataObject) -> None:
    before = "\n".join(lines)
    after = "\n".join(line.replace("ا", "لا")[: data.draw(st.integers(0, 20))] for line in lines)
    start = data.draw(st.integers(0, len(before)))
    moved = with_places({"pages": [{"page": 1, "start": start}, {"page": 2}, None]}, {}, before, after)
    [page, *others] = moved.get("pages", [{"start": start}, {"page": 2}, None])
    assert others == [{"page": 2}, None]
    assert after[: page["start"]].count("\n") == before[:start].count("\n")
