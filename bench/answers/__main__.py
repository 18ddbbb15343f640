"""Do two versions of arsearch give the same answers?

    python -m bench.answers --corpus news/docs.jsonl.xz --json before.json
    python -m bench.answers --corpus news/docs.jsonl.xz --against before.json

The script prints one digest (SHA-256) for each kind of output: index files, hits, scores, snippets, explanations,
corrections, suggestions, and the text and JSON of the command. Wording (notes, reasons, messages) has rows of its own.
Queries are made of words of the corpus with fixed seeds. With `--against` the exit code is 1 if a row differs.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from pathlib import Path
from typing import Any

import arsearch
from bench.answers.command import add_commands
from bench.answers.files import add_index
from bench.answers.library import add_analysis, add_answers, add_fields, add_searches
from bench.answers.queries import Texts
from bench.answers.rows import Answers

__all__ = ["main"]

_SHOWN = 3  # printed differences of a row
_FIELDS_LIMIT = 700  # articles of the index with declared fields


def main(arguments: list[str] | None = None) -> None:
    """Print the digests of all outputs, and compare them with those of another version."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="docs.jsonl[.xz|.gz], or a folder that has one")
    parser.add_argument("--queries", type=int, default=2000, help="number of searches (default 2,000)")
    parser.add_argument("--limit", type=int, default=31_030, help="first articles only (default 31,030)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the digests to FILE")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with the digests in FILE")
    options = parser.parse_args(arguments)
    other = Answers.load(options.against) if options.against else None
    answers = _collect(_articles(options.corpus, options.limit), options.queries)
    if options.json:
        answers.save(options.json)
    differing = 0
    for row in dict.fromkeys((*answers.rows, *(other.rows if other else ()))):
        differences = list(answers.differences(row, other)) if other else []
        verdict = ("differs" if differences else "same") if other else ""
        print(f"{row:<48} {len(answers.rows.get(row, ())):>6,}  {answers.digest(row)}  {verdict}".rstrip())
        for item, before, after in differences[:_SHOWN]:
            print(f"    {item}\n      before {before}\n      after  {after}")
        differing += bool(differences)
    if differing:
        sys.exit(f"{differing} row{'s differ' if differing > 1 else ' differs'}")


def _articles(corpus: Path, limit: int) -> list[dict[str, Any]]:
    path = next(iter(sorted(corpus.glob("docs.jsonl*"))), corpus) if corpus.is_dir() else corpus
    records = itertools.islice(arsearch.read_articles([path]), limit)
    return [dict(record.data) for record in records if record.data is not None]


def _collect(articles: list[dict[str, Any]], queries: int) -> Answers:
    """Return the answers over the articles. Each part has a seed of its own."""
    answers = Answers()
    with tempfile.TemporaryDirectory() as name:
        for workers in (1, 2):
            with arsearch.open(Path(name) / f"workers-{workers}", create=True) as index:
                report = index.add(articles, workers=workers).to_dict()
                answers.add("index, reports", f"{workers} workers", report | {"took": None})
                add_index(answers, f"index, workers={workers}", index)
        location = Path(name) / "workers-1"
        with arsearch.open(location) as index:
            matches = add_searches(answers, "search", index, Texts(articles, 1).searches(queries))
            add_answers(answers, index, Texts(articles, 2), matches)
            add_analysis(answers, index.analyzer, Texts(articles, 3), queries // 2)
        add_fields(answers, articles[:_FIELDS_LIMIT], Texts(articles, 4))
        add_commands(answers, location, Texts(articles, 5), matches)
    return answers


if __name__ == "__main__":
    try:
        main()
    except arsearch.ArsearchError as error:
        sys.exit(f"error: {error}")
