"""Concordances, tables of frequencies and passages over HTTP: the API, the pages, and the exports."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from page_elements import elements, links, texts
from starlette.testclient import TestClient
from test_web_api import problem
from web_clients import Connect, comparable  # skips without the extra

import arsearch
from arsearch.search.backend import Capability
from arsearch.web import create_app

QUERY = "الحرس الثوري"


@pytest.fixture(scope="module")
def index(samples: list[dict[str, Any]]) -> Iterator[arsearch.Index]:
    """Yield an index of the sample articles, which no test of this module changes."""
    with arsearch.open(":memory:", create=True) as index:
        index.add(samples)
        yield index


@pytest.fixture(scope="module")
def client(index: arsearch.Index) -> Iterator[TestClient]:
    """Yield a client of a server of this index."""
    with TestClient(create_app(index), base_url="http://testserver") as client:
        yield client


# ---- the API


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ({}, {}),
        ({"width": "20", "sort": "left"}, {"width": 20, "sort": "left"}),
        ({"sort": "work", "match": "surface"}, {"sort": "work", "match": "surface"}),
        ({"width": "0", "f.source": "وكالة الأفق"}, {"width": 0, "filters": {"source": ["وكالة الأفق"]}}),
        ({"from": "2020", "to": "2022"}, {"filters": {"date": ("2020", "2022")}}),
    ],
    ids=str,
)
def test_lines_are_those_of_the_library(
    client: TestClient, index: arsearch.Index, parameters: dict[str, str], arguments: dict[str, Any]
) -> None:
    found = client.get("/api/v1/concordance", params={"q": QUERY, **parameters}).json()
    lines = list(index.concordance(QUERY, **arguments))

    assert lines
    assert found["lines"] == [line.to_dict() for line in lines]
    assert (found["partial"], found["next_offset"], found["commit"]) == (False, None, 1)


def test_lines_are_sent_in_pages(client: TestClient, index: arsearch.Index) -> None:
    lines: list[Any] = []
    offset: Any = 0
    while offset is not None:
        found = client.get("/api/v1/concordance", params={"q": "الحرس", "limit": 7, "offset": offset}).json()
        assert len(found["lines"]) <= 7
        lines += found["lines"]
        offset = found["next_offset"]

    assert lines == [line.to_dict() for line in index.concordance("الحرس")]


@pytest.mark.parametrize("by", ["year", "month", "hijri_year", "work", "source", "tags"])
def test_frequencies_are_those_of_the_library(client: TestClient, index: arsearch.Index, by: str) -> None:
    found = client.get("/api/v1/frequencies", params={"q": "الحرس", "by": by}).json()
    table = index.frequencies("الحرس", by=by).to_dict()

    assert table["rows"]
    assert {name: found[name] for name in table} == table
    assert found["next_offset"] is None


def test_rows_are_sent_in_pages(client: TestClient, index: arsearch.Index) -> None:
    first = client.get("/api/v1/frequencies", params={"q": "الحرس", "by": "work", "limit": 5}).json()
    rest = client.get("/api/v1/frequencies", params={"q": "الحرس", "by": "work", "offset": first["next_offset"]}).json()

    assert [*first["rows"], *rest["rows"]] == index.frequencies("الحرس", by="work").to_dict()["rows"]


def test_passages_are_those_of_the_library(client: TestClient, index: arsearch.Index) -> None:
    parameters: dict[str, str | int] = {"q": QUERY, "limit": 3, "size": 200, "overlap": 50, "not.source": "وكالة الأفق"}
    found = client.get("/api/v1/passages", params=parameters).json()
    filters = {"source": [arsearch.Not("وكالة الأفق")]}
    passages = index.passages(QUERY, limit=3, size=200, overlap=50, filters=filters)

    assert len(passages) == 3
    assert comparable(found["passages"]) == comparable([passage.to_dict() for passage in passages])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("concordance?q=ا&sort=date", "bad_query"),
        ("concordance?q=ا&width=1001", "bad_parameter"),
        ("concordance?q=ا&limit=1001", "bad_parameter"),
        ("concordance?q=ا&match=x", "bad_query"),
        ("frequencies?q=ا&by=body", "bad_query"),
        ("frequencies?q=ا&limit=-1", "bad_parameter"),
        ("passages?q=ا&size=20", "bad_query"),
        ("passages?q=ا&size=100&overlap=100", "bad_query"),
        ("passages?q=ا&limit=51", "bad_parameter"),
    ],
)
def test_a_wrong_parameter_is_a_problem(client: TestClient, path: str, code: str) -> None:
    assert problem(client.get(f"/api/{path}")) == (400, code)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 100 seconds pass whenever a concordance or a table looks at its clock."""
    ticks = itertools.count(0, 100)
    monkeypatch.setattr("arsearch.search.occurrences.deadline.perf_counter", lambda: float(next(ticks)))


