"""From the terms of documents in order to the documents of terms in order: posting arrays by sorting integers.

The sort runs over one stretch of the terms after another: so its numbers and what it takes in memory stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from arsearch.index.ahead import ahead
from arsearch.index.arrays import Array, Streamed, smallest_uint
from arsearch.index.bounds import Extremes
from arsearch.index.ways import Exceptions

__all__ = ["Occurrences", "invert"]

_SLICE = 1 << 19
"""Occurrences sorted at a time, some 40 bytes each."""

_TOGETHER = 4
"""Stretches picked out of all occurrences at a time, 8 or 12 bytes each: to look through all for each takes longer."""


class Occurrences(NamedTuple):
    """Where terms stand: two parallel arrays in the order of documents and positions, and how often each term occurs.

    `terms` are ordinals below `len(counts)`; `places` have the document above `shift` bits and the position in them.
    Two of a term at one place count twice in `counts`. `ways` tells how each is written (see `written`), if it is asked.
    """

    terms: Array
    places: Array
    shift: int
    counts: Array
    ways: Array | None = None

    def ranked(self, ranks: Array, count: int, *, in_place: bool) -> Occurrences:
        """The same with other ordinals below `count`: of term `t` it is `ranks[t]`; in place the old ones are lost."""
        terms = self.terms if in_place else np.empty_like(self.terms)
        for start in range(0, len(terms), _SLICE):
            part = slice(start, start + _SLICE)
            terms[part] = ranks[self.terms[part]]
        used = np.flatnonzero(self.counts)
        counts = np.zeros(count, np.int64)
        np.add.at(counts, ranks[used], self.counts[used])
        return self._replace(terms=terms, counts=counts)

    def between(self, low: int, high: int) -> Occurrences:
        """Those of the terms `[low, high)`."""
        at = np.flatnonzero((self.terms >= low) & (self.terms < high))
        ways = None if self.ways is None else self.ways.take(at)
        return self._replace(terms=self.terms.take(at), places=self.places.take(at), ways=ways)


def invert(
    found: Occurrences, lengths: Array, exceptions: Exceptions | None = None
) -> Iterator[tuple[str, Array | Streamed]]:
    """The posting arrays (see `postings`), by name, each to be used up before the next is asked for.

    Two occurrences of a term at one place count once. `lengths` are those of the documents. `exceptions` is told the ways
    of the occurrences, in the order of `positions`.
    """
    count = len(found.counts)
    docs, freqs = [], []
    most, least = Extremes(np.maximum), Extremes(np.minimum)
    numbers, times = np.zeros(count, np.int64), np.zeros(count, np.int64)

    def parts() -> Iterator[Array]:
        slices = list(_slices(found.counts))
        groups = [slices[at : at + _TOGETHER] for at in range(0, len(slices), _TOGETHER)]
        sorting = ahead(step for group in groups for step in _steps(found, group))
        for (low, high), postings in zip(slices, sorting, strict=True):
            docs.append(smallest_uint(postings.docs))
            freqs.append(smallest_uint(postings.freqs))
            most.add(freqs[-1])
            least.add(lengths[postings.docs])
            numbers[low:high] = postings.numbers
            times[low:high] = postings.times
            if exceptions is not None and postings.ways is not None:
                exceptions.add(postings.ways)
            yield postings.positions

    yield "positions", Streamed(np.min_scalar_type((1 << found.shift) - 1), parts())
    yield "docs", _joined(docs)
    yield "freqs", _joined(freqs)
    yield "first", smallest_uint(np.concatenate(([0], np.cumsum(numbers))))
    yield "most", most.array()
    yield "least", least.array()
    yield "places", smallest_uint(np.concatenate(([0], np.cumsum(times))))


class _Postings(NamedTuple):
    """The postings of a stretch of terms; `numbers` are postings and `times` occurrences by term."""

    docs: Array
    freqs: Array
    positions: Array
    numbers: Array
    times: Array
    ways: Array | None


def _slices(counts: Array) -> Iterator[tuple[int, int]]:
    """Stretches of terms that occur `_SLICE` times together, or one term that occurs more often; no more than 65,536."""
    ends = np.cumsum(counts)
    low = 0
    while low < len(counts):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, min(low + (1 << 16), int(np.searchsorted(ends, before + _SLICE, "right"))))
        yield low, high
        low = high


def _steps(found: Occurrences, slices: Sequence[tuple[int, int]]) -> Iterator[Callable[[], _Postings]]:
    near = found.between(slices[0][0], slices[-1][1])
    for low, high in slices:
        yield partial(_sorted, near, low, high)


def _sorted(near: Occurrences, low: int, high: int) -> _Postings:
    found = near.between(low, high)
    # NumPy sorts 16-bit numbers by radix: that takes an eighth of the time of sorting longer ones, and is stable.
    order = np.argsort((found.terms - np.uint32(low)).astype(np.uint16), kind="stable")
    places = found.places.take(order)
    ways = None if found.ways is None else found.ways.take(order)
    docs = places >> found.places.dtype.type(found.shift)
    times = found.counts[low:high]
    new_term = (np.cumsum(times) - times)[times > 0]
    new = np.ones(len(order), bool)
    np.not_equal(docs[1:], docs[:-1], out=new[1:])
    new[new_term] = True
    again = np.flatnonzero(places[1:] == places[:-1]) + 1
    again = again[~new[again]]
    if len(again):
        term = np.repeat(np.arange(high - low), times)
        places, docs, new, term = (np.delete(values, again) for values in (places, docs, new, term))
        times = np.bincount(term, minlength=high - low)
        ways = None if ways is None else np.delete(ways, again)
    starts = np.flatnonzero(new)
    numbers = np.diff(np.searchsorted(starts, np.cumsum(times)), prepend=0)
    freqs = np.diff(starts, append=len(docs))
    positions = places & places.dtype.type((1 << found.shift) - 1)
    return _Postings(docs[starts], freqs, positions, numbers, times, ways)


def _joined(parts: list[Array]) -> Array:
    return smallest_uint(np.concatenate(parts)) if parts else np.empty(0, np.uint8)
