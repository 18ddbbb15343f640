"""Tests of arguments that are read more than once, or as ids: iterators serve every query, and whole numbers are ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest

import arsearch
from arsearch.errors import QueryError

SOURCES = {"أ": 2, "ب": 1}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with arsearch.open(tmp_path_factory.mktemp("again") / "a.arsearch", create=True) as index:
        index.add(
            {"id": number, "title": "كتاب", "source": source}
            for number, source in enumerate([name for name, count in SOURCES.items() for _ in range(count)])
        )
        yield index


VALUES: dict[str, Callable[[], Any]] = {
    "iterator": lambda: {"source": iter(["أ"])},
    "generator": lambda: {"source": (name for name in ["أ"])},
    "map": lambda: {"id": map(str, [0, 1])},
    "keys": lambda: {"source": {"أ": 1}.keys()},
    "values": lambda: {"source": {1: "أ"}.values()},
    "not": lambda: {"source": arsearch.Not(iter(["ب"]))},
    "not_in_list": lambda: {"source": [arsearch.Not(iter(["ب"]))]},
    "list": lambda: {"source": ["أ"]},
    "set": lambda: {"source": {"أ"}},
}


@pytest.mark.parametrize("filters", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("processes", [None, 2])
def test_a_batch_filters_every_query(index: arsearch.Index, filters: Callable[[], Any], processes: int | None) -> None:
    found = index.search_many(["كتاب"] * 3, filters=filters(), processes=processes)
    assert [results.total for results in found] == [2, 2, 2]


@pytest.mark.parametrize("id", ["1", 1, 1.0, np.int64(1), np.float64(1)], ids=repr)
def test_whole_numbers_are_ids_wherever_an_id_is_given(id: Any) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}, {"id": "2", "title": "كتاب"}])
        assert index.update(id, category="أدب").updated == 1
        article = index.get(id)
        assert article is not None
        assert article.category == "أدب"
        assert [hit.id for hit in index.search("كتاب", filters={"id": id})] == ["1"]
        ranks = {fused.id: fused.vector_rank for fused in arsearch.fuse(index.search("كتاب"), [(id, 0.5)])}
        assert ranks == {"1": 1, "2": None}
        assert index.explain("كتاب", id).id == "1"
        assert index.more_like(id).total == index.more_like("1").total
        assert index.delete(id) == 1
        assert index.delete([id]) == 0


def test_a_keyword_field_takes_whole_numbers_of_numpy() -> None:
    with arsearch.open(":memory:", create=True) as other:
        other.add([{"id": "1", "title": "كتاب", "source": "7"}])
        for value in (7, np.int64(7), [np.int64(7)], np.array([7]), arsearch.Not(np.int64(8))):
            assert other.search("كتاب", filters={"source": value}).total == 1


def test_a_uuid_of_a_vector_store_is_an_id() -> None:
    ranking: Any = [(UUID(int=7), 0.5)]
    [fused] = arsearch.fuse([], ranking)
    assert fused.id == str(UUID(int=7))


@pytest.mark.parametrize(
    "id", [None, True, float("nan"), 0.83, b"1", ["1"], object()], ids=lambda value: type(value).__name__
)
def test_other_values_are_no_ids(id: Any) -> None:
    with pytest.raises(QueryError):
        arsearch.fuse([], [(id, 0.5)])
    with arsearch.open(":memory:", create=True) as index:
        index.add([{"id": "1", "title": "كتاب"}])
        if not isinstance(id, list):
            with pytest.raises(QueryError):
                index.update(id, category="أدب")