@pytest.mark.usefixtures("hurry")
def test_an_answer_that_time_cut_says_so_and_is_not_kept(client: TestClient) -> None:
    for path in ("concordance", "frequencies"):
        response = client.get(f"/api/{path}", params={"q": QUERY})
        found = response.json()
        assert (response.status_code, found["partial"], found["next_offset"]) == (200, True, None)
        assert found["notes"][-1].startswith("time ran out after 5 s")
        assert "etag" not in response.headers


def test_an_unchanged_index_answers_304(client: TestClient) -> None:
    for path in ("passages", "concordance", "frequencies"):
        first = client.get(f"/api/{path}", params={"q": QUERY})
        again = client.get(f"/api/{path}", params={"q": QUERY}, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


# ---- the pages

BOOK: dict[str, Any] = {
    "id": "rivers",
    "title": "كتاب الأنهار",
    "parts": [
        {"heading": "باب المنبع", "level": 1, "page": "3", "volume": "1", "body": "الماء عند المنبع قليل."},
        {"heading": "باب المصب", "level": 1, "page": "9", "volume": "2", "body": "وعند المصب كثير. يجري الماء إليه."},
    ],
}


@pytest.fixture
def book_client(connect: Connect) -> Iterator[TestClient]:
    with arsearch.open(":memory:", create=True) as index:
        index.add([BOOK])
        yield connect(index)


def get(client: TestClient, path: str, **parameters: str) -> str:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text[:500]
    return response.text


@pytest.mark.parametrize("path", ["/", "/concordance", "/frequencies"])
def test_each_view_leads_to_the_others_with_the_same_search(client: TestClient, path: str) -> None:
    html = get(client, path, q=QUERY, **{"f.source": "وكالة الأفق"})
    (current,) = (one for one in elements(html, "a", **{"aria-current": "page"}) if "=" in one.attributes["href"])
    assert urlsplit(current.attributes["href"]).path == path
    (nav,) = elements(html, "nav", class_="views")
    for view in ("/", "/concordance", "/frequencies"):
        url = next(url for url in links(html) if urlsplit(url).path == view and "q=" in url)
        assert parse_qs(urlsplit(url).query)["f.source"] == ["وكالة الأفق"]
        assert client.get(url).status_code == 200
    assert nav.string == "المقالات كل المواضع التكرار عبر الزمن"


def test_an_order_of_one_view_is_none_of_another(client: TestClient) -> None:
    for path, sort in (("/", "-date"), ("/concordance", "left")):
        html = get(client, path, q=QUERY, sort=sort)
        for url in links(html):
            if url.startswith("/") and "q=" in url:
                assert client.get(url).status_code == 200, url


def test_the_search_box_stays_in_its_view(client: TestClient) -> None:
    for path in ("/", "/concordance", "/frequencies"):
        (form,) = elements(get(client, path, q=QUERY), "form", role="search")
        assert form.attributes["action"] == path


def test_the_page_has_the_lines_of_the_library(client: TestClient, index: arsearch.Index) -> None:
    html = get(client, "/concordance", q="الحرس", sort="left", width="30")
    lines = list(index.concordance("الحرس", sort="left", width=30))
    assert texts(html, "p", class_="kwic") == [
        " ".join(f"{line.before}{line.keyword}{line.after}".split()) for line in lines
    ]
    assert texts(html, "mark") == [line.keyword for line in lines]
    assert {line.attributes["dir"] for line in elements(html, "p", class_="kwic")} == {"rtl"}
    assert f"{len(lines)} موضعا في 8 مقالات" in html


def test_a_line_leads_to_its_place_in_the_book_and_back(book_client: TestClient) -> None:
    html = get(book_client, "/concordance", q="الماء")
    first, second = (one for one in elements(html, "a") if one.attributes["href"].endswith("#at"))
    assert first.string == "الموضع 1: ج 1، ص 3 كتاب الأنهار · باب المنبع"
    assert second.string == "الموضع 2: ج 2، ص 9 كتاب الأنهار · باب المصب"
    reader = book_client.get(second.attributes["href"]).text
    assert 'يجري <span id="at"></span><mark id="m2"' in reader
    back = next(one for one in elements(reader, "a") if one.string == "إلى النتائج")
    assert urlsplit(back.attributes["href"]).path == "/concordance"
    assert texts(book_client.get(back.attributes["href"]).text, "mark") == texts(html, "mark")


def test_many_lines_have_pages(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "a", "title": "ماء", "body": "ماء كثير. " * 119}])
        client = connect(index)
        html = get(client, "/concordance", q="ماء")
        assert "120 موضعا في مقالة واحدة · المعروض 1–50" in html
        seen = len(elements(html, "p", class_="kwic"))
        while following := elements(html, "a", rel="next"):
            html = client.get(following[0].attributes["href"]).text
            seen += len(elements(html, "p", class_="kwic"))
        assert "المعروض 101–120" in html
        assert seen == 120
        assert "لا مواضع في هذه الصفحة" in get(client, "/concordance", q="ماء", page="9")


