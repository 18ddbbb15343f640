"""Dates of added articles: remarks in the report, declared date fields, Hijri years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError

ARTICLES: list[dict[str, Any]] = [
    {"id": "plain", "title": "خبر", "date": "2015-07-21", "revised": "21/07/2015"},
    {"id": "hijri", "title": "خبر", "date": "5 شوال 1436هـ", "revised": "غير معروف"},
    {"id": "none", "title": "خبر", "date": "0000-00-00 00:00:00"},
    {"id": "old", "title": "خبر", "date": "12 ربيع الأول 1301"},
]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_report_counts_dates_with_places(tmp_path: Path, workers: int) -> None:
    with arsearch.open(tmp_path / "x", create=True, fields={"revised": "date"}) as index:
        report = index.add(ARTICLES, workers=workers)

        assert (report.added, report.failures, report.undated) == (4, 0, 1)
        assert {kind: (remark.count, remark.places) for kind, remark in report.remarks.items()} == {
            "hijri": (1, [("article 2", "5 شوال 1436هـ")]),
            "undated_field": (1, [("article 2", "revised: 'غير معروف'")]),
            "undated": (1, [("article 3", "0000-00-00 00:00:00")]),
            "hijri_tabular": (1, [("article 4", "12 ربيع الأول 1301")]),
        }
        assert [hit.id for hit in index.search("*", filters={"date": "2015-07-21"}, sort="date")] == ["plain", "hijri"]
        assert [hit.id for hit in index.search("revised:2015-07-21")] == ["plain"]
        assert index.check() == []


@pytest.mark.parametrize("workers", [1, 2])
def test_strict_dates_refuse_the_article(tmp_path: Path, workers: int) -> None:
    with arsearch.open(tmp_path / "x", create=True, fields={"revised": "date"}) as index:
        report = index.add(ARTICLES, workers=workers, strict_dates=True)

        assert (report.added, [failure.id for failure in report.failed]) == (2, ["hijri", "none"])
        assert "not a date" in report.failed[0].reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1436, ["plain", "hijri"]),
        ("1436هـ", ["plain", "hijri"]),
        ("١٤٣٦", ["plain", "hijri"]),
        ((1301, 1436), ["old", "plain", "hijri"]),
        ("1301..1436", ["old", "plain", "hijri"]),
        ("1301 - 1436هـ", ["old", "plain", "hijri"]),
        ("1302هـ..", ["plain", "hijri"]),
        ("..1301", ["old"]),
        ((None, "1301"), ["old"]),
        ([1436], ["plain", "hijri"]),
        (["1301..1436", arsearch.Not(1436)], ["old"]),
        ("..1301 هـ", ["old"]),
        ("1302..", ["plain", "hijri"]),
        ("1302هـ ..", ["plain", "hijri"]),
        ("1301هـ..1436هـ", ["old", "plain", "hijri"]),
        ("1301-1436", ["old", "plain", "hijri"]),
        ("..", ["old", "plain", "hijri"]),
        (1437, []),
    ],
)
def test_the_hijri_year_is_a_filter(value: Any, expected: list[str]) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(ARTICLES)

        filters = json.loads('{"hijri_year": null}') | {"hijri_year": value}  # a name from elsewhere is another object
        assert [hit.id for hit in index.search("خبر", filters=filters, sort="date")] == expected
        assert index.search("خبر", facets=["hijri_year"]).facets == {"hijri_year": {"1436": 2, "1301": 1}}


@pytest.mark.parametrize(
    "value",
    [
        "كذا",
        ("كذا", 1437),
        (1436, "كذا"),
        (1437, 1436),
        "1437..1436",
        "1437-",
        "1437..x",
        0,
        [1, 2, 3],
        "9999999",
        (),
        (1436,),
        [],
        [1436, 1437, 1438],
        1436.5,
    ],
)
def test_other_hijri_years_are_refused(value: Any) -> None:
    with arsearch.open(":memory:", create=True) as index, pytest.raises(QueryError, match="hijri_year"):
        index.search("خبر", filters={"hijri_year": value})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["2015-07-21"], ["plain", "hijri"]),
        (["1884-01-11", "2015-07-21"], ["old", "plain", "hijri"]),
        (("1884-01-11", "2015-07-20"), ["old"]),
    ],
)
def test_a_list_may_hold_a_date(value: Any, expected: list[str]) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(ARTICLES)
        assert [hit.id for hit in index.search("خبر", filters={"date": value}, sort="date")] == expected


@pytest.mark.parametrize("value", [[], (), ("2015-07-21",), ["2015", "2016", "2017"], "x", b"2015"])
def test_other_dates_are_refused(value: Any) -> None:
    with arsearch.open(":memory:", create=True) as index, pytest.raises(QueryError, match="is not a date"):
        index.search("خبر", filters={"date": value})
