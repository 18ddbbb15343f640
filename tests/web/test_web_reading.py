"""The reader's view: the text as it was, with all matches marked and linked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_elements import elements, links, texts
from starlette.testclient import TestClient
from web_clients import Connect

import arsearch
from arsearch.model import Article, Level, Span
from arsearch.web.indexes import ServedIndex
from arsearch.web.pages.marks import Marks
from arsearch.web.pages.outline import headings_of, pages_of
from arsearch.web.pages.reading import PART, Reading, joined_spans, marked_paragraphs, read_article
from arsearch.web.states import SearchState

NAMES = {"previous": "p", "next": "n", "place": "{n}/{total}", "bar": "b"}
BODY = "كِتَابٌ قَدِيمٌ.\n\nقرأ الكتاب،\nثم أعاد   الكتابَ إلى المكتبة.\n\n\nنهاية & <b>نص</b>"


def read(text: str, spans: Sequence[Span] = (), number: int = 1, at: int | None = None, **extra: Any) -> Reading:
    article = Article("1", "عنوان", text, extra=extra)
    return read_article(
        text,
        spans,
        number,
        part_url="/a/x/1?q=y",
        names=NAMES,
        headings=headings_of(article, article.parts, text),
        pages=pages_of(article, article.parts, "en"),
        at=at,
    )


def plain(html: str) -> str:
    return "".join(elements(f"<main>{html}</main>", "main")[0].text)


def test_a_text_is_shown_as_it_was(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "كتاب", "body": BODY}])
        html = connect(index).get("/a/default/1").text
    (text,) = elements(html, "div", class_="text")
    assert "كِتَابٌ قَدِيمٌ." in text.string
    paragraphs = [block.html for block in read(BODY).blocks]
    assert list(map(plain, paragraphs)) == [part.strip() for part in re.split(r"\n\n+", BODY)]


def test_all_matches_are_marked_and_linked_in_order(client: TestClient) -> None:
    html = client.get("/a/default/classical-007", params={"q": "الكتب"}).text
    marks = [mark for mark in elements(html, "mark") if "id" in mark.attributes]
    assert len(marks) >= 5
    assert [mark.attributes["id"] for mark in marks] == [f"m{n}" for n in range(1, len(marks) + 1)]
    targets = {link[1:] for link in links(html) if link.startswith("#m")} - {"main"}
    assert targets == {mark.attributes["id"] for mark in marks}
    assert any("ٱلْكُتُبَ" in mark.string for mark in marks)


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("الحرس الثوري", [(0, 5), (6, 12)], [(0, 12)]),
        ("الحرس\nالثوري", [(0, 5), (6, 12)], [(0, 5), (6, 12)]),
        ("الحرس، الثوري", [(0, 5), (7, 13)], [(0, 5), (7, 13)]),
        ("الحرس", [(0, 5), (0, 5)], [(0, 5)]),
        ("abcdef", [(0, 4), (2, 3)], [(0, 4)]),
        ("", [], []),
    ],
)
def test_neighbouring_matches_are_one(text: str, spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    given_spans = [Span("body", start, end, Level.WORD) for start, end in spans]
    assert [(span.start, span.end) for span in joined_spans(text, given_spans, "body")] == expected
    assert joined_spans(text, given_spans, "title") == []


def test_pages_and_headings_stand_at_their_places() -> None:
    text = "باب أول\n\nنص الباب الأول وفيه كلام.\n\nباب ثان\n\nنص آخر"
    second = text.index("باب ثان")
    reading = read(
        text,
        headings=[{"heading": "باب أول", "level": 1, "start": 0}, {"heading": "باب ثان", "level": 2, "start": second}],
        pages=[{"page": 12, "start": 0}, {"page": "13", "start": text.index("كلام")}, "junk", {"start": 3}],
    )
    assert [(heading.text, heading.level, heading.url) for heading in reading.headings] == [
        ("باب أول", 1, "#h1"),
        ("باب ثان", 2, "#h2"),
    ]
    assert [block.level for block in reading.blocks] == [1, 0, 2, 0]
    assert "وفيه <span" in reading.blocks[1].html
    assert plain("".join(block.html for block in reading.blocks)).count("p. 1") == 2


@pytest.mark.parametrize("sign", ["\n\n", "\n", " ", ""])
def test_a_long_text_has_parts_that_join_to_the_whole(sign: str) -> None:
    word = "كلمة"
    text = sign.join([word] * (3 * PART // len(word + sign)))
    middle = Span("body", 2 * PART, 2 * PART + 4, Level.WORD)
    first = read(text, [middle])
    parts = [read(text, [middle], number) for number in range(1, first.parts + 1)]
    assert first.parts >= 3
    joined = "".join(plain(block.html) for part in parts for block in part.blocks)
    assert re.sub(r"\s|1/1", "", joined) == re.sub(r"\s", "", text)
    (holder,) = [part for part in parts if any('id="m1"' in block.html for block in part.blocks)]
    assert holder.first == "#m1"
    assert parts[0].first == f"/a/x/1?q=y&part={holder.number}#m1"
    assert read(text, at=2 * PART).number == holder.number
    assert any('id="at"' in block.html for block in read(text, at=2 * PART).blocks)
    assert read(text, at=10**9).number == read(text, [], 99).number == first.parts
    assert read(text, [], -1).number == 1


texts_of_letters = st.text(st.sampled_from("ابكَّ\n \t<&\r\u202e.x"), max_size=60)


@given(texts_of_letters, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5)), max_size=6))
def test_marks_lose_no_letter(text: str, places: list[tuple[int, int]]) -> None:
    spans = sorted({Span("body", start, min(start + size, len(text)), Level.WORD) for start, size in places})
    joined = joined_spans(text, [span for span in spans if span.start < span.end], "body")
    shown = "".join(map(plain, marked_paragraphs(text, joined)))
    kept = [sign for sign in text if not sign.isspace() and sign != "\u202e"]
    assert [sign for sign in shown if not sign.isspace()] == kept


@pytest.mark.parametrize(("at", "before"), [(0, "أحد "), (4, '<mark id="m1"'), (6, '<mark id="m1"'), (9, "هنا")])
def test_an_offset_in_a_match_is_that_of_the_match(at: int, before: str) -> None:
    text = "أحد كتبه هنا"
    (block,) = read(text, [Span("body", 4, 8, Level.STEM)], at=at).blocks
    assert f'<span id="at"></span>{before}' in block.html


def test_an_address_is_a_link_only_on_the_web(connect: Connect) -> None:
    addresses = {
        "1": "https://example.org/a",
        "2": "javascript:alert(1)",
        "3": "data:text/html,x",
        "4": "//x",
        "5": "[http://",
    }
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": id, "title": "ع", "url": url} for id, url in addresses.items()])
        client = connect(index)
        pages = {id: client.get(f"/a/default/{id}").text for id in addresses}
    assert [id for id, html in pages.items() if "الأصل" in texts(html, "a")] == ["1"]


def test_a_citation_has_author_title_source_and_date(client: TestClient) -> None:
    html = client.get("/a/default/story-001").text
    assert texts(html, "span", class_="cite") == [
        "سهاد العنبري، صباح في سوق النحاسين، مجلة الضفاف (متخيَّلة)، 2019-03-14"
    ]


@pytest.fixture
def book(connect: Connect) -> Iterator[TestClient]:
    """Yield a client of an index with one work."""
    parts = [
        {"heading": "باب الوضوء", "level": 1, "volume": 1, "page": 3, "body": "نص الوضوء.\n\nوفيه ماء طاهر."},
        {
            "heading": "فصل في الماء",
            "level": 2,
            "page": 5,
            "body": "الماء طاهر. صفحة أخرى.",
            "pages": [{"page": 6, "start": 12}],
        },
        {"heading": "خاتمة", "level": 1, "body": ""},
    ]
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "bk", "title": "كتاب الطهارة", "author": "كاتب متخيل", "parts": parts}])
        yield connect(index)


def test_a_work_is_shown_whole_with_its_headings_and_pages(book: TestClient) -> None:
    html = book.get("/a/default/bk").text
    assert [title.string for title in elements(html) if title.tag in ("h2", "h3")] == [
        "باب الوضوء",
        "فصل في الماء",
        "خاتمة",
    ]
    assert texts(html, "span", class_="page") == ["ج 1، ص 3", "ص 5", "ص 6"]
    contents = [link.attributes["href"] for link in elements(html, "a") if link.string in ("باب الوضوء", "خاتمة")]
    ids = {element.attributes.get("id") for element in elements(html)}
    assert contents == ["#h1", "#h3"]
    assert {"h1", "h2", "h3"} <= ids


def test_a_part_names_its_place_and_leads_to_the_work(book: TestClient) -> None:
    found = book.get("/", params={"q": "طاهر"}).text
    facts = " ".join(texts(found, "p", class_="facts"))
    assert "كتاب الطهارة · باب الوضوء ‹ فصل في الماء · ص 5" in facts
    url = next(link for link in links(found) if link.startswith("/a/") and "%C2%B62" in link)
    html = book.get(url).text
    assert texts(html, "h1") == ["فصل في الماء"]
    assert texts(html, "span", class_="cite") == ["كاتب متخيل، كتاب الطهارة، باب الوضوء ‹ فصل في الماء، ص 5"]
    work = next(link.attributes["href"] for link in elements(html, "a") if link.string == "كتاب الطهارة")
    assert 'id="at"' in book.get(work).text
    before, after = (next(link for link in elements(html, "a", rel=relation)) for relation in ("prev", "next"))
    assert texts(book.get(before.attributes["href"]).text, "h1") == ["باب الوضوء"]
    assert texts(book.get(after.attributes["href"]).text, "h1") == ["خاتمة"]


def test_the_parts_of_a_text_share_the_matches_of_a_commit(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    spans = arsearch.Index.spans

    def counting(self: arsearch.Index, id: str, text: str, **options: Any) -> arsearch.Answers[Span]:
        asked.append((id, text))
        return spans(self, id, text, **options)

    monkeypatch.setattr("arsearch.search.searchable.Searchable.spans", counting)
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "كتاب", "body": "كتاب كبير. " * 12_000}])
        client = connect(index)
        numbers = []
        for part in ("1", "2", "3"):
            html = client.get("/a/default/1", params={"q": "كتاب", "part": part}).text
            numbers += [int(mark.attributes["id"][1:]) for mark in elements(html, "mark", tabindex="-1")]
        assert numbers == list(range(1, 12_001))
        assert asked == [("1", "كتاب")]
        client.get("/a/default/1", params={"q": "كتاب", "match": "surface"})
        client.get("/a/default/1", params={"q": "كبير"})
        assert len(asked) == 3
        index.add([{"id": "1", "title": "كتاب", "body": "كتاب واحد"}])
        assert "موضع واحد مطابق" in client.get("/a/default/1", params={"q": "كتاب"}).text


def test_kept_matches_take_bounded_memory(index: arsearch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.web.pages.marks._MOST", 20)
    marks, served = Marks(), ServedIndex("x", index)
    commit = served.commit()
    for id in [f"news-{number:03}" for number in range(1, 40)] * 2:
        assert marks.find(served, commit, SearchState(q="الحرس الثوري"), id, 60) == index.spans(id, "الحرس الثوري")
        assert sum(map(len, marks._kept.values())) + len(marks._kept) <= 20
    assert marks.find(served, commit, SearchState(q=" "), "news-001", 60) == ()
    assert marks.find(served, commit, SearchState(q="مناورات"), "news-043", 0).partial
    assert len(marks.find(served, commit, SearchState(q="مناورات"), "news-043", 60)) == 3, (
        "partial matches are not kept"
    )
