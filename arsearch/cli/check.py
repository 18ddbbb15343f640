"""`arsearch check`: verify the index and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import arsearch
from arsearch.cli.environment import warn_of_whoosh_conflict
from arsearch.cli.location import find_index
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import pluralize, print_json, print_message
from arsearch.errors import AnalyzerMismatchError, CorruptIndexError

if TYPE_CHECKING:
    from pathlib import Path

    from arsearch import Recovery

__all__ = ["command"]

_LAST_RESORT = (
    "restore a backup with `arsearch restore BACKUP --replace`, or index your files again with "
    "`arsearch index FILE -i NEW`; `arsearch export` may still write the articles that are readable"
)


@click.command("check")
@index_option
@click.option("--recover", is_flag=True, help="If the newest commit is damaged, go back to the last intact one.")
@json_option
def command(location: str | None, recover: bool, as_json: bool) -> None:
    """Verify the index and the environment.

    Reads all of the newest commit. Prints ok, or each problem and how to repair it, with exit code 1. Warns when the
    environment has two Whoosh distributions.

    \b
    Examples:
      arsearch check
      arsearch check -i news --json
      arsearch check -i news --recover
    """
    warning = warn_of_whoosh_conflict()
    folder = find_index(location)
    recovery: Recovery | None = None
    problems: list[str] = []
    summary = advice = ""
    try:
        with arsearch.open(folder, recover=recover) as index:
            recovery = index.recovery
            problems = index.check()
            if problems:
                advice = _repair_advice(folder)
            else:
                stats = index.stats()
                summary = f"{pluralize(stats.articles, 'article')} in {pluralize(stats.segments, 'segment')}"
    except CorruptIndexError as error:
        problems, advice = [str(error)], _repair_advice(folder)
    except AnalyzerMismatchError as error:
        problems = [str(error)]
    if as_json:
        report = {"ok": not problems, "problems": problems, "warnings": [warning] if warning else []}
        print_json(report | {"recovered": recovery.to_dict() if recovery else None})
    else:
        if recovery:
            print_message(f"recovered: {recovery}")
        for problem in problems:
            print_message(f"problem: {problem}")
        if advice:
            print_message(advice)
        if not problems:
            click.echo(f"ok: {summary} at {str(folder)!r}")
    if problems:
        raise SystemExit(1)


def _repair_advice(folder: Path | str) -> str:
    """Return how to repair a damaged index. Reads every kept commit to find the intact ones."""
    from arsearch.index.maintenance.recovery import last_intact  # an import that a healthy index does not need

    newest, intact = last_intact(folder)
    if intact is None:
        return f"the index is damaged, and no older commit is intact: {_LAST_RESORT}"
    if intact == newest:
        return (
            "every file is as it was written, so this is a bug of arsearch: please report it; "
            "`arsearch reindex` rebuilds the index from its articles"
        )
    return (
        f"the index is damaged, but its commit {intact} is intact: `arsearch check --recover` goes back to it; "
        f"or {_LAST_RESORT}"
    )
