"""Invert occurrences: turn the terms of each document into the documents of each term, by sorting integers.

The terms are divided into slices, and each slice is sorted by itself. This keeps the sorted integers small and bounds the
memory that a sort takes.
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

_SLICE_OCCURRENCES = 1 << 16
_MAX_SLICES = 250
"""A slice has about 65,536 occurrences, of some 50 bytes each while it is sorted. It has more if there would be more than
about 250 slices."""

_MAX_SLICE_TERMS = 1 << 16
"""A term's number within its slice fits 16 bits."""

_CHUNK = 1 << 16
"""The occurrences that are partitioned at a time: as many as fit a processor's cache."""


class Occurrences(NamedTuple):
    """The occurrences of a field's terms: two parallel arrays in the order of documents and positions.

    `terms` are numbers below `len(counts)`. `places` have the document number above the lowest `shift` bits and the
    position in these bits. `counts` has the number of occurrences of each term; a term that is listed twice at one place
    counts twice.
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
    occurrences: Occurrences,
    ordinals: Array,
    count: int,
    lengths: Array,
    form_ids: Array | None = None,
    exceptions: OccurrenceExceptions | None = None,
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the posting arrays (see `codec.postings`) of `count` terms by name. Use each up before asking for the next.

    Term `t` of `occurrences` becomes the term with the ordinal `ordinals[t]`. Several terms may share an ordinal; two of
    them at one place become one occurrence. `lengths` has the length of each document. `form_ids[t]` is the number of the
    surface form of `t` (see `codec.surface_forms`). `exceptions` receives these numbers in the order of the positions.
    """
    used = np.flatnonzero(occurrences.counts)
    counts = np.zeros(count, np.int64)
    np.add.at(counts, ordinals[used], occurrences.counts[used])
    docs, freqs = [], []
    max_freqs, min_lengths = BlockExtremes(np.maximum), BlockExtremes(np.minimum)
    posting_counts, position_counts = np.zeros(count, np.int64), np.zeros(count, np.int64)

    def positions() -> Iterator[Array]:
        slices = list(_slices(counts))
        partition = _RadixPartition(occurrences, ordinals, used, slices, form_ids)
        steps = (partial(_sort_slice, partition, at, counts[low:high]) for at, (low, high) in enumerate(slices))
        for (low, high), postings in zip(slices, prefetch(steps), strict=True):
            docs.append(narrowest(postings.docs))
            freqs.append(narrowest(postings.freqs))
            max_freqs.add(freqs[-1])
            min_lengths.add(lengths[postings.docs])
            posting_counts[low:high] = postings.posting_counts
            position_counts[low:high] = postings.position_counts
            if exceptions is not None and postings.form_ids is not None:
                exceptions.add(postings.form_ids)
            yield postings.positions

    yield names.POSITIONS, ArrayStream(np.min_scalar_type((1 << occurrences.shift) - 1), positions())
    yield names.DOCS, _joined(docs)
    yield names.FREQS, _joined(freqs)
    yield names.POSTING_OFFSETS, narrowest(np.concatenate(([0], np.cumsum(posting_counts))))
    yield names.BLOCK_MAX_FREQ, max_freqs.array()
    yield names.BLOCK_MIN_LENGTH, min_lengths.array()
    yield names.POSITION_OFFSETS, narrowest(np.concatenate(([0], np.cumsum(position_counts))))


class _SlicePostings(NamedTuple):
    """The postings of a slice. The two arrays of counts run over its terms."""

    docs: Array
    freqs: Array
    positions: Array
    posting_counts: Array
    position_counts: Array
    form_ids: Array | None


def _slices(counts: Array) -> Iterator[tuple[int, int]]:
    """Yield the slices of the terms as ranges of ordinals. A slice exceeds its size only if it is a single term."""
    ends = np.cumsum(counts)
    size = max(_SLICE_OCCURRENCES, int(counts.sum()) // _MAX_SLICES)
    low = 0
    while low < len(counts):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, min(low + _MAX_SLICE_TERMS, int(np.searchsorted(ends, before + size, "right"))))
        yield low, high
        low = high


