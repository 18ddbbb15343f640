"""From the terms of documents in order to the documents of terms in order: posting arrays by sorting integers.

The terms are divided into slices, and the sort runs over one after another: so its numbers and what it takes in memory
stay small.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest
from arsearch.index.codec.block_max import BlockExtremes
from arsearch.index.codec.surface_forms_writer import OccurrenceExceptions
from arsearch.index.store.background import prefetch

__all__ = ["Occurrences", "invert"]

_SLICE = 1 << 16
_SLICES = 250
"""Occurrences sorted at a time, some 50 bytes each; but in so many slices, more or less, if that is fewer."""

_PIECE = 1 << 16
"""Occurrences divided into slices at a time: as many as a processor's cache holds."""


class Occurrences(NamedTuple):
    """Where terms stand: two parallel arrays in the order of documents and positions, and how often each term occurs.

    `terms` are ordinals below `len(counts)`; `places` have the document above `shift` bits and the position in them.
    Two of a term at one place count twice in `counts`.
    """

    terms: Array
    places: Array
    shift: int
    counts: Array

    def doc_offsets(self, docs: int) -> Array:
        """Return where the occurrences of each of `docs` documents begin, and last where they all end."""
        starts = np.searchsorted(
            self.places, np.arange(docs, dtype=self.places.dtype) << self.places.dtype.type(self.shift)
        )
        return np.append(starts, len(self.places))


