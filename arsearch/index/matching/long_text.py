"""One long text, prepared so that the words with some letters are found fast, and a cache of such texts.

The text is encoded in one byte for each character, so that an offset into the bytes is one into the text. Letters that folding
may join are equal there; marks and tatweel are removed. Words end at white space, and may have signs or be several words.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cache

import numpy as np

from arsearch.concurrency import reset_in_children
from arsearch.index.codec.array_file import Array

__all__ = ["LongText", "TextCache", "encode_word"]

_SPACE = 0x20
_OTHER = 0x01
_REMOVED = 0xFF
_FIRST_LETTER, _LAST_LETTER = 0x621, 0x64A
_FIRST_MARK, _LAST_MARK = 0x64B, 0x652  # from fathatan to sukun
_TATWEEL = 0x640
_MANY = 3  # parts that are found faster in one pass
_BYTE_OF = 0x580  # U+0621 has the byte 0xA1

_FOLDED = str.maketrans("آأإةءؤئوى", "اااهييييي")
"""Letters that folding may join: alefs; teh marbuta and heh; hamza, its seats, waw and both yehs."""


@cache
def _table() -> Array:
    """Return the byte of each character of two bytes in UTF-16."""
    table = np.full(1 << 16, _OTHER, np.uint8)
    table[: _SPACE + 1] = _SPACE
    for code in range(_FIRST_LETTER, _LAST_LETTER + 1):
        table[code] = ord(chr(code).translate(_FOLDED)) - _BYTE_OF
    table[_FIRST_MARK : _LAST_MARK + 1] = table[_TATWEEL] = _REMOVED
    return table


def _encode(text: str) -> Array:
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    if len(units) != len(text):  # a character takes two
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        units = np.minimum(wide, 0xFFFF).astype(np.uint16)
    encoded: Array = _table().take(units)
    return encoded


def encode_word(word: str) -> bytes:
    """Return the bytes of a word without marks, to be looked for in a `LongText`."""
    return _encode(word).tobytes()


class LongText:
    """A text and the bytes that its words are looked for in. It does not change; threads may share it."""

    __slots__ = ("_bounds", "_bytes", "_removed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        encoded = _encode(text)
        spaces = np.flatnonzero(encoded == _SPACE)
        self._bounds = np.concatenate(([-1], spaces, [len(text)])).astype(np.int32)
        """The positions of the separators before, between and after the words."""
        removed = np.flatnonzero(encoded == _REMOVED).astype(np.int32)
        if len(removed):
            encoded = encoded[encoded != _REMOVED]
        self._bytes = encoded.tobytes()
        self._removed = removed - np.arange(len(removed), dtype=np.int32)
        """For each removed character, the number of bytes before it."""

    @property
    def size(self) -> int:
        """About the bytes of memory that the text takes."""
        return 2 * len(self.text) + len(self._bytes) + self._bounds.nbytes + self._removed.nbytes

    def words_with(self, parts: Sequence[bytes]) -> tuple[Array, Array]:
        """Return the starts and the ends of the words that contain one of some encoded parts, in order."""
        few = len(parts) < _MANY or min(map(len, parts)) < 2
        offsets = self._find(parts) if few else self._find_many(parts)
        if len(self._removed):
            offsets = offsets + np.searchsorted(self._removed, offsets, "right").astype(np.int32)
        words = np.searchsorted(self._bounds, offsets) - 1
        words = words[np.flatnonzero(np.diff(words, prepend=-1))]
        return self._bounds[words] + 1, self._bounds[words + 1]

    def _find(self, parts: Sequence[bytes]) -> Array:
        """Return the offsets of all parts, one part after another."""
        find, hits = self._bytes.find, []
        for part in parts:
            at = find(part)
            while at >= 0:
                hits.append(at)
                at = find(part, at + 1)
        offsets = np.array(hits, np.int32)
        if len(parts) > 1:
            offsets.sort()
        return offsets

    def _find_many(self, parts: Sequence[bytes]) -> Array:
        """Return the offsets of all parts, found by their first two letters in one pass."""
        letters = np.frombuffer(self._bytes, np.uint8)
        by_pair: dict[int, list[bytes]] = {}
        for part in parts:
            by_pair.setdefault(part[0] | part[1] << 8, []).append(part)
        table = np.zeros(1 << 16, bool)
        table[list(by_pair)] = True
        halves = [
            2 * np.flatnonzero(table.take(np.frombuffer(self._bytes, "<u2", (len(letters) - odd) // 2, odd))) + odd
            for odd in (0, 1)
        ]
        places = np.concatenate(halves)
        pairs = letters[places] | letters[places + 1].astype(np.uint16) << 8
        found = []
        for pair, same in by_pair.items():
            begun = places[pairs == pair]
            for part in same:
                hits = begun[begun <= len(letters) - len(part)]
                for at in range(2, len(part)):
                    hits = hits[letters[hits + at] == part[at]]
                found.append(hits)
        offsets = np.concatenate(found).astype(np.int32)
        offsets.sort()
        return offsets


class TextCache:
    """The prepared texts that were used last, bounded by the sum of their sizes in bytes. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._texts: OrderedDict[Hashable, LongText] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        reset_in_children(self)

    def reset_after_fork(self) -> None:
        """Make a new lock, in a forked child."""
        self._lock = threading.Lock()

    def get(self, key: Hashable, read: Callable[[], str]) -> LongText:
        """Return the prepared text of a key, which `read` returns if it must be prepared."""
        with self._lock:
            known = self._texts.get(key)
            if known is not None:
                self._texts.move_to_end(key)
                return known
        text = LongText(read())
        with self._lock:
            if text.size <= self._limit and key not in self._texts:
                self._texts[key] = text
                self._size += text.size
                while self._size > self._limit:
                    self._size -= self._texts.popitem(last=False)[1].size
        return text
