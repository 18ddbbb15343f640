"""Partial answers, notes and wrong parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError, QuerySyntaxError, UnknownFieldError
from contract.corpus import ARTICLES

# Partial answers


@pytest.mark.parametrize("text", ["*", "النفط", "* -النفط", "كتاب OR مدر*", "+دمشق سافر", "متى سافر الرجل إلى دمشق؟"])
@pytest.mark.parametrize("timeout", [0, 1e-4, 1e-3])
def test_when_time_runs_out_a_note_says_so_and_no_hit_is_wrong(
    library: arsearch.Index, text: str, timeout: float
) -> None:
    exact = {hit.id for hit in library.search(text, limit=100, mode="any")}

    results = library.search(text, limit=100, timeout=timeout, mode="any")

    said = any("time ran out" in note for note in results.notes)
    assert {hit.id for hit in results} <= exact
    assert said or {hit.id for hit in results} == exact


def test_a_search_without_any_time_says_so(index: arsearch.Index) -> None:
    index.add(ARTICLES)

    results = index.search("النفط", timeout=0)

    assert results.notes == (
        "time ran out after 0 s: hits may be missing or in another order, and totals may be too low",
    )


def test_an_explanation_without_any_time_says_so(library: arsearch.Index) -> None:
    hit = library.search("النفط")[0]

    found = library.explain("النفط", hit.id, timeout=0)

    assert found.partial
    assert found.notes[-1].startswith("time ran out after 0 s: words may be missing")
    assert (found.words, found.score) == ((), 0.0)
    assert not library.explain("النفط", hit.id, timeout=None).partial


def test_passages_spans_and_similar_articles_without_any_time_say_so(library: arsearch.Index) -> None:
    id = library.search("النفط")[0].id

    assert (library.passages("النفط", timeout=0), library.passages("النفط", timeout=0).partial) == ((), True)
    assert (library.spans(id, "النفط", timeout=0), library.spans(id, "النفط", timeout=0).partial) == ((), True)
    assert library.more_like(id, timeout=0).partial


def test_a_pattern_of_too_many_words_is_cut_with_a_note(library: arsearch.Index) -> None:
    exact = {hit.id for hit in library.search("م*", limit=100)}

    results = library.search("م*", limit=100, max_expansions=1)

    assert {hit.id for hit in results} < exact
    assert any("the 1 most frequent were searched" in note for note in results.notes)
    assert library.search("م*", max_expansions=None).notes == ()


def test_excluded_patterns_are_never_cut(library: arsearch.Index) -> None:
    assert [hit.id for hit in library.search("* -م*", limit=100, max_expansions=1)] == [
        hit.id for hit in library.search("* -م*", limit=100)
    ]


# Notes and errors

NOTES = [
    ("", {}, "the query has no words to look for"),
    ("في من", {}, "only stop words"),
    ("كاتب", {}, "other words of the same roots were searched"),
    ("hello", {}, "no Arabic letter"),
    ("كومبيوتر", {}, "also looked for"),
    ("عبدالله~1", {}, "only the first was matched loosely"),
    ("volume:كثير", {}, "كثير"),
    ("*", {"filters": {"date": "1436هـ"}}, "Hijri"),
]


@pytest.mark.parametrize(("text", "options", "note"), NOTES, ids=[row[2] for row in NOTES])
def test_notes(library: arsearch.Index, text: str, options: dict[str, Any], note: str) -> None:
    assert any(note in said for said in library.search(text, **options).notes)


WRONG: list[tuple[type[Exception], dict[str, Any]]] = [
    (QueryError, {"limit": -1}),
    (QueryError, {"limit": "10"}),
    (QueryError, {"offset": 1.5}),
    (QueryError, {"mode": "some"}),
    (QueryError, {"match": "letters"}),
    (QueryError, {"facets": "source"}),
    (QueryError, {"timeout": -1}),
    (QueryError, {"max_expansions": 0}),
    (QueryError, {"filters": ["source"]}),
    (QueryError, {"filters": {"volume": "كثير"}}),
    (QueryError, {"filters": {"volume": arsearch.Not("كثير")}}),
    (QueryError, {"filters": {"id": None}}),
    (QueryError, {"filters": {"source": arsearch.Not({})}}),
    (UnknownFieldError, {"filters": {"pages": arsearch.Not(1)}}),
    (UnknownFieldError, {"filters": {"pages": 1}}),
    (UnknownFieldError, {"filters": {"body": "نص"}}),
    (UnknownFieldError, {"sort": "pages"}),
    (UnknownFieldError, {"sort": "-score"}),
    (UnknownFieldError, {"sort": "title"}),
    (UnknownFieldError, {"facets": ["pages"]}),
    (UnknownFieldError, {"facets": ["body"]}),
    (UnknownFieldError, {"collapse": "pages"}),
    (UnknownFieldError, {"collapse": "volume"}),
]


@pytest.mark.parametrize("text", ["النفط", "لاشيءكهذا"])
@pytest.mark.parametrize(("error", "options"), WRONG, ids=[str(row[1]) for row in WRONG])
def test_wrong_parameters(library: arsearch.Index, text: str, error: type[Exception], options: dict[str, Any]) -> None:
    with pytest.raises(error) as caught:
        library.search(text, **options)
    assert type(caught.value) is error


WRONG_CALLS: list[tuple[type[Exception], Callable[[arsearch.Index], object]]] = [
    (QueryError, lambda index: index.search(5)),  # type: ignore[arg-type]
    (QuerySyntaxError, lambda index: index.search("(كتاب", strict=True)),
    (QueryError, lambda index: index.explain("كتاب", "nobody")),
    (QueryError, lambda index: index.more_like("nobody")),
    (QueryError, lambda index: index.more_like()),
    (QueryError, lambda index: index.more_like("harvest", text="قمح")),
    (UnknownFieldError, lambda index: index.more_like("harvest", filters={"pages": 1})),
    (UnknownFieldError, lambda index: index.more_like("harvest", collapse="volume")),
]


@pytest.mark.parametrize("row", range(len(WRONG_CALLS)))
def test_wrong_calls(library: arsearch.Index, row: int) -> None:
    error, call = WRONG_CALLS[row]
    with pytest.raises(error):
        call(library)
