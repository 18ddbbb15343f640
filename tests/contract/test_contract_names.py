"""The names that other code relies on: those that exist, and those that are promised."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

import pytest

import arsearch

NAMES: dict[str, tuple[str, ...]] = {
    "arsearch": ("open", "ArabicAnalyzer", "Article", "Index", "Snapshot", "Level", "Not", "write_articles", "fuse"),
    "index": (
        *(
            "add",
            "update",
            "delete",
            "get",
            "search",
            "select",
            "explain",
            "more_like",
            "correct",
            "suggest",
            "stats",
            "snapshot",
            "close",
        ),
        *("passages", "concordance", "frequencies", "spans", "search_many", "asearch", "apassages", "has_works"),
        *("location", "analyzer", "fields", "recovery", "capabilities", "backup", "check", "optimize"),
        *("__contains__", "__len__", "__iter__", "__enter__", "__exit__"),
    ),
    "snapshot": (
        *("get", "search", "explain", "more_like", "correct", "suggest", "close", "generation"),
        *("__contains__", "__len__", "__iter__", "__enter__", "__exit__"),
    ),
    "report": ("added", "updated", "failures", "failed", "commits", "committed", "to_dict"),
    "results": (
        *("query", "hits", "total", "total_complete", "took", "notes", "facets", "to_dict"),
        *("__len__", "__iter__", "__getitem__"),
    ),
    "hit": (
        "rank",
        "id",
        "score",
        "title",
        "article",
        "level",
        "snippet",
        "title_snippet",
        "spans",
        "explain",
        "to_dict",
        *("place", "inner_hits", "inner_total", "citation"),
    ),
    "snippet": ("html", "text", "ansi", "spans"),
    "span": ("field", "start", "end", "level"),
    "stats": ("articles", "segments", "bytes", "terms", "fields", "generation", "to_dict"),
}


class Promise(NamedTuple):
    """A name that is not there yet, its owner, and the issue that builds it."""

    owner: str
    name: str
    issue: str


_FAST = "First time fast, worst case bounded"

NOT_YET = [
    Promise("results", "partial", _FAST),
]

PARAMETERS_NOT_YET: list[Promise] = []


@pytest.fixture
def owners(library: arsearch.Index) -> dict[str, Any]:
    """Return an object of each kind that has names."""
    results = library.search("النفط")
    hit = results[0]
    return {
        "arsearch": arsearch,
        "index": library,
        "snapshot": library.snapshot(),
        "report": arsearch.AddReport(),
        "results": results,
        "hit": hit,
        "snippet": hit.snippet,
        "span": hit.spans[0],
        "stats": library.stats(),
    }


@pytest.mark.parametrize("owner", NAMES)
def test_the_names_that_other_code_relies_on(owners: dict[str, Any], owner: str) -> None:
    assert [name for name in NAMES[owner] if not hasattr(owners[owner], name)] == []


@pytest.mark.parametrize("promise", NOT_YET, ids=lambda promise: f"{promise.owner}.{promise.name}")
def test_a_name_that_is_not_built_yet_is_absent(owners: dict[str, Any], promise: Promise) -> None:
    assert not hasattr(owners[promise.owner], promise.name), (
        f"{promise.owner}.{promise.name} is built ({promise.issue}): move its row to NAMES and test what it does"
    )


@pytest.mark.parametrize("promise", PARAMETERS_NOT_YET, ids=lambda promise: f"{promise.owner}({promise.name})")
def test_a_parameter_that_is_not_built_yet_is_absent(library: arsearch.Index, promise: Promise) -> None:
    parameters = inspect.signature(getattr(library, promise.owner)).parameters
    assert promise.name not in parameters, f"{promise.name!r} is built ({promise.issue}): remove its row, and test it"


def test_a_search_has_no_deadline_by_default_yet() -> None:
    # "First time fast, worst case bounded"
    assert inspect.signature(arsearch.Index.search).parameters["timeout"].default is None
