"""Paging by cursors: the pages of one commit fit together, and paging goes on when the commit is gone."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from web_clients import Connect  # skips without the extra

import arsearch
from arsearch.web import indexes
from arsearch.web.cursors import read_cursor
from arsearch.web.problems import ProblemError
from arsearch.web.states import SearchState

QUERY = {"q": "قال", "fields": "id", "limit": "5", "mode": "any"}


def pages(client: TestClient, parameters: dict[str, str], most: int = 50) -> tuple[list[str], list[bool]]:
    """Return the ids of all pages from the first on, and whether each page has moved."""
    ids: list[str] = []
    moved: list[bool] = []
    cursor = ""
    for _ in range(most):
        found = client.get("/api/search", params={**parameters, "cursor": cursor}).json()
        ids += [hit["id"] for hit in found["hits"]]
        moved.append(found["moved"])
        cursor = found["next"] or ""
        if not cursor:
            break
    return ids, moved


@pytest.mark.parametrize(
    "parameters",
    [{}, {"sort": "-date"}, {"sort": "date"}, {"sort": "source"}, {"collapse": "none"}, {"collapse": "category"}],
    ids=str,
)
def test_the_pages_are_the_hits_of_one_search(
    client: TestClient, index: arsearch.Index, parameters: dict[str, str]
) -> None:
    ids, moved = pages(client, QUERY | parameters)
    collapse = parameters.get("collapse", "duplicates")
    results = index.search(
        "قال", limit=100, mode="any", sort=parameters.get("sort"), collapse=None if collapse == "none" else collapse
    )

    assert ids == [hit.id for hit in results]
    assert not any(moved)


def test_the_pages_of_a_commit_fit_together_after_later_commits(client: TestClient, index: arsearch.Index) -> None:
    expected, _ = pages(client, QUERY)
    first = client.get("/api/search", params=QUERY).json()
    index.add([{"id": f"new-{number}", "title": "قال قال قال"} for number in range(9)])
    second = client.get("/api/search", params={**QUERY, "cursor": first["next"]}).json()

    assert [hit["id"] for hit in second["hits"]] == expected[5:10]
    assert (second["moved"], second["commit"]) == (False, first["commit"])


@pytest.mark.parametrize("sort", ["", "-date", "date"])
@pytest.mark.parametrize("last_is_gone", [False, True])
def test_paging_goes_on_in_the_newest_commit_if_that_of_the_cursor_is_gone(
    client: TestClient, index: arsearch.Index, monkeypatch: pytest.MonkeyPatch, sort: str, last_is_gone: bool
) -> None:
    monkeypatch.setattr(indexes, "KEPT_SECONDS", -1.0)
    parameters = QUERY | {"sort": sort}
    all_ids, _ = pages(client, parameters)
    first = client.get("/api/search", params=parameters).json()
    shown = [hit["id"] for hit in first["hits"]]
    index.delete(shown[1:4] + ([shown[-1]] if last_is_gone else []))
    second = client.get("/api/search", params={**parameters, "cursor": first["next"]}).json()

    # After four deletions, a page by number would leave out the articles that moved up.
    assert second["moved"]
    assert second["commit"] > first["commit"]
    found = [hit["id"] for hit in second["hits"]]
    assert found[0] in all_ids[5:7]
    assert not set(found) & set(shown)


def test_a_cursor_in_a_shrunken_index_finds_nothing_and_ends(
    client: TestClient, index: arsearch.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "KEPT_SECONDS", -1.0)
    cursor = client.get("/api/search", params=QUERY).json()["next"]
    index.delete([article.id for article in index])
    found = client.get("/api/search", params={**QUERY, "cursor": cursor}).json()

    assert (found["hits"], found["next"], found["moved"]) == ([], None, True)


def test_few_old_commits_are_kept(client: TestClient, index: arsearch.Index) -> None:
    cursors = []
    for number in range(5):
        cursors.append(client.get("/api/search", params=QUERY).json()["next"])
        index.add([{"id": f"new-{number}", "title": "كتاب"}])
    client.get("/api/search", params=QUERY)
    moved = [client.get("/api/search", params={**QUERY, "cursor": one}).json()["moved"] for one in cursors]

    assert moved == [True, True, True, False, False]


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(client: TestClient, at: int, value: Any) -> str:
    """Return a cursor of a search with another value in one place."""
    cursor = client.get("/api/search", params=QUERY).json()["next"]
    fields = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    fields[at] = value
    return encoded(fields)


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "é", "W10", encoded({}), encoded([1] * 6), encoded("abcdef"), encoded(None), encoded(5), "[" * 900]
)  # fmt: skip
def test_a_text_that_is_no_cursor_is_refused(client: TestClient, cursor: str) -> None:
    response = client.get("/api/search", params={**QUERY, "cursor": cursor})

    assert (response.status_code, response.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, "another search"), (1, -1), (1, 2**63), (1, 1.5), (1, True), (2, -1), (2, 10_001), (2, 10**300), (2, "5"), (2, True),
        (3, 7), (3, None), (4, 1), (5, [1]), (5, {}), (5, float("nan")), (5, float("inf")), (5, True), (5, 10**400),
    ],
)  # fmt: skip
def test_a_cursor_with_a_value_out_of_range_is_refused(client: TestClient, at: int, value: Any) -> None:
    response = client.get("/api/search", params={**QUERY, "cursor": forged(client, at, value)})

    assert (response.status_code, response.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(("at", "value"), [(1, 99), (3, "\ud800"), (3, "x" * 500), (5, None), (5, "text"), (5, -1e300)])
def test_a_forged_cursor_pages_within_the_limits(client: TestClient, at: int, value: Any) -> None:
    response = client.get("/api/search", params={**QUERY, "cursor": forged(client, at, value)})

    assert response.status_code == 200
    assert len(response.json()["hits"]) <= 5


def test_a_cursor_belongs_to_its_search(client: TestClient) -> None:
    cursor = client.get("/api/search", params=QUERY).json()["next"]

    for other in ({"q": "كتاب"}, {"sort": "date"}, {"f.source": "x"}, {"match": "word"}, {"collapse": "none"}):
        assert client.get("/api/search", params={**QUERY, **other, "cursor": cursor}).json()["code"] == "bad_cursor"
    for same in ({"limit": "7"}, {"facets": "source"}, {"fields": "title"}):
        assert client.get("/api/search", params={**QUERY, **same, "cursor": cursor}).status_code == 200


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_no_text_is_read_as_a_cursor_by_chance(text: str) -> None:
    with pytest.raises(ProblemError):
        read_cursor(SearchState(q="a", cursor=text), 100)


def test_paging_ends_at_the_deepest_page(index: arsearch.Index, connect: Connect) -> None:
    ids, _ = pages(connect(index, max_offset=10), QUERY)

    assert len(ids) == 15