class _RadixPartition:
    """The occurrences by slice; a slice is a range of ordinals, `[low, high)`.

    They are partitioned chunk by chunk, because reads and writes that jump about in memory are slow.
    """

    def __init__(
        self,
        occurrences: Occurrences,
        ordinals: Array,
        used: Array,
        slices: list[tuple[int, int]],
        form_ids: Array | None,
    ) -> None:
        sizes = [high - low for low, high in slices]
        slice_of_ordinal = narrowest(np.repeat(np.arange(len(slices)), sizes))
        number_in_slice = np.concatenate(
            [np.empty(0, np.uint16), *(np.arange(size, dtype=np.uint16) for size in sizes)]
        )
        self.shift = occurrences.shift
        self._slice_of = np.zeros(len(ordinals), slice_of_ordinal.dtype)
        self._slice_of[used] = slice_of_ordinal[ordinals[used]]
        self._number_of = np.zeros(len(ordinals), np.uint16)
        self._number_of[used] = number_in_slice[ordinals[used]]
        self._form_id_of = form_ids
        self._occurrences = occurrences
        self._numbers = np.empty(len(occurrences.terms), np.uint16)
        self._places = np.empty_like(occurrences.places)
        self._form_ids = None if form_ids is None else np.empty(len(occurrences.terms), form_ids.dtype)
        starts = np.arange(0, len(occurrences.terms), _CHUNK)
        self._bounds = np.repeat(starts[:, None], len(slices) + 1, axis=1)
        for _ in prefetch(partial(self._divide, chunk) for chunk in range(len(starts))):
            pass

    def _divide(self, chunk: int) -> None:
        span = slice(chunk * _CHUNK, (chunk + 1) * _CHUNK)
        terms = self._occurrences.terms[span]
        slices = self._slice_of.take(terms)
        order = np.argsort(slices, kind="stable")
        terms = terms.take(order)
        self._numbers[span] = self._number_of.take(terms)
        self._places[span] = self._occurrences.places[span].take(order)
        if self._form_ids is not None and self._form_id_of is not None:
            self._form_ids[span] = self._form_id_of.take(terms)
        self._bounds[chunk, 1:] += np.cumsum(np.bincount(slices, minlength=self._bounds.shape[1] - 1))

    def occurrences(self, at: int) -> tuple[Array, Array, Array | None]:
        """Return the occurrences of a slice: the numbers of their terms within the slice, their places, their form ids."""
        ranges = list(zip(self._bounds[:, at].tolist(), self._bounds[:, at + 1].tolist(), strict=True))

        def gather(values: Array) -> Array:
            return np.concatenate([values[:0], *(values[low:high] for low, high in ranges)])

        form_ids = None if self._form_ids is None else gather(self._form_ids)
        return gather(self._numbers), gather(self._places), form_ids


def _sort_slice(partition: _RadixPartition, at: int, counts: Array) -> _SlicePostings:
    """Sort the occurrences of a slice by term; `counts` has the number of occurrences of each of its terms."""
    numbers, places, form_ids = partition.occurrences(at)
    # NumPy sorts 16-bit integers by radix. This is stable, and eight times as fast as its sort of longer ones.
    order = np.argsort(numbers, kind="stable")
    places = places.take(order)
    form_ids = None if form_ids is None else form_ids.take(order)
    docs = places >> places.dtype.type(partition.shift)
    term_starts = (np.cumsum(counts) - counts)[counts > 0]
    new = np.ones(len(order), bool)
    np.not_equal(docs[1:], docs[:-1], out=new[1:])
    new[term_starts] = True
    duplicates = np.flatnonzero(places[1:] == places[:-1]) + 1
    duplicates = duplicates[~new[duplicates]]
    if len(duplicates):
        term = np.repeat(np.arange(len(counts)), counts)
        places, docs, new, term = (np.delete(values, duplicates) for values in (places, docs, new, term))
        counts = np.bincount(term, minlength=len(counts))
        form_ids = None if form_ids is None else np.delete(form_ids, duplicates)
    starts = np.flatnonzero(new)
    posting_counts = np.diff(np.searchsorted(starts, np.cumsum(counts)), prepend=0)
    freqs = np.diff(starts, append=len(docs))
    positions = places & places.dtype.type((1 << partition.shift) - 1)
    return _SlicePostings(docs[starts], freqs, positions, posting_counts, counts, form_ids)


def _joined(parts: list[Array]) -> Array:
    return narrowest(np.concatenate(parts)) if parts else np.empty(0, np.uint8)
