"""The `arsearch` command: a group that imports a command's module when that command is asked for."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import os
import sys
from typing import Any

import click

from arsearch.errors import ArsearchError

__all__ = ["COMMANDS", "CommandGroup", "Failure", "Interrupted", "main"]

COMMANDS = {
    "index": "Add articles from files, folders or standard input.",
    "query": "Search, and show ranked hits with their matches marked.",
    "like": "Show the articles most like one.",
    "suggest": "Complete a query that is being typed.",
    "eval": "Measure search on queries whose answers are known.",
    "explain": "Show why an article has its score for a query.",
    "analyze": "Show what the analyzer makes of a text.",
    "get": "Print articles by their ids.",
    "delete": "Delete articles by their ids, or all that filters select.",
    "export": "Write all articles as JSON lines.",
    "stats": "Print the figures of the index.",
    "optimize": "Merge all segments into one.",
    "reindex": "Rebuild the index from its own articles.",
    "check": "Verify the index and the environment.",
    "backup": "Copy the index to another folder.",
    "restore": "Bring a backup back.",
}
"""Each command, which lives in the module of its name, and its help in a line."""

_HELP = """Full-text search for Arabic.

\b
Examples:
  arsearch index articles.jsonl
  arsearch query "الحرس الثوري"
  arsearch analyze وبالكتاب

The index is the folder given with -i, else $ARSEARCH_INDEX, else the nearest .arsearch/ here or above.
"""


_OBJECTS = 50_000
"""New objects between two rounds of the garbage collector: the tables that a search loads are not worth ten rounds."""


class Failure(click.ClickException):
    """An error that the command ends with: one line on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the line."""
        from arsearch.cli.output import say

        say(f"arsearch: {self.message}", file)


class Interrupted(Failure):
    """The user's Ctrl-C; the exit code that shells give it."""

    exit_code = 130


class CommandGroup(click.Group):
    """Commands by name from `COMMANDS`; errors of the library and of the system in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, its module imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"arsearch.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, with output in UTF-8 whatever the locale says: the texts and the JSON are Arabic."""
        # NumPy's linear algebra, which nothing here uses, starts its threads at import: half of what NumPy takes.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        gc.set_threshold(_OBJECTS)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it expects to go wrong becomes a `Failure`."""
        try:
            return super().invoke(ctx)
        except ArsearchError as error:
            raise Failure(str(error)) from error
        except KeyboardInterrupt as error:
            raise Interrupted("interrupted") from error
        except OSError as error:
            _forget_output()
            if error.errno == errno.EPIPE:  # the reader, such as `head`, has enough: click ends quietly
                raise
            name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""
            raise Failure(f"{name}{error.strerror or error}") from error


def _forget_output() -> None:
    """Drop what standard output cannot take, or Python tries again at its end and complains."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if not value or ctx.resilient_parsing:
        return
    from arsearch import __version__
    from arsearch.cli.environment import warn_of_two_whooshes, whoosh_distributions

    found = ", ".join(whoosh_distributions()) or "no Whoosh"
    click.echo(f"arsearch {__version__} ({found}, Python {sys.version.split()[0]})")
    warn_of_two_whooshes()
    ctx.exit()


@click.group(cls=CommandGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Print the version, Whoosh's and Python's, and exit.",
)
def main() -> None:
    """The entry point."""
