"""Do two spellings of one word agree in their vowel marks?

Unicode orders Arabic marks canonically (UAX #15) and NFKC joins a hamza to its seat, so marks compare as sets
per letter. Quranic annotation signs (U+0610-061A, U+06D6-06ED but for the sukun U+06E1) are no vowels and are ignored.
"""

from __future__ import annotations

import unicodedata

__all__ = ["Letters", "agrees", "letters"]

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

    Tatweel, controls and punctuation are left out. The fathatan of a final alef is moved to the letter before it,
    since both places are in use: كتابًا, كتاباً. An empty word gives an empty tuple.
    """
    found: list[tuple[str, set[str]]] = []
    for character in unicodedata.normalize("NFKC", text):
        mark = _SAME.get(character, character)
        if mark in _VOWELS:
            if found:
                found[-1][1].add(mark)
        elif character.isalnum() and character != "\u0640":
            found.append((character, set()))
    if len(found) > 1 and found[-1][0] in ALEFS and FATHATAN in found[-1][1]:
        found[-1][1].remove(FATHATAN)
        found[-2][1].add(FATHATAN)
    return tuple((letter, frozenset(marks)) for letter, marks in found)


def agrees(asked: Letters, text: str) -> bool:
    """True if `text` has the letters asked for and, at each, every mark asked for; more marks do no harm.

    >>> agrees(letters("كَتب"), "كَتَبَ"), agrees(letters("كَتب"), "كُتُب"), agrees(letters("كَتب"), "كتب")
    (True, False, False)
    """
    written = letters(text)
    return len(asked) == len(written) and all(
        letter == other and marks <= there for (letter, marks), (other, there) in zip(asked, written, strict=True)
    )
