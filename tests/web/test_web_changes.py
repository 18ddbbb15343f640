"""Changes over HTTP: a token is needed before a body is read, and each bad line is reported."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from web_clients import Connect  # skips without the extra

import arsearch
from arsearch.search.backend import WriterOptions
from arsearch.web import WebSettings, create_app

LINES = {"Content-Type": "application/jsonl"}


@pytest.fixture
def signed(token: str) -> dict[str, str]:
    """Return the headers of a change that is allowed."""
    return {**LINES, "Authorization": f"Bearer {token}"}


def lines(*articles: dict[str, Any]) -> str:
    return "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)


def test_articles_are_added_replaced_and_deleted(client: TestClient, signed: dict[str, str]) -> None:
    first = client.post("/api/v1/articles", content=lines({"id": "x", "title": "أول"}), headers=signed).json()
    second = client.post("/api/v1/articles", content=lines({"id": "x", "title": "ثان"}), headers=signed).json()

    assert (first["added"], first["updated"], second["added"], second["updated"]) == (1, 0, 0, 1)
    assert client.get("/api/articles/x").json()["title"] == "ثان"
    assert client.delete("/api/articles/x", headers=signed).json() == {"index": "default", "deleted": 1}
    assert client.delete("/api/articles/x", headers=signed).json()["code"] == "no_article"
    assert client.get("/api/articles/x").status_code == 404


def test_each_bad_line_is_reported_by_its_number(client: TestClient, signed: dict[str, str]) -> None:
    body = b"\n".join(
        [
            b'\xef\xbb\xbf{"id": "a", "title": "\xd8\xa8"}',
            b"",
            b"{broken",
            b"[1, 2]",
            b'{"title": "t"}',
            b'{"id": "b"}',
            b'{"id": "c", "title": NaN}',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"id": "d", "title": 1e999}',
            b'{"id": "e", "title": "\\ud800"}',
            b'{"id": "z", "title": "last"}\r',
        ]
    )
    report = client.post("/api/articles", content=body, headers=signed).json()

    assert [failure["line"] for failure in report["failed"]] == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert (report["added"], report["failures"]) == (2, 9)
    assert all(failure["reason"] for failure in report["failed"])
    assert report["failed"][3]["id"] == "b"


def test_a_body_without_articles_adds_none(client: TestClient, signed: dict[str, str]) -> None:
    assert client.post("/api/articles", content=b"\n\n", headers=signed).json()["added"] == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer wrong-token-of-tests"}, 401),
        ({"Authorization": "Basic YS10b2tlbi1vZi10aGUtdGVzdHM="}, 401),
        ({"Authorization": "Bearer a-token-of-the-tests-"}, 401),
        ({"Authorization": "bearer a-token-of-the-tests"}, 200),
    ],
)
def test_a_change_needs_the_token(client: TestClient, headers: dict[str, str], status: int) -> None:
    response = client.post("/api/articles", content=b"", headers={**LINES, **headers})

    assert response.status_code == status
    assert client.delete("/api/articles/x", headers=headers).status_code == (404 if status == 200 else 401)
    if status == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_server_without_tokens_is_read_only(index: arsearch.Index, connect: Connect) -> None:
    client = connect(index)

    for headers in (LINES, {**LINES, "Authorization": "Bearer "}):
        assert client.post("/api/articles", content=b"", headers=headers).json()["code"] == "read_only"
        assert client.delete("/api/articles/news-001", headers=headers).status_code == 403
    assert len(index) == 126


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer a-token-of-the-tests", "content-type": "text/html"}, 415),
        ({"authorization": "Bearer a-token-of-the-tests", "content-type": "application/jsonl", "content-encoding": "gzip"}, 415),
        ({"authorization": "Bearer a-token-of-the-tests", "content-type": "application/jsonl", "content-length": "9" * 12}, 413),
        ({"authorization": "Bearer a-token-of-the-tests", "content-type": "application/jsonl", "content-length": "9" * 99}, 413),
    ],
)  # fmt: skip
def test_a_change_is_refused_before_its_body_is_read(
    index: arsearch.Index, token: str, headers: dict[str, str], status: int
) -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/articles",
        "raw_path": b"/api/v1/articles",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    asyncio.run(create_app(index, WebSettings(tokens=(token,)))(scope, receive, send))

    assert sent[0]["status"] == status


def test_a_body_that_is_too_large_is_refused_though_its_length_is_unknown(
    index: arsearch.Index, connect: Connect, token: str, signed: dict[str, str]
) -> None:
    client = connect(index, tokens=(token,), max_body=100)

    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b'{"id": "big", "title": "t"}\n'

    assert client.post("/api/articles", content=chunks(), headers=signed).json()["code"] == "too_large"
    assert "big" not in index


def test_a_line_that_is_too_long_costs_only_itself(
    index: arsearch.Index, connect: Connect, token: str, signed: dict[str, str]
) -> None:
    client = connect(index, tokens=(token,), max_line=100)
    body = lines({"id": "long", "title": "t" * 200}, {"id": "short", "title": "t"})
    report = client.post("/api/articles", content=body, headers=signed).json()

    assert (report["added"], report["failed"][0]["line"]) == (1, 1)
    assert "short" in index


def test_a_body_that_breaks_off_changes_nothing(index: arsearch.Index, token: str, signed: dict[str, str]) -> None:
    messages = iter(
        [
            {"type": "http.request", "body": lines({"id": "half", "title": "t"}).encode(), "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/articles",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in signed.items()],
    }
    asyncio.run(create_app(index, WebSettings(tokens=(token,)))(scope, receive, send))

    assert sent == []
    assert "half" not in index


def test_another_writer_is_answered_by_503_and_a_time(
    tmp_path: Path, connect: Connect, token: str, signed: dict[str, str]
) -> None:
    location = tmp_path / "index"
    with arsearch.open(location, create=True) as index:
        client = connect(str(location), tokens=(token,), lock_timeout=0.05)
        with index.backend.writer(WriterOptions()):
            refused = client.post("/api/articles", content=lines({"id": "x", "title": "t"}), headers=signed)
            kept = client.delete("/api/articles/x", headers=signed)
            found = client.get("/api/search?q=t")
        added = client.post("/api/articles", content=lines({"id": "x", "title": "t"}), headers=signed)

    assert (refused.status_code, refused.json()["code"]) == (503, "locked")
    assert int(refused.headers["retry-after"]) >= 1
    assert (kept.status_code, found.status_code, added.json()["added"]) == (503, 200, 1)
    assert str(tmp_path) not in refused.text


def test_changes_of_many_clients_are_all_made(client: TestClient, signed: dict[str, str]) -> None:
    statuses: list[int] = []

    def add(number: int) -> None:
        body = lines({"id": f"many-{number}", "title": "t"})
        while (status := client.post("/api/articles", content=body, headers=signed).status_code) == 503:
            pass
        statuses.append(status)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 8
    assert client.get("/api/stats").json()["articles"] == 134


def test_long_bodies_are_cut_into_parts_and_searches_show_the_best_of_each_work(
    client: TestClient, signed: dict[str, str]
) -> None:
    body = lines(
        {"id": "book", "title": "كتاب", "body": "باب الأول\n\nنص الياقوت.\n\nباب الثاني\n\nنص الياقوت أيضا.\n"}
    )
    added = client.post("/api/articles?split=chapters", content=body, headers=signed)
    wrong = client.post("/api/articles?split=sentences", content=body, headers=signed)
    best = client.get("/api/search?q=الياقوت").json()["hits"]
    parts = client.get("/api/search?q=الياقوت&collapse=none").json()["hits"]

    assert added.json()["added"] == 1
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_query")
    assert len(best) == 1
    assert [hit["id"] for hit in parts] == ["book¶1", "book¶2"]
    assert client.get("/api/articles/book%C2%B61").status_code == 200
