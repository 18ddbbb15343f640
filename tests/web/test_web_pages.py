"""The search page: states and their links, results, facets, exports, and pages of problems."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from page_elements import elements, links, texts
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from web_clients import Connect

import arsearch
from arsearch.search.searchable import Searchable
from arsearch.web import WebSettings, create_app
from arsearch.web.indexes import NamedIndexes
from arsearch.web.searching import Answer, search
from arsearch.web.states import SearchState

QUERY = "الحرس الثوري"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "<mark>نص</mark>",
    "&lt;b&gt; &amp; &#60;",
    "\u202eعكس\u2066",
    "]]><!-- ",
)


def get(client: TestClient, path: Any = "/", status: Any = 200, **parameters: Any) -> str:
    """Return the page at a path with parameters, some of which are no names of Python."""
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"].startswith("text/html")
    return str(answer.text)


def state_of(url: str) -> SearchState:
    """Return the state of a link; the default number of hits is left out, as the page does."""
    state = SearchState.read(parse_qsl(urlsplit(url).query), WebSettings())
    return replace(state, limit=0) if state.limit == WebSettings().default_limit else state


def result_titles(html: str) -> list[str]:
    return [title.string for title in elements(html, "h2", dir="auto")]


def facet(html: str, name: str) -> dict[str, tuple[int, str]]:
    """Return the count and the link of each value of a filter that the page offers."""
    found = {}
    for link in elements(html, "a"):
        query = parse_qsl(urlsplit(link.attributes["href"]).query)
        values = [value for key, value in query if key == f"f.{name}"]
        parts = link.string.rsplit(" ", 1)
        if len(parts) == 2 and parts[1].isdecimal() and parts[0] in values:
            found[parts[0]] = int(parts[1]), link.attributes["href"]
    return found


# ---- results


@pytest.mark.parametrize(
    ("query", "first", "level"),
    [
        (QUERY, "الحرس الثوري", "الرسم نفسه"),
        ('"الحرس الثوري"', "الحرس الثوري", "الرسم نفسه"),
        ("قاضي", "قَاضِي", "الرسم نفسه"),
        ("القهوات", "القهوة", "صيغة أخرى للكلمة"),
    ],
)
def test_results_show_titles_marks_and_levels(client: TestClient, query: str, first: str, level: str) -> None:
    html = get(client, q=query)
    assert any(first in title for title in result_titles(html)), result_titles(html)
    assert level in texts(html, "span", class_="level")
    assert texts(html, "mark")


def test_a_result_has_its_source_and_both_dates(client: TestClient) -> None:
    html = get(client, q="الحرس الثوري يطلق مناورات بحرية")
    facts = texts(html, "p", class_="facts")
    assert "شبكة سنا الخبر25 فبراير 2015 / 6 جمادى الأولى 1436هـ" in facts
    assert elements(html, "time", datetime="2015-02-25T19:02:00")


def test_results_agree_with_the_library(client: TestClient, index: arsearch.Index) -> None:
    found = index.search(QUERY, limit=10, collapse="duplicates")
    assert result_titles(get(client, q=QUERY)) == [" ".join(hit.title.split()) for hit in found]


def test_partial_results_are_announced_in_the_list_and_in_each_result(client: TestClient) -> None:
    html = get(client, q=QUERY, limit="100")
    assert texts(html, "p", class_="divider") == ["مقالات فيها بعض الكلمات، أو كلمات من جذورها"]
    assert "الجذر نفسه" in texts(html, "span", class_="level")
    html = get(client, q="مضيق زعفران")
    assert "لم نجد كل الكلمات في مقالة واحدة" in " ".join(texts(html, "p", class_="banner"))
    assert "بعض الكلمات" in texts(html, "span", class_="some")


def test_a_likelier_query_is_a_link_above_the_results(client: TestClient) -> None:
    html = get(client, q="الحرس الثوزي")
    assert html.index("هل تقصد") < html.index("<h1")
    link = next(link for link in elements(html, "a") if link.string == QUERY)
    assert state_of(link.attributes["href"]).q == QUERY


def test_near_duplicates_are_folded_with_a_count_and_a_link(connect: Connect) -> None:
    body = "أعلنت الوزارة افتتاح مدرسة جديدة في المدينة بعد عام من العمل في البناء والتجهيز. " * 6
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": str(n), "title": "مدرسة", "body": body} for n in range(4)])
        html = get(connect(index), q="مدرسة")
        assert len(result_titles(html)) == 1
        link = next(link for link in elements(html, "a") if link.string == "و3 نسخ مشابهة")
        assert len(result_titles(get(connect(index), link.attributes["href"]))) == 4


def test_the_explanation_of_a_result_adds_up(client: TestClient, index: arsearch.Index) -> None:
    url = elements(get(client, q=QUERY), "details", class_="why")[0].attributes["data-src"]
    page, fragment = get(client, url), get(client, f"{url}&fragment=1")
    assert "<html" in page
    assert "<html" not in fragment
    rows = [row.string for row in elements(fragment, "td", class_="number")]
    *parts, total = [float(row.split()[0]) for row in rows]
    assert sum(parts) == pytest.approx(total, abs=0.02)
    assert total == pytest.approx(index.search(QUERY)[0].score, abs=0.01)
    assert "الحرس" in fragment


def test_similar_articles_leave_out_the_article_itself(client: TestClient) -> None:
    html = get(client, "/similar/default/news-043")
    assert result_titles(html)
    assert "الحرس الثوري الإيراني يطلق مناورات بحرية في الخليج" not in result_titles(html)


# ---- states and links


def test_every_link_of_a_state_leads_to_a_page_of_that_state(client: TestClient) -> None:
    """Follow the links from page to page: each is answered, and the page links to itself with the same state."""
    queue, seen = ["/?q=%D8%A7%D9%84%D9%85%D8%AF%D9%8A%D9%86%D8%A9", "/?q=%2A&ui=en&limit=3"], set[str]()
    while queue and len(seen) < 150:
        url = queue.pop(0)
        if url in seen:
            continue
        seen.add(url)
        assert state_of(url).url("/", page=state_of(url).page) == url
        html = get(client, url)
        queue += [link for link in links(html) if link.startswith("/?") and link not in seen][:12]
        assert ("en" if "ui=en" in url else "ar") == elements(html, "html")[0].attributes["lang"]
    assert len(seen) == 150


def test_other_pages_of_a_state_lead_back_to_it(client: TestClient) -> None:
    url = "/?q=%D8%A7%D9%84%D9%85%D8%AF%D9%8A%D9%86%D8%A9&sort=-date&ui=en&page=2"
    html = get(client, url)
    others = [link for link in links(html) if urlsplit(link).path.startswith(("/a/", "/why/", "/similar/", "/help"))]
    assert {urlsplit(link).path.split("/")[1] for link in others} == {"a", "why", "similar", "help"}
    for link in others:
        assert url in links(get(client, link)), link


def test_forms_repeat_the_state(client: TestClient) -> None:
    html = get(client, q=QUERY, sort="-date", **{"f.source": "وكالة الأفق"})
    fields = {(field.attributes["name"], field.attributes["value"]) for field in elements(html, "input", type="hidden")}
    assert {("q", QUERY), ("sort", "-date"), ("f.source", "وكالة الأفق")} <= fields


def test_a_mounted_application_keeps_to_its_root(index: arsearch.Index) -> None:
    app = Starlette(routes=[Mount("/archive", create_app(index))])
    client = TestClient(app)
    for path in ("/archive/", "/archive/?q=*", "/archive/a/default/news-043?q=x", "/archive/nothing"):
        html = client.get(path).text
        targets = [
            element.attributes.get("href") or element.attributes.get("src") or element.attributes.get("action", "")
            for element in elements(html)
            if element.tag in ("a", "link", "script", "form")
        ]
        outside = [target for target in targets if not target.startswith(("/archive/", "#", "https://"))]
        assert not outside, (path, outside)
    assert client.get("/archive/static/style.css").status_code == 200


@pytest.mark.parametrize("path", ["/", "/?q=*", "/?q=xyz", "/help", "/a/default/news-043", "/why/default/news-043?q=x"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_pages_have_one_heading_a_language_and_no_inline_code(client: TestClient, path: str, language: str) -> None:
    html = get(client, f"{path}{'&' if '?' in path else '?'}ui={language}")
    root = elements(html, "html")[0].attributes
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert len(elements(html, "h1")) == 1
    names = {name for element in elements(html) for name in element.attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    assert all(element.attributes.get("src") and not element.string for element in elements(html, "script"))
    ids = [element.attributes["id"] for element in elements(html) if "id" in element.attributes]
    assert len(ids) == len(set(ids))


# ---- facets, dates, paging


def test_a_facet_takes_several_values_and_gives_them_back(client: TestClient, index: arsearch.Index) -> None:
    values = facet(get(client, q="*"), "category")
    counts = index.search("*", facets=["category"], limit=0).facets["category"]
    assert {value: count for value, (count, _) in values.items()} == dict(counts)
    one, two = list(values)[:2]
    html = get(client, values[one][1])
    second = facet(html, "category")
    assert second[two][0] == counts[two]  # the counts of a facet leave its own filter out
    html = get(client, second[two][1])
    assert texts(html, "h1")[0] == f"{counts[one] + counts[two]} نتيجة"
    chips = [link for link in elements(html, "a") if link.attributes.get("aria-label", "").startswith("أزل القسم")]
    assert [state_of(chip.attributes["href"]).filters["category"] for chip in chips] == [(two,), (one,)]


def test_the_histogram_counts_all_dated_results_and_its_bars_find_them(
    client: TestClient, index: arsearch.Index
) -> None:
    html = get(client, q="*", ui="en")
    bars = [link for link in elements(html, "a") if " results" in link.attributes.get("aria-label", "")]
    assert 2 <= len(bars) <= 12
    sums = 0
    for bar in bars:
        name, number = bar.attributes["aria-label"].rsplit(": ", 1)
        sums += int(number.split()[0])
        assert texts(get(client, bar.attributes["href"]), "h1") in ([number], ["Nothing found"])
        assert name[:4].isdecimal()
    assert sums == sum(index.search("*", facets=["year"], limit=0).facets["year"].values())


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2015-02", "2015-02", "news-043"),
        ("1436هـ", "1436هـ", "news-043"),
        ("25 فبراير 2015", "", "news-043"),
        ("", "2012", "brief-010"),
    ],
)
def test_dates_are_read_in_both_calendars(client: TestClient, first: str, last: str, expected: str) -> None:
    html = get(client, q="*", limit="100", **{"from": first, "to": last})
    assert any(f"/{expected}?" in link for link in links(html))


@pytest.mark.parametrize("wrong", ["غدا", "2015-13", "<b>", "٢٠"])
def test_a_date_that_cannot_be_read_costs_no_results(client: TestClient, wrong: str) -> None:
    html = get(client, q=QUERY, **{"from": wrong})
    assert result_titles(html)
    assert wrong in " ".join(texts(html, "p", class_="banner"))
    views = [link for link in links(html) if urlsplit(link).path.startswith(("/why/", "/a/", "/export"))]
    assert {client.get(link).status_code for link in views} == {200}


def test_paging_reaches_every_result_once(client: TestClient, index: arsearch.Index) -> None:
    url, found, pages = "/?q=*&limit=7&collapse=none", [], 0
    while url:
        html = get(client, url)
        found += result_titles(html)
        pages += 1
        url = next((link.attributes["href"] for link in elements(html, "a", rel="next")), "")
    assert len(found) == len(index)
    assert pages == -(-len(index) // 7)


def test_folded_pages_end_with_a_way_back(client: TestClient, index: arsearch.Index) -> None:
    html = get(client, q="*", page="13")
    if not result_titles(html):
        assert "طُويت" in html
    assert get(client, q="*", page="40")


# ---- exports


def test_an_export_as_csv_has_all_results(client: TestClient, index: arsearch.Index) -> None:
    answer = client.get("/export.csv", params={"q": QUERY})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = index.search(QUERY, limit=1000, collapse="duplicates")
    assert [row["id"] for row in rows] == [hit.id for hit in found]
    assert rows[0]["title"] == found[0].title


def test_an_export_as_json_has_all_results(client: TestClient, index: arsearch.Index) -> None:
    answer = client.get("/export.json", params={"q": QUERY, "page": "2"})
    assert [row["id"] for row in answer.json()] == [
        hit.id for hit in index.search(QUERY, limit=1000, collapse="duplicates")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_cell_of_an_export_is_a_formula(connect: Connect, sign: str) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": f"{sign}1", "title": f"{sign}cmd|x كتاب", "body": "نص", "author": f"{sign}A1"}])
        content = connect(index).get("/export.csv", params={"q": "كتاب"}).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert not any(value.startswith(tuple("=+-@\t＝")) for value in row.values())


def test_another_format_is_no_page(client: TestClient) -> None:
    get(client, "/export.exe?q=*", 404)


# ---- hostile text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_an_article_or_a_query_becomes_code(connect: Connect, text: str) -> None:
    article: Mapping[str, Any] = {
        "id": text,
        "title": f"{text} كتاب",
        "body": f"كتاب {text} كتاب {text}",
        "author": text,
        "source": text,
        "category": text,
        "url": text,
        "tags": [text, "وسم"],
        "pages": [{"page": text, "start": 0}],
        "headings": [{"heading": text, "level": 1, "start": 0}],
    }
    with arsearch.open(":memory:", create=True) as index:
        index.add([article, {**article, "id": "b", "source": "x", "category": "y", "author": "z"}])
        client = connect({"<i>": index, "other": index})
        start = get(client, q="كتاب")
        pages = [start, *(get(client, link) for link in links(start) if link.startswith(("/a/", "/why/", "/similar/")))]
        pages += [get(client, q=text, **{"f.source": text, "from": text[:80]}), get(client, status=404, i=text)]
    assert len(pages) >= 6
    for html in pages:
        assert all(element.attributes.get("src") and not element.string for element in elements(html, "script"))
        assert not elements(html, "img")
        assert not elements(html, "b", onmouseover="alert(1)")
        assert not any(name.startswith("on") for element in elements(html) for name in element.attributes)
        assert all(link.startswith(("/", "#", "http")) or link == "" for link in links(html))
        assert "49" not in texts(html, "h1")
        assert not {"\u202e", "\u2066"} & set("".join(texts(html, "main")))


@pytest.mark.parametrize(
    "id", [".", "..", "a/b", "/a", "a b", "ا/ب?ج#د", "a\\b", "x&y=z", "+", "a/../b", "a\nb", "a\n"]
)
def test_every_id_has_a_page(connect: Connect, id: str) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": id, "title": "عنوان الكتاب", "body": "نص"}])
        client = connect(index)
        url = next(link for link in links(get(client, q="كتاب")) if link.startswith("/a/"))
        assert texts(get(client, url), "h1") == ["عنوان الكتاب"]


# ---- problems


def test_an_empty_index_says_how_to_fill_it(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as index:
        assert "arsearch index articles.jsonl" in get(connect(index))
        assert "هذه المجموعة فارغة" in get(connect(index), q="كتاب")


def test_the_start_page_leads_into_the_index(client: TestClient, index: arsearch.Index) -> None:
    html = get(client)
    counts = index.search("*", facets=["category"], limit=0).facets["category"]
    values = facet(html, "category")
    assert {value: count for value, (count, _) in values.items()} == dict(list(counts.items())[: len(values)])
    value, (count, url) = next(iter(values.items()))
    assert texts(get(client, url), "h1") == [f"{count} نتيجة"], value


def test_an_unknown_index_offers_the_known_ones(index: arsearch.Index, connect: Connect) -> None:
    html = get(connect({"news": index, "books": index}), status=404, i="poems", q=QUERY)
    assert {state_of(link).i for link in links(html) if link.startswith("/?q")} >= {"news", "books"}


def test_several_indexes_can_be_chosen(index: arsearch.Index, connect: Connect) -> None:
    client = connect({"news": index, "books": index})
    html = get(client, q=QUERY, i="books")
    assert next(link.string for link in elements(html, "a", **{"aria-current": "true"})) == "books"
    assert all(link.startswith("/a/books/") for link in links(html) if link.startswith("/a/"))
    assert ("i", "books") in [
        (field.attributes["name"], field.attributes["value"]) for field in elements(html, "input", type="hidden")
    ]


def test_a_missing_index_is_a_helpful_page_without_its_path(connect: Connect, tmp_path: Any) -> None:
    html = get(connect(str(tmp_path / "secret.arsearch")), status=503)
    assert "تعذّرت قراءة المجموعة" in html
    assert "secret" not in html


def test_no_results_come_with_proposals(client: TestClient) -> None:
    html = get(client, q="زززززكك", mode="all", match="word", **{"f.source": "وكالة الأفق"})
    assert texts(html, "h1") == ["لم نجد شيئا"]
    tips = texts(html, "ul", class_="tips")[0]
    for words in ("بلا تصفية", "بعض الكلمات", "مطابقة أوسع", "طرق كتابة البحث"):
        assert words in tips


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("-نووي", "ليس في البحث إلا كلمات مستبعدة؛ بحثنا عنها نفسها."),
        ("~", "ليس في البحث كلمات."),
        ("من في على", "ليس في البحث إلا كلمات وظيفية؛ بحثنا عنها كما هي."),
        ('قائد "الحرس الجديد الثوري"', "بحثنا عن كلماتها من غير تنصيص."),
        ("hello", "ليس في البحث حرف عربي، ولم نجد شيئا."),
        ("حقل:كتاب", "ليس حقلا؛ بحثنا عنه ككلمة."),
        ("تاريخ:1436هـ", "قرأنا التاريخ الهجري بتقويم أم القرى"),
    ],
)
def test_notes_of_a_query_are_shown_in_arabic(client: TestClient, query: str, note: str) -> None:
    html = get(client, q=query)
    assert note in texts(html, "div", class_="notes")[0]
    assert not elements(html, "p", lang="en")
    assert texts(get(client, q=query, ui="en"), "div", class_="notes")


def test_a_search_without_time_says_so(
    index: arsearch.Index, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hurried(state: SearchState, indexes: NamedIndexes, settings: WebSettings) -> Answer:
        return search(state, indexes, replace(settings, deadline=1e-9))

    monkeypatch.setattr("arsearch.web.pages.searching.search", hurried)
    assert "انتهى الوقت" in texts(get(connect(index), q=QUERY), "div", class_="notes")[0]


def test_a_search_that_takes_too_long_is_a_helpful_page(
    index: arsearch.Index, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Searchable.search

    def late(*arguments: Any, **options: Any) -> arsearch.SearchResults:
        time.sleep(0.3)
        return search(*arguments, **options)

    monkeypatch.setattr(Searchable, "search", late)
    html = get(connect(index, deadline=0.01), status=503, q=QUERY)
    assert texts(html, "h1") == ["استغرق البحث وقتا طويلا"]
    assert elements(html, "input", name="q", value=QUERY)


@pytest.mark.parametrize(
    ("url", "status", "heading"),
    [
        ("/nothing", 404, "لا صفحة في هذا العنوان"),
        ("/nothing?ui=en", 404, "There is no page at this address"),
        ("/a/default/none", 404, "لا مقالة بهذا المعرّف"),
        ("/a/none/news-043", 404, "لا مجموعة بهذا الاسم"),
        ("/?q=x&page=x", 400, "لم نفهم هذا الرابط"),
        ("/?q=x&sort=nothing&ui=en", 400, "This link has a wrong value"),
        ("/?q=x&f.nothing=1", 400, "لم نفهم هذا الرابط"),
        ("/?limit=999999&ui=en", 400, "This link has a wrong value"),
        ("/static/nothing.css", 404, "لا صفحة في هذا العنوان"),
    ],
)
def test_problems_are_pages(client: TestClient, url: str, status: int, heading: str) -> None:
    html = get(client, url, status)
    assert texts(html, "h1") == [heading]
    assert elements(html, "input", name="q")


def test_a_failure_is_a_page_without_its_reason(
    index: arsearch.Index, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr("arsearch.web.pages.searching.search", fail)
    html = get(connect(index), status=500, q=QUERY)
    assert texts(html, "h1") == ["حدث خطأ في الخادم"]
    assert "secret" not in html


def test_no_address_fails(index: arsearch.Index, connect: Connect) -> None:
    """Answer random addresses of all pages with 200, 400 or 404."""
    random = Random(16)
    client = connect({"news": index, "x": index}, rate=0)
    parts = [
        *HOSTILE,
        *'"~*():=|-+%&#/\\\0\n',
        "الحرس",
        "OR",
        "تاريخ:",
        "جذر:",
        "1436هـ",
        "2015..2016",
        "9" * 20,
        "source",
        "date",
        "any",
    ]
    paths = (
        "/",
        "/a/news/news-043",
        "/why/news/news-043",
        "/similar/x/news-043",
        "/help",
        "/export.csv",
        "/a/x/",
        "/why/y/z",
    )
    names = "q q i page limit from to sort match mode facets collapse recency ui part at f.source f.date not.id".split()
    for _ in range(300):
        pairs = [(random.choice(names), "".join(random.choices(parts, k=random.randint(0, 3)))) for _ in range(4)]
        answer = client.get(random.choice(paths), params=pairs)  # type: ignore[arg-type]
        assert answer.status_code in (200, 400, 404), pairs
