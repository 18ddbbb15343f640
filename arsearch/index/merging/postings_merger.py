"""The posting lists of several segments as those of one, made while they are written.

Memory holds a few numbers for each term, and the postings of a run of terms at a time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayStream, differences, narrowest
from arsearch.index.codec.block_max import BlockExtremes
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionaryWriter
from arsearch.index.store.background import prefetch

__all__ = ["DROPPED", "MergeSource", "PostingsMerger"]

DROPPED = 0xFFFFFFFF
"""Where documents and terms go that are not in the joined segment."""

_TERMS = 1 << 13
_POSTINGS = 1 << 20
"""How many terms of each segment are merged at a time, and how many postings; a term with more comes alone."""


class MergeSource:
    """The lists of one segment, and the new number of each of its documents, or `GONE`."""

    def __init__(self, lists: Postings, remap: Array) -> None:
        self.lists = lists
        self.remap = remap
        self._whole = not (remap == DROPPED).any()
        self.numbers, self.times = (
            narrowest(differences(lists.posting_offsets.whole())),
            narrowest(differences(lists.position_offsets.whole())),
        )
        if self.times[self.numbers == 0].any():
            raise lists.terms.impossible()
        if not self._whole:
            self._count()
        self.ranks = np.full(len(self.numbers), DROPPED, np.uint32)
        """The ordinal of each term among the joined ones."""

    def _count(self) -> None:
        """Count what is kept of each term's postings and occurrences."""
        for low, high in _runs(self.numbers.copy()):
            kept = self._kept(low, high)
            freqs = self.lists.freqs[self._postings(low, high)]
            term = np.repeat(np.arange(high - low), self.numbers[low:high])[kept]
            self.numbers[low:high] = np.bincount(term, minlength=high - low)
            self.times[low:high] = np.bincount(term, freqs[kept], minlength=high - low)

    def _postings(self, low: int, high: int) -> slice:
        """Where the postings of the terms `[low, high)` are."""
        return slice(int(self.lists.posting_offsets[low]), int(self.lists.posting_offsets[high]))

    def _kept(self, low: int, high: int) -> Array:
        docs = self.lists.docs[self._postings(low, high)]
        kept: Array = self.remap[docs] != DROPPED
        return kept

    def docs(self, low: int, high: int) -> Array:
        """The new numbers of the documents in the postings of the terms `[low, high)`."""
        docs: Array = self.remap[self.lists.docs[self._postings(low, high)]]
        return docs if self._whole else docs[docs != DROPPED]

    def freqs(self, low: int, high: int) -> Array:
        """The frequencies of these postings."""
        freqs: Array = self.lists.freqs[self._postings(low, high)]
        return freqs if self._whole else freqs[self._kept(low, high)]

    def positions(self, low: int, high: int) -> Array:
        """The positions of these postings."""
        begin, end = self.span(low, high)
        return self.kept(self.lists.positions[begin:end], low, high)

    def span(self, low: int, high: int) -> tuple[int, int]:
        """Where the occurrences of these terms begin and end."""
        return int(self.lists.position_offsets[low]), int(self.lists.position_offsets[high])

    def kept(self, occurrences: Array, low: int, high: int) -> Array:
        """Of something told of each of these occurrences, what is told of those kept."""
        if self._whole:
            return occurrences
        freqs = self.lists.freqs[self._postings(low, high)]
        if int(freqs.sum(dtype=np.int64)) != len(occurrences):
            raise self.lists.terms.impossible()
        kept: Array = occurrences[np.repeat(self._kept(low, high), freqs)]
        return kept


