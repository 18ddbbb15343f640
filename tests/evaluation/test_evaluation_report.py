"""A report has the measures of one setting and, against another setting, the comparison of both."""

from __future__ import annotations

import json

import pytest

from arsearch.evaluation import METRICS, Evaluation, Report

pytest.importorskip("ir_measures")

from arsearch.evaluation import score_run

QRELS = {"a": {"d1": 1}, "b": {"d2": 1}, "c": {"d3": 1}}
GROUPS = {"a": "a", "b": "a", "c": "c"}


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return score_run({"a": ("d1",), "b": ("d2",), "c": ("d3",)}, QRELS)


@pytest.fixture(scope="module")
def other() -> Evaluation:
    return score_run({"a": ("x", "d1"), "b": ("d2",)}, QRELS)


def test_a_report_of_one_setting(found: Evaluation) -> None:
    report = Report("default", found, 3, GROUPS)

    assert report.drawn == 2
    assert report.comparison == {}
    assert report.to_dict(per_query=False) == {
        "articles": 3,
        "queries": 3,
        "groups": 2,
        "unjudged": [],
        "setting": "default",
        "mean": dict.fromkeys(METRICS, 1.0),
    }


def test_a_report_of_two_settings(found: Evaluation, other: Evaluation) -> None:
    report = Report("default", found, 3, GROUPS, "k1=2", other)
    data = json.loads(json.dumps(report.to_dict()))

    assert data["against"]["setting"] == "k1=2"
    assert data["against"]["mean"]["MRR"] == pytest.approx(0.5)
    assert data["per_query"].keys() == data["against"]["per_query"].keys() == QRELS.keys()
    assert data["comparison"].keys() == set(METRICS)
    gain = data["comparison"]["MRR"]
    assert gain["difference"] == pytest.approx(0.5)
    assert (gain["queries"], gain["groups"]) == (3, 2)
    assert gain["low"] == pytest.approx(0.25)  # a resample of two groups has either group twice, or both
    assert gain["high"] == pytest.approx(1.0)
