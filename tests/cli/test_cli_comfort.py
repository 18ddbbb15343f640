"""The completion of the shell, the progress bar, and the summary of failures."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cli_articles import Run

from arsearch.cli.group import main
from arsearch.cli.progress import ProgressBar, _facts, _file
from arsearch.cli.reports import print_failures
from arsearch.model import AddReport, Failure


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


FILES = {
    "bash": ".local/share/bash-completion/completions/arsearch",
    "zsh": ".local/share/arsearch/completion.zsh",
    "fish": ".config/fish/completions/arsearch.fish",
}


@pytest.mark.parametrize("shell", FILES)
def test_completion_is_installed(shell: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = run("completion", shell, "--print").stdout
    data = json.loads(run("completion", shell, "--print", "--json").stdout)
    assert data == {"shell": shell, "script": script.rstrip("\n")}
    assert not any(home.iterdir())
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    text = run("completion").stdout

    assert text == f"completion for {shell} written to {home / FILES[shell]}; open a new shell to use it\n"
    assert (home / FILES[shell]).read_text() == script
    assert "_ARSEARCH_COMPLETE" in script


def test_a_folder_with_an_apostrophe_is_quoted_in_the_settings_of_zsh(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "it's here"))
    run("completion", "zsh")
    [line] = (home / ".zshrc").read_text().splitlines()
    assert shlex.split(line) == shlex.split(
        "[ -r FILE ] && source FILE".replace("FILE", shlex.quote(str(home / "it's here/arsearch/completion.zsh")))
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("arsearch que", ["query"]),
        ("arsearch query --fac", ["--facet"]),
        ("arsearch help que", ["query"]),
        ("arsearch help query --fac", []),
        ("arsearch quer --fac", []),
        ("arsearch help zz", []),
    ],
)
def test_completion_of_what_was_typed(
    typed: str, expected: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_ARSEARCH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    with pytest.raises(SystemExit):
        main(prog_name="arsearch")

    output = capsys.readouterr()
    assert (output.out.split(), output.err) == ([f"plain,{word}" for word in expected], "")


def test_the_settings_of_zsh_get_one_line_once(run: Run, home: Path) -> None:
    (home / ".zshrc").write_text("alias x=y")
    run("completion", "zsh")
    run("completion", "zsh")

    file = home / FILES["zsh"]
    assert (home / ".zshrc").read_text() == f"alias x=y\n[ -r '{file}' ] && source '{file}'\n"


@pytest.mark.parametrize("shell", ["", "/bin/dash"])
def test_an_unknown_shell_is_an_error(shell: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", shell)
    assert "name bash, zsh or fish" in run("completion", code=1).stderr
    assert not any(home.iterdir())


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_commands_and_options(run: Run, home: Path) -> None:
    run("completion", "bash")
    folder = home / "bin"
    folder.mkdir()
    import sys

    (folder / "arsearch").write_text(f'#!/bin/sh\nexec {sys.executable} -m arsearch "$@"\n')
    (folder / "arsearch").chmod(0o755)
    code = (
        f"source '{home / FILES['bash']}'; COMP_WORDS=(arsearch $1); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); "
        "_arsearch_completion arsearch; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}

    def completed(words: str) -> set[str]:
        done = subprocess.run(
            ["bash", "-c", code, "bash", words], capture_output=True, text=True, env=environment, check=True
        )
        return {line.strip() for line in done.stdout.splitlines()}

    assert completed("que") == {"query"}
    assert {"--filter", "--facet", "--fields"} <= completed("query --f")


FACTS: list[tuple[tuple[Any, ...], str]] = [
    ((0, None, 0, 0, 0.0), "0 articles, 0 s"),
    ((5, None, 5, 0, 2.0), "5 articles, 2 articles/s, 2 s"),
    ((50, 100, 1_000, 3, 10.0), "50%, 1,000 articles, 100 articles/s, 3 failed, 10 s left"),
    ((1, 100, 10, 0, 60.0), "1%, 10 articles, 0 articles/s, 1:39:00 left".replace("1:39:00", "1:39 h")),
    ((10, 100, 10, 0, 20.0), "10%, 10 articles, 0 articles/s, 3:00 min left"),
    ((100, 100, 7, 0, 3.0), "100%, 7 articles, 2 articles/s, 3 s"),
    ((120, 100, 7, 0, 3.0), "100%, 7 articles, 2 articles/s, 3 s"),
]


@pytest.mark.parametrize(("values", "expected"), FACTS)
def test_the_facts_beside_the_bar(values: tuple[Any, ...], expected: str) -> None:
    assert ", ".join(_facts(*values)) == expected


@pytest.mark.parametrize(
    ("name", "position", "size", "total", "expected"),
    [
        ("a.jsonl", 5, 10, 20, "a.jsonl 50%"),
        ("a.jsonl", 5, 10, 10, ""),
        ("a.jsonl", 0, None, 20, ""),
        ("f/" * 30 + "a", 5, 10, 20, "…" + ("f/" * 30 + "a")[-32:] + " 50%"),
        ("\x1b[2Ja", 5, 10, 20, "\ufffd[2Ja 50%"),
    ],
)
def test_the_file_beside_the_bar(name: str, position: int, size: int | None, total: int, expected: str) -> None:
    reading: Any = SimpleNamespace(source=SimpleNamespace(name=name, size=size), source_position=position)
    assert _file(reading, total) == expected


def test_there_is_no_bar_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar("indexing") as bar:
        bar.follow(SimpleNamespace(position=1, size=2))
        bar.update(AddReport(added=1))
    assert capsys.readouterr() == ("", "")


def test_failures_are_counted_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    reasons = [
        "date 'x' is not a date",
        "date 'y' is not a date",
        "both title and body are empty",
        "date '' is not a date",
    ]
    failed = [Failure(f"a:{n}", None, reason) for n, reason in enumerate(reasons)]
    print_failures(AddReport(failures=4, failed=failed))

    assert capsys.readouterr().err.splitlines()[:4] == [
        "not added:",
        "3 x date … is not a date",
        "1 x both title and body are empty",
        "- a:0: date 'x' is not a date",
    ]
    print_failures(AddReport(failures=2, failed=failed[:2]))
    assert capsys.readouterr().err.splitlines()[1] == "- a:0: date 'x' is not a date"
