"""A sorted dictionary of terms over one blob of bytes.

The blob is the UTF-8 terms in byte order, each followed by a line feed; `ends[i]` is where term
`i` ends. UTF-8 byte order is code point order. A look-up reads only what it touches. Terms of
text never hold a line feed; other values may, and then `slice` and `matching` do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.arrays import Array

__all__ = ["TermDictionary", "pack_terms"]


def pack_terms(terms: Sequence[str]) -> tuple[Array, Array]:
    """The blob and ends of `terms`, which are sorted by code point and distinct."""
    encoded = [term.encode() for term in terms]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    ends = np.cumsum(lengths + 1) - 1
    blob = np.frombuffer(b"".join(piece + b"\n" for piece in encoded), np.uint8)
    return blob, ends.astype(np.uint32 if len(blob) < 2**32 else np.uint64)


_REMEMBERED = 10_000
"""Look-ups that a dictionary remembers: one search asks for a term several times, many searches for the same ones."""


class TermDictionary:
    """Read-only; ordinals run from 0 in term order."""

    __slots__ = ("_blob", "_ends", "_found")

    def __init__(self, blob: memoryview, ends: Array) -> None:
        self._blob = blob
        self._ends = ends
        self._found: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ends)

    def _bytes(self, ordinal: int) -> bytes:
        start = int(self._ends[ordinal - 1]) + 1 if ordinal else 0
        return bytes(self._blob[start : int(self._ends[ordinal])])

    def __getitem__(self, ordinal: int) -> str:
        return self._bytes(ordinal).decode()

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def slice(self, low: int, high: int) -> list[str]:
        """The terms with ordinals in `[low, high)`."""
        if low >= high:
            return []
        start = int(self._ends[low - 1]) + 1 if low else 0
        return str(self._blob[start : int(self._ends[high - 1])], "utf-8").split("\n")

    def lower_bound(self, key: bytes) -> int:
        """The ordinal of the first term not below `key`; the dictionary's length if all are."""
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: str) -> int:
        """The term's ordinal, or -1."""
        found = self._found.get(term)
        if found is None:
            key = term.encode("utf-8", "surrogatepass")
            at = self.lower_bound(key)
            found = at if at < len(self._ends) and self._bytes(at) == key else -1
            if len(self._found) < _REMEMBERED:
                self._found[term] = found
        return found

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """The ordinals `[low, high)` of the terms that begin with `prefix`."""
        key = prefix.encode("utf-8", "surrogatepass")
        if not key:
            return 0, len(self._ends)
        # 0xFF stands above every byte of UTF-8.
        return self.lower_bound(key), self.lower_bound(key + b"\xff")

    def matching(self, pattern: str, prefix: str) -> Array:
        """Ordinals of the terms that `pattern`, a regular expression, matches wholly and that begin with `prefix`."""
        low, high = self.prefix_range(prefix)
        text = "\n".join(self.slice(low, high))
        if not text:
            return np.empty(0, np.int64)
        starts = [match.start() for match in re.finditer(rf"^(?:{pattern})$", text, re.MULTILINE)]
        # The n-th line starts after n line feeds: count them up to each match.
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        lines = np.flatnonzero(codes == 10)
        return low + np.searchsorted(lines, np.array(starts, np.int64))
