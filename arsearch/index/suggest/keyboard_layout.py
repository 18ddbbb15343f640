"""Retype text as on the other keyboard layout: `hgpvs` is الحرس.

The layouts are Arabic (101) and US English, as Windows, macOS ("PC") and Linux ship them.
"""

from __future__ import annotations

import re

__all__ = ["retype_on_other_layout"]

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvnm,./`HNYBGTJ"
_ARABIC = (*"ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذأآإ", "لآ", "لأ", "لإ", "ـ")
_SPACE = {space: space for space in " \t\n"}
_TO_ARABIC = dict(zip(_LATIN, _ARABIC, strict=True)) | {"b": "لا"} | _SPACE
_TO_LATIN = {arabic: latin for latin, arabic in _TO_ARABIC.items() if latin.islower()} | _SPACE
_KEYS = re.compile("لا|.", re.DOTALL).findall


def retype_on_other_layout(text: str) -> str | None:
    """Return the text that the same keys type on the other layout; `None` if a character is on neither layout.

    White space stays. A capital is a key with shift, unless the whole text is in capitals.
    """
    if text.isascii() and any(letter.isalpha() for letter in text):
        text = text.lower() if text.isupper() and len(text) > 1 else text
        pieces = [_TO_ARABIC.get(letter) or _TO_ARABIC.get(letter.lower()) for letter in text]
    else:
        pieces = [_TO_LATIN.get(key) for key in _KEYS(text)]
    return None if None in pieces else "".join(piece for piece in pieces if piece)
