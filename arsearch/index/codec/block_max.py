"""Bounds of stretches of postings: what no document in them has more of.

Of every `BLOCK` postings, counted through all terms of a field and level, the highest frequency and the least length of
the field are kept. From the two follows a bound of BM25's `tf` that holds whatever its constants and the average length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from arsearch.index.codec.array_file import Array, narrowest

__all__ = ["BLOCK", "BlockExtremes"]

BLOCK = 128


class BlockExtremes:
    """The extreme of every `BLOCK` numbers that come in pieces; `extreme` is `np.maximum` or `np.minimum`."""

    def __init__(self, extreme: np.ufunc) -> None:
        self._extreme = extreme
        self._rest = np.empty(0, np.uint8)
        self._found: list[Array] = []

    def tapped(self, pieces: Iterable[Array]) -> Iterator[Array]:
        """The pieces themselves, counted in."""
        for piece in pieces:
            self.add(piece)
            yield piece

    def add(self, piece: Array) -> None:
        """Count the next numbers in."""
        numbers = np.concatenate((self._rest, piece)) if len(self._rest) else piece
        full = len(numbers) - len(numbers) % BLOCK
        self._found.append(narrowest(self._extreme.reduce(numbers[:full].reshape(-1, BLOCK), axis=1)))
        self._rest = numbers[full:].copy()

    def array(self) -> Array:
        """One number a block, the last of which may be short."""
        last = self._extreme.reduce(self._rest, keepdims=True) if len(self._rest) else self._rest
        return narrowest(np.concatenate((*self._found, last)))
