"""Letters written by their shapes (`ﻣﺪرﺳﺔ`), as old programs and PDF files have them, turned into letters.

Source: Unicode Standard, chapter 9.2 and the blocks Arabic Presentation Forms-A and -B. Each character becomes its NFKC form.
Words of one character (ﷲ, ﷺ), the brackets of verses (﴾﴿) and other symbols stay, because clean texts use them. A mark on
a space or a tatweel becomes the mark alone, so that no word is divided.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["has_forms", "without_forms"]

_FORM = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufe70-\ufefc]")


def has_forms(text: str) -> bool:
    """Return whether a text has letters in presentation forms."""
    data = text.encode("utf-16-le", "surrogatepass")  # a copy; searching single bytes in it is faster than any pattern
    likely = b"\xfe" in data or b"\xfb" in data or b"\xfc" in data or b"\xfd" in data
    return likely and _FORM.search(text) is not None


def without_forms(text: str) -> str:
    """Return a text with letters instead of presentation forms."""
    return _FORM.sub(lambda form: _letters(form[0]), text)


@cache
def _letters(form: str) -> str:
    letters = unicodedata.normalize("NFKC", form)
    if letters[:1] in (" ", "\u0640") and len(letters) > 1:
        return letters[1:]
    return "" if form == "\ufe73" else letters