@pytest.mark.parametrize("by", ["", "month", "hijri_year", "work", "source", "tags"])
def test_the_page_has_the_table_of_the_library(client: TestClient, index: arsearch.Index, by: str) -> None:
    html = get(client, "/frequencies", q="الحرس", by=by)
    table = index.frequencies("الحرس", by=by or "year")
    numbers = [int(text.replace(",", "")) for text in texts(html, "td", class_="number")[::3]]
    assert numbers == [row.occurrences for row in table]
    assert texts(html, "td", class_="number")[2::3] == [f"{row.rate:,.1f}" for row in table]
    widths = [float(one.attributes["width"]) for one in elements(html, "rect", class_="bar")]
    assert max(widths) == 100
    assert widths == pytest.approx([row.rate * 100 / max(row.rate for row in table) for row in table], abs=0.01)


@pytest.mark.parametrize("by", ["year", "month", "hijri_year", "source", "tags"])
def test_a_row_leads_to_its_own_lines(client: TestClient, by: str) -> None:
    html = get(client, "/frequencies", q="الحرس", by=by)
    names, figures = texts(html, "th", scope="row"), texts(html, "td", class_="number")[::3]
    urls = {one.string: one.attributes["href"] for one in elements(html, "a") if one.string in names}
    assert names
    for name, count in zip(names, figures, strict=True):
        assert (name in urls) == (count != "0" and name != "بلا قيمة")
        if name in urls:
            assert len(elements(client.get(urls[name]).text, "p", class_="kwic")) == int(count), name


def test_views_are_in_english_too(client: TestClient) -> None:
    html = get(client, "/concordance", q="الحرس", ui="en")
    assert "22 occurrences in 8 articles · showing 1–22" in html
    html = get(client, "/frequencies", q="الحرس", ui="en", by="hijri_year")
    assert "1436 AH" in texts(html, "th", scope="row")


