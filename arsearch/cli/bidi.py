"""Visual order, for terminals that print all text from left to right.

Letters get their joined forms, lines are wrapped before they are reordered, and marks move with their words. Vowel
marks are dropped, because most such terminals place them on the wrong letter.

The Arabic fonts of the Linux console (Debian's Arabic-VGA16 and Arabic-Fixed16) have no Arabic-Indic digits and no
ligatures of words: there they are replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from arsearch.cli.wrapping import OFF, ON, map_pieces, split_marks, wrap

__all__ = ["console_lines", "visual_lines"]

# Two characters for each bidi class that occurs in words. A line is reordered a second time with each marked character
# replaced by one of its class: where the two results differ, the character is marked.
_STAND_INS = {
    "AL": "\u0710\u0712", "R": "\u05d0\u05d1", "L": "ab", "EN": "01", "AN": "\u0660\u0661",
    "ES": "+-", "CS": ",.", "ET": "#$", "ON": "!&",
}  # fmt: skip

_WORD_LIGATURES = re.compile("[\ufdf0-\ufdfc]")
_CONSOLE = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫٬", "01234567890123456789%.,")


def visual_lines(text: str, width: int) -> list[str]:
    """Return a text, with marks as in `Snippet.ansi`, as lines of at most `width` columns in visual order."""
    from arabic_reshaper import ArabicReshaper
    from bidi.algorithm import get_display

    # the ligature of الله is in few fonts of terminals, and joins to no letter before it
    reshaper = ArabicReshaper(configuration={"ARABIC LIGATURE ALLAH": False})
    joined = map_pieces(lambda piece: _drop_invisible(reshaper.reshape(piece)), text)
    return [_reorder(line, get_display) for line in wrap(joined, width)]


def console_lines(text: str, width: int) -> list[str]:
    """Return `visual_lines` with the characters that the fonts of the Linux console have."""
    text = _WORD_LIGATURES.sub(lambda ligature: unicodedata.normalize("NFKC", ligature[0]), text)
    return [line.translate(_CONSOLE) for line in visual_lines(text, width)]


def _drop_invisible(text: str) -> str:
    # Joiners and direction marks have no effect once letters are shaped, and reordering would drop them.
    return "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Mn"))


def _reorder(line: str, display: Callable[..., str]) -> str:
    """Reorder a line and put the marks back; drop them if the line with stand-ins has another length."""
    pieces = list(split_marks(line))
    reordered = display("".join(piece for piece, _ in pieces), base_dir="R")
    compared = display("".join(_replace(piece) if marked else piece for piece, marked in pieces), base_dir="R")
    if len(compared) != len(reordered):
        return reordered
    output = []
    marked = False
    for char, other in zip(reordered, compared, strict=True):
        if (char != other) != marked:
            marked = not marked
            output.append(ON if marked else OFF)
        output.append(char)
    return "".join(output) + (OFF if marked else "")


def _replace(text: str) -> str:
    """Replace each character by another one of its bidi class."""
    choices = ((char, _STAND_INS.get(unicodedata.bidirectional(char), char * 2)) for char in text)
    return "".join(two[1] if char == two[0] else two[0] for char, two in choices)
