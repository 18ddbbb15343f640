"""The README and the docs are true: their Python blocks run, and their links have targets."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from arsearch.cli import main

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "arsearch", ROOT)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {"__name__": page.stem}

    for number, block in enumerate(blocks, 1):  # in order, as a reader would run them
        exec(compile(block, f"{page.name}, block {number}", "exec"), scope)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_have_targets(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")) and (ROOT / "pyproject.toml").exists():
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_paths_in_the_architecture_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = [path.rstrip(".") for path in re.findall(r"(?<![\w.:/])(?:[\w-]+/[\w./-]*|\w+\.(?:py|md|txt)\b)", text)]

    assert len(paths) > 50
    assert [path for path in paths if not any(folder.joinpath(path).exists() for folder in FOLDERS)] == []


def test_the_names_in_the_architecture_are_in_their_modules() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)`\s+in\s+`([\w./]+\.py)`", text)

    assert len(named) > 10
    for name, path in named:
        module = next(folder / path for folder in FOLDERS if (folder / path).is_file())
        assert re.search(rf"\b{name}\b", module.read_text(encoding="utf-8")), f"{name} is not in {path}"


def test_the_evaluation_in_the_docs_is_the_output_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare everything but the measures, which change with the analyzer."""
    pytest.importorskip("ir_measures")
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    command, printed = re.findall(r"^\$ arsearch (.+)\n([^`]+)```$", text, re.MULTILINE)[0]

    result = CliRunner().invoke(main, command.split())

    assert result.exit_code == 0, result.output
    assert _masked(result.stdout) == _masked(printed.partition("\n")[2])
    assert result.stdout.startswith(printed.splitlines()[1])


def _masked(text: str) -> str:
    return re.sub(r"[+-]?\d\.\d{4}", "0", text)


def test_the_sample_qrels_are_those_of_the_sample_queries() -> None:
    from arsearch.evaluation import read_qrels, read_queries

    qrels = read_qrels(ROOT / "examples" / "eval" / "qrels.tsv")
    answers = {query.text: set(qrels[query.id]) for query in read_queries(ROOT / "examples" / "eval" / "queries.tsv")}

    lines = (ROOT / "examples" / "queries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert answers == {text: set(ids.split(",")) for text, ids, _ in rows}
