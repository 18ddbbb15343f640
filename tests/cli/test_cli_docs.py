"""docs/cli.md describes every command and option, and every documented example has valid arguments."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from arsearch.cli import main
from arsearch.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "cli.md"


def sections() -> dict[str, str]:
    """Return the sections of docs/cli.md by title."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert [title for title in sections() if title.startswith("arsearch ")] == [f"arsearch {name}" for name in COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_has_an_example_its_json_and_all_options(name: str) -> None:
    text = sections()[f"arsearch {name}"]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    options = {max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)}

    assert f"$ arsearch {name}" in text
    assert "JSON" in text
    assert [option for option in sorted(options - {"--index", "--json"}) if f"`{option}" not in text] == []


def examples() -> list[str]:
    """Return the arguments of `arsearch` in the README, the docs and the help texts, up to a pipe or redirection."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))]
    lines = [line for text in texts for line in re.findall(r"^(?:\$|[^|\n].*&&|[^|\n].*\|) arsearch (.+)$", text, re.M)]
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        lines += re.findall(r"^ +(?:.*\| )?arsearch (.+)$", (command.help or "").partition("Example")[2], re.MULTILINE)
    return sorted({re.split(r" [|<&]", line)[0] for line in lines})


@pytest.mark.parametrize("line", examples())
def test_an_example_has_valid_arguments(line: str) -> None:
    name, *args = shlex.split(line)
    command = main.get_command(click.Context(main), name)

    assert command is not None
    command.make_context(
        name, args, parent=main.make_context("arsearch", [name])
    )  # raises UsageError if they are invalid


def test_every_command_has_examples() -> None:
    assert {line.split()[0] for line in examples()} == set(COMMANDS)
    assert len(examples()) > 20
