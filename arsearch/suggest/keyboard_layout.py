"""Retype text as on the other keyboard layout: `hgpvs` is الحرس.

The layouts are Arabic (101) and US English, as Windows, macOS ("PC") and Linux ship them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

__all__ = ["retype_on_other_layout"]

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvnm,./`HNYBGTJ"
_ARABIC = (*"ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظذأآإ", "لآ", "لأ", "لإ", "ـ")
_SPACE = " \t\n"
_KEYS = re.compile("لا|.", re.DOTALL).findall


def retype_on_other_layout(text: str) -> str | None:
    """Return the text that the same keys type on the other layout; `None` if a character is on neither layout.

    White space stays. A capital is a key with shift, unless the whole text is in capitals.
    """
    if text.isascii() and any(letter.isalpha() for letter in text):
        text = text.lower() if text.isupper() and len(text) > 1 else text
        arabic = _arabic_of_latin()
        pieces = [arabic.get(letter) or arabic.get(letter.lower()) for letter in text]
    else:
        latin = _latin_of_arabic()
        pieces = [latin.get(key) for key in _KEYS(text)]
    return None if None in pieces else "".join(piece for piece in pieces if piece)


@cache
def _arabic_of_latin() -> Mapping[str, str]:
    return {**dict(zip(_LATIN, _ARABIC, strict=True)), "b": "لا", **{space: space for space in _SPACE}}


@cache
def _latin_of_arabic() -> Mapping[str, str]:
    letters = {arabic: latin for latin, arabic in _arabic_of_latin().items() if latin.islower()}
    return {**letters, **{space: space for space in _SPACE}}
