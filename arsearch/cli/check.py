"""`arsearch check`: verify the index and the environment."""

from __future__ import annotations

import click

from arsearch.cli.environment import warn_of_two_whooshes
from arsearch.cli.location import find_index, open_found
from arsearch.cli.options import index_option, json_option
from arsearch.cli.output import counted, print_json, say
from arsearch.errors import AnalyzerMismatchError, CorruptIndexError

__all__ = ["command"]

_NEXT = (
    "the index is damaged: index your files anew with `arsearch index FILE -i NEW`; "
    "what is still readable may come out with `arsearch export`"
)


@click.command("check")
@index_option
@json_option
def command(location: str | None, as_json: bool) -> None:
    """Verify the index and the environment.

    Reads everything the newest commit consists of. Prints ok, or what is wrong and what to do, with exit code 1. Two
    Whoosh distributions in one environment give a warning.

    \b
    Examples:
      arsearch check
      arsearch check -i news --json
    """
    warning = warn_of_two_whooshes()
    advice = _NEXT
    articles = segments = 0
    try:
        with open_found(location) as index:
            problems = index.check()
            if not problems:
                stats = index.stats()
                articles, segments = stats.articles, stats.segments
    except CorruptIndexError as error:
        problems = [str(error)]
    except AnalyzerMismatchError as error:
        problems, advice = [str(error)], ""
    if as_json:
        print_json({"ok": not problems, "problems": problems, "warnings": [warning] if warning else []})
    elif not problems:
        click.echo(
            f"ok: {counted(articles, 'article')} in {counted(segments, 'segment')} at {str(find_index(location))!r}"
        )
    else:
        for problem in problems:
            say(f"problem: {problem}")
        if advice:
            say(advice)
    if problems:
        raise SystemExit(1)
