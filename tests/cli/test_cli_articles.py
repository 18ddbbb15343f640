"""`arsearch get`, `delete` and `export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_articles import ARTICLES, Run, as_lines

import arsearch


def test_get_prints_fields_and_body(run: Run, news: str) -> None:
    text = run("get", "book", "-i", news).stdout

    assert text == f"id: book\ntitle: {ARTICLES[3]['title']}\nauthor: الجاحظ\n\n{ARTICLES[3]['body']}\n"


def test_get_prints_further_fields_as_json(run: Run) -> None:
    article = {"id": "1", "title": "خبر", "note": {"أ": [1, None]}, "parts": ["ب", True]}
    run("index", "-", "-i", "x", input=as_lines([article]).encode())

    assert run("get", "1", "-i", "x").stdout == 'id: 1\ntitle: خبر\nnote: {"أ": [1, null]}\nparts: ب, true\n'


def test_get_several_as_json(run: Run, news: str) -> None:
    data = json.loads(run("get", "school", "book", "-i", news, "--json").stdout)

    assert data == {"articles": [ARTICLES[2], ARTICLES[3]], "missing": []}


def test_get_prints_existing_articles_and_names_missing_ones(run: Run, news: str) -> None:
    result = run("get", "nope", "book", "-i", news, "--json", code=1)

    assert json.loads(result.stdout) == {"articles": [ARTICLES[3]], "missing": ["nope"]}
    assert result.stderr.startswith("arsearch: no article with the id 'nope' in ")


def test_delete_by_id(run: Run, scratch: str) -> None:
    result = run("delete", "book", "book", "nope", "-i", scratch)

    assert result.stdout == "1 article deleted\n"
    assert result.stderr == "1 id not in the index\n"
    assert "book" not in arsearch.open(scratch)


def test_delete_by_filters(run: Run, scratch: str) -> None:
    assert json.loads(
        run("delete", "--filter", "source=الرياض", "--filter", "date=2015", "-i", scratch, "--json", "--yes").stdout
    ) == {"deleted": 1}
    assert {article.id for article in arsearch.open(scratch)} == {"guard-2", "school", "book", "latin"}
    assert run("delete", "--filter", "source=الرياضة", "-i", scratch).stderr == "no article matches\n"


def test_delete_needs_either_ids_or_filters(run: Run, scratch: str) -> None:
    run("delete", "-i", scratch, code=2)
    run("delete", "book", "--filter", "source=x", "-i", scratch, code=2)
    assert len(arsearch.open(scratch)) == 5


def test_export_to_stdout_prints_only_articles(run: Run, news: str) -> None:
    result = run("export", "-i", news)

    assert [json.loads(line) for line in result.stdout.splitlines()] == ARTICLES
    assert result.stderr == ""


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.xz"])
def test_export_and_index_are_a_round_trip(name: str, run: Run, news: str, tmp_path: Path) -> None:
    result = run("export", "-i", news, "-o", name, "--json")

    assert json.loads(result.stdout) == {"articles": 5, "file": name}
    assert [path.name for path in tmp_path.iterdir()] == [name]

    run("index", name, "-i", "again")

    assert list(arsearch.open("again")) == list(arsearch.open(news))


def test_a_failed_export_keeps_the_old_file(
    run: Run, news: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out.jsonl").write_text("old")

    def fail(*args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("arsearch.writers.json_formats.write_jsonl", fail)

    assert run("export", "-i", news, "-o", "out.jsonl", code=1).stderr == "arsearch: No space left on device\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.jsonl", "old")]


def test_export_to_a_missing_folder_names_the_file(run: Run, news: str) -> None:
    for path in ("missing/out.jsonl", "missing/out.jsonl.gz"):
        message = run("export", "-i", news, "-o", path, code=1).stderr
        assert message == f"arsearch: {path}: No such file or directory\n"


def test_export_to_a_device_keeps_the_device(run: Run, news: str) -> None:
    assert run("export", "-i", news, "-o", "/dev/null").stdout == "5 articles written to /dev/null\n"
    assert Path("/dev/null").is_char_device()
