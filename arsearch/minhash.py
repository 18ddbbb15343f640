"""MinHash signatures, which find near-duplicates: the same report cut, corrected or signed by another newspaper.

A signature is a MinHash (Broder, "On the resemblance and containment of documents", 1997) of the shingles of three stems
in an article's body, in its one-byte form (Li and König, "b-Bit Minwise Hashing", 2010): byte `k` is the top byte of a
hash of the shingle that comes first in the `k`-th of 16 orders. The share of equal bytes estimates the share of shingles
that two bodies have in common. A quarter of the shingles is sampled. A body with fewer than 4 in the sample, about 20
words, has no signature: its bytes are zero.

A signature depends on the body and the analyzer alone. Segments, workers, merges and back-ends agree on it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "MIN_EQUAL_BYTES",
    "SIGNATURE_FIELD",
    "SIGNATURE_SIZE",
    "collapse_near_duplicates",
    "minhash_signature",
    "minhash_signatures",
    "near_duplicates",
    "stem_hash",
]

Array = NDArray[Any]

SIGNATURE_FIELD = "body"
"""The field that has signatures."""

SIGNATURE_SIZE = 16
"""The number of bytes of a signature."""

MIN_EQUAL_BYTES = 10
"""The number of equal bytes from which on two articles are near-duplicates; docs/benchmarks.md shows what it separates."""

_MIN_SHINGLES = 4
_SAMPLE_MASK = 3
"""Shingles whose hash has these bits zero are in the sample."""

_CHUNK = 1 << 18
"""The number of terms whose shingles are hashed at a time; more if one document has more."""

# The first three primes of xxHash32: odd, with no pattern in their bits.
_MIX = tuple(map(np.uint32, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)))
_BYTES = np.uint64(0x0101010101010101)


@functools.cache
def _orders() -> Array:
    """Return the odd factors that put the hashes of shingles into `SIGNATURE_SIZE` different orders."""
    drawn = np.random.RandomState(1997).randint(0, 1 << 31, SIGNATURE_SIZE).astype(np.uint32)
    return np.uint32(2) * drawn + np.uint32(1)


def minhash_signatures(terms: Array, doc_offsets: Array, ranks: Array, stems: Sequence[str]) -> Array:
    """Return the signatures of documents, one row of `SIGNATURE_SIZE` bytes each.

    Document `d` is the run of terms `terms[doc_offsets[d]:doc_offsets[d + 1]]`, and the stem of term `t` is
    `stems[ranks[t]]`. A term that occurs nowhere may have any rank.
    """
    hashes = np.fromiter(map(crc32, "\n".join(stems).encode().split(b"\n")), np.uint32, max(len(stems), 1))
    hashes = hashes.take(ranks, mode="clip")  # a term that occurs nowhere may have no rank
    docs = len(doc_offsets) - 1
    rows = np.zeros((docs, SIGNATURE_SIZE), np.uint8)
    low = 0
    while low < docs:
        high = max(low + 1, int(np.searchsorted(doc_offsets, doc_offsets[low] + _CHUNK, "right")) - 1)
        bounds = doc_offsets[low : high + 1]
        rows[low:high] = _signatures(hashes.take(terms[bounds[0] : bounds[-1]]), bounds - bounds[0])
        low = high
    return rows


def stem_hash(stem: str) -> int:
    """Return the hash of a stem."""
    return crc32(stem.encode())


def minhash_signature(hashes: Sequence[int]) -> bytes:
    """Return the signature of one document from the hashes of its stems in order; empty if it has none."""
    row = _signatures(np.array(hashes, np.uint32), np.array([0, len(hashes)], np.int64))[0]
    return bytes(row) if row.any() else b""


def _signatures(stems: Array, bounds: Array) -> Array:
    """Return the signatures of documents from the hashes of their stems; document `d` is `stems[bounds[d]:bounds[d + 1]]`."""
    shingles = stems[:-2] * _MIX[0]
    for number, follower in enumerate((stems[1:-1], stems[2:]), 1):
        shingles += follower
        shingles *= _MIX[number]
    shingles ^= shingles >> np.uint32(15)
    sample = np.flatnonzero((shingles & np.uint32(_SAMPLE_MASK)) == 0)
    # The last two stems of a document begin no shingle of its own.
    first, last = np.searchsorted(sample, bounds[:-1]), np.searchsorted(sample, bounds[1:] - 2)
    long = np.flatnonzero(last - first >= _MIN_SHINGLES)
    rows = np.zeros((len(bounds) - 1, SIGNATURE_SIZE), np.uint8)
    if len(long):
        shingles = np.append(shingles.take(sample), np.uint32(0xFFFFFFFF))
        ranges = np.stack((first[long], last[long]), axis=1).ravel()
        for number, order in enumerate(_orders()):
            least = np.minimum.reduceat(shingles * order, ranges)[::2]
            rows[long, number] = (least * _MIX[0]) >> np.uint32(24)
    return rows


def near_duplicates(rows: Array, row: Array) -> Array:
    """Return a mask of the `rows` that are near-duplicates of the signature `row`; a `row` of zeros has none."""
    halves = (rows == row).view(np.uint64)
    equal = halves[:, 0] + halves[:, 1]  # in each of eight bytes the number of equal bytes, up to 2
    equal *= _BYTES  # the sum of the bytes in the highest one
    similar: Array = equal >> np.uint64(56) >= MIN_EQUAL_BYTES
    return similar & bool(row.any())


def collapse_near_duplicates(rows: Array, count: int) -> tuple[list[int], list[int]]:
    """Keep the first article of each group of near-duplicates, at most `count` articles.

    `rows` has the signatures of articles, in order. Returns the positions of the articles kept, and for each of them how
    many later articles were left out as its near-duplicates. An article is compared with those kept before it.
    """
    left_out = np.zeros(len(rows), bool)
    kept: list[int] = []
    similar: list[int] = []
    for at in range(len(rows)):
        if len(kept) == count:
            break
        if not left_out[at]:
            same = near_duplicates(rows[at + 1 :], rows[at]) & ~left_out[at + 1 :]
            kept.append(at)
            similar.append(int(np.count_nonzero(same)))
            if similar[-1]:
                left_out[at + 1 :] |= same
    return kept, similar
