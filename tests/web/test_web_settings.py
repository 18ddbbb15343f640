"""Tests of the settings of a server: a value that would open it to strangers, or make it fail at each request, is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError
from arsearch.web import WebSettings, create_app

TOKEN = "a-secret-of-16-or-more"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tokens", ("",)),  # a request without a token sends it
        ("tokens", TOKEN),  # each letter would be a token
        ("tokens", (TOKEN, "short")),
        ("tokens", ("مفتاح-طويل-بالعربية",)),
        ("tokens", (f"{TOKEN} ",)),
        ("tokens", (None,)),
        ("tokens", (TOKEN.encode(),)),
        ("tokens", TOKEN.encode()),
        ("tokens", 7),
        ("allowed_hosts", "example.org"),
        ("allowed_hosts", ("https://example.org",)),
        ("allowed_hosts", ("example.org:80",)),
        ("allowed_hosts", ("example.org/a",)),
        ("allowed_hosts", ("",)),
        ("allowed_hosts", ("a.*.org",)),
        ("origins", "https://example.org"),
        ("origins", ("https://example.org/",)),
        ("origins", ("example.org",)),
        ("title", None),
        ("title", 7),
        *(
            (name, value)
            for name in ("default_limit", "max_offset", "max_filters", "queue")
            for value in (-1, 1.5, "1", None)
        ),
        *(
            (name, value)
            for name in ("max_limit", "max_query", "max_body", "max_line", "concurrency", "burst")
            for value in (0, -1, math.inf, "1", None)
        ),
        *(("deadline", value) for value in (0, -0.0, -1, math.nan, "5", None)),
        *((name, value) for name in ("rate", "lock_timeout") for value in (-1, math.nan, "5", None)),
        ("access_log", "all"),
        ("access_log", None),
    ],
)
def test_a_wrong_setting_is_refused_and_a_token_is_not_shown(name: str, value: Any) -> None:
    with pytest.raises(QueryError, match=name) as error:
        WebSettings(**{name: value})
    assert TOKEN not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tokens", [TOKEN]),
        ("allowed_hosts", ["example.org", "*.example.org", "*", "127.0.0.1", "::1", "[::1]", "مثال.إختبار"]),
        ("origins", ["https://example.org", "http://localhost:3000", "*", "capacitor://localhost"]),
    ],
)
def test_a_list_of_texts_is_kept_as_a_tuple(name: str, value: list[str]) -> None:
    settings: dict[str, Any] = {name: value}
    assert getattr(WebSettings(**settings), name) == tuple(value)


def test_an_endless_rate_is_no_limit_and_an_endless_deadline_waits() -> None:
    settings = WebSettings(rate=math.inf, deadline=math.inf)
    assert (settings.rate, settings.deadline) == (0, math.inf)


def test_a_page_has_no_more_hits_than_the_most() -> None:
    from starlette.testclient import TestClient

    with arsearch.open(":memory:", create=True) as index:
        index.add({"id": str(number), "title": f"كتاب {number}"} for number in range(20))
        client = TestClient(create_app(index, WebSettings(max_limit=5)))
        answer = client.get("/api/v1/search", params={"q": "كتاب", "collapse": "none"}).json()
    assert (answer["total"], len(answer["hits"])) == (20, 5)
