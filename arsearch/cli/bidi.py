"""Arabic in visual order, for terminals that print characters from left to right as they come.

Letters take their joined forms, lines are broken before they are turned, and the marks around matches move with their
words. Vowel marks are left out, as most such terminals set them on the wrong letter. Needs the packages of the
extra `bidi`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import import_module

from arsearch.cli.wrapping import OFF, ON, marked_pieces, shaped, wrap
from arsearch.errors import InputError

__all__ = ["visual_lines"]

_MISSING = "--bidi visual needs two more packages; install them with `pip install 'arsearch[bidi]'`"

# For each bidi class found in words, two characters of the class: one of them stands in for a marked
# character when a line is turned a second time, so that the places where both results differ are the marked ones.
_STAND_INS = {
    "AL": "\u0710\u0712", "R": "\u05d0\u05d1", "L": "ab", "EN": "01", "AN": "\u0660\u0661",
    "ES": "+-", "CS": ",.", "ET": "#$", "ON": "!&",
}  # fmt: skip


def visual_lines(text: str, width: int) -> list[str]:
    """`text`, with marks as in `Snippet.ansi`, as lines of at most `width` columns in visual order.

    Raises InputError, naming what to install, without the packages.
    """
    try:
        shaper, algorithm = import_module("arabic_reshaper"), import_module("bidi.algorithm")
    except ImportError:
        raise InputError(_MISSING) from None
    joined = shaped(text, lambda piece: _without_invisible(shaper.reshape(piece)))
    return [_turned(line, algorithm.get_display) for line in wrap(joined, width)]


def _without_invisible(text: str) -> str:
    # Joiners and direction marks have done their work once letters are shaped; turning would drop them anyway.
    return "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Mn"))


def _turned(line: str, display: Callable[..., str]) -> str:
    pieces = list(marked_pieces(line))
    turned = display("".join(piece for piece, _ in pieces), base_dir="R")
    other = display("".join(_stand_ins(piece) if marked else piece for piece, marked in pieces), base_dir="R")
    if len(other) != len(turned):
        return turned
    out = []
    within = False
    for char, stand_in in zip(turned, other, strict=True):
        if (char != stand_in) != within:
            within = not within
            out.append(ON if within else OFF)
        out.append(char)
    return "".join(out) + (OFF if within else "")


def _stand_ins(text: str) -> str:
    choices = ((char, _STAND_INS.get(unicodedata.bidirectional(char), char * 2)) for char in text)
    return "".join(two[1] if char == two[0] else two[0] for char, two in choices)
