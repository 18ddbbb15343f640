"""How good are the results, compared with other search engines?

    python -m bench.relevance --data $ARSEARCH_DATA
    python -m bench.relevance --corpus arcd --distractors news/docs.jsonl.xz --run other=other.run

`--data` is a folder with news/, arcd/, tydiqa/ and abudawud/; the report then covers all test sets, including our
archive and known-item sets over the news articles. `--corpus` is one folder with docs.jsonl[.xz], queries.jsonl and
qrels.tsv. The contestants index the same documents and answer the same queries; the report names those that are not
installed. Gains have 95 % bounds from a paired bootstrap that draws groups of queries (about one article, chapter or
need), not single queries.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from arsearch.evaluation import read_run, score_run, write_run
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.machine import describe_machine, log_progress, print_report, run, table
from bench.relevance.rivals import CONTESTANTS, OURS, REFERENCE, ours
from bench.relevance.scoring import (
    GAIN_COLUMNS,
    MAIN,
    ROW_COLUMNS,
    SUCCESS,
    Scores,
    by_kind,
    gains,
    measure,
    rows,
    worst,
)
from bench.relevance.sets import all_sets

__all__ = ["main"]

_NOTE = (
    "gain: arsearch minus the rival; low and high are its 95 % bounds, from a bootstrap over groups of queries. "
    "p is two-sided; p (Holm) is corrected for the number of rivals on the set. Every rival searches for any of the "
    "words. light10 BM25 is Lucene's recipe with our tokenizer and stop words."
)
_WORST_COLUMNS = ("id", MAIN, "best rival", "first", "title", "query")


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of corpora; all test sets")
    parser.add_argument("--corpus", type=Path, help="folder of documents, queries and judgements")
    add_distractor_arguments(parser)
    parser.add_argument("--mode", choices=("auto", "any", "all"), default="auto", help="arsearch's mode (default auto)")
    parser.add_argument("--no-correct", action="store_true", help="arsearch without corrections of missing words")
    parser.add_argument(
        "--only", choices=sorted(CONTESTANTS), action="append", help="only this contestant; may be repeated"
    )
    parser.add_argument(
        "--run", action="append", default=[], metavar="NAME=FILE", help="another engine's TREC run, with --corpus"
    )
    parser.add_argument("--runs-to", type=Path, metavar="FOLDER", help="write each contestant's TREC run to FOLDER")
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="list the N worst queries of arsearch on each set"
    )
    parser.add_argument("--per-query", action="store_true", help="with --json, include the measures of every query")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    if (options.data is None) == (options.corpus is None):
        parser.error("give either --data or --corpus")
    if options.data and options.run:
        parser.error("--run needs --corpus because a run belongs to one set")
    if not all("=" in item for item in options.run):
        parser.error("--run must be NAME=FILE")
    _report(options, _measure(options))


def _measure(options: argparse.Namespace) -> list[tuple[Collection, dict[str, Scores]]]:
    """Return each test set with the scores of the contestants that can run."""
    measured: list[tuple[Collection, dict[str, Scores]]] = []
    limits = {"distractors_limit": options.distractors_limit, "queries_limit": options.queries_limit}
    if options.data:
        lists = all_sets(options.data, **limits)
    else:
        lists = [[load_collection(options.corpus, distractors=options.distractors, **limits)]]
    for sets in lists:
        scores: list[dict[str, Scores]] = [{} for _ in sets]
        for name, contestant in (CONTESTANTS | {OURS: ours(correct=not options.no_correct)}).items():
            if (options.only and name not in options.only) or contestant.missing():
                continue
            log_progress(f"{sets[0].name}: {name}")
            for own, one in zip(scores, measure(contestant, sets, options.mode), strict=True):
                own[name] = one
        measured += zip(sets, scores, strict=True)
    for item in options.run:
        name, _, file = item.partition("=")
        collection, own = measured[0]
        queries = [query.id for query in collection.queries]
        own[name] = Scores(score_run(read_run(file), collection.qrels, queries=queries))
    return measured


def _report(options: argparse.Namespace, measured: list[tuple[Collection, dict[str, Scores]]]) -> None:
    reports, sections, summary = [], [], []
    for collection, scores in measured:
        if options.runs_to:
            _write_runs(options.runs_to if len(measured) == 1 else options.runs_to / collection.name, scores)
        main_gains = gains(scores, collection)
        report: dict[str, Any] = {"corpus": collection.to_dict(), "rows": rows(scores), "gains": main_gains}
        if options.per_query:
            report["per_query"] = {name: one.evaluation.to_dict()["per_query"] for name, one in scores.items()}
        facts = "; ".join(f"{name} {value}" for name, value in report["corpus"].items())
        sections.append((f"{collection.name}\n\n{facts}", table(report["rows"], ROW_COLUMNS)))
        if kinds := by_kind(scores, collection):
            report["kinds"] = kinds
            sections.append((f"{collection.name}: {MAIN} by the kind of query", table(kinds, tuple(kinds[0]))))
        report[f"gains, {SUCCESS}"] = success_gains = gains(scores, collection, SUCCESS)
        for metric, lines in ((MAIN, main_gains), (SUCCESS, success_gains)):
            if lines:
                sections.append((f"{collection.name}: gain of arsearch in {metric}", table(lines, GAIN_COLUMNS)))
        if options.worst:
            report["worst"] = worst(scores, collection, options.worst)
            sections.append((f"{collection.name}: the worst queries", table(report["worst"], _WORST_COLUMNS)))
        summary += [_summary(collection, scores, line) for line in main_gains if line["rival"] == REFERENCE]
        reports.append(report)
    if summary:
        columns = ("set", REFERENCE, OURS, "gain", "low", "high", "p (Holm)")
        sections.append((f"{MAIN} of arsearch and {REFERENCE}", table(summary, columns)))
    skipped = {name: reason for name, one in CONTESTANTS.items() if (reason := one.missing())}
    versions = {name: one.version() for name, one in CONTESTANTS.items() if one.version and not one.missing()}
    machine = describe_machine() | versions
    report = {"machine": machine, "mode": options.mode, "sets": reports, "summary": summary, "skipped": skipped}
    notes = [_NOTE, *(f"Not run: {name}: {reason}." for name, reason in skipped.items())]
    print_report(report, sections, as_json=options.json, notes=notes)


def _summary(collection: Collection, scores: dict[str, Scores], gain: dict[str, Any]) -> dict[str, Any]:
    means = {name: scores[name].evaluation.mean[MAIN] for name in (REFERENCE, OURS)}
    return {"set": collection.name, **means, **gain}


def _write_runs(folder: Path, scores: dict[str, Scores]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in scores.items():
        tag = name.replace(" ", "-")
        write_run(one.evaluation.run, folder / f"{tag}.run", tag=tag)


if __name__ == "__main__":
    run(main)
