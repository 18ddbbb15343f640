"""Written articles are read back equal, and columns are renamed only where nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import json
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.model import Article
from arsearch.readers import read_articles, write_jsonl
from arsearch.readers.columns import Columns, field_of, split_tags
from arsearch.readers.quality.checks import repaired_text

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
filled = st.text(letters, min_size=1, max_size=20).filter(lambda text: text.strip() != "")
jsons = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.text(letters, max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(letters, max_size=3), inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(["link", "published", "Text", "العنوان", "الوسوم", "volume", "x y"]) | st.text(
    string.ascii_uppercase, min_size=3, max_size=8
)
articles = st.builds(
    Article,
    id=filled,
    title=filled,
    body=st.text(letters, max_size=40),
    author=st.text(letters, max_size=5),
    source=st.text(letters, max_size=5),
    url=st.text(letters, max_size=5),
    date=st.none() | st.dates() | st.datetimes(),
    tags=st.lists(st.text(letters, min_size=1, max_size=5), max_size=3).map(tuple),
    extra=st.dictionaries(names, jsons, max_size=3),
).filter(lambda article: all(repaired_text(text)[0] == text for text in (article.title, article.body)))
"""Articles whose texts reading leaves as they are. Others, such as texts in presentation forms, are repaired with a remark."""


@given(st.lists(articles, max_size=5))
@settings(max_examples=80, deadline=None)
def test_articles_written_are_read_back_equal(tmp_path_factory: pytest.TempPathFactory, written: list[Article]) -> None:
    path = Path(tmp_path_factory.mktemp("out"), "a.jsonl")
    with path.open("wb") as stream:
        assert write_jsonl(written, stream) == len(written)
    assert path.read_bytes().count(b"\n") == len(written)
    assert [Article.from_dict(record.data or {}) for record in read_articles(path)] == written


def test_written_lines_are_readable_arabic() -> None:
    out = io.BytesIO()
    write_jsonl([Article("1", "خبر", "سطر\nثان", date=dt.date(2015, 7, 21))], out)
    assert out.getvalue().decode() == '{"id": "1", "title": "خبر", "body": "سطر\\nثان", "date": "2015-07-21"}\n'


def test_mappings_are_written_too_and_lone_surrogates_stay_valid_json() -> None:
    out = io.BytesIO()
    write_jsonl([{"id": "1", "title": "نص", "x": "\ud800"}], out)
    assert json.loads(out.getvalue().decode("utf-8"))["x"] == "\ud800"


def test_a_synonym_without_its_field_is_kept_in_place_by_a_null() -> None:
    out = io.BytesIO()
    write_jsonl([Article("1", "t", extra={"link": "x"})], out)
    assert json.loads(out.getvalue()) == {"id": "1", "title": "t", "body": "", "link": "x", "url": None}


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("title", "title"), ("Title ", "title"), ("HEADLINE", "title"), ("العنوان", "title"), ("عُنوان", "title"),
        ("content", "body"), ("Full Text", "body"), ("full-text", "body"), ("النص", "body"), ("المحتوي", "body"),
        ("published_at", "date"), ("Published At", "date"), ("تاريخ النشر", "date"), ("التـــاريخ", "date"),
        ("المؤلف", "author"), ("القسم", "category"), ("الفئه", "category"), ("الوسوم", "tags"), ("link", "url"),
        ("المعرّف", "id"), ("doc_id", "id"), ("المصدر", "source"), ("volume", None), ("", None),
    ],
)  # fmt: skip
def test_column_names(column: str, field: str | None) -> None:
    assert field_of(column) == field


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"content": "a", "text": "b"}, {"body": "a", "text": "b"}, id="first_synonym"),
        pytest.param({"text": "b", "body": "a"}, {"body": "a", "text": "b"}, id="own_name_wins"),
        pytest.param({"published": True}, {"published": True}, id="no_date"),
        pytest.param({"published": "2015-07-21"}, {"date": "2015-07-21"}, id="date"),
        pytest.param({"التاريخ": "٢٠١٥-٠٧-٢١"}, {"date": "٢٠١٥-٠٧-٢١"}, id="arabic_digits"),
        pytest.param({"timestamp": 1437450692}, {"date": 1437450692}, id="seconds"),
        pytest.param({"authors": ["a", "b"]}, {"author": "a، b"}, id="list_of_authors"),
        pytest.param({"keywords": ["a", "b"]}, {"tags": ["a", "b"]}, id="list_of_tags"),
        pytest.param({"uuid": 7, "heading": None}, {"id": 7, "heading": None}, id="types"),
    ],
)
def test_renaming_of_json_records(data: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Columns({}, lambda _: None).rename(data) == expected


@pytest.mark.parametrize(
    ("mapping", "data", "expected"),
    [
        ({"body": "x"}, {"x": "a", "body": "b"}, {"body": "a"}),
        ({"body": "x"}, {"y": "a", "content": "b"}, {"y": "a", "content": "b"}),
        ({"title": "body", "body": "title"}, {"title": "a", "body": "b"}, {"title": "b", "body": "a"}),
        ({"id": "url"}, {"url": "u"}, {"id": "u", "url": "u"}),
        ({"id": "nr", "volume": "nr"}, {"nr": 3}, {"id": 3, "volume": 3}),
    ],
)
def test_mapping(mapping: dict[str, str], data: dict[str, Any], expected: dict[str, Any]) -> None:
    assert Columns(mapping, lambda _: None).rename(data) == expected


def test_a_mapped_column_that_no_json_record_has_is_reported(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": b'{"id": "1", "title": "t"}\n'}, mapping={"body": "contnt"})
    assert "a.jsonl: no record has 'contnt', which was mapped to body" in got.messages


def test_a_synonym_is_reported_once(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": b'{"id": "1", "headline": "t"}\n' * 3})
    assert got.messages == ["a.jsonl: JSON lines, UTF-8", "a.jsonl: 'headline' is read as title"]


def test_the_tags_of_one_cell() -> None:
    assert split_tags(" نفط، غاز ,سوريا;;حرب | سلام؛") == ["نفط", "غاز", "سوريا", "حرب", "سلام"]
    assert split_tags("") == []
