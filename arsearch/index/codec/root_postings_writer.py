"""The arrays of the postings of roots (see `root_postings`), from the postings of stems.

A new segment and a merged one are made in the same way: postings of stems are sorted by root and document, one run of
roots at a time. Memory holds one run, and the frequencies of up to `_MAX_KEPT` postings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, narrowest
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.packed_array import Numbers
from arsearch.index.codec.ranges import concat_ranges, distinct
from arsearch.index.codec.term_dictionary import term_arrays

__all__ = ["StemPostings", "root_arrays"]

_RUN_POSTINGS = 1 << 18
"""The postings of stems that are sorted at a time; a root with more is sorted alone."""

_MAX_KEPT = 1 << 23
"""If a segment has more postings of roots, they are sorted again for the frequencies of each field."""

_KEY_BITS = 63


class StemPostings(NamedTuple):
    """The postings of a field's stems in one segment.

    `roots` has the ordinal of each stem's root, the number of roots for none. The others are the arrays of
    `codec.postings`. `doc_map` has the new number of each document; a number that is too large marks a dropped document.
    """

    roots: Array
    posting_offsets: Array
    docs: Array | VerifiedArray
    freqs: Array | Numbers
    doc_map: Array | None = None


class _Run(NamedTuple):
    """The postings of a run of roots: the number of postings of each, their documents, and frequencies by field."""

    counts: Array
    docs: Array
    freqs: dict[str, Array]


def root_arrays(
    roots: Sequence[str], fields: Mapping[str, Sequence[StemPostings]], docs: int
) -> Iterator[tuple[str, Array | ArrayStream]]:
    """Yield the arrays of the postings of `roots`, except the roots of stems. Use each up before asking for the next.

    `roots` are sorted. `fields` has the stem postings of each field, one for each segment. `docs` is the number of
    documents. A root whose words occur in dropped documents alone keeps an empty list.
    """
    key = names.ROOT_POSTINGS
    yield from term_arrays(key, roots).items()
    sorter = _Sorter(len(roots), fields, docs)
    counts: list[Array] = []
    largest = dict.fromkeys(fields, 0)
    kept: list[dict[str, Array]] | None = []
    total = 0

    def documents() -> Iterator[Array]:
        nonlocal kept, total
        for run in sorter.runs():
            counts.append(run.counts)
            total += len(run.docs)
            for field, freqs in run.freqs.items():
                largest[field] = max(largest[field], int(freqs.max(initial=0)))
            if total > _MAX_KEPT:
                kept = None
            if kept is not None:
                kept.append(_narrow(run.freqs))
            yield run.docs

    yield names.part(key, names.DOCS), ArrayStream(np.min_scalar_type(max(docs - 1, 0)), documents())
    ends = np.cumsum(np.concatenate(([0], *counts)), dtype=np.int64)
    yield names.part(key, names.POSTING_OFFSETS), narrowest(ends)
    for field in fields:
        runs = (run.freqs for run in sorter.runs()) if kept is None else iter(kept)
        dtype = np.min_scalar_type(largest[field])
        yield names.field_array(field, names.ROOT_FREQS), ArrayStream(dtype, (freqs[field] for freqs in runs))


def _narrow(freqs: Mapping[str, Array]) -> dict[str, Array]:
    return {field: narrowest(values) for field, values in freqs.items()}


class _Sorter:
    """Sorts the postings of stems by root and document."""

    def __init__(self, roots: int, fields: Mapping[str, Sequence[StemPostings]], docs: int) -> None:
        self._docs = docs
        self._doc_bits = docs.bit_length()
        self._fields = {field: [_SortedStems(one, roots) for one in parts] for field, parts in fields.items()}
        sources = [source for parts in self._fields.values() for source in parts]
        self._freq_bits = max((8 * source.freqs.dtype.itemsize for source in sources), default=0)
        sizes = sum((source.sizes for source in sources), start=np.zeros(roots, np.int64))
        self._ends = np.cumsum(sizes)

    def runs(self) -> Iterator[_Run]:
        """Yield the postings of all roots, in order."""
        low = 0
        most = 1 << max(_KEY_BITS - self._doc_bits - self._freq_bits, 0)
        while low < len(self._ends):
            before = int(self._ends[low - 1]) if low else 0
            high = int(np.searchsorted(self._ends, before + _RUN_POSTINGS, "right"))
            high = max(low + 1, min(high, low + most))
            yield self._run(low, high)
            low = high

    def _run(self, low: int, high: int) -> _Run:
        summed = {field: self._summed(parts, low, high) for field, parts in self._fields.items()}
        keys = distinct(np.concatenate([own for own, _ in summed.values()]))
        freqs = {}
        for field, (own, sums) in summed.items():
            freqs[field] = np.zeros(len(keys), sums.dtype)
            freqs[field][np.searchsorted(keys, own)] = sums
        counts = np.bincount(keys >> self._doc_bits, minlength=high - low)
        return _Run(counts, keys & ((1 << self._doc_bits) - 1), freqs)

    def _summed(self, parts: Sequence[_SortedStems], low: int, high: int) -> tuple[Array, Array]:
        """Return the keys of a field's postings, ascending, and the sum of the frequencies of each key.

        A key has the root, counted from `low`, above the document.
        """
        read = partial(_SortedStems.postings, low=low, high=high, docs=self._docs)
        columns = list(map(read, parts))
        roots, docs, freqs = (np.concatenate(column) for column in zip(*columns, strict=True))
        packed = ((roots << self._doc_bits) | docs) << self._freq_bits | freqs
        packed.sort()  # several times as fast as sorting the keys and then the frequencies
        keys = packed >> self._freq_bits
        if not len(keys):
            return keys, keys
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        return keys[starts], np.add.reduceat(packed & ((1 << self._freq_bits) - 1), starts)


class _SortedStems:
    """The stems of one field and segment that have a root, in the order of their roots."""

    def __init__(self, stems: StemPostings, roots: int) -> None:
        order = np.argsort(stems.roots, kind="stable")
        order = order[: np.searchsorted(stems.roots[order], roots)]
        offsets = stems.posting_offsets.astype(np.int64)
        self._roots = stems.roots[order].astype(np.int64)
        self._starts = offsets[order]
        self._counts = offsets[order + 1] - self._starts
        self._all_docs, self._doc_map, self.freqs = stems.docs, stems.doc_map, stems.freqs
        self.sizes = np.bincount(self._roots, self._counts, roots).astype(np.int64)
        """The number of postings of each root."""

    def postings(self, low: int, high: int, docs: int) -> tuple[Array, Array, Array]:
        """Return the root, the document and the frequency of each posting of the roots `[low, high)` below `docs`.

        Roots are counted from `low`.
        """
        span = slice(*np.searchsorted(self._roots, (low, high)).tolist())
        counts = self._counts[span]
        index = concat_ranges(self._starts[span], counts)
        roots = np.repeat(self._roots[span] - low, counts)
        found = self._all_docs[index]
        freqs = self.freqs[index].astype(np.int64)
        if self._doc_map is None:
            return roots, found.astype(np.int64), freqs
        mapped = self._doc_map[found].astype(np.int64)
        live = mapped < docs
        return roots[live], mapped[live], freqs[live]
