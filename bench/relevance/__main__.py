"""How good are the results, beside the engines people would otherwise pick?

    python -m bench.relevance --data $ARSEARCH_DATA
    python -m bench.relevance --corpus arcd --distractors news/docs.jsonl.xz --run other=other.run

`--data` is a folder with news/, arcd/, tydiqa/ and abudawud/: the whole table, with our archive and known-item sets
over the news. `--corpus` is one folder with docs.jsonl[.xz], queries.jsonl and qrels.tsv. The contestants index the
same documents and answer the same queries; what is not installed is left out, and named. The gains have 95 % bounds
from a paired bootstrap that draws groups of queries (those about one article, chapter or need), not single ones.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from arsearch.evaluation import read_run, score_run, write_run
from bench.collection import Collection, add_distractor_arguments, load_collection
from bench.machine import describe_machine, print_report, run, table
from bench.peers.lucene import JARS, describe
from bench.relevance.lucene import missing_lucene
from bench.relevance.rivals import CONTESTANTS, OURS, REFERENCE
from bench.relevance.scoring import GAIN_COLUMNS, MAIN, ROW_COLUMNS, SUCCESS, Scores, gains, measure, rows, worst
from bench.relevance.sets import all_sets

__all__ = ["main"]

_NOTE = (
    "Gains are arsearch's, low and high their 95 % bounds by groups of queries; p is two-sided, and "
    "corrected by Holm for a set's rivals. Every rival looks for any of the words. light10 BM25 is Lucene's recipe "
    "with our tokenizer and stop words."
)
_WORST_COLUMNS = ("id", MAIN, "best rival", "first", "title", "query")


def main(arguments: list[str] | None = None) -> None:
    """Run the contestants and print the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of corpora: all test sets there are")
    parser.add_argument("--corpus", type=Path, help="folder of documents, queries and judgements")
    add_distractor_arguments(parser)
    parser.add_argument("--mode", choices=("auto", "any", "all"), default="auto", help="arsearch's mode (default auto)")
    parser.add_argument("--only", choices=sorted(CONTESTANTS), action="append", help="only this; may be repeated")
    parser.add_argument(
        "--run", action="append", default=[], metavar="NAME=FILE", help="another engine's TREC run, with --corpus"
    )
    parser.add_argument("--runs-to", type=Path, metavar="FOLDER", help="write each contestant's TREC run there")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list arsearch's N worst queries of each set")
    parser.add_argument("--per-query", action="store_true", help="with --json: every query's values too")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args(arguments)
    if (options.data is None) == (options.corpus is None):
        parser.error("give either --data or --corpus")
    if options.data and options.run:
        parser.error("--run needs --corpus: a run is about one set")
    if not all("=" in item for item in options.run):
        parser.error("--run is NAME=FILE")
    _report(options, _measured(options))


def _measured(options: argparse.Namespace) -> list[tuple[Collection, dict[str, Scores]]]:
    """Every set with the scores of all that could run."""
    done: list[tuple[Collection, dict[str, Scores]]] = []
    limits = {"distractors_limit": options.distractors_limit, "queries_limit": options.queries_limit}
    if options.data:
        together = all_sets(options.data, **limits)
    else:
        together = [[load_collection(options.corpus, distractors=options.distractors, **limits)]]
    for sets in together:
        found: list[dict[str, Scores]] = [{} for _ in sets]
        for name, contestant in CONTESTANTS.items():
            if (options.only and name not in options.only) or contestant.missing():
                continue
            print(f"{sets[0].name}: {name}", file=sys.stderr)
            for scores, one in zip(found, measure(contestant, sets, options.mode), strict=True):
                scores[name] = one
        done += zip(sets, found, strict=True)
    for item in options.run:
        name, _, file = item.partition("=")
        collection, scores = done[0]
        wanted = [query.id for query in collection.queries]
        scores[name] = Scores(score_run(read_run(file), collection.qrels, queries=wanted))
    return done


def _report(options: argparse.Namespace, done: list[tuple[Collection, dict[str, Scores]]]) -> None:
    reports, sections, summary = [], [], []
    for collection, found in done:
        if options.runs_to:
            _write_runs(options.runs_to if len(done) == 1 else options.runs_to / collection.name, found)
        compared = gains(found, collection)
        report: dict[str, Any] = {"corpus": collection.to_dict(), "rows": rows(found), "gains": compared}
        if options.per_query:
            report["per_query"] = {name: one.evaluation.to_dict()["per_query"] for name, one in found.items()}
        facts = "; ".join(f"{name} {value}" for name, value in report["corpus"].items())
        sections.append((f"{collection.name}\n\n{facts}", table(report["rows"], ROW_COLUMNS)))
        report[f"gains, {SUCCESS}"] = successes = gains(found, collection, SUCCESS)
        for metric, lines in ((MAIN, compared), (SUCCESS, successes)):
            if lines:
                sections.append((f"{collection.name}: {metric}, arsearch against", table(lines, GAIN_COLUMNS)))
        if options.worst:
            report["worst"] = worst(found, collection, options.worst)
            sections.append((f"{collection.name}: the worst", table(report["worst"], _WORST_COLUMNS)))
        summary += [_summary(collection, found, line) for line in compared if line["rival"] == REFERENCE]
        reports.append(report)
    if summary:
        columns = ("set", REFERENCE, OURS, "gain", "low", "high", "p (Holm)")
        sections.append((f"{MAIN}, arsearch against {REFERENCE}", table(summary, columns)))
    skipped = {name: reason for name, one in CONTESTANTS.items() if (reason := one.missing())}
    machine = describe_machine() | ({} if missing_lucene() else describe(JARS))
    report = {"machine": machine, "mode": options.mode, "sets": reports, "summary": summary, "skipped": skipped}
    notes = [_NOTE, *(f"Not run: {name}: {reason}." for name, reason in skipped.items())]
    print_report(report, sections, as_json=options.json, notes=notes)


def _summary(collection: Collection, found: dict[str, Scores], gain: dict[str, Any]) -> dict[str, Any]:
    means = {name: found[name].evaluation.mean[MAIN] for name in (REFERENCE, OURS)}
    return {"set": collection.name, **means, **gain}


def _write_runs(folder: Path, found: dict[str, Scores]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in found.items():
        tag = name.replace(" ", "-")
        write_run(one.evaluation.run, folder / f"{tag}.run", tag=tag)


if __name__ == "__main__":
    run(main)
