"""Breaking lines of marked text between words, so that a terminal does not break them inside one.

A terminal that wraps by itself cuts words at its edge, and cut Arabic letters lose their joining.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

__all__ = ["OFF", "ON", "marked_pieces", "printed_width", "shaped", "wrap"]

ON, OFF = "\x1b[1m", "\x1b[22m"  # as in Snippet.ansi

_MARKED = re.compile(r"\x1b\[1m(.*?)\x1b\[22m", re.DOTALL)
_ATOMS = re.compile(r"\x1b\[1m|\x1b\[22m|[^\S\x1b]+|[^\s\x1b]+")
_NO_WIDTH = ("Mn", "Me", "Cf")


def marked_pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at its marks, and whether each piece is marked; pieces may be empty."""
    for at, piece in enumerate(_MARKED.split(text)):
        yield piece, at % 2 == 1


def shaped(text: str, shape: Callable[[str], str]) -> str:
    """`shape` applied to each piece. Marks stand around whole words, so each can be shaped by itself."""
    return "".join(f"{ON}{shape(piece)}{OFF}" if marked else shape(piece) for piece, marked in marked_pieces(text))


def printed_width(text: str) -> int:
    """How many columns a text takes on a terminal, marks not counted."""
    plain = text.replace(ON, "").replace(OFF, "")
    if plain.isascii():
        return len(plain)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in plain)
    return wide + sum(unicodedata.category(char) not in _NO_WIDTH for char in plain)


def wrap(text: str, width: int) -> list[str]:
    """`text` as lines of at most `width` columns where words allow it; marks never reach over a line's end."""
    lines: list[str] = []
    line, used, marked = "", 0, False
    for atom in _joined_atoms(text):
        if atom.isspace():
            if line:
                line, used = line + atom, used + len(atom)
            continue
        size = printed_width(atom)
        if line and used + size > width:
            lines.append(_closed(line, marked))
            line, used = ON if marked else "", 0
        line, used = line + atom, used + size
        marked = line.rfind(ON) > line.rfind(OFF)
    return [*lines, _closed(line, marked)] if line else lines


def _joined_atoms(text: str) -> Iterator[str]:
    """Runs of white space and of anything else, marks included."""
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


def _closed(line: str, marked: bool) -> str:
    return line.rstrip() + (OFF if marked else "")
