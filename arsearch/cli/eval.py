"""`arsearch eval`: how good are the results?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

import arsearch
from arsearch.cli.analyzer import analyzer_with
from arsearch.cli.location import find_index
from arsearch.cli.options import Pairs, index_option, json_option, pairs, progress_option
from arsearch.cli.output import counted, print_json, say
from arsearch.cli.progress import Meter
from arsearch.cli.reports import tell_failures
from arsearch.cli.scores import render_report
from arsearch.errors import InputError
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


@click.command("eval")
@click.argument("paths", metavar="[DOCS...] QUERIES QRELS", nargs=-1, required=True)
@index_option
@click.option("--set", "chosen", metavar="NAME=VALUE", multiple=True, callback=pairs,
              help="Search with it: mode=any, match=word, stemmer=light10, k1=1.5. Repeatable.")  # fmt: skip
@click.option("--against", metavar="NAME=VALUE", multiple=True, callback=pairs,
              help="Compare with a second setting, which differs by this. Repeatable.")  # fmt: skip
@click.option("--against-run", metavar="FILE", help="Compare with another engine's TREC run.")
@click.option("--group-by", metavar="FIELD", default="title", show_default=True,
              help="Queries whose relevant articles agree in it count as one in the comparison.")  # fmt: skip
@click.option("-n", "--limit", type=click.IntRange(min=1), default=100, show_default=True, help="Hits a query.")
@click.option("--per-query", is_flag=True, help="Every query's values too, the worst first.")
@click.option("--run-to", metavar="FILE", help="Write the hits as a TREC run.")
@progress_option
@json_option
def command(
    paths: tuple[str, ...],
    location: str | None,
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
    """Measure search on queries whose answers are known.

    DOCS are files that `arsearch index` reads; they are indexed in a temporary place. Without DOCS the index is
    searched. QUERIES are JSON lines with id and text, id<TAB>text, or TREC topics; QRELS are TREC's or
    query<TAB>document<TAB>grade. Prints nDCG@10, MRR, MAP, recall@100 and success@5.

    \b
    Examples:
      arsearch eval docs.jsonl queries.jsonl qrels.tsv
      arsearch eval docs.jsonl queries.jsonl qrels.tsv --against stemmer=light10 --per-query
      arsearch eval queries.jsonl qrels.tsv -i news --set mode=any --json
    """
    *docs, queries_file, qrels_file = ("", *paths) if len(paths) == 1 else paths
    if not queries_file:
        raise click.UsageError("Give QUERIES and QRELS, and DOCS before them unless there is an index.")
    if docs and click.get_current_context().get_parameter_source("location") is ParameterSource.COMMANDLINE:
        raise click.UsageError("Give either DOCS, to be indexed for this, or an index with -i.")
    if against and against_run:
        raise click.UsageError("Give either --against or --against-run.")
    first = read_setting(chosen)
    second = read_setting(against, first) if against else None
    # All that may be malformed is read before anything is indexed, and no hits at all are measured: that fails if
    # the judgements are about other queries, or there is nothing to measure with.
    queries, qrels = read_queries(queries_file), read_qrels(qrels_file)
    rival = read_run(against_run) if against_run else None
    score_run({}, qrels, queries=[query.id for query in queries])
    with ExitStack() as stack:
        places = _Places(stack, docs, location, no_progress)
        index = places.open(first)
        groups, missing = _groups(index, qrels, group_by)
        found, other = evaluate(first.searching(index), queries, qrels, limit=limit), None
        if second is not None:
            other = evaluate(second.searching(places.open(second)), queries, qrels, limit=limit)
        elif rival is not None:
            other = score_run(rival, qrels, queries=[query.id for query in queries])
        report = Report(str(first), found, len(index), groups, str(second or against_run or ""), other)
    if run_to:
        write_run(found.run, run_to)
    if as_json:
        print_json(report.to_dict(per_query=per_query))
    else:
        click.echo(render_report(report, queries if per_query else ()))
    if missing:
        say(f"note: {counted(missing, 'relevant article')} not in the index; they count as not found")
    if found.unjudged:
        say(f"note: queries left out, because nothing is judged relevant to them: {len(found.unjudged):,}")


class _Places:
    """The indexes to search: the one that is there, or one of the documents for each stemmer asked for."""

    def __init__(self, stack: ExitStack, docs: Sequence[str], location: str | None, quiet: bool) -> None:
        self._stack = stack
        self._docs = docs
        self._location = location
        self._quiet = quiet
        self._built: dict[str | None, Path] = {}

    def open(self, setting: Setting) -> Index:
        """The index for a setting, open until the end."""
        if not self._docs and setting.stemmer is not None:
            raise InputError(
                f"stemmer={setting.stemmer} needs DOCS to index: the index that is there has its own stemmer"
            )
        folder = self._folder(setting.stemmer) if self._docs else find_index(self._location)
        return self._stack.enter_context(arsearch.open(folder, ranking=setting.ranking))

    def _folder(self, stemmer: str | None) -> Path:
        if stemmer not in self._built:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="arsearch-eval-")))
            analyzer = analyzer_with(stemmer)
            with (
                Meter("indexing", hidden=self._quiet) as meter,
                arsearch.open(folder, create=True, analyzer=analyzer) as index,
            ):
                heard = meter.tell if not self._built else None
                articles = arsearch.read_articles(self._docs, on_guess=heard)
                report = index.add(articles, progress=meter.update, durable=False)
            if not self._built:
                tell_failures(report)
            self._built[stemmer] = folder
        return self._built[stemmer]


def _groups(index: Index, qrels: Qrels, field: str) -> tuple[dict[str, str], int]:
    """The groups of queries whose relevant articles agree in a field; how many of those articles are not there."""
    relevant = {document for judged in qrels.values() for document, grade in judged.items() if grade > 0}
    keys, missing = {}, 0
    for document in relevant:
        article = index.get(document)
        if article is None:
            missing += 1
        else:
            keys[document] = str(article.to_dict().get(field) or "").strip()
    return query_groups(qrels, keys), missing
