"""Snapshots of OpenSearch are backups of an index: the requests of docs/cluster.md, in their order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.conftest import CLUSTER, filled, new_location, remove

import arsearch
from arsearch.opensearch.connection import Connection, RequestFailedError
from arsearch.opensearch.location import read_location

if not CLUSTER:
    pytest.skip("ARSEARCH_OPENSEARCH does not hold the URL of a node of OpenSearch", allow_module_level=True)

DOCS = Path(__file__).parent.parent.parent / "docs" / "cluster.md"
REQUEST = re.compile(r"^(GET|PUT|POST|DELETE) (/\S+)\n((?:[{ }].*\n)*)", re.MULTILINE)


def requests_of_the_docs(name: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield the requests of the section on backups, with the name of an index instead of `news`."""
    section = DOCS.read_text("utf-8").partition("\n## Backup\n")[2].partition("\n## ")[0]
    for method, path, body in REQUEST.findall(section):
        yield method, path.replace("news", name), body.replace("news", name) or None


@pytest.fixture
def location() -> Iterator[str]:
    """A location with no index."""
    location = new_location("opensearch", Path(), "")
    yield location
    for name in (f"{location}-restored", location):  # the second is an alias of the first at the end
        remove(name)


def test_a_snapshot_is_taken_and_restored(location: str) -> None:
    connection = Connection(read_location(location))
    name = connection.location.name
    with filled(location) as index:
        before = list(index)
        answers = [(hit.id, hit.score) for hit in index.search("كتاب النفط", limit=50)]
    requests = list(requests_of_the_docs(name))
    try:
        for method, path, body in requests[:3]:
            connection.request(method, path, body and json.loads(body))
    except RequestFailedError as error:
        if "path.repo" in str(error):
            pytest.skip("the node has no path.repo for snapshots")
        raise
    with arsearch.open(location) as index:
        index.delete([article.id for article in index])

    for method, path, body in requests[3:]:
        connection.request(method, path, body and json.loads(body))

    assert [request[0] for request in requests] == ["PUT", "PUT", "GET", "POST", "DELETE", "POST"]
    with arsearch.open(location) as index:
        assert list(index) == before
        assert [(hit.id, hit.score) for hit in index.search("كتاب النفط", limit=50)] == answers
        assert index.add([{"id": "later", "title": "لاحق"}]).added == 1
    connection.request("DELETE", "/_snapshot/backups/monday")
    connection.request("DELETE", "/_snapshot/backups")
