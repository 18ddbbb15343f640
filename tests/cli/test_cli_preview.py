"""`arsearch index --preview`, the fields that are stored only, and fields declared later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cli_articles import Run

import arsearch

ROWS: list[dict[str, object]] = [
    {
        "id": str(n),
        "headline": "خبر",
        "content": "<p>نص</p>" * 50,
        "date": "5 شوال 1436هـ",
        "court": "النقض",
        "volume": n,
    }
    for n in range(5)
]


def write(rows: Sequence[dict[str, object]]) -> str:
    Path("a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return "a.jsonl"


def test_a_preview_shows_three_articles_and_the_guesses_and_changes_nothing(run: Run) -> None:
    result = run("index", write(ROWS), "-i", "x", "--preview")

    assert [line for line in result.stdout.splitlines() if not line.startswith(" ")] == [
        "a.jsonl:1",
        "",
        "a.jsonl:2",
        "",
        "a.jsonl:3",
    ]
    assert "  title: خبر\n" in result.stdout
    assert "  date: 2015-07-21\n" in result.stdout
    assert "  body: نص نص نص" in result.stdout
    for message in (
        "JSON lines, UTF-8",
        "'content' is read as body",
        "stored, not searchable: court, volume",
        "nothing was added",
    ):
        assert message in result.stderr
    assert not Path("x").exists()


def test_a_preview_as_json_has_whole_articles_and_problems(run: Run) -> None:
    shown = json.loads(run("index", write([{"id": "1", "title": 7}, *ROWS]), "--preview", "--json").stdout)

    assert shown[0] == {"where": "a.jsonl:1", "problem": "title is int, not a string: 7"}
    assert shown[1]["article"]["body"].startswith("نص")
    assert [remark["kind"] for remark in shown[1]["remarks"]] == ["html", "hijri"]
    assert len(shown) == 3


def test_a_preview_knows_the_fields_of_the_index(run: Run) -> None:
    run("index", write(ROWS), "-i", "x", "--field", "volume=int", "--field", "court=keyword")

    result = run(
        "index", write([{**ROWS[0], "volume": "ثلاثة"}, {**ROWS[1], "note": {"a": [None]}}]), "-i", "x", "--preview"
    )

    assert "  volume_text: ثلاثة\n" in result.stdout
    assert "  (misfit: volume: 'ثلاثة')" in result.stdout
    assert "stored, not searchable: note;" in result.stderr
    assert '  note: {"a": [null]}\n' in result.stdout


def test_a_preview_names_the_column_with_long_text(run: Run) -> None:
    rows: list[dict[str, object]] = [{"id": str(n), "title": "خبر", "blurb": "نص طويل " * 40} for n in range(300)]

    assert "--map body=blurb" in run("index", write(rows), "--preview").stderr


def test_fields_that_are_stored_only_are_said_once(run: Run) -> None:
    result = run("index", write(ROWS), "-i", "x", "--field", "volume=int")

    assert result.stderr.count("1 field is stored, not searchable: court;") == 1
    assert json.loads(run("index", write(ROWS), "-i", "x", "--json").stdout)["undeclared"] == ["court"]


def test_places_in_the_body_are_no_fields_to_declare(run: Run) -> None:
    Path("a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nنص القمح\n", encoding="utf-8")

    for options in ([], ["--preview"], ["--sync"]):
        assert "stored, not searchable" not in run("index", "a.srt", "-i", "x", *options).stderr
    with arsearch.open("x") as index:
        assert index.get("a.srt").extra["cues"]  # type: ignore[union-attr]


def test_fields_can_be_declared_later_and_are_filled(run: Run) -> None:
    rows: list[dict[str, object]] = [*ROWS, {"id": "odd", "title": "خبر", "volume": "ثلاثة", "court": "النقض"}]
    run("index", write(rows), "-i", "x", "--field", "court=keyword")

    result = run("reindex", "-i", "x", "--add-field", "volume=int")

    assert result.stdout.startswith("6 added, 0 updated, 0 failed")
    assert "values that do not fit" in result.stderr
    with arsearch.open("x") as index:
        assert index.search("*", filters={"volume": (3, None), "court": "النقض"}).total == 2
        assert index.get("odd").extra == {"court": "النقض", "volume_text": "ثلاثة"}  # type: ignore[union-attr]
        assert index.check() == []
