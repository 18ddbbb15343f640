"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

__all__ = [
    "field_option",
    "filter_option",
    "index_option",
    "json_option",
    "pairs",
    "progress_option",
    "read_filters",
    "read_text",
    "replace_option",
    "stemmer_option",
    "synonyms_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])
Pairs = tuple[tuple[str, str], ...]


def pairs(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> Pairs:
    """Split each `NAME=VALUE`; a usage error for one without a name, the sign or a value."""
    found = []
    for text in values:
        name, _, value = text.partition("=")
        if not name.strip() or not value:
            raise click.BadParameter(f"{text!r} is not {param.metavar}", ctx, param)
        found.append((name.strip(), value))
    return tuple(found)


def index_option(command: Command) -> Command:
    """-i/--index"""
    return click.option(
        "-i",
        "--index",
        "location",
        metavar="DIR",
        envvar="ARSEARCH_INDEX",
        show_envvar=True,
        help="The index folder. Default: the nearest .arsearch/ here or above.",
    )(command)


def json_option(command: Command) -> Command:
    """--json"""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")(command)


def filter_option(command: Command) -> Command:
    """--filter, repeatable"""
    return click.option(
        "--filter",
        "filters",
        metavar="NAME=VALUE",
        multiple=True,
        callback=pairs,
        help="Only articles with that value: source=..., category=..., date=2015-07, volume=3..7. "
        "Repeat for further fields, or for further values of one.",
    )(command)


def field_option(help: str) -> Callable[[Command], Command]:
    """--field, repeatable"""
    return click.option("--field", "fields", metavar="NAME=KIND", multiple=True, callback=pairs, help=help)


def progress_option(command: Command) -> Command:
    """--no-progress"""
    return click.option("--no-progress", is_flag=True, help="No progress bar, also on a terminal.")(command)


def replace_option(command: Command) -> Command:
    """--replace"""
    return click.option("--replace", is_flag=True, help="Take the place of an index that is there already.")(command)


def stemmer_option(help: str) -> Callable[[Command], Command]:
    """--stemmer"""
    return click.option("--stemmer", metavar="NAME", help=help)


def synonyms_options(command: Command) -> Command:
    """--synonyms and --no-variants, for `arsearch.cli.location.open_found`"""
    command = click.option(
        "--synonyms",
        metavar="FILE",
        envvar="ARSEARCH_SYNONYMS",
        show_envvar=True,
        help="Words to look for in one another's place: lines `a, b, c` or `a => b`.",
    )(command)
    return click.option("--no-variants", is_flag=True, help="Not the spellings of foreign names known anyway.")(command)


def read_filters(
    given: Pairs, kinds: Mapping[str, str], period: tuple[str | None, str | None] = (None, None)
) -> dict[str, Any]:
    """The `filters` of a search: several values of a name as a list, `low..high` of a number as a pair, dates as typed.

    `kinds` maps the index's fields to their kinds; `period` is the first and last date allowed.
    """
    filters: dict[str, Any] = {}
    for name, text in given:
        kind = kinds.get(name)
        value: Any = text
        if kind in ("int", "float") and ".." in text:
            low, _, high = text.partition("..")
            value = (low.strip() or None, high.strip() or None)
        if name not in filters:
            filters[name] = [value] if kind == "keyword" else value
        elif kind == "date" or isinstance(value, tuple) or isinstance(filters[name], tuple):
            raise click.UsageError(f"--filter {name} can be given once; write a range as {name}=LOW..HIGH")
        else:
            before = filters[name]
            filters[name] = [*before, value] if isinstance(before, list) else [before, value]
    if any(period):
        if "date" in filters:
            raise click.UsageError("give either --filter date=... or --from and --to")
        filters["date"] = period
    return filters


def read_text(words: Iterable[str]) -> str:
    """The text of an argument list; a lone `-` means all of standard input, as UTF-8."""
    words = tuple(words)
    if words == ("-",):
        data = sys.stdin.buffer.read()
        return data.decode("utf-8-sig", "replace").rstrip("\r\n")
    return " ".join(word.removeprefix(" ") for word in words)
