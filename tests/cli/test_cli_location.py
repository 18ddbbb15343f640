"""The index that a command finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_articles import Run

from arsearch.cli.location import find_index, nearest_index
from arsearch.errors import IndexNotFoundError


def test_the_nearest_index_is_the_first_one_upwards(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / ".arsearch").mkdir()

    assert nearest_index(deep) == tmp_path / ".arsearch"

    (tmp_path / "a" / ".arsearch").mkdir()

    assert nearest_index(deep) == tmp_path / "a" / ".arsearch"


def test_a_file_named_like_the_index_folder_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".arsearch").write_text("")

    assert nearest_index(tmp_path) is None


def test_a_given_location_wins_over_the_nearest_index(tmp_path: Path) -> None:
    (tmp_path / ".arsearch").mkdir()

    assert find_index("elsewhere") == Path("elsewhere")
    assert find_index(None) == tmp_path / ".arsearch"


def test_a_command_on_files_refuses_the_location_of_a_cluster(run: Run, tmp_path: Path) -> None:
    location = "opensearch://host:9200/news"
    assert find_index(location) == location

    result = run("backup", "copy", "-i", location, code=1)

    assert "'opensearch://host:9200/news' is not a folder" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_index_names_the_next_step() -> None:
    with pytest.raises(IndexNotFoundError, match=r"arsearch index FILE.*-i DIR or [$]ARSEARCH_INDEX"):
        find_index(None)


@pytest.mark.parametrize(
    "command", [["query", "كتاب"], ["stats"], ["get", "1"], ["export"], ["check"], ["optimize"], ["reindex"]]
)
def test_commands_without_an_index_fail_in_one_line_and_create_none(
    command: list[str], run: Run, tmp_path: Path
) -> None:
    for args in (command, [*command, "-i", "missing"], [*command, "--json"]):
        if args == ["export", "--json"]:
            continue
        result = run(*args, code=1)
        assert result.stdout == ""
        assert result.stderr.startswith("arsearch: ")
        assert result.stderr.count("\n") == 1
        assert "arsearch index" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_environment_variable_names_the_index(run: Run, news: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARSEARCH_INDEX", news)

    assert '"articles": 5' in run("stats", "--json").stdout

    monkeypatch.setenv("ARSEARCH_INDEX", "missing")

    assert '"articles": 5' in run("stats", "--json", "-i", news).stdout
    assert "missing" in run("stats", code=1).stderr


def test_several_indexes_are_searched_as_one(run: Run, news: str) -> None:
    run("index", "-", "-i", "more", input='{"id": "more-1", "title": "الحرس القديم"}\n')

    text = run("query", "الحرس", "-i", news, "-i", "more", "--duplicates").stdout
    data = json.loads(run("query", "الحرس", "-i", news, "-i", "more", "--json").stdout)

    assert ("more-1 · " in text, " · more\n" in text, f" · {news}\n" in text) == (True, True, True)
    assert {hit["id"]: hit["location"] for hit in data["hits"]}["more-1"] == "more"
    assert {hit["location"] for hit in data["hits"]} == {"more", news}
    assert '"articles": 6' in run("stats", "--json", "-i", news, "-i", "more").stdout
    assert "القديم" in run("suggest", "القد", "-i", news, "-i", "more").stdout
    assert "location" not in json.loads(run("query", "الحرس", "-i", news, "--json").stdout)["hits"][0]
    assert " · more\n" in run("like", "guard-1", "-i", news, "-i", "more").stdout
    like = json.loads(run("like", "guard-1", "-i", news, "-i", "more", "--json").stdout)
    assert {hit["location"] for hit in like["hits"]} == {"more", news}
    assert "named twice" in run("query", "الحرس", "-i", news, "-i", news, code=1).stderr


def test_the_environment_variable_may_have_spaces(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", "-", "-i", "my news", input='{"id": "1", "title": "الحرس"}\n')
    monkeypatch.setenv("ARSEARCH_INDEX", "my news")

    assert "الحرس" in run("query", "الحرس").stdout


def test_a_location_that_is_no_index(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()

    assert "is a file" in run("query", "x", "-i", "file", code=1).stderr
    assert run("query", "x", "-i", "empty", code=1).stderr.count("\n") == 1
