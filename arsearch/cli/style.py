"""How text looks on the way out: colour, dimness, and the direction of Arabic on a terminal.

A terminal that knows the Unicode bidirectional algorithm gets Arabic as it is, in logical order: each line of a title
or snippet, broken between words, inside one RLI...PDI, each short value inside FSI...PDI, so that neither turns what
stands beside it. No isolate stands around a mark, which would break the joining of letters and the order of words, and
none goes into a pipe (UAX #9, 2.4.2 and 6.1; https://terminal-wg.pages.freedesktop.org/bidi/).
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from arsearch.cli.output import safe
from arsearch.cli.wrapping import printed_width, wrap

if TYPE_CHECKING:
    from arsearch.model import Snippet

__all__ = ["Style", "choose_style", "has_rtl", "style_options"]

Command = TypeVar("Command", bound=Callable[..., object])
When = Literal["auto", "always", "never"]
Bidi = Literal["auto", "visual", "none"]

RLI, FSI, PDI = "\u2067", "\u2068", "\u2069"
_WIDTH = 100  # of lines where the terminal does not tell its own
_NARROWEST = 20


def style_options(command: Command) -> Command:
    """--bidi and --color"""
    command = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Bold and dim text; auto: on a terminal, unless $NO_COLOR is set.",
    )(command)
    return click.option(
        "--bidi",
        type=click.Choice(["auto", "visual", "none"]),
        default="auto",
        show_default=True,
        help="auto: isolate Arabic lines on a terminal; visual: reorder them, for terminals that do not.",
    )(command)


def choose_style(color: When, bidi: Bidi) -> Style:
    """The style for standard output as it is now."""
    terminal = sys.stdout.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    reorder: Callable[[str, int], list[str]] | None = None
    if bidi == "visual":
        from arsearch.cli.bidi import visual_lines

        reorder = visual_lines
        reorder("", _WIDTH)  # fails now, not at the first Arabic line, if its packages are missing
    return Style(
        colour=color == "always" or (color == "auto" and terminal and not plain),
        isolate=terminal and bidi == "auto",
        reorder=reorder,
        width=shutil.get_terminal_size((_WIDTH, 24)).columns if terminal or reorder else None,
    )


def has_rtl(text: str) -> bool:
    """Whether `text` has a letter that runs from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


@dataclass(frozen=True, slots=True)
class Style:
    """Renders pieces of text for one output. The default is plain text for a pipe.

    `width` is in columns; `None` leaves lines as long as they are.
    """

    colour: bool = False
    isolate: bool = False
    reorder: Callable[[str, int], list[str]] | None = None
    width: int | None = None

    def dim(self, text: str) -> str:
        """Less prominent."""
        return f"\x1b[2m{text}\x1b[22m" if self.colour else text

    def line(self, text: str, indent: str = "") -> str:
        """A paragraph of an article's own text."""
        return self._line(safe(text), indent)

    def marked(self, snippet: Snippet, indent: str = "") -> str:
        """A title or snippet with its matches marked."""
        return self._line(snippet.ansi if self.colour else snippet.text, indent)

    def value(self, text: str) -> str:
        """A short text among others: an id, a source."""
        text = safe(text)
        if not has_rtl(text):
            return text
        if self.reorder:
            return self.reorder(text, sys.maxsize)[0]
        return f"{FSI}{text}{PDI}" if self.isolate else text

    def _line(self, text: str, indent: str) -> str:
        room = sys.maxsize if self.width is None else max(self.width - len(indent), _NARROWEST)
        if not has_rtl(text):
            return "\n".join(indent + line for line in wrap(text, room)) or indent
        lines = self.reorder(text, room) if self.reorder else wrap(text, room)
        before, after = (RLI, PDI) if self.isolate else ("", "")
        if self.isolate and not indent:
            indent = " "  # terminal multiplexers drop what has no width in the first column
        widths = [printed_width(line) for line in lines]
        # The lines of a paragraph begin at the right, below each other.
        return "\n".join(
            f"{indent}{' ' * (max(widths, default=0) - width)}{before}{line}{after}"
            for line, width in zip(lines, widths, strict=True)
        )
