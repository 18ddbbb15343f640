"""Printing: JSON, messages, and text that cannot harm a terminal."""

from __future__ import annotations

from typing import Any

import click

from arsearch.model.safety import json_text, safe

__all__ = ["columns", "counted", "number", "print_json", "print_text", "safe", "say", "size"]

_UNITS = ("kB", "MB", "GB", "TB")


def print_json(data: Any) -> None:
    """Print one JSON value on one line, Arabic readable, what could harm a terminal escaped."""
    click.echo(json_text(data))


def print_text(text: str) -> None:
    """Print text whose styles are already decided: click strips nothing from it."""
    click.echo(text, color=True)


def say(message: str, file: Any = None) -> None:
    """Print a message, made safe, as one line on standard error."""
    click.echo(safe(message), file=file, err=file is None)


def number(value: int) -> str:
    """`1,234`"""
    return f"{value:,}"


def counted(value: int, noun: str) -> str:
    """`1 article`, `1,234 articles`"""
    return f"{value:,} {noun}{'' if value == 1 else 's'}"


def size(value: float) -> str:
    """`345 bytes`, `1.2 MB`"""
    if value < 1000:
        return f"{value:.0f} bytes"
    for unit in _UNITS[:-1]:
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} {_UNITS[-1]}"


def columns(rows: list[tuple[str, str]], indent: str = "") -> str:
    """Two columns, the first padded; its texts must be Latin, for only their width is known."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{indent}{name:<{width}}  {value}".rstrip() for name, value in rows)
