"""What the values of an array must be for its readers to be safe, whoever wrote the file.

A checksum only says that a file is as it was written, and anybody can compute one. These rules say that numbers which
are used as places lie where there is something. They look at one block at a time, when `checked` first hands it out:
that costs as much as its checksum, and nothing from then on.
"""

from __future__ import annotations

import numpy as np

from arsearch.index.codec.array_file import Array
from arsearch.index.codec.checked_array import Validator, VerifiedArray

__all__ = ["all_below", "docs_rise_per_term", "offsets_end_at", "offsets_span", "strictly_increasing"]


def all_below(limit: int) -> Validator:
    """Every value is below `limit`."""

    def rule(values: Array, low: int, high: int) -> bool:
        return int(values[low:high].max()) < limit

    return rule


def offsets_end_at(total: int) -> Validator:
    """The values never fall, and the last one is `total`: where the parts of something of that length end."""

    def rule(values: Array, low: int, high: int) -> bool:
        stretch = values[max(low - 1, 0) : high]
        last = int(stretch[-1])
        return (last == total if high == len(values) else last <= total) and bool((stretch[1:] >= stretch[:-1]).all())

    return rule


def strictly_increasing(limit: int) -> Validator:
    """Each value is above the one before it, and below `limit`."""

    def rule(values: Array, low: int, high: int) -> bool:
        stretch = values[max(low - 1, 0) : high]
        return int(stretch[-1]) < limit and bool((stretch[1:] > stretch[:-1]).all())

    return rule


def offsets_span(total: int) -> Validator:
    """As `ends`, and the first one is 0: where the parts begin, and where the last one ends."""
    rising = offsets_end_at(total)

    def rule(values: Array, low: int, high: int) -> bool:
        return (low > 0 or int(values[0]) == 0) and rising(values, low, high)

    return rule


def docs_rise_per_term(docs: int, first: VerifiedArray) -> Validator:
    """The values are below `docs`, and each is above the one before it, but for those where a term's list begins.

    These are at the places `first`, which have a rule of their own.
    """
    starts = first.unverified

    def rule(values: Array, low: int, high: int) -> bool:
        begin = max(low - 1, 0)
        stretch = values[begin:high]
        if int(stretch.max()) >= docs:
            return False
        risen = stretch[1:] > stretch[:-1]
        lists = starts[np.searchsorted(starts, begin + 1) : np.searchsorted(starts, high)]
        lists = lists[(lists > begin) & (lists < high)]  # should they not rise
        risen[lists.astype(np.int64) - (begin + 1)] = True
        return bool(risen.all())

    return rule
