"""`arsearch export`: write all articles as JSON lines."""

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

import arsearch
from arsearch.cli.location import find_index
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import pluralize, print_json, print_text, safe
from arsearch.readers import write_jsonl

__all__ = ["command"]


@click.command("export")
@index_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    help="The file to write, compressed if it ends in .gz or .xz. Default: standard output.",
)
@json_option
def command(location: str | None, output: str, as_json: bool) -> None:
    """Write all articles as JSON lines.

    `arsearch index` reads them back unchanged. FILE appears only when it is complete; then the number of articles is
    printed, as an object with --json. An export to standard output prints nothing but the articles. An index that needs
    `arsearch reindex` is exported too.

    \b
    Examples:
      arsearch export -o backup.jsonl.gz
      arsearch export | grep التعليم
    """
    articles = arsearch.read_index(find_index(location))
    if output == "-":
        stream = sys.stdout.buffer
        write_jsonl(articles, stream)
        stream.flush()
        return
    with _open_atomically(Path(output)) as file:
        count = write_jsonl(articles, file)
    if as_json:
        print_json({"articles": count, "file": output})
    else:
        print_text(f"{pluralize(count, 'article')} written to {safe(output)}")


@contextlib.contextmanager
def _open_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when it is complete. A device or a pipe is written to directly."""
    special = path.exists() and not path.is_file()
    partial = path if special else path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with _open(partial, path.suffix) as file:
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


def _open(path: Path, suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "wb"))
    return cast("IO[bytes]", lzma.open(path, "wb")) if suffix == ".xz" else path.open("wb")
