"""Values of declared fields are converted to the kind of the field, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from arsearch.errors import ArticleError
from arsearch.model import Article
from arsearch.model.schema import Schema


def declared_values(kind: str, value: Any) -> list[Any]:
    article = Article("1", "خبر", extra={"extra": value})
    return {field.name: values for field, values in Schema({"extra": kind}).values(article)}["extra"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "كتاب", ["كتاب"]),
        ("text", "", []),
        ("keyword", ["a", "", 7], ["a", "7"]),
        ("keyword", None, []),
        ("int", "12", [12]),
        ("int", 3.0, [3]),
        ("int", 2**63 - 1, [2**63 - 1]),
        ("float", "1e3", [1000.0]),
        ("float", 2, [2.0]),
    ],
)
def test_a_value_is_converted_to_its_kind(kind: str, value: Any, expected: list[Any]) -> None:
    values = declared_values(kind, value)

    assert values == expected
    assert list(map(type, values)) == list(map(type, expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("keyword", 1.5),
        ("int", "1.5"),
        ("int", 1.5),
        ("int", True),
        ("int", 2**63),
        ("int", 10**400),
        ("float", 10**400),
        ("float", "inf"),
        ("float", {"a": 1}),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ArticleError, match=f"field 'extra' is declared {kind}, but has "):
        declared_values(kind, value)


def test_a_field_of_one_value_refuses_a_list() -> None:
    with pytest.raises(ArticleError, match="holds one int, not a list of 2"):
        declared_values("int", [1, 2])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "text"}, "field 'title' is built in"),
        ({"1st": "int"}, "must begin with a letter"),
        ({"body_stem": "text"}, "not end in _stem"),
        ({"court": "string"}, "field 'court' has kind 'string'; known: text, keyword, int, float, date"),
        ({f"f{number}": "int" for number in range(1_001)}, "an index has at most 1,000"),
    ],
)
def test_a_bad_declaration_is_refused(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Schema(fields)
