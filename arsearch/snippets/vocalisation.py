"""Comparison of two spellings of a word by their vowel marks.

Unicode orders Arabic marks canonically (UAX #15) and NFKC composes a hamza with its seat, so that marks are compared as
one set per letter. Quranic annotation signs (U+0610-061A, and U+06D6-06ED except the sukun U+06E1) are not vowels and
are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["LONGEST", "Letters", "agrees", "letters", "vowels"]

LONGEST = 256
"""Characters of the longest word whose marks are compared; only compounds of many words are longer."""

Letters = tuple[tuple[str, frozenset[str]], ...]
"""The letters and digits of a word in order, each with its vowel marks."""

FATHATAN = "\u064b"
ALEFS = "اى"
_SAME = {
    "\u06e1": "\u0652",  # small high dotless head of khah: the sukun of the Medina mushaf
    "\u08f0": "\u064b",  # open tanween are the same three endings
    "\u08f1": "\u064c",
    "\u08f2": "\u064d",
    "\u0657": "\u064f",  # inverted damma, Urdu and the mushaf
    "\u0656": "\u0650",  # subscript alef, written as a kasra
}
_VOWELS = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670")


def letters(text: str) -> Letters:
    """Split a word into its letters, each with its set of vowel marks.

    Tatweel, controls and punctuation are left out. The fathatan of a final alef moves to the letter before it, because
    both spellings are in use: كتابًا, كتاباً. An empty word gives an empty tuple.
    """
    pairs: list[tuple[str, set[str]]] = []
    for character in unicodedata.normalize("NFKC", text):
        mark = _SAME.get(character, character)
        if mark in _VOWELS:
            if pairs:
                pairs[-1][1].add(mark)
        elif character.isalnum() and character != "\u0640":
            pairs.append((character, set()))
    if len(pairs) > 1 and pairs[-1][0] in ALEFS and FATHATAN in pairs[-1][1]:
        pairs[-1][1].remove(FATHATAN)
        pairs[-2][1].add(FATHATAN)
    return tuple((letter, frozenset(marks)) for letter, marks in pairs)


_unmarked = re.compile("[ء-غف-ي]*").fullmatch

_cached_letters = lru_cache(maxsize=64)(letters)  # all parts of a compound are compared with the whole of it


def vowels(text: str) -> Letters | None:
    """Return the letters of a word that has vowel marks; `None` if it has none or is longer than `LONGEST`."""
    if _unmarked(text) or text.isascii():  # nearly every word of a query
        return None
    pairs = _cached_letters(text) if len(text) <= LONGEST else ()
    return pairs if any(marks for _, marks in pairs) else None


def agrees(query: Letters, text: str) -> bool:
    """Tell whether `text` has the letters of `query` with all their marks; `text` may have further marks.

    False for a text longer than `LONGEST`.

    >>> agrees(letters("كَتب"), "كَتَبَ"), agrees(letters("كَتب"), "كُتُب"), agrees(letters("كَتب"), "كتب")
    (True, False, False)
    """
    if len(text) > LONGEST:
        return False
    written = _cached_letters(text)
    return len(query) == len(written) and all(
        letter == other and marks <= other_marks
        for (letter, marks), (other, other_marks) in zip(query, written, strict=True)
    )
