"""The `arsearch` command: help, lazy imports of the commands, and errors."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from cli_articles import Run

import arsearch
from arsearch.cli import main
from arsearch.cli.group import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_has_the_first_line_of_each_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert command.help is not None
    assert command.help.split("\n\n")[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_json_help_and_an_example(name: str, run: Run) -> None:
    text = run(name, "--help").stdout

    assert "--json" in text or name == "mcp"  # its output is that of the protocol
    assert "Example" in text
    assert f"  arsearch {name}" in text
    assert run(name, "-h").stdout == text


def test_every_option_has_help() -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


def test_help_lists_all_commands_and_imports_none() -> None:
    code = (
        "import sys; from arsearch.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'rich', 'whoosh', 'tashaphyne', 'pyarabic')"
        " or m.startswith(('arsearch.index', 'arsearch.model', 'arsearch.cli.query'))])"
    )

    lines = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()

    assert lines[-1] == "[]"
    assert {line.split()[0] for line in lines if line.startswith("  ")} >= set(COMMANDS)


MISTYPED: list[tuple[str, str | None]] = [
    ("serch", "query"),
    ("search", "query"),
    ("qurey", "query"),
    ("QUERY", "query"),
    ("idnex", "index"),
    ("delet", "delete"),
    ("rm", "delete"),
    ("udpate", "update"),
    ("reindexx", "reindex"),
    ("stat", "stats"),
    ("optimise", "optimize"),
    ("exprot", "export"),
    ("hlep", "help"),
    ("zzz", None),
    ("بحث", None),
]


@pytest.mark.parametrize(("name", "likely"), MISTYPED)
def test_a_mistyped_command_is_answered_with_the_likely_one(name: str, likely: str | None, run: Run) -> None:
    for args in ([name], [name, "كتاب"], ["help", name]):
        lines = run(*args, code=2).stderr.splitlines()
        assert lines[-1] == f"Error: No such command {name!r}." + (f" Did you mean {likely!r}?" if likely else "")


def test_all_other_names_lead_to_commands() -> None:
    from arsearch.cli.group import _OTHER_NAMES

    assert set(_OTHER_NAMES.values()) <= set(COMMANDS)
    assert not set(_OTHER_NAMES) & set(COMMANDS)


@pytest.mark.parametrize("name", ["query", "index", "completion"])
def test_help_of_a_command(name: str, run: Run) -> None:
    assert run("help", name).stdout == run(name, "--help").stdout


def test_help_alone_is_the_help_of_the_program(run: Run) -> None:
    assert run("help").stdout == run("--help").stdout


@pytest.mark.parametrize(
    "args",
    [["query", "x", "--limit", "many"], ["query"], ["index"], ["delete"], ["get"], ["query", "x", "--no-such"]],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2_and_nothing_on_stdout(args: list[str], run: Run) -> None:
    result = run(*args, code=2)

    assert result.stdout == ""
    assert "Usage: arsearch" in result.stderr


def test_version_names_arsearch_whoosh_and_python(run: Run) -> None:
    text = run("--version").stdout

    assert text.startswith(f"arsearch {arsearch.__version__} (")
    assert "whoosh" in text.lower()
    assert text.endswith(f"Python {sys.version.split()[0]})\n")


@pytest.mark.parametrize(
    ("error", "line", "code"),
    [
        (arsearch.ArsearchError("what\nand \x1b[31mnext"), "arsearch: what and \ufffd[31mnext\n", 1),
        (PermissionError(13, "Permission denied", "file.x"), "arsearch: file.x: Permission denied\n", 1),
        (OSError("plain"), "arsearch: plain\n", 1),
        (OSError(28, "No space left on device"), "arsearch: No space left on device\n", 1),
        (KeyboardInterrupt(), "arsearch: interrupted\n", 130),
    ],
    ids=["library", "system", "text_only", "no_file", "ctrl_c"],
)
def test_expected_errors_are_one_line(
    error: BaseException, line: str, code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("arsearch.cli.stats.open_index", fail)

    result = run("stats", "--json", code=code)

    assert result.stderr == line
    assert result.stdout == ""
