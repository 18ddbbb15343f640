"""Further fields have bounds of depth, number of values and size; the article beyond them is reported, others are added."""

from __future__ import annotations

import lzma
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import ArticleError
from arsearch.model import Article, nesting
from arsearch.model.nesting import MAX_DEPTH, MAX_VALUES, has_too_many_values


def nested(depth: int, kind: str = "list") -> Any:
    value: Any = "نص"
    for _ in range(depth):
        value = [value] if kind == "list" else {"a": value}
    return value


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a deep list": ({"e": nested(MAX_DEPTH + 1)}, "'e' is nested more than 100 levels deep"),
    "a deep object": ({"e": nested(MAX_DEPTH + 1, "dict")}, "'e' is nested more than 100 levels deep"),
    "a very deep list": ({"e": nested(5_000)}, "'e' is nested more than 100 levels deep"),
    "many lists": ({"e": [[] for _ in range(MAX_VALUES)]}, "more than 1,000,000 values, the last of them in 'e'"),
    "many numbers": ({"a": 1, "e": [0] * MAX_VALUES}, "more than 1,000,000 values, the last of them in 'e'"),
    "two fields": ({"a": [0] * 600_000, "e": {"b": [0] * 600_000}}, "the last of them in 'e'"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_article_beyond_a_bound_is_reported_and_the_others_are_added(name: str) -> None:
    extra, reason = BAD[name]
    with arsearch.open(":memory:", create=True) as index:
        report = index.add(
            [{"id": "1", "body": "كتاب"}, {"id": "2", "body": "كتاب", **extra}, {"id": "3", "body": "كتاب"}]
        )

        assert (report.added, report.failures) == (2, 1)
        assert (report.failed[0].id, reason in report.failed[0].reason) == ("2", True), report.failed[0].reason
        assert [hit.id for hit in index.search("كتاب")] == ["1", "3"]


@pytest.mark.parametrize("kind", ["list", "dict"])
def test_an_article_at_the_bounds_comes_back(kind: str) -> None:
    extra = {"deep": nested(MAX_DEPTH, kind), "many": [0] * 10_000}
    with arsearch.open(":memory:", create=True) as index:
        assert index.add([{"id": "1", "body": "كتاب", **extra}]).added == 1
        article = index.get("1")

        assert article is not None
        assert article.extra == extra
        assert index.search("كتاب")[0].snippet.text == "كتاب"


def test_the_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nesting, "MAX_SIZE", 1_000)
    Article.from_dict({"id": "1", "body": "كتاب", "note": "x" * 900})

    with pytest.raises(ArticleError, match="bytes as JSON, more than 1,000; divide the article"):
        Article.from_dict({"id": "1", "body": "كتاب", "note": "x" * 1_100})


def test_articles_objects_have_the_same_bounds() -> None:
    with arsearch.open(":memory:", create=True) as index:
        report = index.add([Article("1", body="كتاب", extra={"e": nested(101)})])

        assert report.failures == 1


VALUES = [
    ('{"id": 1}', False),
    ("[" + "[]," * 2_000_000 + "0]", True),
    ("[" + "0," * 2_000_001 + "0]", True),
    ('{"body": "' + ",[{" * 1_000_000 + '"}', False),
    ('{"body": "' + '\\",' * 1_000_000 + '"}', False),
    ('{"body": "\\\\", "e": [' + "{}," * 2_000_000 + "0]}", True),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=range(len(VALUES)))
def test_the_values_of_json_are_counted_outside_strings(text: str, expected: bool) -> None:
    assert has_too_many_values(text) is expected


def test_a_line_of_empty_lists_takes_memory_in_proportion_to_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesting, "MAX_TEXT_VALUES", 100_000)
    path = tmp_path / "bomb.jsonl.xz"
    line = b'{"id": "1", "body": "x", "e": [' + b"[]," * 1_000_000 + b"0]}\n"
    path.write_bytes(lzma.compress(line + '{"id": "2", "body": "كتاب"}\n'.encode()))
    assert path.stat().st_size < 2_000

    with arsearch.open(":memory:", create=True) as index:
        tracemalloc.start()
        try:
            report = index.add(arsearch.read_articles([path]))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

        assert (report.added, report.failures) == (1, 1)
        assert report.failed[0].reason.startswith("not read: JSON of more than")
        assert report.failed[0].where.endswith(":1")
        assert peak < 10 * len(line), "lists would take 24 times the bytes"