@pytest.mark.parametrize("path", ["/concordance", "/frequencies"])
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "في خانة البحث"),
        ({"q": "  "}, "في خانة البحث"),
        ({"q": "زززز"}, "لا مواضع لهذا البحث"),
        ({"q": "category:سياسة"}, "لا مواضع لهذا البحث"),
        ({"q": '"('}, "لا مواضع لهذا البحث"),
        ({"q": "الحرس", "from": "غدا"}, "مثل 2015"),
    ],
)
def test_a_view_without_lines_says_what_to_do(
    client: TestClient, path: str, parameters: dict[str, str], expected: str
) -> None:
    assert expected in get(client, path, **parameters)


def test_a_misspelling_is_no_line_but_has_a_proposal(client: TestClient) -> None:
    html = get(client, "/concordance", q="الحرس الثوزي")
    proposal = next(one for one in elements(html, "a") if one.string == QUERY)
    assert "الحرس" in texts(client.get(proposal.attributes["href"]).text, "mark")


def test_an_empty_index_says_how_to_fill_it(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as index:
        for path in ("/concordance", "/frequencies"):
            assert "arsearch index" in get(connect(index), path, q="كتاب")


@pytest.mark.parametrize("path", ["/concordance?q=x&sort=date", "/frequencies?q=x&by=body", "/concordance?q=x&match=z"])
def test_a_wrong_value_is_a_helpful_page(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "لم نفهم هذا الرابط" in response.text


@pytest.mark.usefixtures("hurry")
def test_a_page_that_time_cut_says_so_and_an_export_is_refused(client: TestClient) -> None:
    for path in ("/concordance", "/frequencies"):
        assert "انتهى الوقت بعد 5 ث" in get(client, path, q=QUERY)
        response = client.get(f"{path}.csv", params={"q": QUERY})
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert "استغرق البحث وقتا طويلا" in response.text


def test_exports_have_all_lines_and_rows(client: TestClient, index: arsearch.Index) -> None:
    def rows(path: str, **parameters: str) -> list[dict[str, str]]:
        response = client.get(path, params=parameters)
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    lines = rows("/concordance.csv", q=QUERY, sort="work")
    assert [(row["id"], row["keyword"], row["after"]) for row in lines] == [
        (line.id, line.keyword, line.after) for line in index.concordance(QUERY, sort="work")
    ]
    table = rows("/frequencies.csv", q=QUERY, by="work")
    assert [(row["value"], int(row["occurrences"])) for row in table] == [
        (row.value, row.occurrences) for row in index.frequencies(QUERY, by="work")
    ]
    assert "title" in table[0]
    assert "title" not in rows("/frequencies.csv", q=QUERY)[0]


def test_an_index_that_can_do_less_has_the_same_lines(
    client: TestClient, index: arsearch.Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    paths = [f"/api/concordance?q={QUERY}", f"/api/frequencies?q={QUERY}&by=source"]
    full = [client.get(path).json() for path in paths]
    monkeypatch.setattr(type(index.backend), "capabilities", frozenset({Capability.SNAPSHOTS}))
    assert [client.get(path).json() for path in paths] == full
    html = get(client, "/concordance", q=QUERY)
    assert "المعروض 1–" in html
    assert "في 8 مقالات" not in html, "counting all would read all articles"
    (box,) = elements(html, "input", id="q")
    assert "data-suggest" not in box.attributes
    assert problem(client.get("/api/suggest?q=ا")) == (501, "unsupported")
    assert not caplog.records


def test_a_text_field_called_year_is_not_counted_by(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True, fields={"year": "text", "volume": "int"}) as index:
        index.add([{"id": "1", "title": "كتاب", "year": "سنة", "date": "2015-02-01", "volume": 3}])
        client = connect(index)
        assert "موضع واحد في مقالة واحدة" in get(client, "/concordance", q="كتاب")
        assert client.get("/api/frequencies?q=كتاب").json()["by"] == "month"
        html = get(client, "/frequencies", q="كتاب")
        assert texts(html, "th", scope="row") == ["فبراير 2015"]
        assert "السنة" not in texts(html, "bdi")
        html = get(client, "/frequencies", q="كتاب", by="volume")
        url = next(url for url in links(html) if "f.volume=3" in url and url.startswith("/concordance"))
        assert texts(client.get(url).text, "mark") == ["كتاب"]
