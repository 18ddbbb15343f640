"""The option --dictionary, and the warnings about the lines of a dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

import arsearch
from arsearch.cli.output import pluralize, print_message

if TYPE_CHECKING:
    from arsearch import Dictionary
    from arsearch.analyzers import Contradiction

__all__ = ["dictionary_option", "format_contradiction", "format_dictionary", "read_dictionary"]

Command = TypeVar("Command", bound=Callable[..., Any])

_MAX_WARNINGS = 10


def dictionary_option(help: str) -> Callable[[Command], Command]:
    """Add --dictionary, with the help text `help`."""
    return click.option("--dictionary", "dictionary_path", metavar="FILE", help=help)


def read_dictionary(path: str) -> Dictionary:
    """Read a dictionary, and print the first lines that contradict the tables as warnings on standard error.

    Raises AnalyzerError for a file that is no dictionary.
    """
    from arsearch.analyzers import check_dictionary  # reads the lexicon

    dictionary = arsearch.Dictionary.read(path)
    contradictions = check_dictionary(dictionary)
    for contradiction in contradictions[:_MAX_WARNINGS]:
        print_message(f"warning: {format_contradiction(dictionary, contradiction)}")
    if (more := len(contradictions) - _MAX_WARNINGS) > 0:
        print_message(f"warning: {more:,} more; `arsearch analyze --dictionary {path}` prints all")
    return dictionary


def format_contradiction(dictionary: Dictionary, contradiction: Contradiction) -> str:
    """Format a contradiction as one line: `words.txt, line 3: جمعيات: without this line its stem is جمعيه`."""
    line, form, message = contradiction
    return f"{dictionary.name}, line {line}: {form}: {message}"


def format_dictionary(dictionary: Dictionary) -> str:
    """Format the size of a dictionary: `words.txt: 3 words, 1 stem, 2 names, 1 stop word`."""
    sizes = {
        "word": dictionary.words,
        "stem": dictionary.stems,
        "name": dictionary.names,
        "stop word": dictionary.stopwords,
    }
    return f"{dictionary.name}: {', '.join(pluralize(len(entries), noun) for noun, entries in sizes.items())}"
