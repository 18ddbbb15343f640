"""What a search tells beside its hits: totals, facets, pages and JSON."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest

import arsearch
from arsearch.errors import QueryError
from contract.corpus import ARTICLES

# Totals: the complete articles, and all that pages reach.

TOTALS: list[tuple[str, str, dict[str, Any], int, int]] = [
    ("all words", "سيارة حمراء", {"mode": "all"}, 2, 2),
    ("any word", "سيارة غرناطة", {"mode": "any"}, 2, 3),
    ("auto, with part of the words", "سيارة غرناطة", {}, 1, 3),
    ("auto, whatever the limit", "سيارة غرناطة", {"limit": 0}, 1, 3),
    ("beyond the last page", "سيارة غرناطة", {"offset": 50}, 1, 3),
    ("with filters", "النفط", {"filters": {"volume": 2}}, 1, 1),
    ("sorted by a field", "سيارة غرناطة", {"sort": "date"}, 1, 1),
    ("collapsed", "source:*", {"collapse": "source"}, 3, 3),
    ("roots alone", "كاتب", {}, 0, 4),
    ("roots last", "كتاب", {}, 3, 4),
    ("roots, beyond the first page", "كتاب", {"limit": 2}, 3, 4),
    ("roots, sorted by a field", "كتاب", {"sort": "date"}, 3, 3),
    ("roots alone, sorted by a field", "كاتب", {"sort": "date"}, 0, 4),
    ("roots, collapsed", "كتاب OR محكمة", {"collapse": "category"}, 5, 6),
    ("no roots", "كتاب", {"match": "stem"}, 3, 3),
    ("roots that count", "كتاب", {"match": "root"}, 4, 4),
    ("everything", "*", {}, len(ARTICLES), len(ARTICLES)),
    ("nothing", "لاشيءكهذا", {}, 0, 0),
    ("no words", "", {}, 0, 0),
]


@pytest.mark.parametrize(("promise", "text", "options", "complete", "total"), TOTALS, ids=[row[0] for row in TOTALS])
def test_totals(
    library: arsearch.Index, promise: str, text: str, options: Mapping[str, Any], complete: int, total: int
) -> None:
    results = library.search(text, **options)

    assert (results.total_complete, results.total) == (complete, total)
    assert [hit.complete for hit in results] == sorted((hit.complete for hit in results), reverse=True)


FACETS: list[tuple[str, str, dict[str, Any], dict[str, dict[str, int]]]] = [
    (
        "a keyword, the most frequent first",
        "*",
        {"facets": ["source"]},
        {"source": {"الأفق": 4, "المرصد": 3, "الافق": 1}},
    ),
    (
        "equally frequent by value",
        "court:*",
        {"facets": ["court"]},
        {"court": {"الاستئناف": 1, "الجنايات": 1, "النقض": 1}},
    ),
    ("a value counts once an article", "255", {"facets": ["tags"]}, {"tags": {"قرآن": 1}}),
    ("an int", "volume:<=1", {"facets": ["volume"]}, {"volume": {"1": 2, "-3": 1, "0": 1}}),
    ("a float", "price:*", {"facets": ["price"]}, {"price": {"-1.5": 1, "2.5": 1, "3.0": 1, "10.25": 1}}),
    (
        "months and years",
        "النفط OR الحرس",
        {"facets": ["month", "year"], "mode": "all"},
        {"month": {"2015-07": 2, "2015-01": 1, "2015-08": 1}, "year": {"2015": 4}},
    ),
    (
        "Hijri years",
        "النفط OR الحرس",
        {"facets": ["hijri_year"], "mode": "all"},
        {"hijri_year": {"1436": 4}},
    ),
    ("days", "date:2016", {"facets": ["date"]}, {"date": {"2016-03-01": 2, "2016-02-29": 1}}),
    ("with all words, where there are any", "سيارة دمشق سفر", {"facets": ["source"]}, {"source": {}}),
    (
        "whatever the page",
        "source:*",
        {"facets": ["source"], "limit": 1},
        {"source": {"الأفق": 4, "المرصد": 3, "الافق": 1}},
    ),
    ("several fields", "النفط", {"facets": ("category", "court")}, {"category": {"اقتصاد": 2}, "court": {}}),
]


@pytest.mark.parametrize(("promise", "text", "options", "facets"), FACETS, ids=[row[0] for row in FACETS])
def test_facets(
    library: arsearch.Index,
    promise: str,
    text: str,
    options: Mapping[str, Any],
    facets: Mapping[str, Mapping[str, int]],
) -> None:
    counted = library.search(text, **options).facets

    assert {name: list(counts.items()) for name, counts in counted.items()} == {
        name: list(counts.items()) for name, counts in facets.items()
    }


@pytest.mark.parametrize("options", [{}, {"sort": "date"}, {"sort": "-volume"}, {"collapse": "source"}], ids=str)
@pytest.mark.parametrize(
    "text", ["*", "سيارة غرناطة", "النفط OR المدرسة OR الحرس", "جذر:كتب", "قال الرجل في بغداد إلى دمشق"]
)
def test_pages_put_together_are_the_whole_list(library: arsearch.Index, text: str, options: dict[str, Any]) -> None:
    # In mode "auto" a longer page may go on with part of the words; with "any" all pages are of one list.
    whole = [(hit.id, hit.rank) for hit in library.search(text, limit=100, mode="any", **options)]
    pages = [library.search(text, limit=3, offset=offset, mode="any", **options) for offset in range(0, 30, 3)]

    assert [(hit.id, hit.rank) for page in pages for hit in page] == whole
    assert [rank for _, rank in whole] == list(range(1, len(whole) + 1))
    assert {page.total for page in pages} == {len(whole)}


PAGED = [
    "سيارة غرناطة",
    "كتاب",
    "كاتب",
    "كتاب الرواية",
    "محكمة -النقض",
    "هل سافر الرجل من بغداد؟",
    "كتاب OR محكمة",
    "*",
]


@pytest.mark.parametrize("options", [{}, {"mode": "all"}, {"collapse": "category"}, {"sort": "date"}], ids=str)
@pytest.mark.parametrize("limit", [1, 2, 4, 11])
@pytest.mark.parametrize("text", PAGED)
def test_the_total_is_all_that_paging_reaches(
    library: arsearch.Index, text: str, limit: int, options: dict[str, Any]
) -> None:
    hits: list[arsearch.Hit] = []
    totals = set()
    while page := library.search(text, limit=limit, offset=len(hits), **options):
        hits += page.hits
        totals.add((page.total, page.total_complete))

    assert totals == {(len(hits), sum(hit.complete for hit in hits))}
    assert len({hit.id for hit in hits}) == len(hits)


def test_facets_and_sorts_leave_out_roots_unless_there_is_nothing_else(library: arsearch.Index) -> None:
    some = library.search("كتاب", facets=["category"], sort="-date")
    none = library.search("كاتب", facets=["category"], sort="-date")

    assert ([hit.id for hit in some], some.facets) == (["novelists", "purity", "persian"], {"category": {"ثقافة": 1}})
    assert [hit.id for hit in none] == ["novelists", "library", "purity", "persian"]
    assert none.facets == {"category": {"ثقافة": 2}}


# Pickles


def test_hits_and_results_can_be_pickled(library: arsearch.Index) -> None:
    results = library.search("وزير النفط", facets=["source"])
    again = pickle.loads(pickle.dumps(results))

    assert again.to_dict(body=True) == results.to_dict(body=True)
    assert [(hit.id, hit.level, hit.spans, hit.page) for hit in again] == [
        (hit.id, hit.level, hit.spans, hit.page) for hit in results
    ]
    assert again[0].article == results[0].article
    with pytest.raises(QueryError, match=r"index.explain\(text, 'oil-visit'\)"):
        again[0].explain()
    assert pickle.loads(pickle.dumps(again)).to_dict() == results.to_dict()


# Selecting

SELECTIONS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("all words", "وزير النفط", {}, ["oil-visit", "oil-prices"]),
    ("not by the root alone", "كاتب", {}, []),
    ("not a likelier spelling", "النفظ", {}, []),
    ("a filter", "النفط", {"volume": 2}, ["oil-prices"]),
    (
        "filters alone",
        "",
        {"volume": arsearch.Not((2, None)), "source": "الأفق"},
        ["oil-visit", "novelists", "harvest"],
    ),
    ("near-duplicates", "حصاد القمح", {}, ["harvest", "harvest-copy"]),
    ("nothing", "", {}, []),
]


@pytest.mark.parametrize(("promise", "text", "filters", "expected"), SELECTIONS, ids=[row[0] for row in SELECTIONS])
def test_selecting(
    library: arsearch.Index, promise: str, text: str, filters: dict[str, Any], expected: list[str]
) -> None:
    for searchable in (library, library.snapshot()):
        assert {hit.id for hit in searchable.select(text, filters=filters)} == set(expected)


def test_a_result_without_bodies(library: arsearch.Index) -> None:
    (hit,) = library.search("وزير النفط", limit=1).hits
    assert "body" not in hit.to_dict()["article"]
    assert hit.to_dict(body=True)["article"]["body"] == ARTICLES[0]["body"]
    assert hit.article.body == ARTICLES[0]["body"]


# JSON


def test_results_as_json(library: arsearch.Index) -> None:
    results = library.search("وزير النفط", facets=["source"], limit=1)
    data = json.loads(json.dumps(results.to_dict(body=True), ensure_ascii=False))

    assert list(data) == ["query", "total", "total_complete", "partial", "took", "notes", "facets", "hits"]
    (hit,) = data["hits"]
    assert {"rank", "id", "score", "level", "title", "title_html", "snippet", "article"} <= hit.keys()
    assert (hit["rank"], hit["id"], hit["level"], data["facets"]) == (
        1,
        "oil-visit",
        "surface",
        {"source": {"الأفق": 2}},
    )
    assert hit["title_html"] == "<mark>وزير</mark> <mark>النفط</mark> يزور البصرة"
    assert {"text", "html", "spans"} == hit["snippet"].keys()
    assert hit["article"] == ARTICLES[0]
