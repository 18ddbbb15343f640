"""The live postings and occurrences of terms in one segment. Documents have their numbers in the segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.ranges import concat_ranges, distinct
from arsearch.index.reader.budget import SearchBudget
from arsearch.index.reader.segment import SegmentReader

__all__ = ["occurrence_keys", "only_live", "union_occurrences", "union_postings"]

_RUN_POSTINGS = 1 << 18
"""The postings of many terms that are added up between two looks at the clock; in a larger segment, one for each document."""

_NOWHERE = np.empty(0, np.int64)


def only_live(segment: SegmentReader, docs: Array, values: Array) -> tuple[Array, Array]:
    """Return the documents that are not deleted, with their values."""
    if segment.live is None:
        return docs, values
    kept = segment.live[docs]
    return docs[kept], values[kept]


def union_postings(
    segment: SegmentReader, postings: Postings, terms: Sequence[int] | Array, budget: SearchBudget
) -> tuple[Array, Array]:
    """Return the live documents with any of the terms, in ascending order, and the sum of the terms' frequencies in each.

    `terms` are ordinals in ascending order, at least one. Postings of later terms are missing if time runs out.
    """
    if len(terms) == 1:
        return only_live(segment, *postings.postings(int(terms[0])))
    sums = np.zeros(segment.docs)
    for run in _runs(postings.posting_offsets, np.asarray(terms), max(_RUN_POSTINGS, segment.docs)):
        if not budget.in_time():
            break
        index = _posting_index(postings.posting_offsets, run)
        sums += np.bincount(postings.docs[index], weights=postings.freqs[index], minlength=segment.docs)
    docs = np.flatnonzero(sums)
    return only_live(segment, docs, sums[docs])


def union_occurrences(
    segment: SegmentReader, postings: Postings, terms: Sequence[int] | Array, budget: SearchBudget
) -> Array:
    """Return where any of the terms occur in live documents, as `occurrence_keys`; `terms` are ordinals, at least one.

    Occurrences of later terms are missing if time runs out.
    """
    if len(terms) == 1:
        return occurrence_keys(segment, *postings.occurrences(int(terms[0])))
    keys: list[Array] = [_NOWHERE]
    for term in terms:
        if not budget.in_time():
            break
        keys.append(occurrence_keys(segment, *postings.occurrences(int(term))))
    return distinct(np.concatenate(keys))


def occurrence_keys(segment: SegmentReader, docs: Array, positions: Array) -> Array:
    """Return the occurrences in live documents as `document << 32 | position`, 64-bit integers, in the same order."""
    docs, positions = only_live(segment, docs, positions)
    return docs.astype(np.int64) << 32 | positions


def _runs(posting_offsets: VerifiedArray, terms: Array, most: int) -> Iterator[Array]:
    """Yield runs of terms with at most `most` postings, or a single term with more."""
    ends = np.cumsum(posting_offsets[terms + 1].astype(np.int64) - posting_offsets[terms])
    low = 0
    while low < len(terms):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + most, "right")))
        yield terms[low:high]
        low = high


def _posting_index(posting_offsets: VerifiedArray, terms: Array) -> Array | slice:
    """Return the index of all postings of the terms; a slice if the terms are consecutive."""
    starts, ends = posting_offsets[terms].astype(np.int64), posting_offsets[terms + 1].astype(np.int64)
    if int(terms[-1]) - int(terms[0]) + 1 == len(terms):
        return slice(int(starts[0]), int(ends[-1]))
    return concat_ranges(starts, ends - starts)
