"""`arsearch eval`: measure search quality on queries with known answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

import arsearch
from arsearch.cli.location import find_indexes
from arsearch.cli.options import (
    Pairs,
    checked_by,
    indexes_option,
    json_option,
    progress_option,
    read_analyzer,
    read_pairs,
)
from arsearch.cli.output import pluralize, print_json, print_notes
from arsearch.cli.progress import ProgressBar
from arsearch.cli.reports import print_failures
from arsearch.cli.scores import format_report
from arsearch.evaluation import (
    Qrels,
    Report,
    Setting,
    evaluate,
    query_groups,
    read_qrels,
    read_queries,
    read_run,
    read_setting,
    score_run,
    write_run,
)

if TYPE_CHECKING:
    from arsearch import Index

__all__ = ["command"]


def _read_changes(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> Pairs:
    """Split each `NAME=VALUE`. Raises click.BadParameter for a setting that does not exist, or a value that it cannot have."""
    pairs = read_pairs(ctx, param, values)
    checked_by(read_setting)(ctx, param, pairs)
    return pairs


@click.command("eval")
@click.argument("paths", metavar="[DOCS...] QUERIES QRELS", nargs=-1, required=True)
@indexes_option
@click.option("--set", "chosen", metavar="NAME=VALUE", multiple=True, callback=_read_changes,
              help="Change a setting: mode=any, match=word, stemmer=light10, k1=1.5. Repeatable.")  # fmt: skip
@click.option("--against", metavar="NAME=VALUE", multiple=True, callback=_read_changes,
              help="Compare with a second setting that has this change. Repeatable.")  # fmt: skip
@click.option("--against-run", metavar="FILE", help="Compare with the TREC run of another engine.")
@click.option("--group-by", metavar="FIELD", default="title", show_default=True,
              help="Count queries whose relevant articles have the same value of FIELD as one in the comparison.")  # fmt: skip
@click.option("-n", "--limit", type=click.IntRange(min=1), default=100, show_default=True, help="The hits per query.")
@click.option("--per-query", is_flag=True, help="Print the measures of each query too, the worst first.")
@click.option("--run-to", metavar="FILE", help="Write the hits as a TREC run.")
@progress_option
@json_option
def command(
    paths: tuple[str, ...],
    location: tuple[str, ...],
    chosen: Pairs,
    against: Pairs,
    against_run: str | None,
    group_by: str,
    limit: int,
    per_query: bool,
    run_to: str | None,
    no_progress: bool,
    as_json: bool,
) -> None:
    """Measure search quality on queries with known answers.

    DOCS are files that `arsearch index` reads; they are indexed in a temporary folder. Without DOCS, the index is
    searched. QUERIES are JSON lines with id and text, id<TAB>text, or TREC topics. QRELS are TREC qrels or
    query<TAB>document<TAB>grade. Prints nDCG@10, MRR, MAP, recall@100 and success@5.

    \b
    Examples:
      arsearch eval docs.jsonl queries.jsonl qrels.tsv
      arsearch eval docs.jsonl queries.jsonl qrels.tsv --against stemmer=light10 --per-query
      arsearch eval queries.jsonl qrels.tsv -i news --set mode=any --json
    """
    *docs, queries_file, qrels_file = _checked_paths(paths)
    stemmer = None if docs else dict((*chosen, *against)).get("stemmer")
    if stemmer is not None:
        raise click.UsageError(f"stemmer={stemmer} needs DOCS to index: an existing index keeps its own stemmer.")
    if against and against_run:
        raise click.UsageError("Give either --against or --against-run.")
    setting = read_setting(chosen)
    rival = read_setting(against, setting) if against else None
    queries, qrels = read_queries(queries_file), read_qrels(qrels_file)
    ids = [query.id for query in queries]
    # Read every file and score an empty run before indexing anything. A malformed file, qrels of other queries and a
    # missing ir-measures then fail at once.
    score_run({}, qrels, queries=ids)
    other = score_run(read_run(against_run), qrels, queries=ids) if against_run else None
    with ExitStack() as stack:
        indexes = _Indexes(stack, docs, location, no_progress)
        index = indexes.open(setting)
        groups, missing = _groups(index, qrels, group_by)
        result = evaluate(setting.searching(index), queries, qrels, limit=limit)
        if rival is not None:
            other = evaluate(rival.searching(indexes.open(rival)), queries, qrels, limit=limit)
        report = Report(str(setting), result, len(index), groups, str(rival or against_run or ""), other)
    if run_to:
        write_run(result.run, run_to)
    if as_json:
        print_json(report.to_dict(per_query=per_query))
    else:
        click.echo(format_report(report, queries if per_query else ()))
    print_notes(_notes(missing, len(result.unjudged)))


def _checked_paths(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths. Raises click.UsageError for fewer than two, and for DOCS beside an index from -i."""
    if len(paths) < 2:
        raise click.UsageError("Give QUERIES and QRELS; to search files instead of an index, put DOCS before them.")
    if len(paths) > 2:
        source = click.get_current_context().get_parameter_source("location")
        if source is ParameterSource.COMMANDLINE:
            raise click.UsageError("Give either DOCS to index, or an index with -i.")
    return paths


def _notes(missing: int, unjudged: int) -> Iterator[str]:
    if missing:
        yield f"{pluralize(missing, 'relevant article')} not in the index, counted as not found"
    if unjudged:
        yield f"queries left out because no article is judged relevant to them: {unjudged:,}"


class _Indexes:
    """The indexes that the settings search: an existing one, or a temporary index of the documents for each stemmer."""

    def __init__(self, stack: ExitStack, docs: Sequence[str], location: Sequence[str], no_progress: bool) -> None:
        self._stack = stack
        self._docs = docs
        self._location = location
        self._no_progress = no_progress
        self._folders: dict[str | None, Path] = {}

    def open(self, setting: Setting) -> Index:
        """Open the index of a setting, until the stack closes."""
        found = self._folder(setting.stemmer) if self._docs else find_indexes(self._location)
        return self._stack.enter_context(arsearch.open(found, ranking=setting.ranking))

    def _folder(self, stemmer: str | None) -> Path:
        if stemmer not in self._folders:
            self._folders[stemmer] = self._build(stemmer, quiet=bool(self._folders))
        return self._folders[stemmer]

    def _build(self, stemmer: str | None, *, quiet: bool) -> Path:
        """Index the documents. `quiet` leaves out messages about the files, which the first build has printed."""
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="arsearch-eval-")))
        analyzer = read_analyzer(stemmer)
        with (
            ProgressBar("indexing", hidden=self._no_progress) as progress,
            arsearch.open(folder, create=True, analyzer=analyzer) as index,
        ):
            articles = arsearch.read_articles(self._docs, on_guess=None if quiet else progress.print_message)
            progress.follow(articles)
            report = index.add(articles, progress=progress.update, durable=False)
        if not quiet:
            print_failures(report)
        return folder


def _groups(index: Index, qrels: Qrels, field: str) -> tuple[dict[str, str], int]:
    """Return the groups of queries whose relevant articles have the same value of `field`.

    The second value is the number of relevant articles that are not in the index.
    """
    relevant = {id for grades in qrels.values() for id, grade in grades.items() if grade > 0}
    values: dict[str, str] = {}
    missing = 0
    for id in relevant:
        article = index.get(id)
        if article is None:
            missing += 1
        else:
            values[id] = str(article.to_dict().get(field) or "").strip()
    return query_groups(qrels, values), missing
