"""`arsearch index`: add articles from files, folders or standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

import arsearch
from arsearch.cli.dictionaries import dictionary_option, read_dictionary
from arsearch.cli.group import InterruptError
from arsearch.cli.location import target_folder
from arsearch.cli.options import (
    Pairs,
    checked_by,
    field_option,
    index_option,
    json_option,
    progress_option,
    read_analyzer,
    read_pairs,
)
from arsearch.cli.output import pluralize, print_json, print_message, print_text, safe
from arsearch.cli.preview import print_preview
from arsearch.cli.progress import ProgressBar
from arsearch.cli.reports import format_add_report, format_sync_report, print_failures, print_remarks, print_undeclared
from arsearch.errors import IndexNotFoundError, InputError
from arsearch.readers import FORMATS
from arsearch.readers.encodings import named_encoding
from arsearch.readers.registry import reader_named
from arsearch.syncing import UNCUT, check_paths

if TYPE_CHECKING:
    from arsearch.model import Record

__all__ = ["command"]

_COMMIT_SECONDS = 30.0


def _check_split(kind: str) -> None:
    """Raise QueryError for a kind of parts that does not exist."""
    from arsearch.works.splitting import read_split

    read_split(None if kind == UNCUT else kind)


@click.command("index")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@index_option
@click.option("--sync", "synced", is_flag=True, help="Make the index like PATH: add new files, read changed ones again, remove "
              "the articles of files that have gone.")  # fmt: skip
@click.option(
    "--preview", is_flag=True, help="Print the first three articles as they would be stored, and change nothing."
)
@click.option("--from-whoosh", is_flag=True, help="PATH is the folder of a Whoosh index: add its stored documents.")
@click.option("--format", metavar="NAME", callback=checked_by(reader_named),
              help=f"{', '.join(FORMATS)}, or the name of a reader plug-in; "
              "default: detected for each file.")  # fmt: skip
@click.option("--map", "mapping", metavar="FIELD=COLUMN", multiple=True, callback=read_pairs,
              help="Read a field from this column: --map body=content. Repeatable.")  # fmt: skip
@click.option("--encoding", metavar="NAME", callback=checked_by(named_encoding),
              help="utf-8, windows-1256 ...; default: detected for each file.")  # fmt: skip
@click.option("--max-bytes", type=click.IntRange(min=1), metavar="N",
              help="Read at most N bytes of each file after decompression; default: all, but of a compressed file "
              "1 GiB or 100 times its size.")  # fmt: skip
@click.option("--html/--no-html", default=None, help="Titles and bodies are HTML, and are turned into text; default: decided for "
              "each file.")  # fmt: skip
@click.option("--table", metavar="NAME", help="Read this table of a database; default: the only one, or those with "
              "columns like articles.")  # fmt: skip
@click.option("--sql", metavar="QUERY", help="Read the rows of this query instead of a table.")
@field_option("Declare another field of a new index: text, keyword, int, float or date. Repeatable.")
@dictionary_option("Words, stems, names and stop words of your own, for a new index.")
@click.option("--split", metavar="KIND", callback=checked_by(_check_split),
              help="Cut long texts into parts, which are hits of their own: "
              "headings, chapters, pages, size, or size:1500 for characters. --sync remembers it; none ends it.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Add nothing if any article is bad.")
@click.option("--strict-dates", is_flag=True, help="Report an article whose date cannot be read as bad; by default it is "
              "added without a date.")  # fmt: skip
@click.option("--commit-every", type=click.IntRange(min=1), default=10_000, show_default=True, metavar="N",
              help="Commit after every N articles, and every 30 s.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
              help="Index with N processes.")  # fmt: skip
@click.option("--fast", is_flag=True, help="Do not wait for the disk; a power loss may then lose the added articles.")
@progress_option
@json_option
def command(
    paths: tuple[str, ...],
    location: str | None,
    synced: bool,
    preview: bool,
    from_whoosh: bool,
    format: str | None,
    mapping: Pairs,
    encoding: str | None,
    max_bytes: int | None,
    html: bool | None,
    table: str | None,
    sql: str | None,
    fields: Pairs,
    dictionary_path: str | None,
    split: str | None,
    strict: bool,
    strict_dates: bool,
    commit_every: int,
    workers: int,
    fast: bool,
    no_progress: bool,
    as_json: bool,
) -> None:
    """Add articles from files, folders or standard input.

    PATH is a file, also compressed as .gz, .xz or .bz2, a folder of files, a database by its URL, or - for standard
    input. The formats are those of --format; docs/input-files.md describes each. An article replaces an earlier one with
    the same id. Bad articles are skipped and reported; the exit code is 1 only if all are bad. Without -i,
    $ARSEARCH_INDEX and a .arsearch/ in this folder or above it, the index is created as ./.arsearch/.

    \b
    Examples:
      arsearch index articles.jsonl
      arsearch index archive/ -i news --map body=content --field volume=int
      arsearch index articles.jsonl --dictionary words.txt
      arsearch index archive/ --preview
      arsearch index archive/ --sync
      arsearch index book.epub --split headings
      arsearch index news.db --table posts
      zcat articles.jsonl.gz | arsearch index -
      arsearch index old-index/ --from-whoosh -i news --map id=path
    """
    if from_whoosh and (format or encoding or max_bytes or table or sql):
        raise click.UsageError("--format, --encoding, --max-bytes, --table and --sql do not apply to a Whoosh index.")
    if synced and (from_whoosh or strict or preview):
        raise click.UsageError("--sync takes neither --from-whoosh nor --strict nor --preview.")
    if split == UNCUT and not synced:
        raise click.UsageError(f"--split {UNCUT} is for --sync, which otherwise cuts as the last time.")
    columns = dict(mapping) or None
    reading: dict[str, Any] = {
        "format": format,
        "mapping": columns,
        "encoding": encoding,
        "max_bytes": max_bytes,
        "html": html,
        "table": table,
        "sql": sql,
    }
    if preview:
        print_preview(
            _records(paths, from_whoosh, reading, print_message),
            _declared(location, fields),
            split=split,
            as_json=as_json,
        )
        return
    folder = target_folder(location)
    analyzer = None if dictionary_path is None else read_analyzer(None, read_dictionary(dictionary_path))
    with ProgressBar("indexing", hidden=no_progress) as progress:
        # a missing path must be seen before an index is made
        articles: Iterable[Record] = ()
        if synced:
            check_paths(paths)
        else:
            articles = _records(paths, from_whoosh, reading, progress.print_message)
            progress.follow(articles)
        files = None
        with arsearch.open(folder, create=True, analyzer=analyzer, fields=dict(fields) or None) as index:
            try:
                if synced:
                    files = arsearch.sync(
                        index,
                        paths,
                        **reading,
                        strict_dates=strict_dates,
                        split=split,
                        on_guess=progress.print_message,
                        progress=progress.update,
                        workers=workers,
                        durable=not fast,
                    )
                report = (
                    files.articles
                    if files is not None
                    else index.add(
                        articles,
                        commit_every=None if strict else commit_every,
                        commit_seconds=None if strict else _COMMIT_SECONDS,
                        strict=strict,
                        strict_dates=strict_dates,
                        split=split,
                        progress=progress.update,
                        workers=workers,
                        durable=not fast,
                    )
                )
                kept = len(index)
            except KeyboardInterrupt:
                committed = pluralize(progress.committed, "article")
                raise InterruptError(f"interrupted; {committed} committed and kept, the rest dropped") from None
    if as_json:
        print_json((files or report).to_dict())
    else:
        if files is not None:
            print_text(format_sync_report(files))
        print_text(f"{format_add_report(report)} in {safe(str(folder))}")
    print_remarks(report)
    print_undeclared(report)
    print_failures(report)
    added = report.added + report.updated
    if report.failures and not added and (files is None or not kept):
        raise InputError(f"no article was added: {report.failures:,} failed for the reasons above")
    if not added + report.failures and files is None:
        print_message("no articles found; `arsearch index --help` lists the formats that are read")


def _declared(location: str | None, fields: Pairs) -> dict[str, str]:
    """Return the declared fields of the index that would get the articles: those of an existing one, and the new ones."""
    from arsearch.model import KNOWN_FIELDS

    try:
        with arsearch.open(target_folder(location)) as index:
            declared = {name: kind for name, kind in index.fields.items() if name not in KNOWN_FIELDS}
            return {**declared, **dict(fields)}
    except IndexNotFoundError:
        return dict(fields)


def _records(
    paths: tuple[str, ...], from_whoosh: bool, reading: Mapping[str, Any], tell: Callable[[str], None]
) -> Iterable[Record]:
    """Return the records of files, or of the folders of Whoosh indexes."""
    if from_whoosh:
        mapping = reading["mapping"]
        return chain.from_iterable([arsearch.read_whoosh(path, mapping=mapping, on_guess=tell) for path in paths])
    return arsearch.read_articles(paths, **reading, on_guess=tell)
