"""The style of text on a terminal or in a pipe: colour, line width, and the direction of Arabic.

A terminal that is known to take direction isolates gets Arabic in logical order. Each line of a title or snippet is
wrapped between words and enclosed in one RLI...PDI; each short value is enclosed in FSI...PDI. Neither can reorder the
text beside it. No isolate surrounds a mark, because that would break the joining of letters and the order of words. Other
terminals get a left-to-right mark after each value, or visual order, and a pipe gets the text as it is
(`arsearch.cli.terminals`; UAX #9, 2.4.2 and 6.1; https://terminal-wg.pages.freedesktop.org/bidi/).
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from arsearch.cli.output import safe
from arsearch.cli.wrapping import OFF, ON, printed_width, wrap

if TYPE_CHECKING:
    from arsearch.model import Snippet

__all__ = ["Style", "choose_style", "has_rtl", "style_options"]

Command = TypeVar("Command", bound=Callable[..., object])
Color = Literal["auto", "always", "never"]
Bidi = Literal["auto", "isolate", "mark", "visual", "none"]

RLI, FSI, PDI, LRM, RLM = "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"
_DEFAULT_WIDTH = 100  # columns, when the terminal does not report its width
_MIN_WIDTH = 20


def style_options(command: Command) -> Command:
    """Add --bidi and --color."""
    command = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Bold and dim text; auto: on a terminal, unless $NO_COLOR is set.",
    )(command)
    return click.option(
        "--bidi",
        type=click.Choice(["auto", "isolate", "mark", "visual", "none"]),
        default="auto",
        show_default=True,
        envvar="ARSEARCH_BIDI",
        show_envvar=True,
        help="isolate: Arabic text in direction isolates; mark: with left-to-right marks; visual: reordered, for terminals "
        "without bidirectional text; none: as it is; auto: what the terminal shows well.",
    )(command)


def choose_style(color: Color, bidi: Bidi) -> Style:
    """Return the style for standard output. With `bidi` "auto", the terminal decides; a pipe has "none"."""
    terminal = sys.stdout.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    reorder: Callable[[str, int], list[str]] | None = None
    if bidi == "auto":
        bidi = "none"
        if terminal:
            from arsearch.cli.terminals import form_of_terminal  # pipes need none of it

            bidi = form_of_terminal()
    if bidi == "visual":
        from arsearch.cli.bidi import console_lines, visual_lines

        reorder = console_lines if os.environ.get("TERM", "").startswith("linux") else visual_lines
    return Style(
        colour=color == "always" or (color == "auto" and terminal and not plain),
        isolate=bidi == "isolate",
        mark=bidi == "mark",
        reorder=reorder,
        width=_terminal_width() if terminal or reorder else None,
    )


def _terminal_width() -> int:
    import shutil  # a pipe has no width

    return shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns


def has_rtl(text: str) -> bool:
    """Return whether a text has a letter of a right-to-left script."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


@dataclass(frozen=True, slots=True)
class Style:
    """The style of one output; the default is plain text for a pipe.

    `isolate` puts direction isolates around Arabic, `mark` a left-to-right mark after a short value, so that the numbers
    behind it stay in their order. `reorder` turns text into lines in visual order, and `width` is the
    number of columns, `None` for no line breaks.
    """

    colour: bool = False
    isolate: bool = False
    mark: bool = False
    reorder: Callable[[str, int], list[str]] | None = None
    width: int | None = None

    def dim(self, text: str) -> str:
        """Return text that is less prominent."""
        return f"\x1b[2m{text}\x1b[22m" if self.colour else text

    def line(self, text: str, indent: str = "") -> str:
        """Format a paragraph of an article, made safe."""
        return self._line(safe(text), indent)

    def marked(self, snippet: Snippet, indent: str = "") -> str:
        """Format a title or snippet with its matches marked."""
        return self._line(snippet.ansi if self.colour else snippet.text, indent)

    def aligned(self, before: str, keyword: str, after: str, column: int) -> str:
        """Format a line of a concordance, made safe, so that its keyword begins `column` columns from the left.

        Arabic begins at the right: the keyword and the text `after` it stand to the left of that column, `before` to its
        right. A line without a right-to-left letter is printed from left to right.
        """
        before, keyword, after = safe(before), safe(keyword), safe(after)
        tail = keyword + after
        on, off = (ON, OFF) if self.colour else ("", "")
        text = f"{before}{on}{keyword}{off}{after}"
        if not has_rtl(text):
            return f"{' ' * max(column - printed_width(before), 0)}{text}"
        if self.reorder:
            width = printed_width("".join(self.reorder(tail, sys.maxsize)))
            return " " * max(column - width, 0) + "".join(self.reorder(text, sys.maxsize))
        pad = " " * max(column - printed_width(tail), 0)
        if self.isolate:
            return f"{pad}{RLI}{text}{PDI}"
        return f"{pad}{RLM}{text}{RLM}" if self.mark else f"{pad}{text}"

    def value(self, text: str) -> str:
        """Format a short text beside others, such as an id or a source, made safe."""
        text = safe(text)
        if not has_rtl(text):
            return text
        if self.reorder:
            return self.reorder(text, sys.maxsize)[0]
        if self.isolate:
            return f"{FSI}{text}{PDI}"
        return f"{text}{LRM}" if self.mark else text

    def reason(self, why: str) -> str:
        """Format a reason behind a value, in brackets after spaces; `""` for none.

        Each Arabic word of the English sentence is isolated, so that it cannot reorder the words beside it.
        """
        return self.dim(f"  ({' '.join(map(self.value, why.split(' ')))})") if why else ""

    def _line(self, text: str, indent: str) -> str:
        columns = sys.maxsize if self.width is None else max(self.width - len(indent), _MIN_WIDTH)
        if not has_rtl(text):
            return "\n".join(indent + line for line in wrap(text, columns)) or indent
        lines = self.reorder(text, columns) if self.reorder else wrap(text, columns)
        before, after = (RLI, PDI) if self.isolate else ("", "")
        if self.isolate and not indent:
            indent = " "  # terminal multiplexers drop a zero-width character in the first column
        widths = [printed_width(line) for line in lines]
        # Pad on the left, so that the lines of a paragraph begin below each other at the right.
        return "\n".join(
            f"{indent}{' ' * (max(widths, default=0) - width)}{before}{line}{after}"
            for line, width in zip(lines, widths, strict=True)
        )
