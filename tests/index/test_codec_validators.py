"""The documents of a term rise whatever the offsets of other terms say, also in blocks that nobody has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from arsearch.errors import CorruptIndexError
from arsearch.index.codec.array_file import Array, ArrayFile, write_arrays
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.validators import docs_rise_per_term, offsets_span
from arsearch.index.store.memory import RAMDirectory

POSTINGS = 4096  # of the first term
TERMS = 20_000  # their offsets take several blocks


def opened(starts: Array, docs: Array) -> tuple[VerifiedArray, VerifiedArray]:
    """Return the offsets and the documents of an array file, with right checksums and the rules of postings."""
    storage = RAMDirectory()
    write_arrays(storage, "x", {"starts": starts, "docs": docs}, {}, durable=False)
    file = ArrayFile(storage, "x")
    offsets = file.array("starts", kind="u8", rule=offsets_span(len(docs)))
    return offsets, file.array("docs", kind="u4", rule=docs_rise_per_term(5000, offsets))


def offsets_of_one_term() -> Array:
    starts = np.full(TERMS, POSTINGS, np.uint64)
    starts[0] = 0
    return starts


def test_rising_documents_are_read() -> None:
    rising, other = np.arange(POSTINGS), np.array([7, 8, 4999])
    starts = offsets_of_one_term()
    starts[-1] += np.uint64(3)  # the last term has three postings

    offsets, docs = opened(starts, np.concatenate((rising, other)).astype(np.uint32))

    assert offsets.bounds(0) == [0, POSTINGS]
    assert docs.part(0, POSTINGS).tolist() == rising.tolist()
    assert docs.part(POSTINGS, POSTINGS + 3).tolist() == other.tolist()


FORGERIES = {
    "sound offsets": {},
    "offsets that begin anew": {5000: range(POSTINGS)},
    "zeros before them": {3000: [0] * 7000, 10_000: range(POSTINGS)},
    "inside a block": {5000: range(100)},
}
"""Offsets of terms that are not read, by the number of the first."""


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_documents_that_fall_are_reported(forged: Mapping[int, Sequence[int]]) -> None:
    starts = offsets_of_one_term()
    for first, offsets_there in forged.items():
        starts[first : first + len(offsets_there)] = offsets_there
    falling = np.arange(POSTINGS, dtype=np.uint32)
    falling[50] = 4999

    offsets, docs = opened(starts, falling)

    assert offsets.bounds(0) == [0, POSTINGS]  # this block is sound
    with pytest.raises(CorruptIndexError, match="impossible values"):
        docs.part(0, POSTINGS)
