"""Options that several commands take, and functions that read the values of options and arguments."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import click

import arsearch
from arsearch.errors import ArsearchError, QueryError, UnknownFieldError
from arsearch.model import KNOWN_FIELDS
from arsearch.model.schema import Schema

__all__ = [
    "LEVELS",
    "NumberRange",
    "Pairs",
    "QueryCommand",
    "checked_by",
    "field_option",
    "filter_option",
    "index_option",
    "indexes_option",
    "json_option",
    "matching_options",
    "only_location",
    "progress_option",
    "read_analyzer",
    "read_fields",
    "read_filters",
    "read_pairs",
    "read_text",
    "replace_option",
    "scoring_options",
    "stemmer_option",
    "synonyms_options",
    "unlimited_timeout_option",
]

Command = TypeVar("Command", bound=Callable[..., Any])
Pairs = tuple[tuple[str, str], ...]
"""The values of a repeatable option `NAME=VALUE`, in the order given."""

LEVELS = ("stem", "word", "normalised", "surface", "vocalised", "root")
"""The values of --match."""

_TIMEOUT = 2.0
"""`arsearch.search.request.TIMEOUT`, which help must not import."""

_EXCLUSION = re.compile(r"-(?![-A-Za-z]).", re.DOTALL)


class QueryCommand(click.Command):
    """A command whose text may have excluded words: `-إيران` is text, not a group of one-letter options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # A space in front keeps click from reading the word as options; `read_text` removes it.
        return super().parse_args(ctx, [f" {arg}" if _EXCLUSION.match(arg) else arg for arg in args])


