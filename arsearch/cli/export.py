"""`arsearch export`: write the articles back."""

from __future__ import annotations

import contextlib
import gzip
import lzma
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import click

from arsearch.cli.location import open_found
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import counted, print_json, print_text, safe
from arsearch.readers import write_jsonl

__all__ = ["command"]


@click.command("export")
@index_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    help="Where to write; .gz and .xz compress. Default: standard output.",
)
@json_option
def command(location: str | None, output: str, as_json: bool) -> None:
    """Write all articles as JSON lines.

    `arsearch index` reads them back as they were. A FILE appears when it is complete, and then a line tells how many
    articles there are, with --json as an object; standard output gets nothing but the articles.

    \b
    Examples:
      arsearch export -o backup.jsonl.gz
      arsearch export | grep التعليم
    """
    with open_found(location) as index, index.snapshot() as snapshot:
        if output == "-":
            stream = sys.stdout.buffer
            write_jsonl(snapshot, stream)
            stream.flush()
            return
        with _whole_or_absent(Path(output)) as file:
            count = write_jsonl(snapshot, file)
    if as_json:
        print_json({"articles": count, "file": output})
    else:
        print_text(f"{counted(count, 'article')} written to {safe(output)}")


@contextlib.contextmanager
def _whole_or_absent(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name when it is complete; devices and pipes are written as they are."""
    special = path.exists() and not path.is_file()
    partial = path if special else path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with _opened(partial, path.suffix) as file:
            yield file
        if not special:
            partial.replace(path)
    except BaseException as error:
        if not special:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(partial):
            error.filename = str(path)  # the name that the user gave
        raise


def _opened(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "wb"))
    return cast("IO[bytes]", lzma.open(path, "wb")) if suffix == ".xz" else path.open("wb")
