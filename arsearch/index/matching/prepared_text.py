"""A long text that is prepared for array operations, in which the words with some letters are found fast.

All marks are removed once, and each letter gets the byte of its class; see `long_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.matching.long_text import LETTERS, REMOVED, FoundWords, folded

__all__ = ["PreparedText"]

_SPACE = 0x20
_LEAD, _SECOND_LEAD = 0xD8, 0xD9  # the first bytes of Arabic letters, marks and digits; they are equal here
_CONTINUATION = -65  # the greatest continuation byte, as a signed number
_MARK = 0x02  # the second byte of a mark or tatweel after `_SECOND_LEAD`
_COMPARED = 3  # the letters that are compared in the whole text; the others only where these are found
_MANY_HITS = 5_000  # places whose words are found faster by the places of all spaces
_SEAM = b"\0"  # ends each body; it counts as a space
_PADDING = b" " * 8  # letters can be compared up to the end
_BITS = 8  # beginnings that are looked for in one pass
_FEW = 3  # letters that are compared faster than looked up in a table
_BLOCK = 1 << 18  # bytes that stay in the processor's cache from step to step
_WORD_BITS = 64


@cache
def _table() -> bytes:
    """Return the byte that stands for each byte of UTF-8.

    Each letter has another second byte than all others, so that its first byte does not matter.
    """
    table = bytearray(range(256))
    table[: _SPACE + 1] = bytes([_SPACE]) * (_SPACE + 1)
    table[_SECOND_LEAD] = _LEAD
    for letter in LETTERS:
        table[letter.encode()[1]] = folded(letter).encode()[1]
    for sign in REMOVED:
        table[sign.encode()[1]] = _MARK
    return bytes(table)


class PreparedText:
    """The UTF-8 of one or several bodies, and the bytes that their words are looked for in. Threads may share it.

    In the whole text, `gap` characters stand between two bodies that are not empty. Offsets into the text count code points.
    """

    def __init__(self, bodies: Sequence[bytes | memoryview], gap: int = 0) -> None:
        self._text = _SEAM.join((*bodies, _PADDING))
        self._letters = self._text.translate(_table())
        self._removed = self._remove_marks()
        """For each removed sign, which has two bytes, the number of bytes of `_letters` before it."""
        self._begins = np.zeros(len(self._text) // _WORD_BITS + 1, np.uint64)
        """A bit for each byte of the text, set at the first byte of a character."""
        for at, block in _blocks(self._text):
            bits = np.packbits(block.view(np.int8) > _CONTINUATION, bitorder="little")
            self._begins.view(np.uint8)[at // 8 : at // 8 + len(bits)] = bits
        self._before = np.cumsum(np.bitwise_count(self._begins), dtype=np.int64) - np.bitwise_count(self._begins)
        """The number of characters before each word of bits."""
        self._spaces: Array | None = None
        self._ends = np.array([len(self._text) - len(_PADDING) - 1])
        if len(bodies) > 1:
            self._ends = np.flatnonzero(np.frombuffer(self._text, np.uint8) == 0)
        """The byte after each body."""
        joined = self._characters(self._ends)
        self._lengths = np.diff(joined, prepend=-1) - 1
        """The number of characters of each body."""
        is_text = self._lengths > 0
        starts = np.cumsum(self._lengths) - self._lengths + gap * (np.cumsum(is_text) - is_text)
        self._shifts = starts - (joined - self._lengths)
        self._length = int(self._lengths.sum()) + gap * max(int(is_text.sum()) - 1, 0)
        """The number of characters of the whole text."""

    def _remove_marks(self) -> Array:
        letters = np.frombuffer(self._letters, np.uint8)
        second = _places_of(_MARK, self._letters)
        second = second[np.frombuffer(self._text, np.uint8)[second - 1] == _SECOND_LEAD]
        if len(second):
            kept = np.ones(len(letters), bool)
            kept[second] = kept[second - 1] = False
            self._letters = letters[kept].tobytes()
        removed: Array = second - 1 - 2 * np.arange(len(second))
        return removed

    @property
    def count(self) -> int:
        """The number of bodies; another one if the bodies have zero bytes."""
        return len(self._lengths)

    @property
    def size(self) -> int:
        """About the bytes of memory that the text takes, once its words were looked for."""
        arrays = (self._removed, self._begins, self._before, self._lengths, self._shifts, self._ends)
        return len(self._text) + 2 * len(self._letters) + sum(array.nbytes for array in arrays)

    def words_with(self, parts: Iterable[str]) -> FoundWords:
        """Find each word that contains one of some folded strings."""
        hits = self._find(part.encode().translate(_table()) for part in parts)
        starts, ends = self._words_at(hits) if len(hits) < _MANY_HITS else self._words_between(hits)
        begun = self._bytes(starts - 1) + 1
        begun[: int(np.searchsorted(starts, 1))] = 0  # a text may begin with a word
        found = map(self._text.__getitem__, map(slice, begun.tolist(), self._bytes(ends).tolist()))
        ordinals: dict[bytes, int] = {}
        numbers = np.fromiter((ordinals.setdefault(word, len(ordinals)) for word in found), np.int64, len(begun))
        offsets = self._characters(begun)
        if len(self._lengths) > 1:
            offsets += self._shifts[np.searchsorted(self._ends, begun)]
        return FoundWords([str(word, "utf-8", "replace") for word in ordinals], numbers, offsets, self._length)

    def _find(self, parts: Iterable[bytes]) -> Array:
        """Return the offsets of all parts into the letters, in order."""
        beginnings: dict[bytes, list[bytes]] = {}
        for part in parts:
            beginnings.setdefault(part[: 2 * _COMPARED], []).append(part)
        letters = np.frombuffer(self._letters, np.uint8)
        found = []
        for places, same in zip(_occurrences(self._letters, [*beginnings]), beginnings.values(), strict=True):
            for part in same:
                hits = places
                for at in range(2 * _COMPARED + 1, len(part), 2):
                    hits = hits[hits < len(letters) - at]
                    hits = hits[letters[hits + at] == part[at]]
                found.append(hits)
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found))

    def _words_at(self, hits: Array) -> tuple[Array, Array]:
        """Return the starts and the ends of the words around rising offsets, as offsets into the letters."""
        letters, starts, ends = self._letters, [], []
        end = -1
        for at in hits.tolist():
            if at > end:
                starts.append(letters.rfind(b" ", 0, at) + 1)
                end = letters.find(b" ", at)
                ends.append(end)
        return np.array(starts, np.int64), np.array(ends, np.int64)

    def _words_between(self, hits: Array) -> tuple[Array, Array]:
        """Return what `_words_at` does, from the places of all spaces."""
        if self._spaces is None:
            self._spaces = np.concatenate(([-1], _places_of(_SPACE, self._letters)))
        words = np.searchsorted(self._spaces, hits) - 1
        words = words[np.flatnonzero(np.diff(words, prepend=-1))]
        return self._spaces[words] + 1, self._spaces[words + 1]

    def _bytes(self, letters: Array) -> Array:
        """Return the offsets into the text, in bytes, of some offsets into the letters."""
        offsets: Array = letters.copy()
        if len(self._removed):
            offsets += 2 * np.searchsorted(self._removed, letters, "right")
        return offsets

    def _characters(self, offsets: Array) -> Array:
        """Return the number of characters before some offsets in bytes."""
        words, bits = np.divmod(offsets, _WORD_BITS)
        below = self._begins[words] & ((np.uint64(1) << bits.astype(np.uint64)) - np.uint64(1))
        characters: Array = self._before[words] + np.bitwise_count(below)
        return characters


def _blocks(data: bytes) -> Iterator[tuple[int, Array]]:
    """Yield the offset and the bytes of each block of some data."""
    codes = np.frombuffer(data, np.uint8)
    for at in range(0, len(codes), _BLOCK):
        yield at, codes[at : at + _BLOCK]


def _places_of(code: int, data: bytes) -> Array:
    """Return the offsets of a byte."""
    return np.concatenate([np.flatnonzero(block == code) + at for at, block in _blocks(data)])


def _occurrences(letters: bytes, beginnings: Sequence[bytes]) -> Iterator[Array]:
    """Yield the offsets of each of some beginnings, of `_COMPARED` letters at most.

    Several are looked for at once by shift-and (Baeza-Yates & Gonnet 1992): a bit for each tells whether a letter fits.
    """
    codes = np.frombuffer(letters, np.uint8)
    for first in range(0, len(beginnings), _BITS):
        some = beginnings[first : first + _BITS]
        places, bits = _fitting(letters, [_bits_of_letters(some, at) for at in range(1, 2 * _COMPARED, 2)])
        for bit, beginning in enumerate(some):
            hits = places[bits & (1 << bit) != 0]
            for at in range(0, len(beginning), 2):
                hits = hits[codes[hits + at] == _LEAD]
            yield hits


def _bits_of_letters(beginnings: Sequence[bytes], at: int) -> bytes:
    """Return a table that has for each byte the bits of the beginnings with this byte at an offset, or with none there."""
    table = bytearray(256)
    for bit, beginning in enumerate(beginnings):
        for code in beginning[at : at + 1] or range(256):
            table[code] |= 1 << bit
    return bytes(table)


def _bits_of(block: bytes, table: bytes, codes: Sequence[int]) -> Array:
    """Return the bits of each byte of a block; `codes` are the bytes that have any in the table."""
    if len(codes) > _FEW:
        return np.frombuffer(block.translate(table), np.uint8)
    own = np.frombuffer(block, np.uint8)
    bits: Array = (own == codes[0]).view(np.uint8) * np.uint8(table[codes[0]])
    for code in codes[1:]:
        bits |= (own == code).view(np.uint8) * np.uint8(table[code])
    return bits


def _fitting(letters: bytes, tables: Sequence[bytes]) -> tuple[Array, Array]:
    """Return the offsets of the letters whose second bytes fit tables of bits one after another, and the bits."""
    found, bits = [], []
    codes = [[code for code in range(256) if table[code]] for table in tables]
    last = len(letters) - 2 * len(tables)
    for start in range(0, last, _BLOCK):
        size = min(_BLOCK, last - start)
        fitting = np.full(size, 0xFF, np.uint8)
        for at, table in enumerate(tables):
            begin = start + 2 * at + 1
            fitting &= _bits_of(letters[begin : begin + size], table, codes[at])
        places = np.flatnonzero(fitting != 0)
        found.append(places + start)
        bits.append(fitting[places])
    return np.concatenate(found), np.concatenate(bits)
