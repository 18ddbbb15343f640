"""A few bytes an article by which near-duplicates are told: the same report, cut, corrected or signed by another paper.

A sketch is a minhash (Broder, "On the resemblance and containment of documents", 1997) of the runs of three stems in an
article's body, in its one-byte form (Li & König, "b-Bit Minwise Hashing", 2010): byte `k` is what is left of the
run that comes first in the `k`-th of 16 orders. The share of equal bytes estimates the share of runs that two bodies
have in common. A quarter of the runs stands for all; a body with too few of them, about 20 words, has no sketch: zeros.

It is a function of the body and the analyzer alone, so that segments, workers and merges agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from arsearch.index.codec.array_file import Array

__all__ = ["SIGNATURE_FIELD", "SIGNATURE_SIZE", "collapse_near_duplicates", "minhash_signatures", "near_duplicates"]

SIGNATURE_FIELD = "body"
"""The field that has sketches."""

SIGNATURE_SIZE = 16
"""Bytes of a sketch."""

_ALIKE = 10
"""So many equal bytes make near-duplicates: see docs/benchmarks.md for what pairs with more and fewer are."""

_FEWEST = 4
_SAMPLE = 3  # a mask: of the runs, those whose hash has these bits 0
_CHUNK = 1 << 18
# Odd numbers without a pattern: binary digits of the golden ratio and of hash functions in use.
_MIX = tuple(map(np.uint32, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)))
_ORDERS = np.uint32(2) * np.random.RandomState(1997).randint(0, 1 << 31, SIGNATURE_SIZE).astype(np.uint32) + np.uint32(
    1
)
_BYTES = np.uint64(0x0101010101010101)


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
        rows[low:high] = _rows(hashes.take(terms[bounds[0] : bounds[-1]]), bounds - bounds[0])
        low = high
    return rows


def _rows(words: Array, bounds: Array) -> Array:
    """The rows of the documents that begin and end at `bounds` of `words`."""
    runs = words[:-2] * _MIX[0]
    for number, follower in enumerate((words[1:-1], words[2:]), 1):
        runs += follower
        runs *= _MIX[number]
    runs ^= runs >> np.uint32(15)
    chosen = np.flatnonzero((runs & np.uint32(_SAMPLE)) == 0)
    first, last = np.searchsorted(chosen, bounds[:-1]), np.searchsorted(chosen, bounds[1:] - 2)  # none runs over an end
    long = np.flatnonzero(last - first >= _FEWEST)
    rows = np.zeros((len(bounds) - 1, SIGNATURE_SIZE), np.uint8)
    if len(long):
        runs = np.append(runs.take(chosen), np.uint32(0xFFFFFFFF))
        ranges = np.stack((first[long], last[long]), axis=1).ravel()
        for number, order in enumerate(_ORDERS):
            least = np.minimum.reduceat(runs * order, ranges)[::2]
            rows[long, number] = (least * _MIX[0]) >> np.uint32(24)
    return rows


def near_duplicates(rows: Array, row: Array) -> Array:
    """Which of `rows` are of near-duplicates of a `row`'s article."""
    equal = (rows == row).view(np.uint64) * _BYTES >> np.uint64(56)  # the sum of eight bytes that are 0 or 1
    found: Array = equal.sum(axis=1) >= _ALIKE
    return found & bool(row.any())


def collapse_near_duplicates(rows: Array, count: int) -> tuple[list[int], list[int]]:
    """Of articles in order, the first `count` that are no near-duplicate of one before them that is kept.

    Their places, and how many of all articles after each were left out for it.
    """
    gone = np.zeros(len(rows), bool)
    kept: list[int] = []
    similar: list[int] = []
    for at in range(len(rows)):
        if len(kept) == count:
            break
        if not gone[at]:
            same = near_duplicates(rows[at + 1 :], rows[at]) & ~gone[at + 1 :]
            kept.append(at)
            similar.append(int(np.count_nonzero(same)))
            if similar[-1]:
                gone[at + 1 :] |= same
    return kept, similar
