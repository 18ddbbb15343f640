"""Documents as bits: 64 at a time meet those of another set, and where one stands among the others is counted.

Bit `doc % 64`, from the lowest, of word `doc // 64` says whether a document is in a set. A `Bitmap` also knows how many
stand before each word, so that a document's place needs no search (rank: Jacobson, "Space-efficient static trees and
graphs", 1989). Sets that are few among all are better kept as a list.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["Bits", "RankedBitSet", "cardinality", "docs_reaching", "from_docs", "from_mask", "to_docs"]

Bits = Array
"""Words of 64 bits, of all documents there are."""

_WORD = 64
_DEEP = 8
"""Of so many sets all combinations are looked at."""


def from_mask(there: Array) -> Bits:
    """From a flag for every document."""
    short = -len(there) % _WORD
    if short:
        there = np.concatenate((there, np.zeros(short, bool)))
    return np.packbits(there, bitorder="little").view("<u8")


def from_docs(docs: Array, total: int) -> Bits:
    """From documents below `total`."""
    there = np.zeros(total + -total % _WORD, bool)
    there[docs] = True
    return from_mask(there)


def cardinality(bits: Bits) -> int:
    """How many documents there are."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def to_docs(bits: Bits, most: int | None = None) -> Array:
    """The documents, rising; with `most` the first ones only, a few more than that or all."""
    some = bits.nonzero()[0]
    if most is not None and len(some) > most:
        some = some[:most]
    flags = np.unpackbits(bits[some].view(np.uint8), bitorder="little").view(bool)
    at = flags.nonzero()[0]
    found: Array = (some << 6).take(at >> 6)
    found += at & 63
    return found


def docs_reaching(sets: Sequence[Bits], bounds: Sequence[float], need: float) -> Bits | None:
    """The documents for which the bounds of the sets they are in may add up to `need`; `None` if that is for every one.

    `bounds` fall. Of many sets the last ones are taken to have every document.
    """
    need -= sum(bounds[_DEEP:])
    sets, bounds = sets[:_DEEP], bounds[:_DEEP]
    if need <= 0:
        return None
    left = [sum(bounds[at:]) for at in range(len(sets) + 1)]

    def some(at: int, need: float) -> Bits | None:
        """Those in sets from `at` on whose bounds add up to so much, which is above 0; `None` for no document."""
        if left[at] < need:
            return None
        own: Bits | None = sets[at]
        if bounds[at] < need:
            rest = some(at + 1, need - bounds[at])
            own = None if rest is None else sets[at] & rest
        other = some(at + 1, need)
        if own is None or other is None:
            return other if own is None else own
        return own | other

    found = some(0, need)
    return np.zeros_like(sets[0]) if found is None else found


class RankedBitSet:
    """A set of documents, read only."""

    __slots__ = ("_before", "bits")

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        counts = np.bitwise_count(bits)
        ends = np.cumsum(counts, dtype=np.uint32)
        self._before = ends - counts

    @staticmethod
    def bytes(total: int) -> int:
        """What one takes in memory, if there are `total` documents."""
        return -(-total // _WORD) * 12

    def contains(self, docs: Array) -> Array:
        """Which of `docs` are in the set."""
        found: Array = self.bits.take(docs >> 6) >> (docs & 63).astype(np.uint64)
        found &= np.uint64(1)
        return found.astype(bool)

    def ranks(self, docs: Array) -> Array:
        """For each of `docs` its place in the set, counted from 1; 0 if it is not there."""
        at = docs >> 6
        # What stands above a document in its word is shifted out: its own bit is then the sign of a number.
        upto = self.bits.take(at)
        upto <<= (63 - (docs & 63)).astype(np.uint64)
        found: Array = self._before.take(at)
        found += np.bitwise_count(upto)
        found *= upto.view(np.int64) < 0
        return found

    def select(self, places: Array) -> Array:
        """The documents at some places, counted from 1; both rise."""
        at = self._before.searchsorted(places.astype(np.uint32)) - 1
        flags = np.unpackbits(self.bits[at].view(np.uint8), bitorder="little").reshape(-1, _WORD)
        enough = np.cumsum(flags, axis=1) == (places - self._before[at])[:, None]
        found: Array = (at << 6) + enough.argmax(axis=1)
        return found
