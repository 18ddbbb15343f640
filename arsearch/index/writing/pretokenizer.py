"""Texts cut into units, in vectors.

A unit is what stands between two separators: nearly always one written word, sometimes with the punctuation that
matters to the tokenizer (3.5, ال«قدس»), rarely a whole sentence of a script without spaces. The tokenizer never looks
past a separator, so that the words of a unit are a function of the unit alone, and each distinct unit need be
tokenized and analysed only once.

A text becomes UTF-16 code units, and these become symbols of eight bits by one look-up in a table: 0 for separators,
1 to 44 for the letters and marks that plain Arabic is written with, further numbers for other common characters, 255
for all that has no number. Units without 255 are told apart by their symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from arsearch.analyzers.tokenizer import separators
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges

__all__ = ["KEY_BYTES", "UNKNOWN", "PreTokens", "is_single_word", "pretokenize"]

UNKNOWN = 255
"""The symbol of every code unit that has no symbol of its own."""

KEY_BYTES = 24
"""How many symbols a unit may have to be known by them."""

_LETTERS = [*range(0x621, 0x63B), *range(0x641, 0x64B)]
_MARKS = range(0x64B, 0x653)
# In contexts that say so below, these too part words as a space does.
_CLOSERS = ".,،٬٫-‐‑’"
_QUOTES = "\"'"
_OPENERS = "([«“‘„‹"
_OTHERS = (
    *b"0123456789_#@ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    *range(0x660, 0x66A),  # Arabic-Indic digits
    *range(0x6F0, 0x6FA),
    *(0x640, 0x653, 0x654, 0x655, 0x670, 0x671),  # tatweel, madda and hamza as marks, dagger alef, alef wasla
    *(0x67E, 0x686, 0x698, 0x6A4, 0x6A9, 0x6AF, 0x6BE, 0x6C1, 0x6CC, 0x6D2),  # Persian, Urdu, loan words
    *range(0x6D6, 0x6DD),  # signs of the Quran
    *range(0x6DF, 0x6E9),
    *range(0x6EA, 0x6EE),
    *(0xAD, *range(0x200B, 0x2010), 0xFEFF),  # what scraped text has within words
    *(c for c in range(0xC0, 0x100) if c not in (0xD7, 0xF7)),
)
_FIRST_MARK = 1 + len(_LETTERS)
_PLAIN = _FIRST_MARK + len(_MARKS)
_QUOTE = _PLAIN + len(_CLOSERS)
_OPENER = _QUOTE + len(_QUOTES)
_OTHER = _OPENER + len(_OPENERS)
_PAD = 8
"""Zero bytes before the first symbol, so that it has a neighbour."""


@cache
def _symbols() -> Array:
    """The symbol of each UTF-16 code unit."""
    table = np.full(1 << 16, UNKNOWN, np.uint8)
    table[[ord(character) for character in separators("".join(map(chr, range(1 << 16))))]] = 0
    table[0xD800:0xE000] = UNKNOWN  # halves of characters
    named = [*_LETTERS, *_MARKS, *map(ord, _CLOSERS + _QUOTES + _OPENERS), *_OTHERS]
    table[named] = np.arange(1, 1 + len(named))
    return table


class PreTokens(NamedTuple):
    """The units of some texts, in order.

    `data` is the texts one after another in UTF-16. `starts` and `lengths`, in code units, run over the units; `counts` over
    the texts: how many units each has. `known` tells which units have no more than `KEY_BYTES` symbols, none of them
    unknown: no other unit has the same ones.
    """

    data: bytes
    padded: Array
    starts: Array
    lengths: Array
    known: Array
    counts: Array

    def texts(self, which: Array) -> list[str]:
        """These units, spelt."""
        sizes = self.lengths[which] + 1
        spelt = np.frombuffer(self.data, "<u2").take(concat_ranges(self.starts[which], sizes))
        spelt[np.cumsum(sizes) - 1] = 10  # a line feed is in no unit
        return spelt.tobytes().decode("utf-16-le", "surrogatepass").split("\n")[:-1]

    def runs(self, first: Array, last: Array) -> list[str]:
        """What stands from the start of each unit of `first` to the end of that of `last`."""
        bounds = zip(
            (2 * self.starts[first]).tolist(), (2 * (self.starts[last] + self.lengths[last])).tolist(), strict=True
        )
        return [self.data[start:end].decode("utf-16-le", "surrogatepass") for start, end in bounds]

    def packed_symbols(self, which: Array, words: int) -> list[Array]:
        """The symbols of these units as 64-bit words: first symbol lowest, zeros after the last, others left out."""
        eights: Array = np.ndarray((len(self.padded) - 7,), "<u8", buffer=self.padded.data, strides=(1,))
        starts, lengths = self.starts[which] + _PAD, self.lengths[which]
        return [eights[starts + 8 * word] & _MASKS.take(lengths - 8 * word, mode="clip") for word in range(words)]


def is_single_word(keys: Sequence[Array]) -> Array:
    """Which of units with these keys are one written word by the look of them: an Arabic letter, then letters and harakat."""
    symbols = np.stack(keys, axis=1).view(np.uint8)
    found: Array = (symbols.max(axis=1, initial=0) < _PLAIN) & ((keys[0] & np.uint64(0xFF)) < _FIRST_MARK)
    return found


_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)


def pretokenize(texts: Sequence[str]) -> PreTokens:
    """The units of `texts`. Takes some 20 bytes for each of their characters."""
    data = "\n".join([*texts, ""]).encode("utf-16-le", "surrogatepass")
    size = len(data) // 2
    padded = np.zeros(_PAD + size + KEY_BYTES, np.uint8)
    symbols = padded[_PAD : _PAD + size]
    _symbols().take(np.frombuffer(data, "<u2"), out=symbols, mode="clip")
    _part(padded, symbols)
    inside = padded[_PAD - 1 : _PAD + size + 1] != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    known = lengths <= KEY_BYTES
    unknown = np.flatnonzero(symbols == UNKNOWN)
    if len(unknown):
        known[np.searchsorted(starts, unknown, "right") - 1] = False
    return PreTokens(data, padded, starts, lengths, known, _counts(texts, size, starts))


def _part(padded: Array, symbols: Array) -> None:
    """Make separators of the punctuation that, where it stands, matters no more than one.

    The tokenizer asks for what follows a letter, and joins numbers and words of other scripts by what is between them.
    So no closing sign matters after a separator or a plain letter, no opening one after a separator, and no quotation
    mark between a plain letter and what is not of a word.
    """
    at = np.flatnonzero((symbols >= _PLAIN) & (symbols < _OTHER))
    sign, before, after = symbols[at], padded[at + (_PAD - 1)], padded[at + (_PAD + 1)]
    mute = (before < _PLAIN) & (sign < _QUOTE)
    mute |= before == 0
    mute |= (before < _PLAIN) & (sign < _OPENER) & ((after == 0) | ((after >= _PLAIN) & (after < _OTHER)))
    symbols[at[mute]] = 0


def _counts(texts: Sequence[str], size: int, starts: Array) -> Array:
    """The number of units of each text."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    if int(lengths.sum()) != size:  # characters of two code units
        lengths += [sum(character > "\uffff" for character in text) for text in texts]
    return np.diff(np.searchsorted(starts, np.cumsum(lengths)), prepend=0)
