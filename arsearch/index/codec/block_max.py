"""Block maxima: the highest frequency and the shortest field among every `BLOCK` postings.

Blocks are counted through the postings of all terms of a field and level. The two numbers bound the term-frequency part
of BM25 for every document of the block, whatever the constants of BM25 and the average length are (block-max indexes:
Ding and Suel, "Faster top-k document retrieval using block-max indexes", 2011).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from arsearch.index.codec.array_file import Array, narrowest

__all__ = ["BLOCK", "BlockExtremes"]

BLOCK = 128
"""The number of postings in a block."""


class BlockExtremes:
    """Computes the extreme of every `BLOCK` numbers that arrive in pieces; `extreme` is `np.maximum` or `np.minimum`."""

    def __init__(self, extreme: np.ufunc) -> None:
        self._extreme = extreme
        self._rest = np.empty(0, np.uint8)
        self._blocks: list[Array] = []

    def tapped(self, pieces: Iterable[Array]) -> Iterator[Array]:
        """Yield the pieces unchanged, taking each of them."""
        for piece in pieces:
            self.add(piece)
            yield piece

    def add(self, piece: Array) -> None:
        """Take the next numbers."""
        numbers = np.concatenate((self._rest, piece)) if len(self._rest) else piece
        full = len(numbers) - len(numbers) % BLOCK
        self._blocks.append(narrowest(self._extreme.reduce(numbers[:full].reshape(-1, BLOCK), axis=1)))
        self._rest = numbers[full:].copy()

    def array(self) -> Array:
        """Return one number for each block; the last block may be short."""
        last = self._extreme.reduce(self._rest, keepdims=True) if len(self._rest) else self._rest
        return narrowest(np.concatenate((*self._blocks, last)))
