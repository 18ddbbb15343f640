"""An index on a cluster is rebuilt beside the old one, which answers until the new one takes its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.conftest import CLUSTER, filled, new_location, remove
from contract.corpus import ARTICLES

import arsearch
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexClosedError,
    IndexNotFoundError,
    IndexVersionError,
    IndexWriteError,
    QueryError,
    UnsupportedError,
)
from arsearch.model.schema import Schema
from arsearch.opensearch import declared_fields
from arsearch.opensearch.backend import OpenSearchBackend
from arsearch.opensearch.connection import Connection
from arsearch.opensearch.indexes.aliases import publish, successor
from arsearch.opensearch.location import read_location

if not CLUSTER:
    pytest.skip("ARSEARCH_OPENSEARCH does not hold the URL of a node of OpenSearch", allow_module_level=True)


@pytest.fixture
def location() -> Iterator[str]:
    """A location with no index; the indexes and aliases whose names begin so are deleted at the end."""
    location = new_location("opensearch", Path(), "")
    yield location
    found = indexes(location)
    for name in found:
        remove(f"{location.rpartition('/')[0]}/{name}")


def indexes(location: str) -> list[str]:
    """Return the indexes of the cluster whose names begin with that of a location."""
    connection = Connection(read_location(location))
    found = connection.request("GET", f"/_cat/indices/{connection.location.name}*", params={"format": "json"})
    return sorted(one["index"] for one in found)


def test_an_index_is_rebuilt_with_other_fields_and_another_stemmer(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add({"id": str(number), "title": f"الكتاب {number}", "volume": number} for number in range(20))
        index.add([{"id": "odd", "title": "كتاب", "volume": "ثالث"}])

        for misfits in (1, 0):  # from an index of that name, and then from an alias
            report = arsearch.reindex(location, fields={"volume": "int"}, options={"stemmer": {"name": "none"}})

            assert (report.added, report.failures) == (21, 0)
            assert sum(remark.count for remark in report.remarks.values()) == misfits
            assert index.search("", filters={"volume": (3, 5)}).total == 3
            assert index.search("كتاب", match="stem").total == 1
            assert index.get("odd") == arsearch.Article("odd", "كتاب", extra={"volume_text": "ثالث"})
            assert len(indexes(location)) == 1
        index.add([{"id": "new", "title": "كتاب", "volume": 4}])
        assert index.search("", filters={"volume": 4}).total == 2
    assert dict(declared_fields(location)) == {"volume": "int"}


def test_the_rebuilt_corpus_gives_the_same_answers(location: str) -> None:
    with filled(location) as index:
        before = {
            text: [(hit.id, hit.score) for hit in index.search(text, limit=50)] for text in ("كتاب", "النفط", "باب")
        }
        articles, works = list(index), index.stats().parts
        report = arsearch.reindex(location)

        assert report.added == len(ARTICLES) == len(index)
        assert (list(index), index.stats().parts) == (articles, works)
        for text, hits in before.items():
            now = [(hit.id, hit.score) for hit in index.search(text, limit=50)]
            assert [id for id, _ in now] == [id for id, _ in hits]
            assert [score for _, score in now] == pytest.approx([score for _, score in hits], rel=1e-5)


def test_the_old_index_stays_if_rebuilding_fails(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}, {"id": "2", "title": "قمر"}])

        def stop(report: arsearch.AddReport) -> None:
            if report.added == 2:
                raise RuntimeError("stopped")

        with pytest.raises(RuntimeError, match="stopped"):
            arsearch.reindex(location, progress=stop)
        assert (index.search("كتاب").total, len(indexes(location))) == (1, 1)

        connection = Connection(read_location(location))
        with (
            pytest.raises(IndexWriteError, match="has 0 documents instead of 2; the old one stays"),
            successor(connection, arsearch.ArabicAnalyzer(), Schema()) as new,
        ):
            publish(connection, new, 2)
        assert (index.search("كتاب").total, len(indexes(location))) == (1, 1)


def test_a_snapshot_of_the_old_index_ends_with_it(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
        snapshot = index.snapshot()
        arsearch.reindex(location)

        with pytest.raises(IndexClosedError, match="take a new snapshot"):
            snapshot.search("كتاب")
        assert index.snapshot().search("كتاب").total == 1


def test_a_successor_needs_no_old_index(location: str) -> None:
    connection, analyzer = Connection(read_location(location)), arsearch.ArabicAnalyzer()
    with successor(connection, analyzer, Schema()) as new:
        with arsearch.open(new.location.text) as index:
            index.add([{"id": "1", "title": "كتاب"}])
        publish(connection, new, 1)
    with arsearch.open(location) as index:
        assert index.search("كتاب").total == 1


def test_an_index_of_an_older_layout_is_rebuilt(location: str) -> None:
    with arsearch.open(location, create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
        assert isinstance(index.backend, OpenSearchBackend)
    connection = Connection(read_location(location))
    mapping = connection.request("GET", f"/{connection.location.name}/_mapping")
    ((name, found),) = mapping.items()
    about = found["mappings"]["_meta"]["arsearch"] | {"format": 1, "fingerprint": "old"}
    connection.request("PUT", f"/{name}/_mapping", {"_meta": {"arsearch": about}})

    with pytest.raises(IndexVersionError, match="arsearch reindex"):
        arsearch.open(location)
    assert arsearch.reindex(location).added == 1
    with arsearch.open(location) as index:
        assert index.search("كتاب").total == 1


def test_an_index_of_another_analyzer_is_an_error_that_names_reindex(location: str) -> None:
    arsearch.open(location, create=True).close()
    with pytest.raises(AnalyzerMismatchError, match=r"arsearch\.reindex"):
        arsearch.open(location, analyzer=arsearch.ArabicAnalyzer(compounds=False))


def test_a_missing_index_is_not_rebuilt(location: str) -> None:
    with pytest.raises(IndexNotFoundError):
        arsearch.reindex(location)


def test_a_ready_client_needs_no_host(location: str) -> None:
    opensearchpy = pytest.importorskip("opensearchpy")
    name = read_location(location).name
    client = opensearchpy.OpenSearch([CLUSTER])
    with arsearch.open(f"opensearch:///{name}", create=True, client=client) as index:
        index.add([{"id": "1", "title": "كتاب"}])
        assert index.search("كتاب").total == 1
        with pytest.raises(UnsupportedError, match="several processes"):
            index.search_many(["كتاب", "قمر"], processes=2)
    assert arsearch.reindex(f"opensearch:///{name}", client=client).added == 1
    with pytest.raises(QueryError, match="a client is for opensearch:// and opensearchs://"):
        arsearch.open(":memory:", create=True, client=client)
