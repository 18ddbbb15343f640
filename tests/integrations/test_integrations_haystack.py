"""The document store passes Haystack's own tests, and keeps its documents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # pipelines report to a server
pytest.importorskip("haystack")
pytest.importorskip("pandas")  # Haystack's tests import it

from haystack import Document, Pipeline
from haystack.document_stores.errors import DuplicateDocumentError
from haystack.document_stores.types import DuplicatePolicy
from haystack.testing.document_store import DocumentStoreBaseTests

from arsearch.integrations.haystack import ArsearchDocumentStore, ArsearchRetriever


class TestStore(DocumentStoreBaseTests):  # type: ignore[misc,unused-ignore]
    @pytest.fixture
    def document_store(self) -> ArsearchDocumentStore:
        return ArsearchDocumentStore()

    def test_write_documents(self, document_store: ArsearchDocumentStore) -> None:  # type: ignore[override,unused-ignore]
        """A known id is an error without a policy."""
        document = Document(content="نص")
        assert document_store.write_documents([document]) == 1
        with pytest.raises(DuplicateDocumentError):
            document_store.write_documents([document])


def filled(location: str = ":memory:") -> ArsearchDocumentStore:
    store = ArsearchDocumentStore(location)
    store.write_documents(
        [
            Document(id="1", content="زار الوزير القرية.", meta={"title": "زيارة", "year": 2015}, embedding=[0.5, 1.0]),
            Document(id="2", content="عاد الوزير من القرية أمس.", meta={"year": 2016}),
            Document(id="3", content="ارتفع سعر القمح."),
        ]
    )
    return store


def test_a_pipeline_retrieves_documents_with_scores() -> None:
    pipeline = Pipeline()
    pipeline.add_component("retriever", ArsearchRetriever(filled(), top_k=2))

    found = pipeline.run({"retriever": {"query": "القمح"}})["retriever"]["documents"]

    assert [document.id for document in found] == ["3"]
    assert found[0].score > 0


def test_a_search_is_filtered() -> None:
    late = {"field": "meta.year", "operator": ">", "value": 2015}

    assert [one.id for one in filled().search("الوزير", filters=late)] == ["2"]
    assert {one.id for one in filled().search("الوزير")} == {"1", "2"}
    assert filled().search("الوزير", top_k=0) == []


def test_a_store_in_a_folder_is_saved_and_opened_again(tmp_path: Path) -> None:
    store = filled(str(tmp_path / "store"))

    retriever = ArsearchRetriever.from_dict(ArsearchRetriever(store, top_k=1).to_dict())

    assert retriever.top_k == 1
    assert retriever.document_store.filter_documents() == store.filter_documents()
    assert store.filter_documents()[0].embedding == [0.5, 1.0]


def test_a_policy_counts_the_documents_that_it_writes() -> None:
    store = filled()
    changed = [Document(id="1", content="نص جديد"), Document(id="4", content="نص رابع")]

    assert store.write_documents(changed, policy=DuplicatePolicy.SKIP) == 1
    assert store.write_documents(changed, policy=DuplicatePolicy.OVERWRITE) == 2
    assert store.count_documents() == 4
