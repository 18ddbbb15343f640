"""Near-duplicates are the same for every back-end that folds them: those of the embedded index in memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

import arsearch
from arsearch.search.backend import Capability, NearDuplicatesView
from contract.conftest import BACKENDS, new_location, remove

WORDS = (
    "أعلنت إدارة الحديقة اليوم افتتاح قسم جديد للطيور النادرة بعد أعمال استمرت عامين وشملت بحيرة وأقفاصا واسعة ومسارات مظللة "
    "للزوار وقال المدير إن التذاكر تباع عند المدخل وعبر الموقع وإن الدخول مجاني للأطفال صباح كل جمعة طوال فصل الربيع المقبل"
).split()


def reports() -> Iterator[dict[str, Any]]:
    """Yield articles of which every third is an altered copy of an earlier one; some are too short to compare."""
    chance = random.Random(17)
    bodies: list[str] = []
    for number in range(90):
        words = chance.choice(bodies).split() if number % 3 == 2 else chance.choices(WORDS, k=60)
        words[chance.randrange(len(words))] = "كلمة"
        bodies.append(" ".join(words if number % 11 else words[:5]))
        title = "عنوان النص" if number % 4 else "عنوان"
        yield {"id": str(number), "title": title, "body": bodies[-1], "date": f"2020-01-{number % 28 + 1:02}"}


@pytest.fixture(scope="module")
def expected() -> Iterator[arsearch.Index]:
    """The reports in memory."""
    with arsearch.open(":memory:", create=True) as index:
        index.add(reports())
        yield index


@pytest.fixture(scope="module", params=BACKENDS[1:])
def folding(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, toy_scheme: str
) -> Iterator[arsearch.Index]:
    """The reports in an index that folds near-duplicates."""
    location = new_location(request.param, tmp_path_factory.mktemp("duplicates"), toy_scheme)
    with arsearch.open(location, create=True) as index:
        if Capability.NEAR_DUPLICATES not in index.capabilities:
            pytest.skip("this kind of index folds no near-duplicates")
        index.add(reports())
        yield index
    remove(location)


PAGES = [(10, 0), (5, 10), (100, 0), (60, 30), (3, 45), (0, 0)]


@pytest.mark.parametrize("sort", [None, "-date"])
@pytest.mark.parametrize("text", ["عنوان", "عنوان الطيور", "النص أقفاص", "كلمة"])
def test_the_best_of_near_duplicates_stands_for_the_others(
    folding: arsearch.Index, expected: arsearch.Index, text: str, sort: str | None
) -> None:
    for limit, offset in PAGES:
        one, other = (
            index.search(text, limit=limit, offset=offset, sort=sort, facets=["year"], collapse="duplicates")
            for index in (expected, folding)
        )
        assert [(hit.id, hit.similar, hit.complete) for hit in other] == [
            (hit.id, hit.similar, hit.complete) for hit in one
        ]
        assert (other.total, other.total_complete, other.facets) == (one.total, one.total_complete, one.facets)
    assert sum(hit.similar for hit in expected.search("عنوان", limit=100, collapse="duplicates")) > 15


def test_an_article_has_the_near_duplicates_of_the_embedded_index(
    folding: arsearch.Index, expected: arsearch.Index
) -> None:
    found = []
    for number in range(90):
        one, other = (_near(index, str(number)) for index in (expected, folding))
        assert other == one
        found.append(len(one))
    assert max(found) > 2


def _near(index: arsearch.Index, id: str) -> tuple[str, ...]:
    view: NearDuplicatesView = index.backend.view()  # type: ignore[assignment]
    return view.near_duplicates(id)
