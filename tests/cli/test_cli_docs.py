"""docs/cli.md describes every command and option there is."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from arsearch.cli import main
from arsearch.cli.group import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def sections() -> dict[str, str]:
    """The text under each `## arsearch NAME`."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert [title for title in sections() if title.startswith("arsearch ")] == [f"arsearch {name}" for name in COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
def test_section_has_an_example_json_and_all_options(name: str) -> None:
    text = sections()[f"arsearch {name}"]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    options = {max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)}

    assert f"$ arsearch {name}" in text
    assert "JSON" in text
    assert [option for option in sorted(options - {"--index", "--json"}) if f"`{option}" not in text] == []