class PostingsMerger:
    """The lists of `parts`, whose documents, of those `lengths`, come one part after another.

    `terms` is known once `arrays` is used up.
    """

    def __init__(self, parts: Sequence[MergeSource], lengths: Array) -> None:
        self._parts = parts
        self._lengths = lengths
        self.terms = 0

    def arrays(self, key: str) -> Iterator[tuple[str, Array | ArrayStream]]:
        """The arrays, to be kept under `key`, each to be used up before the next is asked for."""
        packer = TermDictionaryWriter()
        yield names.part(key, names.BLOB), ArrayStream(np.uint8, map(packer.pack, self._merged()))
        yield from packer.index(key).items()
        parts = self._parts
        docs = sum(int((part.remap != DROPPED).sum()) for part in parts)
        numbers, times = self._sums([part.numbers for part in parts]), self._sums([part.times for part in parts])
        wide_freqs = max((part.lists.freqs.dtype for part in parts), key=lambda dtype: dtype.itemsize)
        wide_positions = max((part.lists.positions.dtype for part in parts), key=lambda dtype: dtype.itemsize)
        most, least = BlockExtremes(np.maximum), BlockExtremes(np.minimum)
        for name, dtype, read, totals, counts in (
            (names.POSITIONS, wide_positions, MergeSource.positions, times, [part.times for part in parts]),
            (
                names.DOCS,
                np.min_scalar_type(max(docs - 1, 0)),
                MergeSource.docs,
                numbers,
                [part.numbers for part in parts],
            ),
            (names.FREQS, wide_freqs, MergeSource.freqs, numbers, [part.numbers for part in parts]),
        ):
            values = self._values(np.dtype(dtype), read, totals, counts)
            if name == names.FREQS:
                values = most.tapped(values)
            elif name == names.DOCS:
                values = self._noting_lengths(values, least)
            yield names.part(key, name), ArrayStream(dtype, values)
        yield names.part(key, names.BLOCK_MAX_FREQ), most.array()
        yield names.part(key, names.BLOCK_MIN_LENGTH), least.array()
        yield names.part(key, names.POSTING_OFFSETS), narrowest(np.concatenate(([0], np.cumsum(numbers))))
        yield names.part(key, names.POSITION_OFFSETS), narrowest(np.concatenate(([0], np.cumsum(times))))

    def occurrences(self, read: Callable[[MergeSource, int, int], Array]) -> Iterator[Array]:
        """What `read` tells of each occurrence kept, a number, in the order of the joined ones."""
        times = [part.times for part in self._parts]
        return self._values(np.dtype(np.uint32), read, self._sums(times), times)

    def _merged(self) -> Iterator[list[str]]:
        """The terms that have postings left, in runs; sets the ranks of the parts."""
        windows: list[list[str]] = [[] for _ in self._parts]
        ends = [0] * len(self._parts)
        bound = ""
        while True:
            for number, (part, window) in enumerate(zip(self._parts, windows, strict=True)):
                at = ends[number]
                ends[number] = end = min(at + _TERMS - len(window), len(part.ranks))
                more = part.lists.terms.slice(at, end)
                if more and more[0] <= (window[-1] if window else bound):
                    raise part.lists.terms.impossible()
                window += more
            if not any(windows):
                return
            # Beyond the least of their last terms some window may lack what another has.
            bound = min(window[-1] for window in windows if window)
            chosen = []
            for part, window, end in zip(self._parts, windows, ends, strict=True):
                at = end - len(window)
                size = bisect_right(window, bound)
                left = np.flatnonzero(part.numbers[at : at + size])
                chosen.append((part, left + at, [window[place] for place in left.tolist()]))
                del window[:size]
            # Sorting what is several sorted lists is merging them; a dict keeps the order.
            run = list(dict.fromkeys(sorted(chain.from_iterable(window for _, _, window in chosen))))
            place = dict(zip(run, range(self.terms, self.terms + len(run)), strict=True))
            for part, ordinals, window in chosen:
                part.ranks[ordinals] = np.fromiter(map(place.__getitem__, window), np.uint32, len(window))
            self.terms += len(run)
            yield run

    def _noting_lengths(self, pieces: Iterable[Array], least: BlockExtremes) -> Iterator[Array]:
        for docs in pieces:
            least.add(self._lengths[docs])
            yield docs

    def _sums(self, counts: Sequence[Array]) -> Array:
        total = np.zeros(self.terms, np.int64)
        for part, own in zip(self._parts, counts, strict=True):
            kept = part.ranks != DROPPED
            total[part.ranks[kept]] += own[kept]
        return total

    def _values(
        self,
        dtype: np.dtype[np.generic],
        read: Callable[[MergeSource, int, int], Array],
        totals: Array,
        counts: Sequence[Array],
    ) -> Iterator[Array]:
        """What `read` gives for the terms in order: of each, what the first part has, then the second."""
        places = [np.flatnonzero(part.ranks != DROPPED) for part in self._parts]
        rising = [part.ranks[kept] for part, kept in zip(self._parts, places, strict=True)]

        def values(low: int, high: int) -> Array:
            cursor = np.cumsum(totals[low:high]) - totals[low:high]
            joined = np.empty(int(totals[low:high].sum()), dtype)
            for part, kept, own, ranked in zip(self._parts, places, counts, rising, strict=True):
                begin, end = np.searchsorted(ranked, np.array((low, high), np.uint32)).tolist()
                if begin == end:
                    continue
                some = kept[begin:end]
                found = read(part, int(some[0]), int(some[-1]) + 1)
                if high - low == 1:
                    at = int(cursor[0])
                    joined[at : at + len(found)] = found
                    cursor[0] += len(found)
                else:
                    ranks = ranked[begin:end] - np.uint32(low)
                    joined[concat_ranges(cursor[ranks], own[some])] = found
                    cursor[ranks] += own[some]
            return joined

        return prefetch(partial(values, low, high) for low, high in _runs(totals))


def _runs(totals: Array) -> Iterator[tuple[int, int]]:
    """Runs of terms with at most `_POSTINGS` values together, or of one term that has more."""
    ends = np.cumsum(totals, dtype=np.int64)
    low = 0
    while low < len(totals):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + _POSTINGS, "right")))
        yield low, high
        low = high
