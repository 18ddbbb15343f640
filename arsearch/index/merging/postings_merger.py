"""The postings of several segments merged into those of one, while they are written.

Memory holds a few numbers for each term, and the postings of one run of terms at a time.
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
"""The new number of a document or term that the merged segment lacks."""

_TERMS = 1 << 13
"""The number of terms of each source that are merged at a time."""

_POSTINGS = 1 << 20
"""The number of postings or occurrences merged at a time; a term that has more is merged alone."""


class MergeSource:
    """The postings of one segment to merge. `doc_map` has the new number of each of its documents, or `DROPPED`."""

    def __init__(self, postings: Postings, doc_map: Array) -> None:
        self.postings = postings
        self.doc_map = doc_map
        self._all_live = not (doc_map == DROPPED).any()
        self.doc_freqs = narrowest(differences(postings.posting_offsets.whole()))
        """The number of live documents that contain each term."""
        self.total_freqs = narrowest(differences(postings.position_offsets.whole()))
        """The number of occurrences of each term in live documents."""
        if self.total_freqs[self.doc_freqs == 0].any():
            raise postings.terms.impossible()
        if not self._all_live:
            self._count_live()
        self.ranks = np.full(len(self.doc_freqs), DROPPED, np.uint32)
        """The ordinal of each term among the merged terms, or `DROPPED`; `PostingsMerger` fills it in."""

    def _count_live(self) -> None:
        """Count the postings and the occurrences of each term in live documents."""
        for low, high in _runs(self.doc_freqs.copy()):
            live = self._live(low, high)
            freqs = self.postings.freqs[self._postings_of(low, high)]
            term = np.repeat(np.arange(high - low), self.doc_freqs[low:high])[live]
            self.doc_freqs[low:high] = np.bincount(term, minlength=high - low)
            self.total_freqs[low:high] = np.bincount(term, freqs[live], minlength=high - low)

    def _postings_of(self, low: int, high: int) -> slice:
        """Return the range of postings of the terms `[low, high)`."""
        return slice(int(self.postings.posting_offsets[low]), int(self.postings.posting_offsets[high]))

    def _live(self, low: int, high: int) -> Array:
        """Return a mask of the postings of the terms `[low, high)` whose documents are live."""
        docs = self.postings.docs[self._postings_of(low, high)]
        live: Array = self.doc_map[docs] != DROPPED
        return live

    def docs(self, low: int, high: int) -> Array:
        """Return the new numbers of the live documents in the postings of the terms `[low, high)`."""
        docs: Array = self.doc_map[self.postings.docs[self._postings_of(low, high)]]
        return docs if self._all_live else docs[docs != DROPPED]

    def freqs(self, low: int, high: int) -> Array:
        """Return the frequencies of these terms in live documents."""
        freqs: Array = self.postings.freqs[self._postings_of(low, high)]
        return freqs if self._all_live else freqs[self._live(low, high)]

    def positions(self, low: int, high: int) -> Array:
        """Return the positions of these terms in live documents."""
        begin, end = self.span(low, high)
        return self.kept(self.postings.positions[begin:end], low, high)

    def span(self, low: int, high: int) -> tuple[int, int]:
        """Return the range of occurrences of these terms among all of the segment, those in deleted documents included."""
        return int(self.postings.position_offsets[low]), int(self.postings.position_offsets[high])

    def kept(self, values: Array, low: int, high: int) -> Array:
        """Return the values of occurrences in live documents, out of one value for each occurrence of these terms."""
        if self._all_live:
            return values
        freqs = self.postings.freqs[self._postings_of(low, high)]
        if int(freqs.sum(dtype=np.int64)) != len(values):
            raise self.postings.terms.impossible()
        kept: Array = values[np.repeat(self._live(low, high), freqs)]
        return kept


_Reader = Callable[[MergeSource, int, int], Array]
"""Reads the values of a source's terms `[low, high)`: one for each posting, or for each occurrence, that is kept."""


