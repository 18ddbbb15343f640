"""The measures have the values of their formulas, and ties do not reorder a run."""

from __future__ import annotations

import ast
import math
import sys
from typing import TYPE_CHECKING

import pytest

from arsearch.errors import ArsearchError, InputError
from arsearch.evaluation import METRICS, Query, evaluate, score_run

if TYPE_CHECKING:
    from arsearch.evaluation.run import Mode

MANY = tuple(f"d{number:03}" for number in range(200))

# nDCG@10, MRR, MAP, recall@100, success@5
VALUES = [
    pytest.param(("d1",), {"d1": 1}, (1.0, 1.0, 1.0, 1.0, 1.0), id="first"),
    pytest.param(("x", "d1"), {"d1": 1}, (1 / math.log2(3), 0.5, 0.5, 1.0, 1.0), id="second"),
    pytest.param(("a", "b", "c", "e", "f", "d1"), {"d1": 1}, (1 / math.log2(7), 1 / 6, 1 / 6, 1.0, 0.0), id="sixth"),
    pytest.param((*MANY[:10], "x"), {"x": 1}, (0.0, 1 / 11, 1 / 11, 1.0, 0.0), id="eleventh"),
    pytest.param((*MANY[:100], "x"), {"x": 1}, (0.0, 1 / 101, 1 / 101, 0.0, 0.0), id="past_100"),
    pytest.param(("d1",), {"d1": 1, "d2": 1}, (1 / (1 + 1 / math.log2(3)), 1.0, 0.5, 0.5, 1.0), id="half"),
    pytest.param(
        ("d1", "x", "d2"), {"d1": 1, "d2": 1}, (1.5 / (1 + 1 / math.log2(3)), 1.0, (1 + 2 / 3) / 2, 1.0, 1.0), id="gap"
    ),
    pytest.param(
        ("d1", "d2"),
        {"d1": 1, "d2": 2},
        ((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)), 1.0, 1.0, 1.0, 1.0),
        id="graded",
    ),
    pytest.param(("d0", "d1"), {"d0": 0, "d1": 1}, (1 / math.log2(3), 0.5, 0.5, 1.0, 1.0), id="judged_irrelevant"),
    pytest.param((), {"d1": 1}, (0.0, 0.0, 0.0, 0.0, 0.0), id="no_hits"),
]


@pytest.mark.parametrize(("documents", "judged", "expected"), VALUES)
def test_measures(documents: tuple[str, ...], judged: dict[str, int], expected: tuple[float, ...]) -> None:
    result = score_run({"q": documents}, {"q": judged})

    assert tuple(result.mean) == tuple(METRICS)
    assert list(result.mean.values()) == pytest.approx(list(expected))


@pytest.mark.parametrize("relevant", ["d000", "d005", "d009"])
def test_a_document_counts_at_its_rank_in_the_run(relevant: str) -> None:
    """The rule of trec_eval for equal scores, greater id first, must have no effect."""
    run = {"q": MANY[:10]}

    assert score_run(run, {"q": {relevant: 1}}).mean["MRR"] == pytest.approx(1 / (int(relevant[1:]) + 1))


def test_means_cover_judged_queries_and_a_missing_query_counts_as_zero() -> None:
    result = score_run({"a": ("d1",), "c": ("d1",)}, {"a": {"d1": 1}, "b": {"d1": 1}, "c": {"d1": 0}})

    assert result.queries == 2
    assert result.mean["MRR"] == 0.5
    assert result.per_query["MRR"] == {"a": 1.0, "b": 0.0}
    assert result.unjudged == ("c",)


class Engine:
    def __init__(self) -> None:
        self.queries: list[str] = []

    def search(self, text: str, *, limit: int, mode: Mode) -> list[Query]:
        self.queries.append(text)
        return [Query("d1", "")]


def test_evaluate_searches_for_judged_queries_only() -> None:
    engine = Engine()

    result = evaluate(engine, [Query("a", "one"), Query("b", "two")], {"a": {"d1": 1}, "other": {"d1": 1}})

    assert engine.queries == ["one"]
    assert result.mean == dict.fromkeys(METRICS, 1.0)
    assert result.unjudged == ("b",)


def test_to_dict_lists_every_query() -> None:
    result = score_run({"a": ("d1",)}, {"a": {"d1": 1}})

    assert result.to_dict() == {
        "queries": 1,
        "mean": dict.fromkeys(METRICS, 1.0),
        "per_query": {"a": dict.fromkeys(METRICS, 1.0)},
        "unjudged": [],
    }


def test_judgements_of_other_queries_only_are_an_error() -> None:
    with pytest.raises(InputError, match="query ids agree"):
        evaluate(Engine(), [Query("1", "x")], {"q1": {"d1": 1}})


@pytest.mark.filterwarnings("ignore:ast:DeprecationWarning")  # of Python 3.12 and 3.13
def test_names_that_python_3_14_lacks_are_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ir_measures")
    for name in ("Num", "Str", "Bytes", "NameConstant", "Ellipsis"):
        monkeypatch.delattr(ast, name, raising=False)

    assert set(score_run({"a": ("d1",)}, {"a": {"d1": 1}}).mean) == set(METRICS)


def test_a_missing_library_is_reported_before_any_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    engine = Engine()

    with pytest.raises(ArsearchError, match=r"arsearch\[eval\]"):
        evaluate(engine, [Query("a", "one")], {"a": {"d1": 1}})
    assert engine.queries == []
