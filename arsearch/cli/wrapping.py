"""Line breaks between words, in text with highlighted matches.

A terminal that wraps a long line cuts a word at its edge, and the letters of a cut Arabic word lose their joining.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

__all__ = ["OFF", "ON", "map_pieces", "printed_width", "split_marks", "wrap"]

ON, OFF = "\x1b[1m", "\x1b[22m"  # the marks around a match, as in Snippet.ansi

_MARKED = re.compile(r"\x1b\[1m(.*?)\x1b\[22m", re.DOTALL)
_ATOMS = re.compile(r"\x1b\[1m|\x1b\[22m|[^\S\x1b]+|[^\s\x1b]+")
_ZERO_WIDTH = ("Mn", "Me", "Cf")


def split_marks(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text at its marks. Yield each piece, which may be empty, and whether it is marked."""
    for number, piece in enumerate(_MARKED.split(text)):
        yield piece, number % 2 == 1


def map_pieces(function: Callable[[str], str], text: str) -> str:
    """Apply a function to each piece of a text and keep the marks. Marks surround whole words, so no piece cuts a word."""
    pieces = ((function(piece), marked) for piece, marked in split_marks(text))
    return "".join(f"{ON}{piece}{OFF}" if marked else piece for piece, marked in pieces)


def printed_width(text: str) -> int:
    """Return the number of terminal columns of a text, without its marks."""
    plain = text.replace(ON, "").replace(OFF, "")
    if plain.isascii():
        return len(plain)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in plain)
    return wide + sum(unicodedata.category(char) not in _ZERO_WIDTH for char in plain)


def wrap(text: str, width: int) -> list[str]:
    """Wrap a text to lines of at most `width` columns. Only a word longer than `width` makes a longer line.

    A mark that reaches over several lines is closed at the end of each and opened again on the next.
    """
    lines: list[str] = []
    line, used, marked = "", 0, False
    for run in _runs(text):
        if run.isspace():
            if line:
                line, used = line + run, used + len(run)
            continue
        size = printed_width(run)
        if line and used + size > width:
            lines.append(_close(line, marked))
            line, used = ON if marked else "", 0
        line, used = line + run, used + size
        marked = line.rfind(ON) > line.rfind(OFF)
    return [*lines, _close(line, marked)] if line else lines


def _runs(text: str) -> Iterator[str]:
    """Yield runs of white space and runs of anything else, with the marks in them."""
    run = ""
    for match in _ATOMS.finditer(text):
        atom = match[0]
        if atom.isspace():
            if run:
                yield run
            yield atom
            run = ""
        else:
            run += atom
    if run:
        yield run


def _close(line: str, marked: bool) -> str:
    return line.rstrip() + (OFF if marked else "")
