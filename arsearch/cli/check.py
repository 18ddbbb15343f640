"""`arsearch check`: verify the index and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import arsearch
from arsearch.cli.environment import warn_of_two_whooshes
from arsearch.cli.location import find_index
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import counted, print_json, say
from arsearch.errors import AnalyzerMismatchError, CorruptIndexError

if TYPE_CHECKING:
    from pathlib import Path

    from arsearch import Recovery

__all__ = ["command"]

_REST = (
    "bring a backup back with `arsearch restore BACKUP --replace`, or index your files anew with "
    "`arsearch index FILE -i NEW`; what is still readable may come out with `arsearch export`"
)


@click.command("check")
@index_option
@click.option("--recover", is_flag=True, help="If the newest commit is damaged, go back to the last sound one.")
@json_option
def command(location: str | None, recover: bool, as_json: bool) -> None:
    """Verify the index and the environment.

    Reads everything the newest commit consists of. Prints ok, or what is wrong and what to do, with exit code 1. Two
    Whoosh distributions in one environment give a warning.

    \b
    Examples:
      arsearch check
      arsearch check -i news --json
      arsearch check -i news --recover
    """
    warning = warn_of_two_whooshes()
    folder = find_index(location)
    recovery: Recovery | None = None
    advice = ""
    articles = segments = 0
    try:
        with arsearch.open(folder, recover=recover) as index:
            recovery = index.recovery
            if problems := index.check():
                advice = _advice(folder)
            else:
                stats = index.stats()
                articles, segments = stats.articles, stats.segments
    except CorruptIndexError as error:
        problems, advice = [str(error)], _advice(folder)
    except AnalyzerMismatchError as error:
        problems = [str(error)]
    if as_json:
        report = {"ok": not problems, "problems": problems, "warnings": [warning] if warning else []}
        print_json(report | {"recovered": recovery.to_dict() if recovery else None})
    else:
        if recovery:
            say(f"recovered: {recovery}")
        for problem in problems:
            say(f"problem: {problem}")
        if advice:
            say(advice)
        if not problems:
            click.echo(f"ok: {counted(articles, 'article')} in {counted(segments, 'segment')} at {str(folder)!r}")
    if problems:
        raise SystemExit(1)


def _advice(folder: Path) -> str:
    from arsearch.index.maintenance.recovery import last_intact  # rarely needed

    newest, sound = last_intact(folder)
    if sound is None:
        return f"the index is damaged, and so are the commits kept of it: {_REST}"
    if sound == newest:
        return (
            "the files are as they were written, so this is a mistake of arsearch: please report it; "
            "`arsearch reindex` makes the index anew from its articles"
        )
    return f"the index is damaged, its commit {sound} is sound: `arsearch check --recover` goes back to it; or {_REST}"
