"""Inversion by sorting against a dict of dicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.index import inversion
from arsearch.index.arrays import Array, ArrayFile, Streamed, write_arrays
from arsearch.index.inversion import Occurrences, invert
from arsearch.index.postings import PostingLists
from arsearch.index.storage import MemoryStorage
from arsearch.index.terms import term_arrays

Found = list[tuple[int, int, int]]
occurrence = st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9))


def occurrences(found: Found, shift: int, terms: int = 10) -> Occurrences:
    """Of (document, position, term)."""
    columns = np.array(sorted(found), np.uint64).reshape(-1, 3)
    places = (columns[:, 0] << np.uint64(shift) | columns[:, 1]).astype(np.uint64 if shift == 32 else np.uint32)
    return Occurrences(
        columns[:, 2].astype(np.uint32), places, shift, np.bincount(columns[:, 2].astype(np.int64), minlength=terms)
    )


def written(found: Occurrences) -> PostingLists:
    def arrays() -> Iterator[tuple[str, Array | Streamed]]:
        yield from term_arrays("x", [f"{n:09}" for n in range(len(found.counts))]).items()
        for name, values in invert(found, np.full(9, 9, np.uint8)):
            yield f"x.{name}", values

    storage = MemoryStorage()
    write_arrays(storage, "file", arrays(), {}, durable=False)
    lists = PostingLists.open(ArrayFile(storage, "file"), "x", 9)
    assert lists is not None
    return lists


def assert_inverted(lists: PostingLists, found: Found, terms: Iterator[int] | range) -> None:
    expected: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for doc, position, term in found:
        expected[term][doc].add(position)
    for term in terms:
        docs, freqs = lists.postings(term)
        assert docs.tolist() == sorted(expected[term])
        assert freqs.tolist() == [len(expected[term][doc]) for doc in docs.tolist()]
        where, positions = lists.occurrences(term)
        assert list(zip(where.tolist(), positions.tolist(), strict=True)) == [
            (doc, position) for doc in sorted(expected[term]) for position in sorted(expected[term][doc])
        ]


@given(st.lists(occurrence, max_size=60), st.sampled_from([4, 16, 32]))
def test_inversion_is_a_dict_of_dicts(found: Found, shift: int) -> None:
    assert_inverted(written(occurrences(found, shift)), found, range(10))


@given(found=st.lists(occurrence, max_size=60))
def test_it_is_the_same_in_many_slices(found: Found) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "_SLICE", 3)
        assert_inverted(written(occurrences(found, 16)), found, range(10))


def test_more_terms_than_sixteen_bits_count() -> None:
    found = [(doc, position, (doc * 50_000 + position * 7) % 150_000) for doc in range(3) for position in range(40_000)]

    lists = written(occurrences(found, 16, 150_000))

    assert_inverted(lists, found, range(0, 150_000, 501))


def test_ordinals_may_be_replaced_by_others() -> None:
    found = [(0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 0)]
    ranks = np.array([1, 0, 1, 0xFFFFFFFF], np.uint32)  # term 3 does not occur

    ranked = occurrences(found, 16, 4).ranked(ranks, 2, in_place=False)

    assert_inverted(written(ranked), [(doc, at, int(ranks[term])) for doc, at, term in found], range(2))
