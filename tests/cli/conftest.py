"""Fixtures of the tests of the command line: a few articles, an index of them, and a function that runs commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_articles import ARTICLES, Run, as_lines
from click.testing import CliRunner, Result

from arsearch.cli import main


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run each test in an empty folder, without an index or a colour preference in the environment."""
    for name in ("ARSEARCH_INDEX", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Run:
    """Run `arsearch` with arguments and check its exit code. An unexpected exception is raised."""

    def run(*args: str, input: str | bytes | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, args, input=input, prog_name="arsearch")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "news"
    file = folder.with_name("articles.jsonl")
    file.write_text(as_lines(ARTICLES), encoding="utf-8")
    result = CliRunner().invoke(main, ["index", str(file), "-i", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def news(_built: Path) -> str:
    """An index of the articles, shared: tests must not write to it."""
    return str(_built)


@pytest.fixture
def scratch(_built: Path, tmp_path: Path) -> str:
    """A copy of the index for tests that write."""
    return str(shutil.copytree(_built, tmp_path / "scratch"))


@pytest.fixture
def articles_file(tmp_path: Path) -> Path:
    """The articles as a file of JSON lines."""
    file = tmp_path / "articles.jsonl"
    file.write_text(as_lines(ARTICLES), encoding="utf-8")
    return file
