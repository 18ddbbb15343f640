"""A batch of searches gives what single searches give, in order, also with several processes."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError, QuerySyntaxError, UnknownFieldError
from arsearch.search.backend import Capability
from arsearch.search.batches.options import PassageOptions, SearchOptions
from contract.corpus import ARTICLES

QUERIES = ["النفط", "", "القمح", "لا شيء كهذا", "النفط", '"سعر القمح"', "نف*", "زيارة"]


def told(results: arsearch.SearchResults) -> dict[str, Any]:
    return results.to_dict(body=True) | {"took": None}


@pytest.mark.parametrize(
    ("method", "options"),
    [(arsearch.Index.search, SearchOptions), (arsearch.Index.passages, PassageOptions)],
    ids=["search", "passages"],
)
def test_the_options_are_those_of_the_method(method: Any, options: Any) -> None:
    parameters = [name for name, one in inspect.signature(method).parameters.items() if one.kind is one.KEYWORD_ONLY]

    assert list(options.__annotations__) == parameters


@pytest.mark.parametrize("processes", [None, 1, 3])
def test_a_batch_is_single_searches_in_order(index: arsearch.Index, processes: int | None) -> None:
    if processes and Capability.PROCESSES not in index.capabilities:
        pytest.skip("searched in one process only")
    index.add(ARTICLES)
    options: Any = {"limit": 3, "facets": ["source"], "filters": {"source": arsearch.Not("لا أحد")}, "timeout": 30}

    found = index.search_many(QUERIES, processes=processes, **options)

    assert [told(one) for one in found] == [told(index.search(text, **options)) for text in QUERIES]
    assert [told(one) for one in index.snapshot().search_many(QUERIES, processes=processes, **options)] == [
        told(one) for one in found
    ]
    assert index.search_many([], processes=processes) == ()


@pytest.mark.parametrize("snippets", [True, False])
@pytest.mark.parametrize("processes", [None, 2])
def test_hits_of_a_batch_have_what_other_hits_have(
    index: arsearch.Index, processes: int | None, snippets: bool
) -> None:
    if processes and Capability.PROCESSES not in index.capabilities:
        pytest.skip("searched in one process only")
    index.add(ARTICLES)

    for found in index.search_many(["النفط", "القمح"] * 9, processes=processes, snippets=snippets, timeout=30):
        for hit, other in zip(found, index.search(found.query), strict=True):
            assert (hit.marks is not None) == snippets
            assert hit.article == other.article
            assert hit.explain() == other.explain()
            assert hit.snippet == other.snippet


@pytest.mark.parametrize("processes", [None, 2])
@pytest.mark.parametrize(
    ("queries", "options", "error"),
    [
        (["النفط", None], {}, QueryError),
        (["النفط", "(قمح"], {"strict": True}, QuerySyntaxError),
        (["النفط", "قمح"], {"filters": {"colour": "أحمر"}}, UnknownFieldError),
        ("النفط", {}, QueryError),
    ],
)
def test_a_wrong_query_raises_as_a_search_does(
    shared_location: str, processes: int | None, queries: Any, options: Any, error: type[Exception]
) -> None:
    with arsearch.open(shared_location, create=True) as index:
        if processes and Capability.PROCESSES not in index.capabilities:
            pytest.skip("searched in one process only")
        index.add(ARTICLES)
        with pytest.raises(error):
            index.search_many(queries, processes=processes, **options)


@pytest.mark.parametrize("processes", [0, -1, 1.5, "2"])
def test_a_wrong_number_of_processes(index: arsearch.Index, processes: Any) -> None:
    with pytest.raises(QueryError, match="processes"):
        index.search_many(["النفط"], processes=processes)


def test_a_snapshot_with_a_newer_commit_is_searched_here(shared_location: str) -> None:
    with arsearch.open(shared_location, create=True) as index:
        if Capability.PROCESSES not in index.capabilities:
            pytest.skip("searched in one process only")
        index.add(ARTICLES[:1])
        pinned = index.snapshot()
        index.add(ARTICLES)

        text = str(ARTICLES[0]["body"]).split()[0]
        found = pinned.search_many([text, text], processes=2, mode="any", timeout=30)

    assert [told(one) for one in found] == [told(pinned.search(text, mode="any"))] * 2


def test_results_can_be_pickled(index: arsearch.Index) -> None:
    index.add(ARTICLES)
    results = index.search("النفط")

    assert told(pickle.loads(pickle.dumps(results))) == told(results)
