"""Locations of indexes on a cluster, and errors of requests, without a cluster."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

import arsearch
from arsearch.errors import (
    ArsearchError,
    IndexOpenError,
    IndexReadOnlyError,
    IndexUnavailableError,
    IndexVersionError,
    NotAnIndexError,
    UnsupportedError,
)
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.location import read_location
from arsearch.opensearch.lock import locked

pytest.importorskip("opensearchpy", reason="opensearch-py is not installed: pip install arsearch[opensearch]")

LOCATIONS = [
    ("opensearch://host:9200/news", ("http://host:9200",), "news"),
    ("opensearch://host/news", ("http://host:9200",), "news"),
    ("opensearchs://host/news-2015", ("https://host:9200",), "news-2015"),
    ("OPENSEARCH://a:1,b:2,c/news/", ("http://a:1", "http://b:2", "http://c:9200"), "news"),
    ("opensearch://[::1]:9201/news", ("http://[::1]:9201",), "news"),
    ("opensearch://[::1]/news", ("http://[::1]:9200",), "news"),
]


@pytest.mark.parametrize(("text", "hosts", "name"), LOCATIONS, ids=[row[0] for row in LOCATIONS])
def test_a_location_names_hosts_and_an_index(text: str, hosts: tuple[str, ...], name: str) -> None:
    location = read_location(text)

    assert (location.text, location.hosts, location.name) == (text, hosts, name)
    assert (location.shards, location.replicas, location.deadline) == (None, None, 60.0)


def test_options_stand_in_the_location() -> None:
    location = read_location("opensearch://host/news?shards=3&replicas=2&deadline=1.5")

    assert (location.shards, location.replicas, location.deadline) == (3, "2", 1.5)


WRONG = [
    ("opensearch:///news", "names no host"),
    ("opensearch://host", "no name of an index"),
    ("opensearch://host/", "no name of an index"),
    ("opensearch://host/News", "no name of an index"),
    ("opensearch://host/_all", "no name of an index"),
    ("opensearch://host/a/b", "no name of an index"),
    ("opensearch://host/news*", "no name of an index"),
    ("opensearch://ho st/news", "names no host"),
    ("opensearch://host/news?shards=0", "shards=0"),
    ("opensearch://host/news?shards=many", "shards=many"),
    ("opensearch://host/news?replicas=-1", "replicas=-1"),
    ("opensearch://host/news?deadline=0", "deadline=0"),
    ("opensearch://host/news?color=red", "color=red"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_location_is_an_error_that_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(NotAnIndexError, match=message):
        arsearch.open(text, create=True)


def test_a_location_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(NotAnIndexError, match="ARSEARCH_OPENSEARCH_PASSWORD") as caught:
        arsearch.open("opensearch://amal:s3cret@host/news")
    assert "s3cret" not in str(caught.value)


def test_a_password_is_not_sent_over_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSEARCH_OPENSEARCH_USER", "amal")
    monkeypatch.setenv("ARSEARCH_OPENSEARCH_PASSWORD", "s3cret")
    with pytest.raises(IndexOpenError, match="opensearchs://") as caught:
        arsearch.open("opensearch://127.0.0.1:1/news")
    assert "s3cret" not in str(caught.value) + repr(read_location("opensearchs://127.0.0.1:1/news"))


def test_a_cluster_cannot_recover() -> None:
    with pytest.raises(UnsupportedError, match="last intact commit"):
        arsearch.open("opensearch://127.0.0.1:1/news", recover=True)


def test_a_cluster_that_is_away_is_an_error_within_the_deadline() -> None:
    with pytest.raises(IndexUnavailableError, match=r"no answer in time.*http://127\.0\.0\.1:1"):
        arsearch.open("opensearch://127.0.0.1:1/news?deadline=0.3")


@contextmanager
def server(
    *answers: tuple[int, Any], certificate: Path | None = None
) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Serve answers in order, the last one for ever; yield the location of an index there, and the requests.

    A request is its path and its authorization. With the file of a certificate and its key the server speaks HTTPS.
    """
    seen: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = answers[min(len(seen), len(answers) - 1)]
            seen.append((self.path, self.headers.get("Authorization")))
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        scheme = "opensearch"
        if certificate is not None:
            scheme, context = "opensearchs", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            http.socket = context.wrap_socket(http.socket, server_side=True)
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{scheme}://127.0.0.1:{http.server_port}/news?deadline=3", seen
        finally:
            http.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_request_is_sent_again_while_the_cluster_is_overloaded(status: int) -> None:
    with server((status, {}), (status, {}), (200, {"found": 1})) as (location, seen):
        assert Connection(read_location(location)).request("GET", "/x") == {"found": 1}
    assert len(seen) == 3


LOST = (500, {"error": {"type": "search_phase_execution_exception", "reason": "[n1] Node not connected"}})


def test_a_request_is_sent_again_when_a_node_is_lost() -> None:
    with server(LOST, (200, {"found": 1})) as (location, seen):
        assert Connection(read_location(location)).request("GET", "/x") == {"found": 1}
    assert len(seen) == 2


def test_a_search_at_a_point_in_time_is_not_sent_again_when_a_node_is_lost() -> None:
    with server(LOST) as (location, seen), pytest.raises(RequestFailedError) as caught:
        Connection(read_location(location)).search({})
    assert (caught.value.node_lost, len(seen)) == (True, 1)