def read_pairs(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> Pairs:
    """Split each `NAME=VALUE`. Raises click.BadParameter for a value without a name, an equals sign or a value."""
    pairs = []
    for text in values:
        name, _, value = text.partition("=")
        if not name.strip().rstrip("!") or not value:
            raise click.BadParameter(f"{text!r} is not {param.metavar}", ctx, param)
        pairs.append((name.strip(), value))
    return tuple(pairs)


def checked_by(check: Callable[[Any], object]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Return a callback that hands the value of an option to `check`, if it is given, and returns the value.

    An error of arsearch or a ValueError becomes click.BadParameter, with exit code 2: the command was used wrongly, whatever
    the index and the files hold.
    """

    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value is not None and value != ():
            try:
                check(value)
            except (ArsearchError, ValueError) as error:
                raise click.BadParameter(str(error), ctx, param) from None
        return value

    return callback


def read_fields(ctx: click.Context, param: click.Parameter, values: Iterable[str]) -> Pairs:
    """Split each `NAME=KIND`. Raises click.BadParameter for a field that no index declares, or that is named twice."""
    pairs = read_pairs(ctx, param, values)
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise click.BadParameter(f"field {twice!r} is declared twice", ctx, param)
    checked_by(Schema)(ctx, param, dict(pairs))
    return pairs


class NumberRange(click.FloatRange):
    """A number in a range; `FloatRange` takes `nan` for one in every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class _Location(click.types.StringParamType):
    """A location as text. $ARSEARCH_INDEX holds one, which may have spaces."""

    name = "dir"

    def split_envvar_value(self, rv: str) -> list[str]:
        return [rv]


def index_option(command: Command) -> Command:
    """Add -i/--index; its value is a text. Two are wrong usage: the command would act on one of them."""
    help = "The index folder. Default: the nearest .arsearch/ in this folder or above it."
    return _index_option(help, multiple=True, type=_Location(), callback=only_location)(command)


def only_location(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str | None:
    """Return the location of an option that was given once, or `None`. Raises click.BadParameter for several."""
    if len(values) > 1:
        raise click.BadParameter(f"this command takes one index, not {len(values)}", ctx, param)
    return values[0] if values else None


def indexes_option(command: Command) -> Command:
    """Add -i/--index, which may be repeated; its value is a tuple."""
    help = (
        "The index folder; repeat -i to search several as one. Default: the nearest .arsearch/ in this folder or above "
        "it."
    )
    return _index_option(help, multiple=True, type=_Location())(command)


def _index_option(help: str, **more: Any) -> Callable[[Command], Command]:
    return click.option(
        "-i",
        "--index",
        "location",
        metavar="DIR",
        envvar="ARSEARCH_INDEX",
        show_envvar=True,
        help=help,
        **more,
    )


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")(command)


def timeout_option(command: Command) -> Command:
    """Add --timeout."""
    return click.option(
        "--timeout",
        type=NumberRange(min=0),
        default=_TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="Answer after this time, perhaps in part and with a note; inf waits.",
    )(command)


def unlimited_timeout_option(command: Command) -> Command:
    """Add --timeout for a command that by default runs to its end."""
    return click.option(
        "--timeout",
        type=NumberRange(min=0),
        metavar="SECONDS",
        help="End after this time, with a note if anything is missing. Default: no limit.",
    )(command)


def filter_option(command: Command) -> Command:
    """Add --filter, repeatable."""
    return click.option(
        "--filter",
        "filters",
        metavar="NAME=VALUE",
        multiple=True,
        callback=read_pairs,
        help="Only articles with this value: source=..., id=..., date=2015-07.., volume=3..7; NAME!=VALUE leaves them "
        "out. Repeat it for another field, or for another value of the same field.",
    )(command)


def field_option(help: str) -> Callable[[Command], Command]:
    """Add --field, repeatable, with the help text `help`."""
    return click.option("--field", "fields", metavar="NAME=KIND", multiple=True, callback=read_fields, help=help)


def progress_option(command: Command) -> Command:
    """Add --no-progress."""
    return click.option("--no-progress", is_flag=True, help="Hide the progress bar, even on a terminal.")(command)


def replace_option(command: Command) -> Command:
    """Add --replace."""
    return click.option("--replace", is_flag=True, help="Replace an index that exists in the target folder.")(command)


def stemmer_option(help: str) -> Callable[[Command], Command]:
    """Add --stemmer, with the help text `help`."""
    return click.option("--stemmer", metavar="NAME", callback=checked_by(read_analyzer), help=help)


def synonyms_options(command: Command) -> Command:
    """Add --synonyms and --no-variants, the arguments of `arsearch.cli.location.open_index`."""
    command = click.option(
        "--synonyms",
        metavar="FILE",
        envvar="ARSEARCH_SYNONYMS",
        show_envvar=True,
        help="A file of synonyms: lines `a, b, c` or `a => b`.",
    )(command)
    return click.option("--no-variants", is_flag=True, help="Without the built-in spelling variants of foreign names.")(
        command
    )


def matching_options(*, mode_help: str, match_help: str) -> Callable[[Command], Command]:
    """Add --mode and --match, with their help texts."""
    mode = click.option(
        "--mode", type=click.Choice(["auto", "all", "any"]), default="auto", show_default=True, help=mode_help
    )
    match = click.option(
        "--match",
        type=click.Choice(LEVELS),
        help=match_help,
    )
    return lambda command: mode(match(command))


def scoring_options(command: Command) -> Command:
    """Add --recency and --no-correct."""
    command = click.option(
        "--no-correct",
        "correct",
        is_flag=True,
        callback=lambda _ctx, _param, value: not value,
        help="Without likelier spellings of words that no article has.",
    )(command)
    return click.option(
        "--recency",
        metavar="PERIOD",
        callback=checked_by(_check_recency),
        help="Rank recent articles higher, by a bonus that halves in each PERIOD: 12h, 30d, 2w, 1y.",
    )(command)


def _check_recency(period: str) -> None:
    """Raise QueryError for a text that is no half-life."""
    from arsearch.search.signals import read_recency  # few searches have one

    read_recency(period)


def read_analyzer(stemmer: str | None, dictionary: arsearch.Dictionary | None = None) -> arsearch.ArabicAnalyzer:
    """Return the default analyzer, with the stemmer of the name `stemmer` and the dictionary, if they are given.

    Raises AnalyzerError, which lists the names, for an unknown stemmer.
    """
    options: dict[str, Any] = {} if stemmer is None else {"stemmer": {"name": stemmer}}
    if dictionary is not None:
        options["dictionary"] = dictionary.config()
    return arsearch.ArabicAnalyzer.from_config(options)


def read_filters(
    pairs: Pairs, kinds: Mapping[str, str], period: tuple[str | None, str | None] = (None, None)
) -> dict[str, Any]:
    """Return the `filters` argument of a search; `kinds` maps the fields of the index to their kinds.

    Values of one name become a list, `LOW..HIGH` of a number field a pair; dates stay as typed. A name that ends in `!`,
    from `NAME!=VALUE`, excludes. `period` is the first and last date of --from and --to. Raises click.UsageError for a
    value that its field cannot have, and for a range or a date beside another value of its field.
    """
    if not pairs and not any(period):
        return {}
    from arsearch.search import filters  # only commands that open an index filter

    declared = {name: kind for name, kind in kinds.items() if name not in KNOWN_FIELDS}
    try:
        found = filters.filters_of_texts(pairs, kinds, period)
        filters.read_filters(Schema(declared), found)
    except UnknownFieldError:
        raise
    except QueryError as error:
        raise click.UsageError(str(error)) from error
    return found


def read_text(words: Iterable[str]) -> str:
    """Return the text of an argument list. A single `-` stands for all of standard input, decoded as UTF-8."""
    words = tuple(words)
    if words == ("-",):
        data = sys.stdin.buffer.read()
        return data.decode("utf-8-sig", "replace").rstrip("\r\n")
    return " ".join(word.removeprefix(" ") for word in words)
