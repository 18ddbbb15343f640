"""Split texts into pre-tokens with array operations.

A pre-token is the text between two separators. It is nearly always one word, sometimes with punctuation that matters to
the tokenizer (3.5, ال«قدس»), and rarely a row of numbers or a whole sentence of a script without spaces. The tokenizer never
looks past a separator. The words of a pre-token therefore depend on it alone, and each distinct one is tokenized and analysed
once.

A text becomes UTF-16 code units, and a table maps each of them to a symbol of eight bits. The symbol of separators is 0. The
letters and marks of plain Arabic have the symbols from 1 to 44, other common characters the next ones, and all further code
units have 255. Two pre-tokens without 255 are equal if their symbols are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from arsearch.analyzers.numbers import LONGEST_NUMBER, NUMBER_SIGNS, PHONE_WITH_PLUS
from arsearch.analyzers.tokenizer import separators
from arsearch.index.codec.array_file import Array
from arsearch.index.codec.ranges import concat_ranges

__all__ = ["KEY_BYTES", "UNKNOWN", "PreTokens", "is_single_word", "pretokenize", "text_windows"]

UNKNOWN = 255
"""The symbol of the code units without a symbol of their own."""

KEY_BYTES = 24
"""The largest number of symbols of a pre-token that is identified by them."""

_WINDOW = 1 << 20
"""The characters split at a time; their arrays should fit the processor's cache."""

_LETTERS = [*range(0x621, 0x63B), *range(0x641, 0x64B)]
_MARKS = range(0x64B, 0x653)
# These separate words too, in the contexts that `_mark_separators` names.
_CLOSERS = ".,،٬٫-‐‑’"
_QUOTES = "\"'"
_OPENERS = "([«“‘„‹"
_DIGITS = (*b"0123456789", *range(0x660, 0x66A), *range(0x6F0, 0x6FA))
_OTHERS = (
    *b"_#@ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    *(0x640, 0x653, 0x654, 0x655, 0x670, 0x671),  # tatweel, madda and hamza as marks, dagger alef, alef wasla
    *(0x67E, 0x686, 0x698, 0x6A4, 0x6A9, 0x6AF, 0x6BE, 0x6C1, 0x6CC, 0x6D2),  # Persian, Urdu, loan words
    *range(0x6D6, 0x6DD),  # signs of the Quran
    *range(0x6DF, 0x6E9),
    *range(0x6EA, 0x6EE),
    *(0xAD, *range(0x200B, 0x2010), 0xFEFF),  # invisible characters that scraped text has within words
    *(c for c in range(0xC0, 0x100) if c not in (0xD7, 0xF7)),
)
_FIRST_MARK = 1 + len(_LETTERS)
_PLAIN = _FIRST_MARK + len(_MARKS)
_QUOTE = _PLAIN + len(_CLOSERS)
_OPENER = _QUOTE + len(_QUOTES)
_DIGIT = _OPENER + len(_OPENERS)
_OTHER = _DIGIT + len(_DIGITS)
_SPACE = _OTHER + len(_OTHERS)
"""The symbol of a space between digits; every other space is a separator."""

_PHONE = re.compile(PHONE_WITH_PLUS)
_SPACES = re.compile("[ \n]")
_CUT = re.compile(r"\n|(?<![\d)]) | (?![\d(])")
_NUMBER_SPACES = [ord(sign) for sign in NUMBER_SIGNS if sign.isspace()]
_PAD = 8
"""Zero bytes before the first symbol, which thus has a neighbour."""


@cache
def _symbols() -> Array:
    """Return the symbol of each UTF-16 code unit."""
    table = np.full(1 << 16, UNKNOWN, np.uint8)
    table[[ord(character) for character in separators("".join(map(chr, range(1 << 16)))) + NUMBER_SIGNS]] = 0
    table[0xD800:0xE000] = UNKNOWN  # surrogates
    named = [*_LETTERS, *_MARKS, *map(ord, _CLOSERS + _QUOTES + _OPENERS), *_DIGITS, *_OTHERS]
    table[named] = np.arange(1, 1 + len(named))
    return table


class PreTokens(NamedTuple):
    """The pre-tokens of some texts, in order.

    `data` is the UTF-16 of all texts, each followed by a line feed, and `padded` has its symbols between zeros. `starts` and
    `lengths`, in code units, run over the pre-tokens, and so does `packable`: whether a pre-token has at most `KEY_BYTES`
    symbols, all of them known. `counts` has the number of pre-tokens of each text.
    """

    data: bytes
    padded: Array
    starts: Array
    lengths: Array
    packable: Array
    counts: Array

    def texts(self, which: Array) -> list[str]:
        """Return the texts of the pre-tokens with the numbers `which`."""
        sizes = self.lengths[which] + 1
        units = np.frombuffer(self.data, "<u2").take(concat_ranges(self.starts[which], sizes))
        units[np.cumsum(sizes) - 1] = 10  # no pre-token contains a line feed
        return units.tobytes().decode("utf-16-le", "surrogatepass").split("\n")[:-1]

    def runs(self, first: Array, last: Array) -> list[str]:
        """Return the text from the start of each pre-token of `first` to the end of the one of `last`."""
        bounds = zip(
            (2 * self.starts[first]).tolist(), (2 * (self.starts[last] + self.lengths[last])).tolist(), strict=True
        )
        return [self.data[start:end].decode("utf-16-le", "surrogatepass") for start, end in bounds]

    def packed_symbols(self, which: Array, words: int) -> list[Array]:
        """Return the first symbols of the pre-tokens `which`, packed into `words` arrays of 64-bit words.

        The first symbol is in the lowest byte of the first word; zeros follow the last symbol.
        """
        eights: Array = np.ndarray((len(self.padded) - 7,), "<u8", buffer=self.padded.data, strides=(1,))
        starts, lengths = self.starts[which] + _PAD, self.lengths[which]
        masks = _masks()
        return [eights[starts + 8 * word] & masks.take(lengths - 8 * word, mode="clip") for word in range(words)]


