"""Sets of documents as bits, for sets that hold a large share of all documents.

Bit `doc % 64` of word `doc // 64`, counted from the lowest, says whether a document is in the set. Sets are intersected
and united 64 documents at a time. `RankedBitSet` also keeps the number of documents before each word, and so finds the
rank of a document without a search (Jacobson, "Space-efficient static trees and graphs", 1989).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = [
    "Bits",
    "RankedBitSet",
    "cardinality",
    "docs_reaching",
    "empty_mask",
    "from_docs",
    "from_mask",
    "to_docs",
    "to_mask",
]

Bits = Array
"""Words of 64 bits, enough for all documents of the index."""

_WORD = 64
_MAX_SETS = 8
"""The number of sets that `docs_reaching` combines, in up to 256 combinations."""


def empty_mask(total: int) -> Array:
    """Return a mask without a document that `from_mask` need not copy; the index has `total` documents."""
    return np.zeros(total + -total % _WORD, bool)


def from_mask(mask: Array) -> Bits:
    """Return the set of the documents marked in a mask, which has a flag for every document."""
    padding = -len(mask) % _WORD
    if padding:
        mask = np.concatenate((mask, np.zeros(padding, bool)))
    return np.packbits(mask, bitorder="little").view("<u8")


def from_docs(docs: Array, total: int) -> Bits:
    """Return the set of `docs`, all below `total`, the number of documents of the index."""
    mask = empty_mask(total)
    mask[docs] = True
    return from_mask(mask)


def to_mask(bits: Bits, total: int) -> Array:
    """Return a mask of the documents of a set; `total` is the number of documents of the index."""
    return np.unpackbits(bits.view(np.uint8), count=total, bitorder="little").view(bool)


def cardinality(bits: Bits) -> int:
    """Return the number of documents in a set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def to_docs(bits: Bits, limit: int | None = None) -> Array:
    """Return the documents of a set, rising. With a `limit`, return at least the first `limit` of them, or all."""
    words = bits.nonzero()[0]
    if limit is not None and len(words) > limit:
        words = words[:limit]
    flags = np.unpackbits(bits[words].view(np.uint8), bitorder="little").view(bool)
    at = flags.nonzero()[0]
    docs: Array = (words << 6).take(at >> 6)
    docs += at & 63
    return docs


def docs_reaching(sets: Sequence[Bits], bounds: Sequence[float], need: float) -> Bits | None:
    """Return the documents whose sets have bounds that add up to `need` or more; `None` if all documents do.

    `bounds[i]` is what membership in `sets[i]` adds at most; bounds fall. Sets after the eighth are taken to contain every
    document, so the result may then be too large, never too small.
    """
    need -= sum(bounds[_MAX_SETS:])
    sets, bounds = sets[:_MAX_SETS], bounds[:_MAX_SETS]
    if need <= 0:
        return None
    remaining = [sum(bounds[at:]) for at in range(len(sets) + 1)]

    def reaching(at: int, need: float) -> Bits | None:
        """Return the documents that reach `need`, above 0, by the sets from `at` on; `None` for no document."""
        if remaining[at] < need:
            return None
        inside: Bits | None = sets[at]
        if bounds[at] < need:
            others = reaching(at + 1, need - bounds[at])
            inside = None if others is None else sets[at] & others
        without = reaching(at + 1, need)
        if inside is None or without is None:
            return without if inside is None else inside
        return inside | without

    docs = reaching(0, need)
    return np.zeros_like(sets[0]) if docs is None else docs


class RankedBitSet:
    """A read-only set of documents that knows their ranks."""

    __slots__ = ("_before", "bits")

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        counts = np.bitwise_count(bits)
        ends = np.cumsum(counts, dtype=np.uint32)
        self._before = ends - counts

    @staticmethod
    def bytes(total: int) -> int:
        """Return the size in memory of a set, in bytes, in an index of `total` documents."""
        return -(-total // _WORD) * 12

    def contains(self, docs: Array) -> Array:
        """Return a mask of `docs` that is true for those in the set."""
        bits: Array = self.bits.take(docs >> 6) >> (docs & 63).astype(np.uint64)
        bits &= np.uint64(1)
        return bits.astype(bool)

    def ranks(self, docs: Array) -> Array:
        """Return the rank of each of `docs` in the set, counted from 1; 0 for a document that is not in it."""
        at = docs >> 6
        # The shift drops the bits above the document's own, which becomes the sign bit.
        up_to_doc = self.bits.take(at)
        up_to_doc <<= (63 - (docs & 63)).astype(np.uint64)
        ranks: Array = self._before.take(at)
        ranks += np.bitwise_count(up_to_doc)
        ranks *= up_to_doc.view(np.int64) < 0
        return ranks

    def select(self, ranks: Array) -> Array:
        """Return the documents with those ranks, counted from 1 and in rising order."""
        at = self._before.searchsorted(ranks.astype(np.uint32)) - 1
        flags = np.unpackbits(self.bits[at].view(np.uint8), bitorder="little").reshape(-1, _WORD)
        reached = np.cumsum(flags, axis=1) == (ranks - self._before[at])[:, None]
        docs: Array = (at << 6) + reached.argmax(axis=1)
        return docs
