"""Nodes of three are killed, paused and restarted, and disks fill up: no search fails or loses a hit, no article is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from opensearch_node.nodes import Node, running_nodes

import arsearch
from arsearch import AddReport
from arsearch.errors import AddError, IndexUnavailableError, IndexWriteError
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.opensearch.bulk import requests

if not os.environ.get("ARSEARCH_OPENSEARCH_OUTAGE"):
    pytest.skip("three nodes take two minutes: set ARSEARCH_OPENSEARCH_OUTAGE=1", allow_module_level=True)

WORDS = ("كتاب", "مدرسة", "قمر", "نهر", "وزير", "النفط", "مدينة", "شارع", "بحر", "جبل", "قرية")
ARTICLES = [
    {
        "id": str(number),
        "title": f"{WORDS[number % 11]} {WORDS[number % 7]}",
        "body": " ".join(WORDS[(number * step) % 11] for step in range(1, 9)),
    }
    for number in range(400)
]
QUERIES = [f"{one} {other}" for one in WORDS for other in WORDS]


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    with running_nodes(3, heap=400, light=True) as started:
        yield started


def location(nodes: Sequence[Node], deadline: int = 60) -> str:
    """Return the location of an index of three shards with a copy of each, on all nodes."""
    hosts = ",".join(node.url.removeprefix("http://") for node in nodes)
    return f"opensearch://{hosts}/news?shards=3&replicas=1&deadline={deadline}"


def opened(nodes: Sequence[Node], deadline: int = 60) -> arsearch.Index:
    return arsearch.open(location(nodes, deadline), create=True)


def request(index: arsearch.Index, method: str, path: str, body: object = None, **params: object) -> Any:
    backend = index.backend
    assert isinstance(backend, OpenSearchBackend)
    return backend._connection.request(method, path, body, params=params, seconds=120)


def wait_for_copies(index: arsearch.Index) -> None:
    health = request(index, "GET", "/_cluster/health", wait_for_status="green", timeout="100s")
    assert health["status"] == "green"


def manager(index: arsearch.Index, nodes: Sequence[Node]) -> Node:
    (row,) = request(index, "GET", "/_cat/cluster_manager", format="json")
    return nodes[int(row["node"].removeprefix("n"))]


def assert_same_answer(embedded: arsearch.Index, index: arsearch.Index, text: str) -> None:
    one, other = (each.search(text, correct=False, timeout=30) for each in (embedded, index))
    assert [hit.id for hit in one] == [hit.id for hit in other]
    assert one.total == other.total


def test_searches_go_on_without_the_manager(nodes: list[Node]) -> None:
    with opened(nodes) as index, arsearch.open(":memory:", create=True) as embedded:
        index.add(ARTICLES)
        embedded.add(ARTICLES)
        wait_for_copies(index)
        for number, text in enumerate(QUERIES):
            if number == 30:
                manager(index, nodes).process.kill()
            assert_same_answer(embedded, index, text)


def test_searches_go_on_while_each_node_restarts(nodes: list[Node]) -> None:
    with opened(nodes) as index, arsearch.open(":memory:", create=True) as embedded:
        index.add(ARTICLES)
        embedded.add(ARTICLES)
        for node in nodes:
            wait_for_copies(index)
            node.stop()
            for text in QUERIES[:20]:
                assert_same_answer(embedded, index, text)
            node.start()
            for text in QUERIES[20:40]:
                assert_same_answer(embedded, index, text)
            request(index, "GET", "/_cluster/health", wait_for_nodes=3, timeout="100s")


ARSEARCH = (sys.executable, "-m", "arsearch")


@contextmanager
def serving(location: str) -> Iterator[str]:
    """Yield the URL of a server of an index, a process of its own."""
    command = [*ARSEARCH, "serve", "-i", location, "--port", "0", "--rate", "0", "--deadline", "30", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_an_operator_does_not_notice_that_a_node_is_killed(nodes: list[Node], tmp_path: Path) -> None:
    """An archive is loaded, a loop of searches and a server run, a node is killed, and the index is copied to a folder."""
    pytest.importorskip("uvicorn", reason='needs pip install "arsearch[web]"')
    cluster, archive, back = location(nodes), tmp_path / "archive.jsonl", tmp_path / "back.arsearch"
    archive.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    subprocess.run([*ARSEARCH, "index", archive, "-i", cluster], check=True)
    with opened(nodes) as index, arsearch.open(":memory:", create=True) as embedded, serving(cluster) as url:
        embedded.add(ARTICLES)
        wait_for_copies(index)
        for number, text in enumerate(QUERIES):
            if number == 30:
                nodes[0].process.kill()
            assert_same_answer(embedded, index, text)
            with urllib.request.urlopen(f"{url}api/search?q={quote(text)}&collapse=none", timeout=60) as answer:
                found = json.load(answer)
            expected = embedded.search(text, correct=False)
            assert (found["total"], found["partial"]) == (expected.total, False)
            assert [hit["id"] for hit in found["hits"]] == [hit.id for hit in expected]

        subprocess.run([*ARSEARCH, "copy", cluster, back], check=True)

        with arsearch.open(back) as copied:
            assert list(copied) == list(embedded)
            for text in QUERIES:
                assert_same_answer(embedded, copied, text)


def test_a_full_disk_loses_no_article(nodes: list[Node]) -> None:
    with opened(nodes) as index:
        index.add(ARTICLES[:100])
        # The cluster puts this block on an index when a disk passes the flood-stage watermark.
        request(index, "PUT", "/news/_settings", {"index.blocks.read_only_allow_delete": True})
        start = time.monotonic()
        with pytest.raises(IndexWriteError, match=r"a disk of the cluster .* is full"):
            index.add(ARTICLES)
        assert time.monotonic() - start < 30
        assert index.search("كتاب").total
        assert len(index) == 100

        request(index, "PUT", "/news/_settings", {"index.blocks.read_only_allow_delete": None})
        report = index.add(ARTICLES)

        assert (report.added, report.updated, report.failures) == (300, 100, 0)
        assert len(index) == 400


def test_a_disk_that_fills_up_during_a_load_loses_no_acknowledged_article(
    nodes: list[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(nodes) as index:
        monkeypatch.setattr(requests, "_REQUEST_BYTES", 20_000)

        def fill(report: AddReport) -> None:
            if report.commits == 2:
                request(index, "PUT", "/news/_settings", {"index.blocks.read_only_allow_delete": True})

        with pytest.raises(AddError, match=r"a disk of the cluster .* is full") as caught:
            index.add(ARTICLES, commit_every=100, progress=fill)
        committed = caught.value.report.committed
        assert committed >= 200
        request(index, "PUT", "/news/_settings", {"index.blocks.read_only_allow_delete": None})
        found = {article.id for article in index}

        assert {article["id"] for article in ARTICLES[:committed]} <= found


def test_no_article_is_lost(nodes: list[Node], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_REQUEST_BYTES", 20_000)
    with opened(nodes) as index:
        index.add(ARTICLES[:10])
        wait_for_copies(index)
        threading.Timer(0.3, nodes[1].process.kill).start()
        report = index.add(ARTICLES)

        assert (report.added, report.updated, report.failures) == (390, 10, 0)
        assert sorted(article.id for article in index) == sorted(article["id"] for article in ARTICLES)


def test_no_call_takes_longer_than_its_deadline(nodes: list[Node]) -> None:
    with opened(nodes) as index:
        index.add(ARTICLES[:10])
    with opened(nodes, deadline=4) as index:
        for node in nodes:
            node.process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(IndexUnavailableError, match="no answer in time"):
            index.search("كتاب")
        took = time.monotonic() - start
        for node in nodes:
            node.process.send_signal(signal.SIGCONT)

        assert took < 8
