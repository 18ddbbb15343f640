"""The words of a long text that contain some letters.

Words are looked for in the UTF-8 of the text. Letters that folding may join are equal there; marks and tatweel are left out.
A word ends at white space. It may have signs, or be several words to an analyzer. Only the words that are found are decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from arsearch.index.codec.array_file import Array

__all__ = ["LETTERS", "REMOVED", "FoundWords", "LongText", "folded"]

_FOLDED = str.maketrans("آأإةءؤئوى", "اااهييييي")
"""Letters that folding may join: alefs; teh marbuta and heh; hamza, its seats, waw and both yehs."""

LETTERS = "".join(map(chr, (*range(0x621, 0x63B), *range(0x641, 0x64B))))
"""The letters that are compared."""

REMOVED = "\u0640" + "".join(map(chr, range(0x64B, 0x653)))
"""Tatweel, and the marks from fathatan to sukun."""


def folded(word: str) -> str:
    """Return an Arabic word without marks with one letter in the place of all letters that a `LongText` takes as equal."""
    return word.translate(_FOLDED)


class FoundWords(NamedTuple):
    """The words of a text that were found: the distinct words, and in text order the number and the offset of each.

    Offsets count code points. `length` has the code points of the whole text.
    """

    words: list[str]
    numbers: Array
    offsets: Array
    length: int


class LongText(Protocol):
    """The UTF-8 of one or several bodies. Threads may share it.

    In the whole text, some characters stand between two bodies that are not empty.
    """

    @property
    def count(self) -> int:
        """The number of bodies."""
        ...

    @property
    def size(self) -> int:
        """About the bytes of memory that the text takes."""
        ...

    def words_with(self, parts: Iterable[str]) -> FoundWords:
        """Find each word that contains one of some folded strings."""
        ...