@cache
def _masks() -> Array:
    """Return the masks of the lowest 0 to 8 bytes of a word."""
    return np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)


def is_single_word(keys: Sequence[Array]) -> Array:
    """Return which pre-tokens, by their packed symbols, are one word: an Arabic letter, then letters and harakat."""
    symbols = np.stack(keys, axis=1).view(np.uint8)
    single: Array = (symbols.max(axis=1, initial=0) < _PLAIN) & ((keys[0] & np.uint64(0xFF)) < _FIRST_MARK)
    return single


def pretokenize(texts: Sequence[str]) -> PreTokens:
    """Return the pre-tokens of `texts`. This takes some 20 bytes of memory for each character."""
    data = "\n".join([*texts, ""]).encode("utf-16-le", "surrogatepass")
    size = len(data) // 2
    padded = np.zeros(_PAD + size + KEY_BYTES, np.uint8)
    symbols = padded[_PAD : _PAD + size]
    _symbols().take(np.frombuffer(data, "<u2"), out=symbols, mode="clip")
    _mark_separators(padded, symbols)
    starts, lengths = _runs(padded, size)
    if _join_numbers(data, padded, symbols, starts):
        starts, lengths = _runs(padded, size)
    packable = lengths <= KEY_BYTES
    unknown = np.flatnonzero(symbols == UNKNOWN)
    if len(unknown):
        packable[np.searchsorted(starts, unknown, "right") - 1] = False
    return PreTokens(data, padded, starts, lengths, packable, _counts(texts, size, starts))


def _mark_separators(padded: Array, symbols: Array) -> None:
    """Turn punctuation into separators where the tokenizer treats it as one.

    The tokenizer looks at the character after a letter, and at the characters between numbers and between words of other
    scripts. A closing sign is a separator after a separator or a plain letter. An opening sign is one after a separator. A
    quotation mark is also one between a plain letter and a character that belongs to no word.
    """
    at = np.flatnonzero((symbols >= _PLAIN) & (symbols < _DIGIT))
    sign, before, after = symbols[at], padded[at + (_PAD - 1)], padded[at + (_PAD + 1)]
    separates = (before < _PLAIN) & (sign < _QUOTE)
    separates |= before == 0
    separates |= (before < _PLAIN) & (sign < _OPENER) & ((after == 0) | ((after >= _PLAIN) & (after < _DIGIT)))
    symbols[at[separates]] = 0


def _runs(padded: Array, size: int) -> tuple[Array, Array]:
    """Return the starts and the lengths of the runs without a separator."""
    is_inside = padded[_PAD - 1 : _PAD + size + 1] != 0
    edges = np.flatnonzero(is_inside[1:] != is_inside[:-1])
    return edges[::2], edges[1::2] - edges[::2]


def _are_digits(symbols: Array) -> Array:
    """Return which of some symbols are digits."""
    are_digits: Array = symbols - np.uint8(_DIGIT) < len(_DIGITS)  # smaller symbols wrap around
    return are_digits


def _join_numbers(data: bytes, padded: Array, symbols: Array, starts: Array) -> bool:
    """Give the signs inside numbers symbols of their own, and tell whether there are any: 1 500 000, +966 (50) 123.

    Spaces between two digits always count, because the tokenizer looks at whole rows of numbers.
    """
    numbers = starts[_are_digits(symbols.take(starts))]
    units = np.frombuffer(data, "<u2")
    sign, before = units[numbers - 1], padded[numbers + (_PAD - 2)]
    spaces = numbers[_are_digits(before) & np.isin(sign, _NUMBER_SPACES)] - 1
    symbols[spaces] = np.where(units[spaces] == ord(" "), _SPACE, UNKNOWN)
    joined = len(spaces) > 0
    for at in (numbers[sign == ord("+")] - 1).tolist():
        low, high = max(at - 2, 0), at + LONGEST_NUMBER
        context, text = (
            data[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end in ((low, at), (at, high))
        )
        if phone := _PHONE.match(context + text, len(context)):
            inside = symbols[at : at + len(phone[0])]
            inside[inside == 0] = UNKNOWN
            joined = True
    return joined


def _counts(texts: Sequence[str], size: int, starts: Array) -> Array:
    """Return the number of pre-tokens of each text."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    if int(lengths.sum()) != size:  # characters of two code units
        lengths += [sum(character > "\uffff" for character in text) for text in texts]
    return np.diff(np.searchsorted(starts, np.cumsum(lengths)), prepend=0)


def text_windows(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield runs of texts, or pieces of one long text, of about `_WINDOW` characters, each with the number of its first text.

    A long text is divided at white space only, and not inside a number; a piece without any exceeds the size.
    """
    start = size = 0
    for number, text in enumerate(texts):
        if len(text) <= _WINDOW:
            size += len(text)
            if size > _WINDOW:
                yield start, texts[start : number + 1]
                start, size = number + 1, 0
            continue
        if start < number:
            yield start, texts[start:number]
        at = 0
        while at < len(text):
            low = at + _WINDOW
            cut = _CUT.search(text, low, low + LONGEST_NUMBER) or _SPACES.search(text, low)
            end = cut.start() if cut else len(text)
            yield number, [text[at:end]]
            at = end
        start, size = number + 1, 0
    if start < len(texts):
        yield start, texts[start:]
