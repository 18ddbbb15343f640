"""Cutting bodies into parts, the documents of articles, and the way back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arsearch.errors import ArticleError, QueryError
from arsearch.model import Article
from arsearch.model.locating import Locator
from arsearch.model.places import DEEPEST, is_part_id, part_id, work_of_id
from arsearch.model.schema import Schema
from arsearch.works.assembly import whole, whole_articles
from arsearch.works.documents import documents_of
from arsearch.works.headings import find_headings
from arsearch.works.splitting import Split, cut, read_split

SCHEMA = Schema({"volume": "int", "isnad": "text", "court": "keyword"})
SENTENCE = "هذه جملة تامة من كلام طويل. "
BOOK = "كتاب الماء\nنص أول عن الماء.\n\nباب البحر\nنص ثان.\n\nباب النهر\nنص ثالث.\n\nكتاب النار\nنص رابع."


def documents(data: dict[str, Any], split: str | None = None) -> list[Article]:
    return list(documents_of(Article.from_dict(data), SCHEMA, read_split(split)))


@pytest.mark.parametrize(
    ("id", "work"),
    [("a¶1", "a"), ("a¶12", "a"), ("a¶b¶3", "a¶b"), ("a¶0", None), ("a¶", None), ("¶1", None), ("a", None)],
)
def test_ids_of_parts(id: str, work: str | None) -> None:
    assert is_part_id(id) == (work is not None)
    assert work_of_id(id) == (work or id)


def test_the_id_of_a_part_follows_from_its_work() -> None:
    assert work_of_id(part_id("كتاب/1", 7)) == "كتاب/1"


def test_parts_inherit_what_is_filtered_by_and_nothing_else() -> None:
    head, part = documents(
        {
            "id": "w",
            "title": "عمل",
            "author": "مؤلف",
            "source": "دار",
            "date": "2015-07-21",
            "category": "فقه",
            "tags": ["أ", "ب"],
            "volume": 3,
            "court": "النقض",
            "isnad": "حدثنا فلان",
            "note": "ملاحظة",
            "parts": [{"heading": "باب", "body": "نص"}],
        }
    )
    assert {"note", "isnad"} <= head.extra.keys()
    assert (part.author, part.source, part.date, part.category, part.tags) == (
        head.author,
        head.source,
        head.date,
        "فقه",
        ("أ", "ب"),
    )
    assert part.extra.keys() == {"volume", "court", "part_of"}


@pytest.mark.parametrize(
    ("split", "headings"),
    [
        ("headings", ["كتاب الماء", "باب البحر", "باب النهر", "كتاب النار"]),
        ("chapters", ["كتاب الماء", "كتاب النار"]),
        ("pages", []),
        ("size", []),
    ],
)
def test_where_a_body_is_cut(split: str, headings: list[str]) -> None:
    _, *parts = documents({"id": "b", "title": "كتاب", "body": BOOK}, split)
    assert [part.title for part in parts] == headings


def test_a_body_is_cut_at_the_places_that_a_reader_found() -> None:
    body = "صفحة أولى. صفحة ثانية. صفحة ثالثة."
    data = {
        "id": "b",
        "title": "كتاب",
        "body": body,
        "pages": [{"page": 10, "volume": 2, "start": 0}, {"page": 11, "volume": 2, "start": 11}],
        "headings": [{"heading": "باب", "level": 2, "start": 11}, {"heading": "فصل", "level": 3, "start": 23}],
    }
    _, first, second = documents(data, "pages")
    assert (first.extra["part_of"]["page"], first.extra["part_of"]["path"], first.title) == (10, [], "")
    assert second.extra["part_of"]["path"] == [[2, "باب"]]
    assert second.title == "باب"
    assert second.extra["headings"][1] == {"heading": "فصل", "level": 3, "start": 12}
    assert [entry["start"] for entry in second.extra["pages"]] == [0]
    _, first, second = documents(data, "headings")
    assert first.extra["pages"] == [{"page": 11, "volume": 2, "start": 0}]
    assert second.extra["pages"] == [{"page": 11, "volume": 2, "start": 0}]
    assert [part.extra["part_of"]["page"] for part in (first, second)] == [11, 11]


def test_sizes_are_kept_and_sentences_are_whole() -> None:
    body = SENTENCE * 200
    parts = cut(body, Split("size", 400))
    starts = [part["start"] for part in parts]
    lengths = [b - a for a, b in zip(starts, [*starts[1:], len(body)], strict=True)]
    assert all(240 <= length <= 510 for length in lengths[:-1])
    assert all(body[start:].startswith("هذه") for start in starts)


def test_parts_of_a_size_begin_at_headings() -> None:
    body = "\n".join(f"باب {name}\n{SENTENCE * 14}" for name in ("الأول", "الثاني", "الثالث", "الرابع"))
    parts = cut(body, Split("size", 400))
    assert [part.get("heading") for part in parts] == ["باب الأول", "باب الثاني", "باب الثالث", "باب الرابع"]


def test_an_article_without_a_place_to_cut_stays_whole() -> None:
    remarks: list[tuple[str, str]] = []
    article = Article.from_dict({"id": "a", "body": "نص قصير."})
    for split in ("headings", "pages", "chapters", "size"):
        assert list(documents_of(article, SCHEMA, read_split(split), remarks)) == [article]
    assert [kind for kind, _ in remarks] == ["not_split"] * 3


@pytest.mark.parametrize("value", ["", "words", "size:", "size:10", "size:-5", "size:99999999999", "pages:2", "حجم"])
def test_an_unknown_split_is_an_error(value: str) -> None:
    with pytest.raises(QueryError, match="split"):
        read_split(value)


def test_a_work_without_any_text_is_an_error() -> None:
    with pytest.raises(ArticleError, match="empty"):
        documents({"id": "w", "parts": [{"heading": " ", "body": ""}]})


def test_a_hundred_thousand_parts_and_a_long_part() -> None:
    parts = [{"heading": f"باب {n}", "body": "نص"} for n in range(100_000)]
    found = documents({"id": "w", "title": "ع", "parts": parts})
    assert len(found) == 100_001
    remarks: list[tuple[str, str]] = []
    long = Article.from_dict({"id": "w", "title": "ع", "parts": [{"heading": "ب", "body": "ن" * 12_000_000}]})
    assert len(list(documents_of(long, SCHEMA, None, remarks))) == 2
    assert [kind for kind, _ in remarks] == ["long_part"]


def test_no_path_is_longer_than_the_deepest_level() -> None:
    parts = [{"heading": f"باب {n}", "level": n} for n in range(1, 300)]
    _, *found = documents({"id": "b", "title": "ك", "parts": parts})
    assert max(len(part.extra["part_of"]["path"]) for part in found) == DEEPEST


def test_a_book_of_many_pages_takes_time_in_proportion() -> None:
    pages = [{"page": n, "volume": 1, "start": 3 * n} for n in range(12_000)]
    headings = [{"heading": f"باب {n}", "level": 1 + n % 3, "start": 3 * n} for n in range(12_000)]
    article = Article.from_dict(
        {"id": "b", "title": "ك", "body": "نص\n" * 12_000, "pages": pages, "headings": headings}
    )
    started = time.process_time()
    _, *parts = documents_of(article, SCHEMA, Split("pages"))
    assert [part.extra["part_of"]["page"] for part in parts] == [*range(12_000)]
    locator = Locator(article)
    assert [locator.page(3 * n + 1) for n in range(12_000)] == [*map(str, range(12_000))]
    assert time.process_time() - started < 10  # look-ups one after the other would take a minute


_texts = st.text(alphabet="ابتك \n.؟َ1", max_size=80)
_parts = st.fixed_dictionaries(
    {"body": _texts},
    optional={
        "heading": _texts,
        "level": st.integers(-1, 4),
        "page": st.one_of(st.integers(0, 9), st.just("5أ")),
        "volume": st.integers(1, 2),
        "note": st.just("n"),
    },
)


@given(body=_texts, parts=st.lists(_parts, max_size=6))
def test_a_work_comes_back_from_its_documents(body: str, parts: list[dict[str, Any]]) -> None:
    article = Article.from_dict({"id": "w", "title": "عمل", "body": body, "parts": parts})
    head, *rest = documents_of(article, SCHEMA)
    found = whole(head, {part.id: part for part in rest}.get)
    assert found.text == article.text
    assert found.parts == article.parts
    assert all(found.text[part.start : part.end] == part.body for part in found.parts)
    head, *rest = documents_of(found, SCHEMA)
    assert whole(head, {part.id: part for part in rest}.get) == found


LINE = " ".join(["نص قصير."] * 20)


@given(
    lines=st.lists(st.sampled_from([LINE, "كتاب أ", "باب أ", "باب ب", "فصل"]), min_size=4, max_size=20),
    split=st.sampled_from(["headings", "chapters", "pages", "size:200"]),
    by_reader=st.booleans(),
)
@example(lines=["كتاب أ", "باب أ", LINE, "فصل", LINE, LINE, "كتاب ب", LINE], split="pages", by_reader=False)
@example(lines=["كتاب أ", "باب أ", LINE, "فصل", LINE, LINE, "كتاب ب", LINE], split="chapters", by_reader=False)
@example(lines=["كتاب أ", "باب أ", LINE, "فصل", LINE, LINE, "كتاب ب", LINE], split="size:200", by_reader=True)
def test_a_place_has_the_headings_before_it_whatever_the_cut(lines: list[str], split: str, by_reader: bool) -> None:
    body = "\n".join(lines)
    pages = [{"page": number, "start": start} for number, start in enumerate(range(0, len(body), 100), start=1)]
    headings = find_headings(body)
    data = {"id": "w", "title": "عمل", "body": body, "pages": pages, **({"headings": headings} if by_reader else {})}
    reference = Locator(Article.from_dict({**data, "headings": headings}))
    for part in documents(data, split):
        if (tie := part.extra.get("part_of")) is not None:
            places = Locator(part)
            for offset in range(0, len(part.body), 7):
                assert places.heading(offset) == reference.heading(tie["start"] + offset)


def test_headings_of_a_reader_lose_the_marks_of_direction_around_them() -> None:
    headings = [
        {"heading": "\u200fالباب \u202b(1)\u202c", "level": 1, "start": 0},
        {"heading": "\u200f ", "level": 1, "start": 3},
        {"heading": "\u2067فصل\nأول\u2069\u200e", "level": 2, "start": 6},
    ]
    data = {"id": "w", "title": "عمل", "body": "نص أول.\nنص ثان.", "headings": headings}
    _, *parts = documents(data, "headings")
    assert [part.title for part in parts] == ["الباب \u202b(1)", "فصل أول"]
    [whole_work] = documents(data)
    assert Locator(whole_work).heading(9) == "الباب \u202b(1) ‹ فصل أول"


def test_two_headings_at_one_place_are_both_in_the_path() -> None:
    headings = [{"heading": "باب", "level": 1, "start": 0}, {"heading": "فصل", "level": 2, "start": 0}]
    _, outer, inner = documents({"id": "w", "title": "عمل", "body": "نص طويل.", "headings": headings}, "headings")
    assert (outer.title, outer.body, inner.title, inner.body) == ("باب", "", "فصل", "نص طويل.")
    assert Locator(inner).heading(0) == "باب ‹ فصل"


@given(
    body=st.text(alphabet="باب كتاب فصل\n.؟َ", max_size=1500),
    split=st.sampled_from(["headings", "chapters", "size:200"]),
)
def test_a_cut_body_comes_back_whole(body: str, split: str) -> None:
    article = Article.from_dict({"id": "w", "title": "عمل", "body": body})
    found = list(documents_of(article, SCHEMA, read_split(split)))
    (again,) = whole_articles(found, {one.id: one for one in found}.get)
    assert again.body == body
    assert "".join(one.body for one in found) == body
    for part in found[1:]:
        tie = part.extra["part_of"]
        assert body[tie["start"] : tie["end"]] == part.body
    assert list(documents_of(again, SCHEMA)) == found


def test_parts_that_stand_elsewhere_are_fetched() -> None:
    head, one, two = documents({"id": "w", "title": "عمل", "parts": [{"body": "أ"}, {"body": "ب"}]})
    other = Article("x", "آخر")
    byid = {document.id: document for document in (head, one, two)}
    assert [article.id for article in whole_articles([two, head, other, one], byid.get)] == ["w", "x"]
    (work, _) = whole_articles([two, head, other, one], byid.get)
    assert [part.body for part in work.parts] == ["أ", "ب"]
