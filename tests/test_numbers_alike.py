"""Tests of numbers as people write them: articles, filters and queries read the same ones."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import arsearch
from arsearch.errors import QueryError
from arsearch.model.schema import plain_number

NUMBERS = [
    ("٣٫٥", 3.5),
    ("۳٫۵", 3.5),
    ("3.50", 3.5),
    ("1,500", 1500),
    ("١٬٥٠٠", 1500),
    ("١٬٥٠٠٬٠٠٠٫٢٥", 1_500_000.25),
    ("1,500,000", 1_500_000),
    ("1.500.000", 1_500_000),
    ("١.٥٠٠.٠٠٠", 1_500_000),
    ("1 500 000", 1_500_000),
    ("1'500'000", 1_500_000),
    ("1\u202f500\u202f000", 1_500_000),
    ("1.500", 1.5),
    ("−٧", -7),
    ("-1,500", -1500),
    ("\u200f٣\u200f", 3),
    ("٣ ", 3),
]


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_articles_filters_and_queries_read_a_number_alike(text: str, number: float) -> None:
    with arsearch.open(":memory:", create=True, fields={"price": "float", "volume": "int"}) as index:
        report = index.add([{"id": "1", "title": "كتاب", "price": text}, {"id": "2", "title": "كتاب", "price": number}])
        assert (report.added, dict(report.remarks)) == (2, {})
        for value in (text, number):
            assert len(index.search("كتاب", filters={"price": value})) == 2
        assert len(index.search("كتاب", filters={"price": (text, text)})) == 2
        assert index.search(f'price:"{text}"').total == 2
        if number == int(number):
            index.add([{"id": "3", "title": "قلم", "volume": text}])
            assert [hit.id for hit in index.search("قلم", filters={"volume": number})] == ["3"]
            assert [hit.id for hit in index.search(f'volume:"{text}"')] == ["3"]


@pytest.mark.parametrize(
    "text", ["3,5", "1,50", "1,5000", ",500", "٣٬٥", "0,500", "²", "inf", "nan", "1,500,00", "12,34,567"]
)
def test_a_text_that_is_no_number_is_not_read_as_another_one(text: str) -> None:
    with arsearch.open(":memory:", create=True, fields={"price": "float"}) as index:
        report = index.add([{"id": "1", "title": "كتاب", "price": text}])
        assert (report.added, list(report.remarks)) == (1, ["misfit"])
        article = index.get("1")
        assert article is not None
        assert article.to_dict()["price_text"] == text
        if text not in ("inf", "nan"):
            with pytest.raises(QueryError, match="is not a number"):
                index.search("كتاب", filters={"price": text})
        assert index.search(f"price:{text}").notes


def test_ranges_of_numbers_in_groups() -> None:
    assert plain_number("١٬٠٠٠..٢٬٠٠٠") == "1000..2000"
    assert plain_number("1.500.000..") == "1500000.."


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (np.float32("inf"), "inf"),
        ([1, math.inf], [1, "inf"]),
        ({"a": {"b": -math.inf}}, {"a": {"b": "-inf"}}),
        ([1, math.nan, None], [1, None, None]),
        ({"a": np.float64("nan")}, {"a": None}),
        ([np.int64(3), np.float32(0.5), np.bool_(True)], [3, 0.5, True]),
        ([np.array([1.0, math.inf])], [[1.0, "inf"]]),
        ({"seen": dt.date(2015, 7, 21)}, {"seen": "2015-07-21"}),
        ([dt.datetime(2015, 7, 21, 2, 51)], ["2015-07-21T02:51:00"]),
        ([Decimal("1.50"), {2, 1}], ["1.50", [1, 2]]),
        (({"a": (1,)}, -0.0), [{"a": [1]}, -0.0]),
    ],
    ids=repr,
)
def test_a_further_field_costs_no_article(value: Any, kept: Any) -> None:
    with arsearch.open(":memory:", create=True, fields={"price": "float"}) as index:
        report = index.add([{"id": "1", "title": "كتاب", "rate": value}, {"id": "2", "title": "كتاب", "price": value}])
        assert report.added == 2
        first, second = index.get("1"), index.get("2")
        assert first is not None
        assert second is not None
        assert first.to_dict()["rate"] == kept
        assert second.to_dict()["price_text"] == kept


@pytest.mark.parametrize(
    "value",
    [b"x", object(), [object()], {"a": b"x"}, "\ud800", {"\ud800": 1}, 10**5000],
    ids=["bytes", "object", "list", "object_in_it", "surrogate", "key", "digits"],
)
def test_a_value_that_json_cannot_have_costs_its_article_and_names_its_field(value: Any) -> None:
    with arsearch.open(":memory:", create=True) as index:
        report = index.add([{"id": "1", "title": "كتاب", "good": 1, "bad": value}, {"id": "2", "title": "كتاب"}])
        assert report.added == 1
        [failure] = report.failed
        assert failure.id == "1"
        assert failure.reason.startswith("the further field 'bad' is not a JSON value: ")
