"""JSON lines and JSON files: a bad article is one record with its place and reason, and the rest is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.errors import ArticleError
from arsearch.model import Article
from arsearch.readers.columns import Columns
from arsearch.readers.encodings import Decoder, guess_encoding
from arsearch.readers.formats.json import read_json

GOOD = '{"id": "1", "title": "خبر", "body": "نص"}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{", "not JSON: Expecting property name", id="cut"),
        pytest.param('{"id": 1,, "title": "x"}', "column 10", id="column"),
        pytest.param("نص", "not JSON", id="not_json"),
        pytest.param("[1, 2]", "not a JSON object but an array", id="array"),
        pytest.param('"نص"', "not a JSON object but a string", id="string"),
        pytest.param("12", "not a JSON object but a number", id="number"),
        pytest.param("null", "not a JSON object but null", id="null"),
        pytest.param("true", "not a JSON object but true or false", id="bool"),
        pytest.param('{"a": ' * 100_000 + "1" + "}" * 100_000, "nested too deeply", id="deep"),
        pytest.param('{"a":' + "[" * 100_000, "nested too deeply", id="deep_unclosed"),
        pytest.param('{"id": ' + "9" * 5000 + "}", "not read: Exceeds the limit", id="huge_integer"),
        pytest.param('{"id": "1", "title": "a\0b"}', "Invalid control character", id="nul"),
        pytest.param(GOOD + GOOD, "Extra data", id="two_on_a_line"),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_the_rest_read(
    read: Callable[..., Any], line: str, reason: str
) -> None:
    got = read({"a.jsonl": f"{GOOD}\n\n{line}\n{GOOD}\n".encode()})
    assert len(got.data) == 2
    [(where, problem)] = got.problems
    assert where == "a.jsonl:3"
    assert reason in problem
    assert [record.where for record in got.records] == ["a.jsonl:1", "a.jsonl:3", "a.jsonl:4"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "1"}', "both title and body are empty"),
        (r'{"id": "1", "title": "\ud800"}', "lone surrogate"),
        (r'{"id": "1", "title": "a\u0000b"}', "NUL"),
    ],
)
def test_field_values_are_left_to_the_article_to_check(read: Callable[..., Any], line: str, reason: str) -> None:
    [data] = read({"a.jsonl": line.encode()}).data
    with pytest.raises(ArticleError, match=reason):
        Article.from_dict(data)


def test_the_last_of_two_equal_keys_wins(read: Callable[..., Any]) -> None:
    assert read({"a.jsonl": b'{"id": "1", "title": "a", "title": "b"}'}).data == [{"id": "1", "title": "b"}]


def test_a_line_of_many_megabytes_is_read_in_linear_time(read: Callable[..., Any]) -> None:
    body = "كلمة " * 4_000_000
    got = read({"a.jsonl": json.dumps({"id": "1", "body": body}, ensure_ascii=False).encode() + b"\n" + GOOD.encode()})
    assert [len(article["body"]) for article in got.data] == [len(body), 2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_recognised(read: Callable[..., Any], end: str) -> None:
    got = read({"a.jsonl": end.join([GOOD, GOOD, ""]).encode()})
    assert [record.where for record in got.records] == ["a.jsonl:1", "a.jsonl:2"]
    assert not got.problems


def test_unicode_line_separators_do_not_end_a_line(read: Callable[..., Any]) -> None:
    got = read({"a.jsonl": '{"id": "1", "title": "a\u2028b\u0085c\x7fd"}\n'.encode() + GOOD.encode()})
    assert got.data[0]["title"] == "a\u2028b\u0085c\x7fd"
    assert got.records[1].where == "a.jsonl:2"


def test_a_byte_order_mark_in_the_middle_of_joined_files_is_skipped(read: Callable[..., Any]) -> None:
    assert len(read({"a.jsonl": f"\ufeff{GOOD}\n\ufeff{GOOD}".encode()}).data) == 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"[{GOOD},{GOOD}]", id="minified"),
        pytest.param(json.dumps([json.loads(GOOD)] * 2, indent=2, ensure_ascii=False), id="pretty"),
        pytest.param(f"\ufeff [\n{GOOD}\n,\n{GOOD}\n]\n", id="bom_and_spaces"),
        pytest.param(f"{GOOD}\n{GOOD}\n", id="lines_in_a_json_file"),
        pytest.param("\n".join([json.dumps(json.loads(GOOD), indent=1)] * 2), id="pretty_objects_in_a_row"),
        pytest.param(json.dumps({"status": "ok", "articles": [json.loads(GOOD)] * 2}), id="wrapped"),
        pytest.param(json.dumps({"1": json.loads(GOOD), "2": json.loads(GOOD)}), id="by_id"),
    ],
)
def test_json_files_of_every_shape_are_read(read: Callable[..., Any], text: str) -> None:
    got = read({"a.json": text.encode()})
    assert got.data == [{"id": "1", "title": "خبر", "body": "نص"}] * 2
    assert not got.problems


def test_members_of_an_object_take_their_name_as_id(read: Callable[..., Any]) -> None:
    got = read({"a.json": b'{"x": {"title": "t"}, "y": {"title": "u"}, "z": {"id": "own", "title": "v"}}'})
    assert [article["id"] for article in got.data] == ["x", "y", "own"]


def test_a_single_article_is_read(read: Callable[..., Any]) -> None:
    assert read({"a.json": json.dumps(json.loads(GOOD), indent=1).encode()}).data[0]["title"] == "خبر"


def test_nan_is_a_missing_value_and_an_infinite_number_is_kept(read: Callable[..., Any]) -> None:
    line = '{"id": "1", "title": "خبر", "body": NaN, "n": [NaN, 1], "x": -Infinity, "y": 1e999}'
    for name, text in (("a.jsonl", line), ("a.json", f"[{line}]")):
        got = read({name: text.encode()})
        assert got.problems == []
        article = Article.from_dict(got.data[0])
        assert article.to_dict() == {
            "id": "1", "title": "خبر", "body": "", "n": [None, 1], "x": "-inf", "y": "inf"
        }  # fmt: skip


def test_where_names_the_line_and_the_article_of_an_array(read: Callable[..., Any]) -> None:
    got = read({"a.json": f"[\n{GOOD},\n\n  {GOOD}, {GOOD}]".encode()})
    assert [r.where for r in got.records] == ["a.json:2 (article 1)", "a.json:4 (article 2)", "a.json:4 (article 3)"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"id": 1,, "t": "]"}', "not JSON"),
        ("12", "not a JSON object: 12"),
        ('"نص ] }"', "not a JSON object"),
        ("[1, [2]]", "not a JSON object but an array"),
        ('{"a": nan}', "not JSON"),
        ("}", "closes nothing"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_a_bad_element_of_an_array_costs_only_itself(read: Callable[..., Any], bad: str, reason: str) -> None:
    got = read({"a.json": f"[{GOOD},\n{bad},\n{GOOD}]".encode()})
    assert len(got.data) == 2
    [(where, problem)] = got.problems
    assert where == "a.json:2 (article 2)"
    assert reason in problem


@pytest.mark.parametrize("rest", ['{"id": "2", "title": "x', '{"id": "2"', '{"id": ['])
def test_a_truncated_array_keeps_its_complete_elements(read: Callable[..., Any], rest: str) -> None:
    got = read({"a.json": f"[{GOOD},\n{rest}".encode()})
    assert len(got.data) == 1
    assert got.problems == [("a.json:2 (article 2)", "not JSON: the text ends before this value does")]


@pytest.mark.parametrize("text", ["[]", "", " \n"])
def test_a_json_file_without_articles_yields_no_record(read: Callable[..., Any], text: str) -> None:
    assert read({"a.json": text.encode()}).records == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3).filter(str.isascii), inner, max_size=3)
    ),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(["id", "x", "y", '"', "\\", "[{"]), values, max_size=4)


@given(st.lists(objects, max_size=5), st.integers(1, 9), st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_elements_of_an_array_do_not_depend_on_where_chunks_end(
    items: list[dict[str, Any]], size: int, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode()
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    columns = Columns({}, lambda _: None)
    records = list(read_json("a", chunks, Decoder(guess_encoding(b"")), columns))
    for record, item in zip(records, items, strict=True):
        assert record.data == {"id": (record.data or {})["id"]} | {
            k: v for k, v in item.items() if k != "id" or v not in (None, "")
        }
    lines = data.decode().split("\n")
    for record in records:
        number = int(record.where.removeprefix("a:").split(" ")[0])
        assert "{" in lines[number - 1]


@given(st.text(st.sampled_from('[]{}",:\\ a1\n')))
@settings(max_examples=300, deadline=None)
def test_the_scanner_never_raises_and_reports_everything_it_drops(text: str) -> None:
    columns = Columns({}, lambda _: None)
    records = list(read_json("a", [text.encode()], Decoder(guess_encoding(b"")), columns))
    content = text.strip(" \n,")
    assert records or content in ("", "[]") or content.replace(" ", "").replace("\n", "").strip("[],") == ""


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("a.jsonl", "not JSON: Expecting value at column 1, before 'نص عادي'"),
        ("a.json", "not a JSON object: نص عادي; an article is written {...}"),
    ],
)
def test_the_message_shows_what_is_no_json(read: Callable[..., Any], name: str, problem: str) -> None:
    assert read({name: "نص عادي".encode()}).problems == [(f"{name}:1", problem)]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.json", b"[]"), ("a.jsonl", b"\n"), ("a.csv", b"title,body\n"), ("a.js", b"window.YTD.tweets.part0 = []")],
)
def test_a_file_without_articles_is_said(read: Callable[..., Any], name: str, data: bytes) -> None:
    got = read({name: data})
    assert (got.records, got.messages[-1]) == ([], f"{name}: no article is in it")
