"""Posting lists of one term field: in which documents, how often and where each term stands.

Four arrays serve all terms of a field and level. Term `t` has the postings `[first[t], first[t+1])`
of `docs` (rising) and `freqs`; the positions of these postings follow one another in `positions`
from `places[t]` on, `freqs[i]` of them for posting `i`, rising.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from arsearch.index.arrays import Array, ArrayFile, smallest_uint
from arsearch.index.terms import TermDictionary

__all__ = ["PostingLists", "gather", "invert"]


class PostingLists(NamedTuple):
    """The terms of a field and level, with their postings."""

    terms: TermDictionary
    first: Array
    docs: Array
    freqs: Array
    places: Array
    positions: Array

    @classmethod
    def open(cls, file: ArrayFile, key: str) -> PostingLists | None:
        """The lists kept in `file` under `key`; `None` if it has none."""
        if f"{key}.first" not in file:
            return None
        terms = TermDictionary(file.raw(f"{key}.blob"), file.array(f"{key}.ends"))
        return cls(terms, *(file.array(f"{key}.{name}") for name in cls._fields[1:]))

    def postings(self, term: int) -> tuple[Array, Array]:
        """The documents that hold the term, rising, and its frequency in each."""
        span = slice(int(self.first[term]), int(self.first[term + 1]))
        return self.docs[span], self.freqs[span]

    def occurrences(self, term: int) -> tuple[Array, Array]:
        """The document and position of every occurrence, rising."""
        docs, freqs = self.postings(term)
        span = slice(int(self.places[term]), int(self.places[term + 1]))
        return np.repeat(docs, freqs), self.positions[span]

    def occurrences_in(self, term: int, wanted: Array) -> Array:
        """Where a term stands in some documents, which rise: `document << 32 | position`, rising."""
        docs, freqs = self.postings(term)
        if not len(wanted) or not len(docs):
            return np.empty(0, np.int64)
        at = np.searchsorted(docs, wanted)
        at[at == len(docs)] = 0
        at = at[docs[at] == wanted]
        ends = int(self.places[term]) + np.cumsum(freqs, dtype=np.int64)
        counts = freqs[at].astype(np.int64)
        keys: Array = np.repeat(docs[at].astype(np.int64) << 32, counts)
        return keys | self.positions[stretches(ends[at] - counts, counts)]


def stretches(starts: Array, counts: Array) -> Array:
    """The indices of all the stretches that begin at `starts` and have `counts` members, one after another."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    index: Array = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return index


def invert(terms: Array, docs: Array, positions: Array, count: int) -> Mapping[str, Array]:
    """Posting arrays of `count` terms from parallel arrays of occurrences, in document and position order.

    Two occurrences of a term at one place count once.
    """
    # One sort of integers: the term above, the occurrence below, so that the order within a term stays.
    keys = terms.astype(np.uint64) << np.uint64(32) | np.arange(len(terms), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    terms = (keys >> np.uint64(32)).astype(np.uint32)
    del keys
    docs, positions = docs[order], positions[order]
    same_doc = np.zeros(len(terms), bool)
    same_doc[1:] = (terms[1:] == terms[:-1]) & (docs[1:] == docs[:-1])
    twice = same_doc.copy()
    twice[1:] &= positions[1:] == positions[:-1]
    if twice.any():
        keep = ~twice
        terms, docs, positions, same_doc = terms[keep], docs[keep], positions[keep], same_doc[keep]
    starts = np.flatnonzero(~same_doc)
    return gather(terms[starts], docs[starts], np.diff(starts, append=len(terms)), positions, count)


def gather(terms: Array, docs: Array, freqs: Array, positions: Array, count: int) -> dict[str, Array]:
    """Posting arrays from postings in term and document order, and their positions."""
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(terms, minlength=count), out=first[1:])
    ends = np.concatenate(([0], np.cumsum(freqs, dtype=np.int64)))
    return {
        "first": smallest_uint(first),
        "docs": smallest_uint(docs),
        "freqs": smallest_uint(freqs),
        "places": smallest_uint(ends[first]),
        "positions": smallest_uint(positions),
    }
