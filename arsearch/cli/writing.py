"""The options of commands that write articles or hits in a chosen format, and the writing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from arsearch.cli.options import checked_by
from arsearch.cli.output import print_message, safe
from arsearch.errors import InputError

if TYPE_CHECKING:
    from arsearch.model import Article, Hit
    from arsearch.writers import WriteReport

__all__ = ["Output", "output_options", "read_output", "write_output"]

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = "jsonl, json, csv, tsv, markdown, parquet, bibtex or ris"


class Output:
    """The file, format and fields that the options name."""

    def __init__(self, path: str, format: str | None, fields: str | None, excel: bool) -> None:
        """Check the options. Raises click.UsageError for wrong ones."""
        from arsearch.writers.registry import choose_writer
        from arsearch.writers.rows import read_fields

        self.path = path
        self.excel = excel
        self.fields = None if fields is None else read_fields(fields)
        try:
            self.writer = choose_writer(None if self.on_stdout else path, format)
        except InputError as error:
            raise click.UsageError(str(error)) from None
        if excel and not self.writer.excel:
            raise click.UsageError(f"--excel is for CSV and TSV, not for {self.writer.label}; add --format csv")
        if self.writer.binary and self.on_stdout and sys.stdout.isatty():
            raise click.UsageError(f"{self.writer.label} is not text; name a file with -o FILE")

    @property
    def on_stdout(self) -> bool:
        """Whether the articles go to standard output."""
        return self.path == "-"


def read_output(path: str, format: str | None, fields: str | None, excel: bool, *, as_json: bool) -> Output | None:
    """Return what the options name, `None` if none of them is given. Raises click.UsageError beside --json."""
    if path == "-" and not (format or fields or excel):
        return None
    if as_json:
        raise click.UsageError("--json prints the rows itself; leave out -o, --format, --fields and --excel.")
    return Output(path, format, fields, excel)


def output_options(command: Command) -> Command:
    """Add -o/--output, --format, --fields and --excel, the arguments of `Output`."""
    command = click.option(
        "--excel", is_flag=True, help="CSV and TSV that Excel opens well, and in which no text is run as a formula."
    )(command)
    command = click.option(
        "--fields",
        metavar="NAMES",
        callback=checked_by(_check_fields),
        help="The fields to write, with commas, in this order: id,title,date,snippet.",
    )(command)
    command = click.option(
        "--format",
        metavar="NAME",
        callback=checked_by(_check_format),
        help=f"{FORMATS}, or the name of a writer plug-in. Default: by the ending of FILE.",
    )(command)
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="The file to write, compressed if it ends in .gz or .xz. Default: standard output.",
    )(command)


def _check_fields(names: str) -> None:
    """Raise InputError for a list with an empty name."""
    from arsearch.writers.rows import read_fields  # few searches choose fields

    read_fields(names)


def _check_format(name: str) -> None:
    """Raise InputError for a format that no writer has."""
    from arsearch.writers.registry import choose_writer  # few searches choose a format

    choose_writer(None, name)


def write_output(items: Iterable[Article | Hit | Mapping[str, Any]], output: Output) -> WriteReport:
    """Write articles or hits, and print the notes on standard error. On a terminal, text is made safe."""
    from arsearch.writers import write_articles

    target: Any = output.path
    if output.on_stdout:
        target = sys.stdout.buffer
        if sys.stdout.isatty() and not output.writer.name.startswith("json"):
            target = _SafeStream(target)
    report = write_articles(items, target, format=output.writer.name, fields=output.fields, excel=output.excel)
    if output.on_stdout:
        sys.stdout.buffer.flush()
    for note in report.notes:
        print_message(f"note: {note}")
    return report


class _SafeStream:
    """A stream that makes each line of UTF-8 text safe for a terminal. Tabs and line ends stay."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.closed = False

    def write(self, data: bytes) -> int:
        text = bytes(data).decode("utf-8", "replace")
        self._stream.write("".join(_safe_lines(text)).encode())
        return len(data)

    def flush(self) -> None:
        self._stream.flush()

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def _safe_lines(text: str) -> Iterator[str]:
    for char in text:
        yield char if char in "\n\t " else safe(char)
