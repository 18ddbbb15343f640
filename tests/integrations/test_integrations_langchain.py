"""The retriever passes LangChain's own tests, and gives passages or articles."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import arsearch

pytest.importorskip("langchain_core")
langchain_tests = pytest.importorskip("langchain_tests.integration_tests")

from arsearch.integrations.langchain import ArsearchRetriever

ARTICLES = [
    {
        "id": str(number),
        "title": f"خبر {number}",
        "body": f"زار الوزير القرية رقم {number}. عاد بعد {number} أيام.",
        "source": "واحد",
    }
    for number in range(1, 11)
]


def new_index() -> arsearch.Index:
    index = arsearch.open(":memory:", create=True)
    index.add(ARTICLES)
    return index


class TestRetriever(langchain_tests.RetrieversIntegrationTests):  # type: ignore[misc,name-defined,unused-ignore]
    @property
    def retriever_constructor(self) -> type[ArsearchRetriever]:
        return ArsearchRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": new_index()}

    @property
    def retriever_query_example(self) -> str:
        return "الوزير"


class TestArticles(TestRetriever):
    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": new_index(), "kind": "articles"}


def test_a_passage_says_where_it_stands() -> None:
    index = new_index()

    (document,) = ArsearchRetriever(index=index, k=1).invoke("رقم 7")

    place = document.metadata
    article = index.get(place["article_id"])
    assert article is not None
    assert (place["article_id"], place["title"]) == ("7", "خبر 7")
    assert article.body[place["start"] : place["end"]] == document.page_content


def test_filters_and_coroutines() -> None:
    retriever = ArsearchRetriever(index=new_index(), k=3, filters={"source": ["اثنان"]})
    assert retriever.invoke("الوزير") == []

    retriever = ArsearchRetriever(index=new_index(), k=3, kind="articles", filters={"source": ["واحد"]})
    assert asyncio.run(retriever.ainvoke("الوزير")) == retriever.invoke("الوزير")
