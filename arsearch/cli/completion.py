"""`arsearch completion`: install the completion of commands and options in the shell."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import NamedTuple

import click
from click.shell_completion import get_completion_class

from arsearch.cli.output import print_json, print_text, safe
from arsearch.errors import InputError

__all__ = ["command"]


class _Place(NamedTuple):
    """The file of a shell's completion, and the line that the shell's settings need to find it."""

    file: Path
    settings: Path | None = None
    line: str = ""


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _config_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _bash() -> _Place:
    return _Place(_data_folder() / "bash-completion" / "completions" / "arsearch")


def _fish() -> _Place:
    return _Place(_config_folder() / "fish" / "completions" / "arsearch.fish")


def _zsh() -> _Place:
    file = _data_folder() / "arsearch" / "completion.zsh"
    settings = Path(os.environ.get("ZDOTDIR") or Path.home()) / ".zshrc"
    path = str(file).replace("'", r"'\''")
    return _Place(file, settings, f"[ -r '{path}' ] && source '{path}'")


_PLACES: dict[str, Callable[[], _Place]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_PLACES)), required=False)
@click.option("--print", "only_print", is_flag=True, help="Print the script instead of installing it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def command(shell: str | None, only_print: bool, as_json: bool) -> None:
    """Install the completion of commands and options in the shell.

    SHELL is bash, zsh or fish; the default is the shell of $SHELL. New shells then complete `arsearch` with the
    Tab key. bash needs the package bash-completion.

    \b
    Examples:
      arsearch completion
      arsearch completion zsh --print
    """
    if shell is None:
        shell = PurePath(os.environ.get("SHELL", "")).name
        if shell not in _PLACES:
            raise InputError(
                f"$SHELL is {os.environ.get('SHELL', '')!r}; name bash, zsh or fish: `arsearch completion bash`"
            )
    script = _script(shell)
    if only_print:
        if as_json:
            print_json({"shell": shell, "script": script})
        else:
            click.echo(script)
        return
    place = _PLACES[shell]()
    place.file.parent.mkdir(parents=True, exist_ok=True)
    place.file.write_text(script + "\n", encoding="utf-8")
    if place.settings is not None:
        _add_line(place.settings, place.line)
    if as_json:
        print_json({"shell": shell, "file": str(place.file)})
    else:
        print_text(f"completion for {shell} written to {safe(str(place.file))}; open a new shell to use it")


def _script(shell: str) -> str:
    from arsearch.cli.group import main

    completion = get_completion_class(shell)
    assert completion is not None
    return completion(main, {}, "arsearch", "_ARSEARCH_COMPLETE").source().strip()


def _add_line(settings: Path, line: str) -> None:
    """Append a line to a file of settings that does not have it."""
    text = settings.read_text(encoding="utf-8", errors="surrogateescape") if settings.exists() else ""
    if line not in text.splitlines():
        with settings.open("a", encoding="utf-8") as file:
            file.write(("\n" if text and not text.endswith("\n") else "") + line + "\n")