def test_a_refused_request_is_sent_once() -> None:
    error = {"error": {"type": "bad_query", "reason": "no", "root_cause": [{"reason": "no such field"}]}}
    with (
        server((400, error)) as (location, seen),
        pytest.raises(RequestFailedError, match=r"bad_query.*no such field") as caught,
    ):
        Connection(read_location(location)).request("GET", "/x")
    assert (caught.value.status, len(seen)) == (400, 1)


def test_a_user_without_the_right_to_write_gets_an_error_that_says_so() -> None:
    error = {"error": {"type": "security_exception", "reason": "no permissions for [indices:data/write/index]"}}
    with (
        server((403, error)) as (location, _),
        pytest.raises(IndexReadOnlyError, match=r"does not let us write to .*indices:data/write/index.*right to write"),
        locked(Connection(read_location(location)), 0.1),
    ):
        pass


def test_whatever_the_cluster_refuses_is_an_error_of_arsearch() -> None:
    with server((400, {"error": {"type": "odd", "reason": "no"}})) as (location, _), pytest.raises(ArsearchError):
        Connection(read_location(location)).request("GET", "/x")


def test_an_overloaded_cluster_is_an_error_within_the_deadline() -> None:
    with server((429, {})) as (location, _):
        connection = Connection(read_location(location.replace("deadline=3", "deadline=0.5")))
        with pytest.raises(IndexUnavailableError, match="status 429"):
            connection.request("GET", "/x")


OPENSEARCH = (200, {"version": {"distribution": "opensearch", "number": "2.19.1"}})
OPENINGS: list[tuple[str, tuple[tuple[int, Any], ...], type[Exception], str]] = [
    ("another server", ((200, {"version": {"number": "8.1.0"}}),), NotAnIndexError, "not OpenSearch"),
    (
        "an old version",
        ((200, {"version": {"distribution": "opensearch", "number": "2.9.0"}}),),
        IndexVersionError,
        "2.12 or newer",
    ),
    ("no entry", ((401, {"error": "Unauthorized"}),), IndexOpenError, "ARSEARCH_OPENSEARCH_USER"),
    (
        "an index of another program",
        (OPENSEARCH, (200, {"news": {"mappings": {"properties": {}}}})),
        NotAnIndexError,
        "not made by arsearch",
    ),
    ("an alias of two", (OPENSEARCH, (200, {"a": {}, "b": {}})), NotAnIndexError, "alias of 2"),
    (
        "a newer format",
        (OPENSEARCH, (200, {"news": {"mappings": {"_meta": {"arsearch": {"format": 99}}}}})),
        IndexVersionError,
        "format 99",
    ),
]


@pytest.mark.parametrize(("case", "answers", "error", "message"), OPENINGS, ids=[row[0] for row in OPENINGS])
def test_a_location_that_is_no_index_is_an_error(
    case: str, answers: tuple[tuple[int, Any], ...], error: type[Exception], message: str
) -> None:
    with server(*answers) as (location, _), pytest.raises(error, match=message):
        arsearch.open(location, create=True)


def test_every_error_of_the_library_is_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests fail with RequestFailedError or IndexUnavailableError, whatever opensearch-py raises."""
    from opensearchpy import exceptions

    connection = Connection(read_location("opensearch://127.0.0.1:1/news?deadline=0.1"))
    raised: list[Callable[[], Exception]] = [
        lambda: exceptions.ConnectionError("N/A", "cut", OSError("cut")),
        lambda: exceptions.ConnectionTimeout("TIMEOUT", "late", OSError("late")),
        lambda: exceptions.SSLError("N/A", "certificate", OSError("certificate")),
        lambda: exceptions.NotFoundError(404, "gone", {}),
        lambda: exceptions.ConflictError(409, "conflict", {}),
        lambda: exceptions.TransportError(500, "failure", {}),
    ]
    for make in raised:

        def fail(*_: Any, **__: Any) -> None:
            raise make()  # noqa: B023

        monkeypatch.setattr(connection._client.transport, "perform_request", fail)
        with pytest.raises((RequestFailedError, IndexUnavailableError)):
            connection.request("GET", "/x")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a certificate for 127.0.0.1, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-out", path, "-keyout", f"{path}.key"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.key").read_bytes())
    return path


CREDENTIALS = [
    ({"USER": "amal", "PASSWORD": "s3cret"}, "Basic YW1hbDpzM2NyZXQ="),
    ({"TOKEN": "t0ken"}, "Bearer t0ken"),
    ({}, None),
]


@pytest.mark.parametrize(("variables", "sent"), CREDENTIALS, ids=["user", "token", "none"])
def test_credentials_go_over_a_verified_connection(
    variables: dict[str, str], sent: str | None, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARSEARCH_OPENSEARCH_CA", str(certificate))
    for name, value in variables.items():
        monkeypatch.setenv(f"ARSEARCH_OPENSEARCH_{name}", value)
    with server((200, {"found": 1}), certificate=certificate) as (location, seen):
        assert Connection(read_location(location)).request("GET", "/x") == {"found": 1}
    assert [authorization for _, authorization in seen] == [sent]


def test_a_certificate_that_nobody_signed_is_refused(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSEARCH_OPENSEARCH_USER", "amal")
    monkeypatch.setenv("ARSEARCH_OPENSEARCH_PASSWORD", "s3cret")
    with server((200, {}), certificate=certificate) as (location, seen):
        with pytest.raises(IndexUnavailableError, match="ARSEARCH_OPENSEARCH_CA") as caught:
            Connection(read_location(location)).request("GET", "/x")
        assert "s3cret" not in str(caught.value)
    assert seen == []
