"""The HTTP API answers as the library does, with entity tags, and reports every error as a problem."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from web_clients import Connect, comparable  # skips without the extra

import arsearch
from arsearch.web import create_app

QUERY = "الحرس الثوري"


def problem(response: Any) -> tuple[int, str]:
    """Return the status and the code of a problem, after checks of its form."""
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"] == "about:blank"
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["code"]


def test_a_search_answers_as_the_library_does(client: TestClient, index: arsearch.Index) -> None:
    found = client.get("/api/v1/search", params={"q": QUERY, "facets": "source,year", "limit": 5}).json()
    expected = index.search(QUERY, limit=5, facets=("source", "year"), collapse="duplicates").to_dict()

    assert comparable({name: found[name] for name in expected}) == comparable(expected)
    assert (found["index"], found["moved"], found["commit"]) == ("default", False, 1)


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ({"f.category": "سياسة"}, {"filters": {"category": ["سياسة"]}}),
        ({"not.category": "سياسة"}, {"filters": {"category": [arsearch.Not("سياسة")]}}),
        ({"from": "2020", "to": "2022"}, {"filters": {"date": ("2020", "2022")}}),
        ({"sort": "-date"}, {"sort": "-date"}),
        ({"match": "surface", "mode": "any"}, {"match": "surface", "mode": "any"}),
        ({"collapse": "source"}, {"collapse": "source"}),
        ({"collapse": "none"}, {"collapse": None}),
        ({"recency": "1y"}, {"recency": "1y"}),
        ({"offset": "2", "limit": "3"}, {"offset": 2, "limit": 3}),
        ({"page": "2", "limit": "3"}, {"offset": 3, "limit": 3}),
    ],
)
def test_the_parameters_of_a_search_are_those_of_the_library(
    client: TestClient, index: arsearch.Index, parameters: dict[str, str], arguments: dict[str, Any]
) -> None:
    found = client.get("/api/v1/search", params={"q": "الحرس", **parameters}).json()
    results = index.search("الحرس", **({"collapse": "duplicates"} | arguments))

    assert [hit["id"] for hit in found["hits"]] == [hit.id for hit in results]
    assert found["total"] == results.total


def test_fields_choose_what_is_sent(client: TestClient) -> None:
    hits = client.get("/api/search", params={"q": QUERY, "fields": "id, snippet_html,source,nothing"}).json()["hits"]

    assert [list(hit) for hit in hits] == [["id", "snippet_html", "source", "nothing"]] * len(hits)
    assert "<mark>" in hits[0]["snippet_html"]
    assert hits[0]["nothing"] is None
    assert list(client.get(f"/api/articles/{hits[0]['id']}?fields=title").json()) == ["title"]


def test_likelier_queries_are_proposed_if_the_client_wants_them(client: TestClient, index: arsearch.Index) -> None:
    typo = "الحرس الثوؤري"
    found = client.get("/api/search", params={"q": typo, "did_you_mean": "true"}).json()

    assert found["did_you_mean"] == index.correct(typo).to_dict()
    assert found["did_you_mean"]["queries"]
    assert "did_you_mean" not in client.get("/api/search", params={"q": typo}).json()


def test_suggestions_similar_articles_and_explanations_are_those_of_the_library(
    client: TestClient, index: arsearch.Index
) -> None:
    suggested = client.get("/api/suggest", params={"q": "الحر", "limit": 3}).json()["suggestions"]
    similar = client.get("/api/similar", params={"id": "news-001", "limit": 3, "fields": "id"}).json()["hits"]
    explained = client.get("/api/explain", params={"id": "news-001", "q": QUERY}).json()

    assert suggested == [one.to_dict() for one in index.suggest("الحر", limit=3)]
    assert [hit["id"] for hit in similar] == [
        hit.id for hit in index.more_like("news-001", limit=3, collapse="duplicates")
    ]
    assert comparable(explained) == comparable({"index": "default", **index.explain(QUERY, "news-001").to_dict()})


def test_an_article_is_sent_as_it_was_added(client: TestClient, samples: list[dict[str, Any]]) -> None:
    sample = samples[0]

    assert client.get(f"/api/v1/articles/{sample['id']}").json() == sample | {"date": sample["date"].replace(" ", "T")}


def test_an_id_may_have_slashes_spaces_and_arabic_letters(client: TestClient, index: arsearch.Index) -> None:
    for id in ("a/b c", "مقال ١", "100%", "a?b#c", "a\nb", "a\n", "\r\n/a", "e\u0301"):
        index.add([{"id": id, "title": "عنوان"}])
        found = client.get("/api/articles/" + _quoted(id))

        assert found.json()["id"] == id


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def test_statistics_name_all_indexes(client: TestClient, index: arsearch.Index) -> None:
    assert client.get("/api/stats").json() == {"index": "default", "indexes": ["default"], **index.stats().to_dict()}


def test_an_unchanged_index_answers_304_without_a_search(client: TestClient, index: arsearch.Index) -> None:
    first = client.get("/api/search", params={"q": QUERY})
    tag = first.headers["etag"]

    for header in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get("/api/search", params={"q": QUERY}, headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    index.add([{"id": "new", "title": QUERY}])
    changed = client.get("/api/search", params={"q": QUERY}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert changed.json()["total"] == first.json()["total"] + 1


def test_an_answer_that_ran_out_of_time_has_no_tag(index: arsearch.Index, connect: Connect) -> None:
    response = connect(index, deadline=1e-9).get("/api/search", params={"q": QUERY})
    if response.status_code == 503:
        assert problem(response) == (503, "timeout")
    else:
        assert "time ran out" in response.json()["notes"][-1]
        assert "etag" not in response.headers


def test_answers_are_compressed_for_clients_that_can_read_it(client: TestClient) -> None:
    with client.stream("GET", "/api/search", params={"q": QUERY}, headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    plain = client.get("/api/search", params={"q": QUERY}, headers={"Accept-Encoding": "identity"})

    assert response.headers["content-encoding"] == "gzip"
    assert comparable(json.loads(gzip.decompress(raw))) == comparable(plain.json())
    assert "content-encoding" not in plain.headers


def test_both_names_of_the_api_answer_alike(client: TestClient) -> None:
    for path in ("stats", "suggest?q=الح", "openapi.json", "articles/news-001"):
        assert client.get(f"/api/{path}").json() == client.get(f"/api/v1/{path}").json()


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/nothing", (404, "http")),
        ("GET", "/api", (404, "http")),
        ("GET", "/api/search/", (404, "http")),
        ("PUT", "/api/search", (405, "http")),
        ("POST", "/api/search", (405, "http")),
        ("GET", "/api/search?i=nothing", (404, "unknown_index")),
        ("GET", "/api/search?limit=1000", (400, "bad_parameter")),
        ("GET", "/api/search?q=a&sort=nothing", (400, "bad_query")),
        ("GET", "/api/search?q=a&facets=body", (400, "bad_query")),
        ("GET", "/api/search?q=a&f.nothing=1", (400, "bad_query")),
        ("GET", "/api/search?q=a&f.date=2015&from=2014", (400, "bad_query")),
        ("GET", "/api/search?q=a&from=soon", (400, "bad_query")),
        ("GET", "/api/search?q=a&mode=some", (400, "bad_query")),
        ("GET", "/api/search?q=a&match=none", (400, "bad_query")),
        ("GET", "/api/search?q=a&recency=often", (400, "bad_query")),
        ("GET", "/api/search?q=a&did_you_mean=perhaps", (400, "bad_parameter")),
        ("GET", "/api/search?q=a&fields=a,,b", (400, "bad_parameter")),
        ("GET", "/api/search?q=a&fields=" + ",".join(map(str, range(51))), (400, "bad_parameter")),
        ("GET", "/api/suggest?q=a&limit=51", (400, "bad_parameter")),
        ("GET", "/api/similar", (400, "bad_parameter")),
        ("GET", "/api/similar?id=nothing", (404, "no_article")),
        ("GET", "/api/explain?id=nothing&q=a", (404, "no_article")),
        ("GET", "/api/articles/nothing", (404, "no_article")),
    ],
)
def test_an_error_is_a_problem(client: TestClient, method: str, path: str, expected: tuple[int, str]) -> None:
    assert problem(client.request(method, path)) == expected


def test_a_wrong_method_names_the_right_ones(client: TestClient) -> None:
    assert "GET" in client.put("/api/search").headers["allow"]


def test_several_indexes_have_names_and_the_first_is_the_default(index: arsearch.Index, connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as books:
        books.add([{"id": "b", "title": "كتاب في النحو"}])
        client = connect({"news": index, "books": books})

        assert client.get("/api/search?q=النحو&i=books").json()["hits"][0]["id"] == "b"
        assert client.get("/api/search?q=النحو").json()["index"] == "news"
        assert client.get("/api/stats?i=books").json()["indexes"] == ["news", "books"]
        assert client.get("/api/health").json()["indexes"].keys() == {"news", "books"}


def test_an_empty_index_answers(connect: Connect) -> None:
    with arsearch.open(":memory:", create=True) as empty:
        client = connect(empty)

        assert client.get("/api/search?q=كتاب&facets=source,month&did_you_mean=1").json()["total"] == 0
        assert client.get("/api/suggest?q=كت").json()["suggestions"] == []
        assert client.get("/api/stats").json()["articles"] == 0


def test_readers_follow_the_commits_of_another_process(tmp_path: Path, connect: Connect) -> None:
    location = tmp_path / "index"
    with arsearch.open(location, create=True) as writer:
        client = connect(str(location))
        for number in range(1, 4):
            writer.add([{"id": str(number), "title": "كتاب"}])
            assert client.get("/api/search?q=كتاب").json()["total"] == number
        writer.delete("1")
        assert client.get("/api/search?q=كتاب").json()["total"] == 2
        assert client.get("/api/stats").json()["articles"] == 2


def test_an_index_that_is_missing_is_not_healthy(tmp_path: Path, index: arsearch.Index, connect: Connect) -> None:
    client = connect({"news": index, "lost": str(tmp_path / "secret-folder")})
    health, search = client.get("/api/health"), client.get("/api/search?i=lost&q=a")

    assert health.status_code == 503
    assert health.json()["indexes"]["lost"] == {"status": "failed"}
    assert problem(search) == (503, "index_unusable")
    assert "secret-folder" not in health.text + search.text
    assert client.get("/api/search?q=a").status_code == 200
    with arsearch.open(tmp_path / "secret-folder", create=True):
        assert client.get("/api/health").status_code == 200


def test_the_application_can_be_mounted_in_another(index: arsearch.Index) -> None:
    outer = Starlette(routes=[Mount("/archive", app=create_app(index))])
    client = TestClient(outer)

    assert client.get("/archive/api/search", params={"q": QUERY}).json()["hits"]
    assert client.get("/archive/").status_code == 200
    assert client.get("/archive/api/openapi.json").json()["servers"] == [{"url": "/archive/api/v1"}]
    assert problem(client.get("/archive/api/nothing")) == (404, "http")


def test_a_failure_of_the_program_is_answered_and_logged(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("/srv/secret/path")

    monkeypatch.setattr(arsearch.Snapshot, "search", fail)
    response = client.get("/api/search", params={"q": QUERY})

    assert problem(response) == (500, "failed")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "/srv/secret/path" in caplog.text


def test_other_synonyms_have_another_tag(tmp_path: Path) -> None:
    with arsearch.open(tmp_path / "x", create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
    tags, totals = [], []
    for synonyms in (None, arsearch.Synonyms.parse("زعزعة, كتاب")):
        with TestClient(create_app(tmp_path / "x", synonyms=synonyms)) as client:
            response = client.get("/api/search", params={"q": "زعزعة"})
            tags.append(response.headers["etag"])
            totals.append(response.json()["total"])
    assert tags[0] != tags[1]
    assert totals == [0, 1]
