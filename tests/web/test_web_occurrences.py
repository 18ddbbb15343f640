"""Concordances, tables of frequencies and passages over HTTP: the API, the pages, and the exports."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from starlette.testclient import TestClient
from test_web_api import problem
from web_clients import comparable  # skips without the extra

import arsearch

QUERY = "الحرس الثوري"


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
    lines, offset = [], 0
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
    parameters = {"q": QUERY, "limit": 3, "size": 200, "overlap": 50, "not.source": "وكالة الأفق"}
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
