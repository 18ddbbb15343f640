"""The postings of a field and level: the documents of each term, with its frequency and its positions in them.

The arrays serve all terms. Term `t` has the postings `[posting_offsets[t], posting_offsets[t + 1])` of `docs`, which
rise, and of `freqs`. Its positions are `[position_offsets[t], position_offsets[t + 1])` of `positions`: posting after
posting, `freqs[i]` of them for posting `i`, rising within it. Block maxima bound the postings (see `block_max`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.block_max import BLOCK
from arsearch.index.codec.checked_array import Validator, VerifiedArray
from arsearch.index.codec.packed_array import FREQS, POSITIONS, Numbers, open_numbers
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionary
from arsearch.index.codec.validators import all_below, docs_rise_per_term, offsets_span

__all__ = ["Postings"]


class Postings(NamedTuple):
    """The terms of a field and level, and their postings."""

    terms: TermDictionary
    posting_offsets: VerifiedArray
    docs: VerifiedArray
    freqs: Numbers
    position_offsets: VerifiedArray
    positions: Numbers
    block_max_freq: VerifiedArray
    block_min_length: VerifiedArray

    @classmethod
    def open(cls, file: ArrayFile, key: str, docs: int) -> Postings | None:
        """Open the postings that `file`, of `docs` documents, keeps under `key`; return `None` if there are none.

        Raises CorruptIndexError if an array is missing or has an impossible length or type.
        """
        if names.part(key, names.POSTING_OFFSETS) not in file:
            return None
        terms, postings = (file.length(names.part(key, name)) for name in (names.POSTING_OFFSETS, names.DOCS))
        positions = open_numbers(file, names.part(key, names.POSITIONS), POSITIONS)
        occurrences = len(positions)
        blocks = -(-postings // BLOCK)

        def array(name: str, length: int, rule: Validator | None = None, kind: str = "u4") -> VerifiedArray:
            return file.array(names.part(key, name), length, kind=kind, rule=rule)

        posting_offsets = array(names.POSTING_OFFSETS, max(terms, 1), offsets_span(postings), "u8")
        return cls(
            TermDictionary(file, key, terms - 1),
            posting_offsets,
            array(names.DOCS, postings, docs_rise_per_term(docs, posting_offsets)),
            open_numbers(file, names.part(key, names.FREQS), FREQS, postings, all_below(occurrences + 1)),
            array(names.POSITION_OFFSETS, terms, offsets_span(occurrences), "u8"),
            positions,
            array(names.BLOCK_MAX_FREQ, blocks),
            array(names.BLOCK_MIN_LENGTH, blocks),
        )

    def postings(self, term: int) -> tuple[Array, Array]:
        """Return the documents that contain the term, in rising order, and its frequency in each."""
        low, high = self.posting_offsets.bounds(term)
        return self.docs.part(low, high), self.freqs.part(low, high)

    def block_bounds(self, term: int) -> tuple[Array, Array]:
        """Return the highest frequency and the least length of each block that has postings of the term."""
        low, high = self.posting_offsets.bounds(term)
        blocks = slice(low // BLOCK, -(-high // BLOCK))
        return self.block_max_freq[blocks], self.block_min_length[blocks]

    def occurrences(self, term: int) -> tuple[Array, Array]:
        """Return the document and the position of every occurrence of the term, in rising order."""
        docs, freqs = self.postings(term)
        low, high = self.position_range(term, freqs)
        return np.repeat(docs, freqs), self.positions[low:high]

    def position_range(self, term: int, freqs: Array) -> tuple[int, int]:
        """Return the range of `positions` that holds the term's; raise CorruptIndexError unless its size fits `freqs`."""
        low, high = self.position_offsets.bounds(term)
        if int(freqs.sum(dtype=np.int64)) != high - low:
            raise self.terms.impossible()
        return low, high

    def positions_at(self, term: int, freqs: Array, places: Array) -> tuple[Array, Array]:
        """Return the frequencies of a term in the documents at `places` in its postings, and its positions in them.

        `freqs` are all frequencies of the term. `places` are in ascending order, and at least one.
        """
        ends = freqs.cumsum(dtype=np.int64)
        low, high = self.position_offsets.bounds(term)
        if int(ends[-1]) != high - low:
            raise self.terms.impossible()
        counts = freqs.take(places)
        return counts, self.positions[concat_ranges(ends.take(places) - counts + low, counts)]

    def starts_of_positions(self, terms: Array, counts: Array, freqs: Array) -> Array:
        """Return the place in `positions` where those of each posting begin.

        `freqs` are the frequencies of all postings of some terms, and `counts` has the number of each term's postings.
        """
        ends = freqs.cumsum(dtype=np.int64)
        last = ends[counts.cumsum() - 1]
        begins, stops = (self.position_offsets[terms + more].astype(np.int64) for more in (0, 1))
        sums = np.diff(last, prepend=0)
        if not np.array_equal(stops - begins, sums):
            raise self.terms.impossible()
        starts: Array = ends - freqs + np.repeat(begins - last + sums, counts)
        return starts