class PostingsMerger:
    """The merged postings of `sources`, whose documents follow one another and have these `lengths`.

    `terms`, the number of merged terms, is complete once the arrays are consumed.
    """

    def __init__(self, sources: Sequence[MergeSource], lengths: Array) -> None:
        self._sources = sources
        self._lengths = lengths
        self.terms = 0

    def arrays(self, key: str) -> Iterator[tuple[str, Array | ArrayStream]]:
        """Yield the arrays kept under `key`; each must be consumed before the next is requested."""
        writer = TermDictionaryWriter()
        yield names.part(key, names.BLOB), ArrayStream(np.uint8, map(writer.pack, self._merged_terms()))
        yield from writer.index(key).items()
        sources = self._sources
        docs = sum(int((source.doc_map != DROPPED).sum()) for source in sources)
        doc_freqs, total_freqs = [source.doc_freqs for source in sources], [source.total_freqs for source in sources]
        merged_doc_freqs, merged_total_freqs = self._sums(doc_freqs), self._sums(total_freqs)
        max_freq, min_length = BlockExtremes(np.maximum), BlockExtremes(np.minimum)

        positions = _widest(source.postings.positions.dtype for source in sources)
        values = self._values(positions, MergeSource.positions, merged_total_freqs, total_freqs)
        yield names.part(key, names.POSITIONS), ArrayStream(positions, values)
        doc_numbers = np.min_scalar_type(max(docs - 1, 0))
        values = self._noting_lengths(
            self._values(doc_numbers, MergeSource.docs, merged_doc_freqs, doc_freqs), min_length
        )
        yield names.part(key, names.DOCS), ArrayStream(doc_numbers, values)
        freqs = _widest(source.postings.freqs.dtype for source in sources)
        values = max_freq.tapped(self._values(freqs, MergeSource.freqs, merged_doc_freqs, doc_freqs))
        yield names.part(key, names.FREQS), ArrayStream(freqs, values)

        yield names.part(key, names.BLOCK_MAX_FREQ), max_freq.array()
        yield names.part(key, names.BLOCK_MIN_LENGTH), min_length.array()
        yield names.part(key, names.POSTING_OFFSETS), narrowest(np.concatenate(([0], np.cumsum(merged_doc_freqs))))
        yield names.part(key, names.POSITION_OFFSETS), narrowest(np.concatenate(([0], np.cumsum(merged_total_freqs))))

    def occurrences(self, read: _Reader) -> Iterator[Array]:
        """Yield the values that `read` returns for the occurrences kept, as 32-bit numbers, in the order of merged positions."""
        total_freqs = [source.total_freqs for source in self._sources]
        return self._values(np.dtype(np.uint32), read, self._sums(total_freqs), total_freqs)

    def _merged_terms(self) -> Iterator[list[str]]:
        """Yield the terms that keep postings, in sorted runs, and fill in the ranks of the sources."""
        windows: list[list[str]] = [[] for _ in self._sources]
        ends = [0] * len(self._sources)
        bound = ""
        while True:
            for number, (source, window) in enumerate(zip(self._sources, windows, strict=True)):
                at = ends[number]
                ends[number] = end = min(at + _TERMS - len(window), len(source.ranks))
                more = source.postings.terms.slice(at, end)
                if more and more[0] <= (window[-1] if window else bound):
                    raise source.postings.terms.impossible()
                window += more
            if not any(windows):
                return
            # Beyond the smallest last term, a window may lack terms that its source has.
            bound = min(window[-1] for window in windows if window)
            complete = []
            for source, window, end in zip(self._sources, windows, ends, strict=True):
                at = end - len(window)
                size = bisect_right(window, bound)
                kept = np.flatnonzero(source.doc_freqs[at : at + size])
                complete.append((source, kept + at, [window[index] for index in kept.tolist()]))
                del window[:size]
            # Timsort merges sorted lists in linear time; the dict drops duplicates and keeps the order.
            run = list(dict.fromkeys(sorted(chain.from_iterable(terms for _, _, terms in complete))))
            ranks = dict(zip(run, range(self.terms, self.terms + len(run)), strict=True))
            for source, ordinals, terms in complete:
                source.ranks[ordinals] = np.fromiter(map(ranks.__getitem__, terms), np.uint32, len(terms))
            self.terms += len(run)
            yield run

    def _noting_lengths(self, runs: Iterable[Array], min_length: BlockExtremes) -> Iterator[Array]:
        """Yield runs of documents unchanged, passing the lengths of the documents to `min_length`."""
        for docs in runs:
            min_length.add(self._lengths[docs])
            yield docs

    def _sums(self, counts: Sequence[Array]) -> Array:
        """Return the counts of merged terms from the counts of each source's terms."""
        total = np.zeros(self.terms, np.int64)
        for source, of_source in zip(self._sources, counts, strict=True):
            kept = source.ranks != DROPPED
            total[source.ranks[kept]] += of_source[kept]
        return total

    def _values(
        self, dtype: np.dtype[np.generic], read: _Reader, totals: Array, counts: Sequence[Array]
    ) -> Iterator[Array]:
        """Yield the values that `read` returns, term after term: for each term, source after source.

        `totals` are the numbers of values of the merged terms, `counts` those of the terms of each source.
        """
        kept = [np.flatnonzero(source.ranks != DROPPED) for source in self._sources]
        ranks = [source.ranks[ordinals] for source, ordinals in zip(self._sources, kept, strict=True)]

        def merged(low: int, high: int) -> Array:
            cursor = np.cumsum(totals[low:high]) - totals[low:high]
            values = np.empty(int(totals[low:high].sum()), dtype)
            for source, ordinals, of_source, ranked in zip(self._sources, kept, counts, ranks, strict=True):
                begin, end = np.searchsorted(ranked, np.array((low, high), np.uint32)).tolist()
                if begin == end:
                    continue
                terms = ordinals[begin:end]
                own = read(source, int(terms[0]), int(terms[-1]) + 1)
                if high - low == 1:
                    at = int(cursor[0])
                    values[at : at + len(own)] = own
                    cursor[0] += len(own)
                else:
                    places = ranked[begin:end] - np.uint32(low)
                    values[concat_ranges(cursor[places], of_source[terms])] = own
                    cursor[places] += of_source[terms]
            return values

        return prefetch(partial(merged, low, high) for low, high in _runs(totals))


def _widest(dtypes: Iterable[np.dtype[np.generic]]) -> np.dtype[np.generic]:
    return max(dtypes, key=lambda dtype: dtype.itemsize)


def _runs(counts: Array) -> Iterator[tuple[int, int]]:
    """Yield runs of terms with at most `_POSTINGS` values together, or of one term that has more."""
    ends = np.cumsum(counts, dtype=np.int64)
    low = 0
    while low < len(counts):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + _POSTINGS, "right")))
        yield low, high
        low = high
