"""Questions before a change of many articles: asked on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["confirm", "yes_option"]

Command = TypeVar("Command", bound=Callable[..., Any])


def yes_option(command: Command) -> Command:
    """Add --yes."""
    return click.option("-y", "--yes", is_flag=True, help="Do not ask.")(command)


def confirm(question: str, yes: bool) -> None:
    """Ask a question on standard error, unless `yes`.

    Raises click.Abort, exit code 1, for an answer that is not yes. Raises click.UsageError, exit code 2, where nobody can
    answer: standard input or standard error is not a terminal.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(f"{question} Add --yes: no terminal can be asked here. --dry-run lists the articles.")
    if not click.confirm(question, err=True):
        raise click.Abort
