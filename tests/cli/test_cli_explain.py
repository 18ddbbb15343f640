"""`arsearch explain`."""

from __future__ import annotations

import json

import pytest
from cli_articles import Run

import arsearch


@pytest.fixture
def ids(news: str) -> list[str]:
    with arsearch.open(news) as index:
        return [hit.id for hit in index.search("الحرس في إيران", mode="any")]


def test_json_is_the_explanation(run: Run, news: str, ids: list[str]) -> None:
    data = json.loads(run("explain", "الحرس في إيران", "--id", ids[0], "--mode", "any", "-i", news, "--json").stdout)

    with arsearch.open(news) as index:
        assert data == index.explain("الحرس في إيران", ids[0], mode="any").to_dict()
        assert data["score"] == pytest.approx(index.search("الحرس في إيران", mode="any")[0].score)


def test_text_has_every_part_and_the_sum(run: Run, news: str, ids: list[str]) -> None:
    shown = run("explain", "الحرس", "في", "إيران", "--id", ids[0], "-i", news).stdout
    with arsearch.open(news) as index:
        explanation = index.explain("الحرس في إيران", ids[0])

    blocks = shown.rstrip("\n").split("\n\n")
    assert blocks[0].splitlines() == [f"{ids[0]}  {explanation.score:.4f}", explanation.title]
    assert [block.split("  ")[0] for block in blocks[1:4]] == ["الحرس", "إيران", "في"]
    assert "word        حرس  (ال off the front: حرس is in the lexicon)" in blocks[1]
    total, _, parts = blocks[-1].partition(" = ")
    assert float(total) == pytest.approx(sum(map(float, parts.split(" + "))), abs=1e-3)


def test_an_excluded_word_and_an_unknown_id(run: Run, news: str, ids: list[str]) -> None:
    shown = run("explain", "الحرس", "-إيران", "--id", ids[0], "-i", news).stdout

    assert "excluded" in shown
    assert "no article has the id 'x-9'" in run("explain", "الحرس", "--id", "x-9", "-i", news, code=1).stderr
    run("explain", "الحرس", "-i", news, code=2)


def test_bonuses_and_corrections_are_shown(run: Run, news: str) -> None:
    shown = run("explain", "مناوارت", "--id", "guard-1", "-i", news, "--recency", "30d", "--color", "never").stdout

    with arsearch.open(news) as index:
        recency = index.explain("مناوارت", "guard-1", recency="30d").recency
    assert recency is not None
    assert "corrected   مناورات  (no article has مناوارت)" in shown
    block = next(block for block in shown.split("\n\n") if block.startswith("recency"))
    assert block.splitlines()[1].split() == [
        f"{recency.score:.4f}",
        *f"2015-07-21T00:00:00: {recency.age:.1f} days older than the newest article; halves in 30 days,".split(),
        *f"weight {recency.weight:.3f}".split(),
    ]
    data = json.loads(run("explain", "مناوارت", "--id", "guard-1", "-i", news, "--recency", "30d", "--json").stdout)
    assert data["recency"] == recency.to_dict()
    assert "not found by the query" in run("explain", "مناوارت", "--id", "guard-1", "-i", news, "--no-correct").stdout


def test_the_frame_of_a_question_is_shown(run: Run, news: str) -> None:
    shown = run("explain", "كم يبلغ عدد المدارس في القرى؟", "--id", "school", "-i", news, "--color", "never").stdout

    assert shown.count("(a word of the question's frame)") == 2
