"""A long text that the extension reads once for each query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from arsearch.index.codec.stored_fields import Buffer
from arsearch.index.matching.long_text import LETTERS, REMOVED, FoundWords, folded
from arsearch.kernel import native

__all__ = ["CompiledText"]

_REMOVED_CLASS = 63  # of `words_with` of the extension


class CompiledText:
    """The bodies of some encoded articles; `gap` characters stand between two that are not empty. Threads may share it."""

    def __init__(self, articles: Sequence[Buffer], gap: int) -> None:
        self._articles = tuple(articles)
        self._gap = gap

    @property
    def count(self) -> int:
        """The number of bodies."""
        return len(self._articles)

    @property
    def size(self) -> int:
        """The bytes of the articles."""
        return sum(map(len, self._articles))

    def words_with(self, parts: Iterable[str]) -> FoundWords:
        """Find each word that contains one of some folded strings."""
        extension = native()
        assert extension is not None, "the text was made by the extension"
        classes = _classes()
        encoded = tuple(bytes([classes[_index(letter)] for letter in part]) for part in parts)
        words, numbers, offsets, length = extension.words_with(self._articles, self._gap, encoded, classes)
        return FoundWords(words, np.frombuffer(numbers, np.uint32), np.frombuffer(offsets, np.int64), length)


@cache
def _classes() -> bytes:
    """Return the class of each letter that UTF-8 begins with 0xD8 or 0xD9, as the extension wants it."""
    table = bytearray(128)
    for letter in LETTERS:
        table[_index(letter)] = LETTERS.index(folded(letter)) + 1
    for sign in REMOVED:
        table[_index(sign)] = _REMOVED_CLASS
    return bytes(table)


def _index(letter: str) -> int:
    lead, second = letter.encode()
    return (lead & 1) << 6 | second & 0x3F
