"""Rules for the values of arrays, which make reading safe, no matter who wrote the file.

A checksum only says that a file is as it was written, and anybody can compute one. These rules say that offsets and
ordinals point at something that exists. A rule tests one block at a time, when `checked_array` first reads it. That costs
as much as the checksum, once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import Validator, VerifiedArray

__all__ = ["all_below", "docs_rise_per_term", "offsets_end_at", "offsets_span", "strictly_increasing"]


def all_below(limit: int) -> Validator:
    """Return the rule that every value is below `limit`."""

    def rule(values: Array, low: int, high: int) -> bool:
        return int(values[low:high].max()) < limit

    return rule


def offsets_end_at(total: int) -> Validator:
    """Return the rule that the values never fall, and the last is `total`: the ends of the parts of that length."""

    def rule(values: Array, low: int, high: int) -> bool:
        window = values[max(low - 1, 0) : high]
        last = int(window[-1])
        return (last == total if high == len(values) else last <= total) and bool((window[1:] >= window[:-1]).all())

    return rule


def strictly_increasing(limit: int) -> Validator:
    """Return the rule that each value is above the one before it, and below `limit`."""

    def rule(values: Array, low: int, high: int) -> bool:
        window = values[max(low - 1, 0) : high]
        return int(window[-1]) < limit and bool((window[1:] > window[:-1]).all())

    return rule


def offsets_span(total: int) -> Validator:
    """Return the rule of `offsets_end_at`, with 0 as the first value: the parts' starts, then the end of the last."""
    rising = offsets_end_at(total)

    def rule(values: Array, low: int, high: int) -> bool:
        return (low > 0 or int(values[0]) == 0) and rising(values, low, high)

    return rule


def docs_rise_per_term(docs: int, posting_offsets: VerifiedArray) -> Validator:
    """Return the rule that documents are below `docs`, and rise from posting to posting of a term.

    `posting_offsets` says where the postings of each term begin. Only its blocks with offsets among the values are verified.
    """
    starts_between = _rising_values(posting_offsets)

    def rule(values: Array, low: int, high: int) -> bool:
        begin = max(low - 1, 0)
        window = values[begin:high]
        if int(window.max()) >= docs:
            return False
        new_terms = starts_between(begin + 1, high)
        if new_terms is None:
            return False
        rises = window[1:] > window[:-1]
        rises[new_terms.astype(np.int64) - (begin + 1)] = True
        return bool(rises.all())

    return rule


def _rising_values(array: VerifiedArray) -> Callable[[int, int], Array | None]:
    """Return a function that returns the values in `[low, high)` of an array that never falls; `None` if it falls.

    The first and last values of all blocks are compared once: a block that was not verified could otherwise have values that
    belong to another one. Only the blocks that these values allow are then verified.
    """
    edges: list[tuple[Array, Array, Array]] = []  # where the blocks begin, their first and their last values

    def between(low: int, high: int) -> Array | None:
        if not edges:
            starts = array.block_starts()
            firsts, lasts = array.unverified[starts[:-1]], array.unverified[starts[1:] - 1]
            if (firsts > lasts).any() or (lasts[:-1] > firsts[1:]).any():
                return None
            edges.append((starts, firsts, lasts))
        starts, firsts, lasts = edges[0]
        first, last = _first_from(lasts, low), _first_from(firsts, high)
        if first >= last:
            return array.unverified[:0]
        values = array.part(int(starts[first]), int(starts[last]))
        return values[_first_from(values, low) : _first_from(values, high)]

    return between


def _first_from(values: Array, value: int) -> int:
    """Return the first index of a value of at least `value` in ascending ones. NumPy would widen them all for a Python int."""
    if value >> 8 * values.itemsize:  # more than an unsigned number of that size
        return len(values)
    return int(values.searchsorted(values.dtype.type(value)))
