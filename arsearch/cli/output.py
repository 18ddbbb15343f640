"""Printing: JSON, text and messages that cannot harm a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from arsearch.model.safety import json_text, safe

__all__ = [
    "format_columns",
    "format_size",
    "pluralize",
    "print_json",
    "print_json_list",
    "print_message",
    "print_notes",
    "print_text",
    "safe",
]

_UNITS = ("kB", "MB", "GB", "TB")


def print_json(data: Any) -> None:
    """Print a JSON value on one line. Arabic stays readable; characters that could harm a terminal are escaped."""
    click.echo(json_text(data))


def print_json_list(
    data: Mapping[str, Any], name: str, items: Iterable[Any], rest: Callable[[], Mapping[str, Any]]
) -> None:
    """Print a JSON object on one line, with a list of items under the key `name`, each printed as it comes.

    `rest` returns the keys after the list, at least one; it is called after the last item.
    """
    click.echo(f"{json_text(dict(data))[:-1]}, {json_text(name)}: [", nl=False)
    for number, item in enumerate(items):
        click.echo((", " if number else "") + json_text(item), nl=False)
    click.echo(f"], {json_text(dict(rest()))[1:]}")


def print_text(text: str) -> None:
    """Print text on standard output with its terminal codes, which click would strip from a pipe."""
    click.echo(text, color=True)


def print_message(message: str, file: Any = None) -> None:
    """Print a message, made safe, as one line on standard error or in `file`."""
    click.echo(safe(message), file=file, err=file is None)


def print_notes(notes: Iterable[str]) -> None:
    """Print the notes of an answer on standard error."""
    for note in notes:
        print_message(f"note: {note}")


def pluralize(count: int, noun: str) -> str:
    """Format a count and its noun: `1 article`, `1,234 articles`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def format_size(size: float) -> str:
    """Format a number of bytes: `345 bytes`, `1.2 MB`."""
    if size < 1000:
        return f"{size:.0f} bytes"
    for unit in _UNITS[:-1]:
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} {_UNITS[-1]}"


def format_columns(rows: Sequence[tuple[str, str]], indent: str = "") -> str:
    """Format rows of a name and a value as two columns. Names must be Latin: only their width is the number of letters."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{indent}{name:<{width}}  {value}".rstrip() for name, value in rows)
