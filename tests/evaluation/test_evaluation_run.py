"""A run written as a TREC file is read back in the order in which the search returned it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arsearch.errors import InputError
from arsearch.evaluation import Query, make_run, read_run, write_run

if TYPE_CHECKING:
    from arsearch.evaluation.run import Mode

IDS = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=5)
RUNS = st.dictionaries(IDS, st.lists(IDS, unique=True, min_size=1, max_size=8).map(tuple), max_size=4)


class Hit:
    def __init__(self, document: str) -> None:
        self.id = document


class Engine:
    """Returns its documents in order, up to the limit, and records the modes."""

    def __init__(self, *documents: str) -> None:
        self.documents = documents
        self.modes: list[str] = []

    def search(self, text: str, *, limit: int, mode: Mode) -> list[Hit]:
        self.modes.append(mode)
        return [Hit(document) for document in self.documents[:limit]]


def test_a_run_file_has_one_line_per_document(tmp_path: Path) -> None:
    write_run({"q1": ("d2", "d1"), "q2": ()}, tmp_path / "run", tag="ours")

    assert (tmp_path / "run").read_text() == "q1 Q0 d2 1 2 ours\nq1 Q0 d1 2 1 ours\n"


@given(RUNS)
@settings(max_examples=50, deadline=None)
def test_a_written_run_is_read_back(tmp_path_factory: pytest.TempPathFactory, run: dict[str, tuple[str, ...]]) -> None:
    path = tmp_path_factory.mktemp("run") / "run"

    write_run(run, path)

    assert read_run(path) == run


def test_a_run_is_ordered_by_score_then_rank(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text("q Q0 c 3 1.5 x\nq Q0 b 2 1.5 x\nq Q0 a 9 2e0 x\n")

    assert read_run(path) == {"q": ("a", "b", "c")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("q Q0 d 1 2\n", "line 1: not 'query Q0", id="five_columns"),
        pytest.param("q Q0 d 1 2 x\nq Q0 e one 2 x\n", "line 2: rank 'one'", id="rank_is_a_word"),
        pytest.param("q Q0 d 1 nan x\n", "line 1: the score is not a number", id="nan"),
        pytest.param("q Q0 d 1 2 x\nq Q0 d 2 1 x\n", "line 2: document 'd' is listed twice", id="twice"),
    ],
)
def test_the_error_names_the_bad_line(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "run").write_text(text)

    with pytest.raises(InputError) as caught:
        read_run(tmp_path / "run")

    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("run", "tag"), [({"q 1": ("d",)}, "t"), ({"q": ("d\u00a01",)}, "t"), ({"q": ("",)}, "t"), ({"q": ("d",)}, "a tag")]
)
def test_ids_that_the_format_cannot_represent_are_refused_before_writing(
    tmp_path: Path, run: dict[str, tuple[str, ...]], tag: str
) -> None:
    with pytest.raises(InputError, match="cannot stand in a TREC run file"):
        write_run(run, tmp_path / "run", tag=tag)

    assert not (tmp_path / "run").exists()


def test_a_run_keeps_the_order_of_the_hits_and_passes_on_limit_and_mode() -> None:
    engine = Engine("d3", "d1", "d2")

    assert make_run(engine, [Query("q", "x")], limit=2, mode="any") == {"q": ("d3", "d1")}
    assert engine.modes == ["any"]
