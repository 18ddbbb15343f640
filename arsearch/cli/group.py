"""The `arsearch` command: a group that imports the module of a command when that command runs."""

from __future__ import annotations

import atexit
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

__all__ = ["COMMANDS", "CommandError", "CommandGroup", "InterruptError", "likely_command", "main"]

COMMANDS = {
    "index": "Add articles from files, folders or standard input.",
    "query": "Search, and print ranked hits with their matches highlighted.",
    "like": "Find articles similar to a given one.",
    "concordance": "Print every occurrence of TEXT in its line, aligned at the keyword.",
    "frequencies": "Count the occurrences of TEXT by year, work or another value.",
    "suggest": "Complete a partly typed query.",
    "serve": "Serve a search page and an HTTP API.",
    "eval": "Measure search quality on queries with known answers.",
    "explain": "Explain the score of an article for a query.",
    "analyze": "Show how the analyzer reads a text.",
    "get": "Print articles by id.",
    "update": "Change fields of articles and keep their other fields.",
    "delete": "Delete articles by id, by query or by filter.",
    "export": "Write articles as JSON lines, or in another format.",
    "stats": "Print statistics of the index.",
    "optimize": "Merge all segments into one.",
    "reindex": "Rebuild the index from its stored articles.",
    "check": "Verify the index and the environment.",
    "backup": "Copy the index to another folder.",
    "restore": "Restore an index from a backup.",
    "copy": "Copy an index to another folder or to a cluster.",
    "mcp": "Serve the index to language models.",
    "completion": "Install the completion of commands and options in the shell.",
}
"""The commands and the first line of each one's help. A command's module has its name."""

_HELP = """Full-text search for Arabic.

\b
Examples:
  arsearch index articles.jsonl
  arsearch query "الحرس الثوري"
  arsearch analyze وبالكتاب
  arsearch help query

The index is the folder given with -i, else $ARSEARCH_INDEX, else the nearest .arsearch/ in this folder or above it.
"""

_OTHER_NAMES = {
    "search": "query",
    "find": "query",
    "add": "index",
    "import": "index",
    "show": "get",
    "cat": "get",
    "similar": "like",
    "kwic": "concordance",
    "lines": "concordance",
    "count": "frequencies",
    "complete": "suggest",
    "evaluate": "eval",
    "remove": "delete",
    "rm": "delete",
    "edit": "update",
    "change": "update",
    "dump": "export",
    "info": "stats",
    "status": "stats",
    "merge": "optimize",
    "cp": "copy",
    "migrate": "copy",
    "rebuild": "reindex",
    "verify": "check",
}
"""What other programs call these commands."""

_GC_THRESHOLD = 200_000
"""Allocations between two garbage collections. A search makes 50,000 to 120,000, and the default collects every 700."""


class CommandError(click.ClickException):
    """An error that ends the command with one line on standard error and exit code 1."""

    def show(self, file: Any = None) -> None:
        """Print the message on standard error or in `file`."""
        from arsearch.cli.output import print_message

        print_message(f"arsearch: {self.message}", file)


class InterruptError(CommandError):
    """The user pressed Ctrl-C. The exit code is 130, as in shells."""

    exit_code = 130


def likely_command(name: str) -> str | None:
    """Return the command that a mistyped name, or the name of such a command in other programs, means; `None` if unknown."""
    from difflib import get_close_matches

    names = {**{command: command for command in (*COMMANDS, "help")}, **_OTHER_NAMES}
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


class CommandGroup(click.Group):
    """The commands of `COMMANDS`. Errors of arsearch and of the system become a `CommandError`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a command and return the command, or `None` for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"arsearch.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name. `help NAME` is `NAME --help`; a mistyped name gets a proposal."""
        name, *rest = args
        if ctx.resilient_parsing and name not in COMMANDS:  # the shell completes: print nothing, exit for nothing
            return None, None, rest
        if name == "help":
            if not rest:
                click.echo(ctx.get_help())
                ctx.exit()
            name, rest = rest[0], ["--help"]
        if name not in COMMANDS and not name.startswith("-"):
            likely = likely_command(name)
            ctx.fail(f"No such command {name!r}.{f' Did you mean {likely!r}?' if likely else ''}")
        return super().resolve_command(ctx, [name, *rest])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of commands without importing their modules."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line. Output is UTF-8 in every locale, because texts and JSON are Arabic."""
        # OpenBLAS starts threads that nothing here uses. Without them, the import of NumPy takes half the time.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        gc.set_threshold(_GC_THRESHOLD)
        # Python looks for cycles among all objects when it ends, which takes a fifth of the time of a search.
        atexit.register(gc.freeze)
        _open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # the output of --help and --version, before a command runs
            _discard_output()
            _error_of(error).show()
            sys.exit(CommandError.exit_code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises CommandError for errors of arsearch and of the system, and InterruptError for Ctrl-C."""
        try:
            return super().invoke(ctx)
        except ArsearchError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise InterruptError("interrupted") from error
        except OSError as error:
            _discard_output()
            if error.errno == errno.EPIPE:  # the reader, such as `head`, closed the pipe: click exits without a message
                raise
            raise _error_of(error) from error


def _error_of(error: OSError) -> CommandError:
    name = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, (str, bytes)) else ""
    return CommandError(f"{name}{error.strerror or error}")


def _open_closed_streams() -> None:
    """Open nothing in place of a standard stream that the caller has closed; Python has `None` for it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _discard_output() -> None:
    """Discard output that cannot be written. Python would try to write it again at exit, and print a traceback."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if not value or ctx.resilient_parsing:
        return
    from arsearch import __version__
    from arsearch.cli.environment import warn_of_whoosh_conflict, whoosh_distributions

    whoosh = ", ".join(whoosh_distributions()) or "no Whoosh"
    click.echo(f"arsearch {__version__} ({whoosh}, Python {sys.version.split()[0]})")
    warn_of_whoosh_conflict()
    ctx.exit()


@click.group(cls=CommandGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Print the versions of arsearch, Whoosh and Python, and exit.",
)
def main() -> None:
    """Run the command line; its help is `_HELP`."""
