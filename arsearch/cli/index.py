"""`arsearch index`: read articles and add them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

import arsearch
from arsearch.cli.group import Interrupted
from arsearch.cli.location import FOLDER, nearest
from arsearch.cli.options import Pairs, field_option, index_option, json_option, pairs, progress_option
from arsearch.cli.output import print_json, print_text, safe, say
from arsearch.cli.progress import Meter
from arsearch.cli.reports import summary, tell_failures
from arsearch.readers import FORMATS

if TYPE_CHECKING:
    from arsearch.model import Record

__all__ = ["command"]

_COMMIT_SECONDS = 30.0


@click.command("index")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@click.option(
    "--from-whoosh", is_flag=True, help="PATH is the folder of an index of Whoosh's own: add what is stored in it."
)
@click.option("--format", metavar="NAME", help=f"{', '.join(FORMATS)}, or the name of a reader plug-in; guessed for each "
              "file unless given.")  # fmt: skip
@click.option("--map", "mapping", metavar="FIELD=COLUMN", multiple=True, callback=pairs,
              help="Which column a field is in: --map body=content. Repeatable.")  # fmt: skip
@click.option("--encoding", metavar="NAME", help="utf-8, windows-1256 ...; guessed for each file unless given.")
@click.option("--max-bytes", type=click.IntRange(min=1), help="Read at most so much of each file, decompressed; "
              "default: all, but of packed files 1 GiB or 100 times their size.")  # fmt: skip
@field_option("Declare a further field of a new index: text, keyword, int, float or date. Repeatable.")
@click.option("--strict", is_flag=True, help="Add nothing at all if one article is bad.")
@click.option("--commit-every", type=click.IntRange(min=1), default=10_000, show_default=True, metavar="N",
              help="Make articles visible and safe every N, and every 30 s.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="Share the work among N processes.")  # fmt: skip
@click.option("--fast", is_flag=True, help="Do not wait for the disk; a power loss may then cost what was added.")
@progress_option
@json_option
def command(
    paths: tuple[str, ...],
    location: str | None,
    from_whoosh: bool,
    format: str | None,
    mapping: Pairs,
    encoding: str | None,
    max_bytes: int | None,
    fields: Pairs,
    strict: bool,
    commit_every: int,
    workers: int,
    fast: bool,
    no_progress: bool,
    as_json: bool,
) -> None:
    """Add articles from files, folders or standard input.

    PATH is a file or folder of JSON lines, JSON, CSV, TSV or plain text, .gz and .xz too, or - for standard input. An
    article with the id of an earlier one replaces it. A bad article is left out and reported. Without -i,
    $ARSEARCH_INDEX and a .arsearch/ here or above, the index is made as ./.arsearch/.

    \b
    Examples:
      arsearch index articles.jsonl
      arsearch index archive/ -i news --map body=content --field volume=int
      zcat articles.jsonl.gz | arsearch index -
      arsearch index old-index/ --from-whoosh -i news --map id=path
    """
    if from_whoosh and (format or encoding or max_bytes):
        raise click.UsageError("--format, --encoding and --max-bytes are for files, not for an index of Whoosh's.")
    with Meter("indexing", hidden=no_progress) as meter:
        renamed = dict(mapping) or None
        articles: Iterable[Record]
        if from_whoosh:
            indexes = [arsearch.read_whoosh(path, mapping=renamed, on_guess=meter.tell) for path in paths]
            articles = chain.from_iterable(indexes)
        else:
            articles = arsearch.read_articles(
                paths, format=format, mapping=renamed, encoding=encoding, max_bytes=max_bytes, on_guess=meter.tell
            )
        folder = Path(location) if location else nearest() or Path(FOLDER)
        with arsearch.open(folder, create=True, fields=dict(fields) or None) as index:
            try:
                report = index.add(
                    articles,
                    commit_every=None if strict else commit_every,
                    commit_seconds=None if strict else _COMMIT_SECONDS,
                    strict=strict,
                    progress=meter.update,
                    workers=workers,
                    durable=not fast,
                )
            except KeyboardInterrupt:
                kept = f"{meter.committed:,} articles had been committed and stay, the others are left out"
                raise Interrupted(f"interrupted; {kept}") from None
    if as_json:
        print_json(report.to_dict())
    else:
        print_text(f"{summary(report)} in {safe(str(folder))}")
    tell_failures(report)
    if not report.added + report.updated + report.failures:
        say("no articles there; `arsearch index --help` says what is read")
