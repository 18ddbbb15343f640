"""Our test sets and the agreement of their judgements are as docs/relevance.md says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arsearch.errors import InputError
from arsearch.evaluation import read_qrels, read_queries

pytest.importorskip("bench", reason="the bench folder is missing")
from bench.agreement import kappa, read_judged
from bench.relevance.sets import OWN

ARCHIVE, ITEMS = OWN / "archive", OWN / "known-items"


def rows(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]


def test_archive_has_enough_short_queries_of_every_kind() -> None:
    queries = read_queries(ARCHIVE / "queries.jsonl")

    assert len(queries) >= 60
    assert all(1 <= len(query.text.split()) <= 4 for query in queries)
    assert len({query.text for query in queries}) == len(queries)
    assert {row["kind"] for row in rows(ARCHIVE)} == {"base", "inflected", "misspelt", "variant"}


def test_archive_qrels_are_the_final_grades() -> None:
    """Each query of a need has exactly the positive grades of that need."""
    judged = read_judged(ARCHIVE / "judged.tsv")
    grades: dict[str, dict[str, int]] = {}
    for one in judged:
        grades.setdefault(one.need, {})
        if one.grade:
            grades[one.need][one.document] = one.grade

    assert len({(one.need, one.document) for one in judged}) == len(judged)
    assert all(one.grade == one.first for one in judged if one.first == one.second)
    expected = {query.id: grades[query.id[:-1]] for query in read_queries(ARCHIVE / "queries.jsonl")}
    assert read_qrels(ARCHIVE / "qrels.tsv") == {query: own for query, own in expected.items() if own}


def test_every_known_item_query_has_a_relevant_document() -> None:
    queries, qrels = read_queries(ITEMS / "queries.jsonl"), read_qrels(ITEMS / "qrels.tsv")

    assert {query.id for query in queries} == qrels.keys()
    assert all(any(grade > 0 for grade in own.values()) for own in qrels.values())
    assert {row["kind"] for row in rows(ITEMS)} == {"number", "definiteness", "proclitic"}


@pytest.mark.parametrize(
    ("first", "second", "plain", "weighted"),
    [
        ([0, 1, 2], [0, 1, 2], 1.0, 1.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], 0.0, 0.0),
        ([0, 0, 0, 2], [0, 0, 2, 2], 0.5, 0.5),
        # Disagreements: 2 of 4, by chance 7 of 16. Distances: 3 in 4 pairs, by chance 10 in 16.
        ([0, 0, 0, 1], [0, 0, 2, 0], 1 - (2 / 4) / (7 / 16), 1 - (3 / 4) / (10 / 16)),
        ([1, 1], [1, 1], 1.0, 1.0),
    ],
)
def test_kappa(first: list[int], second: list[int], plain: float, weighted: float) -> None:
    assert kappa(first, second, weighted=False) == pytest.approx(plain)
    assert kappa(first, second, weighted=True) == pytest.approx(weighted)


def test_the_agreement_is_the_one_in_the_docs() -> None:
    judged = read_judged(ARCHIVE / "judged.tsv")
    first, second = [one.first for one in judged], [one.second for one in judged]

    assert len(judged) == 5886
    assert kappa(first, second, weighted=True) == pytest.approx(0.9829, abs=5e-5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: the columns"),
        ("need\tdocument\tgrade\n", "line 1: the columns"),
        ("need\tdocument\tfirst\tsecond\tgrade\nn01\td\t1\t3\t1\n", "line 2: not two ids"),
        ("need\tdocument\tfirst\tsecond\tgrade\nn01\td\t1\t1\n", "line 2: not two ids"),
    ],
)
def test_malformed_judgements_are_errors_with_line_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read_judged(file)

    assert reason in str(caught.value)
