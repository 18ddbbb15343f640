"""The names and defaults that other code relies on."""

from __future__ import annotations

import inspect
from typing import Any

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
        *("query", "hits", "total", "total_complete", "partial", "took", "notes", "facets", "to_dict"),
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


BOUNDED = ("search", "explain", "more_like", "correct", "suggest", "passages", "spans")
UNBOUNDED = ("select", "concordance", "frequencies")


@pytest.mark.parametrize("name", BOUNDED)
def test_a_call_that_users_wait_for_ends_after_two_seconds(name: str) -> None:
    assert inspect.signature(getattr(arsearch.Index, name)).parameters["timeout"].default == 2.0


@pytest.mark.parametrize("name", UNBOUNDED)
def test_a_call_whose_answer_must_be_whole_ends_by_itself(name: str) -> None:
    parameter = inspect.signature(getattr(arsearch.Index, name)).parameters.get("timeout")
    assert parameter is None or parameter.default is None
