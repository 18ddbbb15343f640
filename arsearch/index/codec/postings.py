"""Posting lists of one term field: in which documents, how often and where each term stands.

Four arrays serve all terms of a field and level. Term `t` has the postings `[first[t], first[t+1])`
of `docs` (rising) and `freqs`; the positions of these postings follow one another in `positions`
from `places[t]` on, `freqs[i]` of them for posting `i`, rising. `most` and `least` are bounds of blocks of postings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile
from arsearch.index.codec.block_max import BLOCK
from arsearch.index.codec.checked_array import Validator, VerifiedArray
from arsearch.index.codec.ranges import concat_ranges
from arsearch.index.codec.term_dictionary import TermDictionary
from arsearch.index.codec.validators import all_below, docs_rise_per_term, offsets_span

__all__ = ["Postings"]


class Postings(NamedTuple):
    """The terms of a field and level, with their postings."""

    terms: TermDictionary
    posting_offsets: VerifiedArray
    docs: VerifiedArray
    freqs: VerifiedArray
    position_offsets: VerifiedArray
    positions: VerifiedArray
    block_max_freq: VerifiedArray
    block_min_length: VerifiedArray

    @classmethod
    def open(cls, file: ArrayFile, key: str, docs: int) -> Postings | None:
        """The lists kept in `file`, whose documents are so many, under `key`; `None` if it has none."""
        if names.part(key, names.POSTING_OFFSETS) not in file:
            return None
        terms, found, occurrences = (
            file.length(names.part(key, name)) for name in (names.POSTING_OFFSETS, names.DOCS, names.POSITIONS)
        )
        blocks = -(-found // BLOCK)

        def array(name: str, length: int, rule: Validator | None = None, kind: str = "u4") -> VerifiedArray:
            return file.array(names.part(key, name), length, kind=kind, rule=rule)

        first = array(names.POSTING_OFFSETS, max(terms, 1), offsets_span(found), "u8")
        return cls(
            TermDictionary(file, key, terms - 1),
            first,
            array(names.DOCS, found, docs_rise_per_term(docs, first)),
            array(names.FREQS, found, all_below(occurrences + 1)),
            array(names.POSITION_OFFSETS, terms, offsets_span(occurrences), "u8"),
            array(names.POSITIONS, occurrences),
            array(names.BLOCK_MAX_FREQ, blocks),
            array(names.BLOCK_MIN_LENGTH, blocks),
        )

    def postings(self, term: int) -> tuple[Array, Array]:
        """The documents that hold the term, rising, and its frequency in each."""
        span = slice(*self.posting_offsets[term : term + 2].tolist())
        return self.docs[span], self.freqs[span]

    def block_bounds(self, term: int) -> tuple[Array, Array]:
        """Of each block with postings of the term, the highest frequency and the least length (see `bounds`)."""
        low, high = self.posting_offsets[term : term + 2].tolist()
        blocks = slice(low // BLOCK, -(-high // BLOCK))
        return self.block_max_freq[blocks], self.block_min_length[blocks]

    def occurrences(self, term: int) -> tuple[Array, Array]:
        """The document and position of every occurrence, rising."""
        docs, freqs = self.postings(term)
        low, high = self._places(term, freqs)
        return np.repeat(docs, freqs), self.positions[low:high]

    def _places(self, term: int, freqs: Array) -> tuple[int, int]:
        """The stretch of `positions` with the term's occurrences; so many are there as its frequencies say."""
        low, high = self.position_offsets[term : term + 2].tolist()
        if int(freqs.sum(dtype=np.int64)) != high - low:
            raise self.terms.impossible()
        return low, high

    def occurrences_in(self, term: int, wanted: Array) -> Array:
        """Where a term stands in some documents, which rise: `document << 32 | position`, rising."""
        docs, freqs = self.postings(term)
        if not len(wanted) or not len(docs):
            return np.empty(0, np.int64)
        at = np.searchsorted(docs, wanted)
        at[at == len(docs)] = 0
        at = at[docs[at] == wanted]
        ends = self._places(term, freqs)[0] + np.cumsum(freqs, dtype=np.int64)
        counts = freqs[at].astype(np.int64)
        keys: Array = np.repeat(docs[at].astype(np.int64) << 32, counts)
        positions: Array = self.positions[concat_ranges(ends[at] - counts, counts)]
        return keys | positions
