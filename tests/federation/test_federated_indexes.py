"""Indexes of different back-ends opened as one: the answers are those of one index with all their articles."""

from __future__ import annotations

import math
import os
import pickle
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from contract.conftest import CLUSTER, remove
from contract.corpus import ARTICLES, FIELDS
from contract.test_contract_equality import OPTIONS, PAGES, queries
from hypothesis import given, settings
from hypothesis import strategies as st

import arsearch
from arsearch.errors import (
    AnalyzerMismatchError,
    IndexReadOnlyError,
    QueryError,
    UnsupportedError,
)
from arsearch.federation.joining import open_federated
from arsearch.index.backend import open_backend
from arsearch.search import Ranking
from arsearch.search.backend import Capability

Articles = Sequence[Mapping[str, Any]]

KINDS = ("folder folder folder", *(["folder cluster folder", "cluster cluster"] if CLUSTER else []))
"""The kinds of the indexes in a list; folders are opened as if they were of different back-ends."""

OLD = {"id": "1", "title": "كتاب قديم", "source": "الأفق", "category": "سياسة", "date": "2015-07-01"}
NEW = {"id": "1", "title": "مدرسة جديدة", "source": "البلاد"}
OTHER = {"id": "2", "title": "كتاب المدرسة", "body": "قرأ الولد كتابا.", "category": "سياسة", "date": "2016-01-01"}
WORK = {
    "id": "book",
    "title": "رحلة",
    "parts": [{"heading": "الأول", "body": "قمر"}, {"heading": "الثاني", "body": "شمس"}],
}


class Makes:
    """Makes indexes of some kinds, and opens several as one."""

    def __init__(self, folder: Path, kinds: str) -> None:
        self.kinds = kinds.split()
        self._folder = folder
        self._made: list[str] = []

    def index(self, number: int, articles: Articles, **options: Any) -> str:
        """Return the location of a new index, of the kind at a place of the list."""
        name = f"joined-{os.getpid()}-{time.time_ns()}"
        location = str(self._folder / name)
        if self.kinds[number % len(self.kinds)] == "cluster":
            location = f"opensearch{CLUSTER.removeprefix('http')}/{name}"
        self._made.append(location)
        with arsearch.open(location, create=True, **options) as index:
            index.add(articles)
        return location

    def open(self, locations: Sequence[str]) -> arsearch.Index:
        """Open indexes as one, by the protocol of members even if all are in folders."""
        if any("://" in location for location in locations):
            return arsearch.open(locations)
        return arsearch.Index(open_federated([opened(location) for location in locations]))

    def close(self) -> None:
        """Delete the indexes on the cluster."""
        for location in self._made:
            remove(location)


def opened(location: str) -> Any:
    return open_backend(location, False, analyzer=None, fields=None, ranking=Ranking(), recover=False)


@pytest.fixture(params=KINDS)
def makes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Makes]:
    found = Makes(tmp_path, request.param)
    yield found
    found.close()


class Pair(NamedTuple):
    """The same articles in one index, and in several that are opened as one."""

    one: arsearch.Index
    several: arsearch.Index


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("several")
    makes = Makes(folder, request.param)
    count = len(makes.kinds)
    bounds = [len(ARTICLES) * number // count for number in range(count + 1)]
    parts = [ARTICLES[low:high] for low, high in zip(bounds, bounds[1:], strict=False)]
    # Articles that a later index has too are hidden by it.
    earlier = {
        "id": ARTICLES[-1]["id"],
        "title": "نص قديم",
        "body": "النفط والحرس في هذا النص القديم",
        "source": "الأفق",
    }
    names = [
        makes.index(number, [*part, earlier] if number == 0 else part, fields=FIELDS)
        for number, part in enumerate(parts)
    ]
    with (
        arsearch.open(Makes(folder, "folder").index(0, ARTICLES, fields=FIELDS)) as one,
        makes.open(names) as several,
    ):
        yield Pair(one, several)
    makes.close()


def compared(one: arsearch.SearchResults, several: arsearch.SearchResults) -> None:
    """Check that results are equal, and the order but for hits of nearly equal scores."""
    assert (several.total, several.total_complete, several.notes) == (one.total, one.total_complete, one.notes)
    assert {name: list(counts.items()) for name, counts in several.facets.items()} == {
        name: list(counts.items()) for name, counts in one.facets.items()
    }
    assert [(hit.complete, hit.similar, hit.inner_total) for hit in several] == [
        (hit.complete, hit.similar, hit.inner_total) for hit in one
    ]
    assert [hit.score for hit in several] == pytest.approx([hit.score for hit in one], rel=1e-5, abs=1e-6)
    assert [hit.id for hit in several] == [hit.id for hit in one]
    for hit, same in zip(several, one, strict=True):
        assert [inner.id for inner in hit.inner_hits] == [inner.id for inner in same.inner_hits]


@settings(max_examples=150, deadline=None)
@given(text=st.deferred(queries), page=PAGES, options=OPTIONS)
def test_the_answers_are_those_of_one_index(
    pair: Pair, text: str, page: tuple[int, int], options: dict[str, Any]
) -> None:
    limit, offset = page
    one, several = (index.search(text, limit=limit, offset=offset, timeout=None, **options) for index in pair)

    compared(one, several)
    for hit, same in zip(several.hits[:1], one.hits[:1], strict=True):
        assert hit.snippet == same.snippet
        explained = hit.explain()
        assert math.isclose(explained.score, hit.score, rel_tol=1e-5, abs_tol=1e-6)
        assert math.isclose(explained.score, same.explain().score, rel_tol=1e-5, abs_tol=1e-6)
