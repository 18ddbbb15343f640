"""A node of three is killed: no search fails or loses a hit, and no article that was added is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from opensearch_node.nodes import Node, running_nodes

import arsearch
from arsearch.errors import IndexUnavailableError
from arsearch.opensearch import writer
from arsearch.opensearch.backend import OpenSearchBackend

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
    with running_nodes(3, heap=400) as started:
        yield started


def opened(nodes: Sequence[Node], deadline: int = 60) -> arsearch.Index:
    """Return an index of three shards with a copy of each, on all nodes."""
    hosts = ",".join(node.url.removeprefix("http://") for node in nodes)
    return arsearch.open(f"opensearch://{hosts}/news?shards=3&replicas=1&deadline={deadline}", create=True)


def wait_for_copies(index: arsearch.Index) -> None:
    backend = index.backend
    assert isinstance(backend, OpenSearchBackend)
    params = {"wait_for_status": "green", "timeout": "100s"}
    assert backend._connection.request("GET", "/_cluster/health", params=params, seconds=120)["status"] == "green"


def test_searches_go_on(nodes: list[Node]) -> None:
    with opened(nodes) as index, arsearch.open(":memory:", create=True) as embedded:
        index.add(ARTICLES)
        embedded.add(ARTICLES)
        wait_for_copies(index)
        for number, text in enumerate(QUERIES):
            if number == 30:
                nodes[1].process.kill()
            one, other = (each.search(text, correct=False) for each in (embedded, index))
            assert [hit.id for hit in one] == [hit.id for hit in other]
            assert one.total == other.total


def test_no_article_is_lost(nodes: list[Node], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_REQUEST_BYTES", 20_000)
    with opened(nodes) as index:
        index.add(ARTICLES[:10])
        wait_for_copies(index)
        threading.Timer(0.3, nodes[1].process.kill).start()
        report = index.add(ARTICLES)

        assert (report.added, report.updated, report.failures) == (390, 10, 0)
        assert sorted(article.id for article in index) == sorted(article["id"] for article in ARTICLES)


def test_no_call_takes_longer_than_its_deadline(nodes: list[Node]) -> None:
    with opened(nodes, deadline=4) as index:
        index.add(ARTICLES[:10])
        for node in nodes:
            node.process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(IndexUnavailableError, match="no answer in time"):
            index.search("كتاب")
        took = time.monotonic() - start
        for node in nodes:
            node.process.send_signal(signal.SIGCONT)

        assert took < 8