def invert(
    found: Occurrences,
    ranks: Array,
    count: int,
    lengths: Array,
    ways: Array | None = None,
    exceptions: OccurrenceExceptions | None = None,
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """The posting arrays (see `postings`) of `count` terms, by name, each to be used up before the next is asked for.

    Term `t` of `found` is the term `ranks[t]` of the arrays, and may not be the only one; two occurrences of that at one
    place count once. `lengths` are those of the documents. `ways[t]` tells how `t` is written (see `written`), and
    `exceptions` is told it of the occurrences in the order of `positions`.
    """
    used = np.flatnonzero(found.counts)
    counts = np.zeros(count, np.int64)
    np.add.at(counts, ranks[used], found.counts[used])
    docs, freqs = [], []
    most, least = BlockExtremes(np.maximum), BlockExtremes(np.minimum)
    numbers, times = np.zeros(count, np.int64), np.zeros(count, np.int64)

    def parts() -> Iterator[Array]:
        slices = list(_slices(counts))
        sliced = _RadixPartition(found, ranks, used, slices, ways)
        steps = (partial(_sorted, found, sliced, at, counts[low:high]) for at, (low, high) in enumerate(slices))
        for (low, high), postings in zip(slices, prefetch(steps), strict=True):
            docs.append(narrowest(postings.docs))
            freqs.append(narrowest(postings.freqs))
            most.add(freqs[-1])
            least.add(lengths[postings.docs])
            numbers[low:high] = postings.numbers
            times[low:high] = postings.times
            if exceptions is not None and postings.ways is not None:
                exceptions.add(postings.ways)
            yield postings.positions

    yield names.POSITIONS, ArrayStream(np.min_scalar_type((1 << found.shift) - 1), parts())
    yield names.DOCS, _joined(docs)
    yield names.FREQS, _joined(freqs)
    yield names.POSTING_OFFSETS, narrowest(np.concatenate(([0], np.cumsum(numbers))))
    yield names.BLOCK_MAX_FREQ, most.array()
    yield names.BLOCK_MIN_LENGTH, least.array()
    yield names.POSITION_OFFSETS, narrowest(np.concatenate(([0], np.cumsum(times))))


class _SlicePostings(NamedTuple):
    """The postings of a stretch of terms; `numbers` are postings and `times` occurrences by term."""

    docs: Array
    freqs: Array
    positions: Array
    numbers: Array
    times: Array
    ways: Array | None


def _slices(counts: Array) -> Iterator[tuple[int, int]]:
    """Stretches of terms that occur so often together, or one term that occurs more often; no more than 65,536."""
    ends = np.cumsum(counts)
    size = max(_SLICE, int(counts.sum()) // _SLICES)
    low = 0
    while low < len(counts):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, min(low + (1 << 16), int(np.searchsorted(ends, before + size, "right"))))
        yield low, high
        low = high


class _RadixPartition:
    """The occurrences of each slice of the terms. A slice is a stretch of ranks, `[low, high)`.

    They are divided piece by piece, so that neither reading nor writing jumps about in memory.
    """

    def __init__(
        self, found: Occurrences, ranks: Array, used: Array, slices: list[tuple[int, int]], ways: Array | None
    ) -> None:
        sizes = [high - low for low, high in slices]
        slice_of_rank = narrowest(np.repeat(np.arange(len(slices)), sizes))
        within = np.concatenate([np.empty(0, np.uint16), *(np.arange(size, dtype=np.uint16) for size in sizes)])
        self._slice_of = np.zeros(len(ranks), slice_of_rank.dtype)
        self._slice_of[used] = slice_of_rank[ranks[used]]
        self._within_of = np.zeros(len(ranks), np.uint16)
        self._within_of[used] = within[ranks[used]]
        self._found, self._ways_of = found, ways
        self._within = np.empty(len(found.terms), np.uint16)
        self._places = np.empty_like(found.places)
        self._ways = None if ways is None else np.empty(len(found.terms), ways.dtype)
        starts = np.arange(0, len(found.terms), _PIECE)
        self._bounds = np.repeat(starts[:, None], len(slices) + 1, axis=1)
        for _ in prefetch(partial(self._divide, at) for at in range(len(starts))):
            pass

    def _divide(self, at: int) -> None:
        piece = slice(at * _PIECE, (at + 1) * _PIECE)
        terms = self._found.terms[piece]
        slices = self._slice_of.take(terms)
        order = np.argsort(slices, kind="stable")
        terms = terms.take(order)
        self._within[piece] = self._within_of.take(terms)
        self._places[piece] = self._found.places[piece].take(order)
        if self._ways is not None and self._ways_of is not None:
            self._ways[piece] = self._ways_of.take(terms)
        self._bounds[at, 1:] += np.cumsum(np.bincount(slices, minlength=self._bounds.shape[1] - 1))

    def occurrences(self, at: int) -> tuple[Array, Array, Array | None]:
        """Of a slice's occurrences, in order: the ranks of their terms within the slice, their places, and their ways."""
        stretches = list(zip(self._bounds[:, at].tolist(), self._bounds[:, at + 1].tolist(), strict=True))

        def of(values: Array) -> Array:
            return np.concatenate([values[:0], *(values[low:high] for low, high in stretches)])

        return of(self._within), of(self._places), None if self._ways is None else of(self._ways)


def _sorted(found: Occurrences, sliced: _RadixPartition, number: int, times: Array) -> _SlicePostings:
    within, places, told = sliced.occurrences(number)
    # NumPy sorts 16-bit numbers by radix: that takes an eighth of the time of sorting longer ones, and is stable.
    order = np.argsort(within, kind="stable")
    places = places.take(order)
    told = None if told is None else told.take(order)
    docs = places >> found.places.dtype.type(found.shift)
    new_term = (np.cumsum(times) - times)[times > 0]
    new = np.ones(len(order), bool)
    np.not_equal(docs[1:], docs[:-1], out=new[1:])
    new[new_term] = True
    again = np.flatnonzero(places[1:] == places[:-1]) + 1
    again = again[~new[again]]
    if len(again):
        term = np.repeat(np.arange(len(times)), times)
        places, docs, new, term = (np.delete(values, again) for values in (places, docs, new, term))
        times = np.bincount(term, minlength=len(times))
        told = None if told is None else np.delete(told, again)
    starts = np.flatnonzero(new)
    numbers = np.diff(np.searchsorted(starts, np.cumsum(times)), prepend=0)
    freqs = np.diff(starts, append=len(docs))
    positions = places & places.dtype.type((1 << found.shift) - 1)
    return _SlicePostings(docs[starts], freqs, positions, numbers, times, told)


def _joined(parts: list[Array]) -> Array:
    return narrowest(np.concatenate(parts)) if parts else np.empty(0, np.uint8)
