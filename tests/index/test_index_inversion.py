"""Inversion by sorting against a dict of dicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, write_arrays
from arsearch.index.codec.postings import Postings
from arsearch.index.codec.term_dictionary import term_arrays
from arsearch.index.store.memory import RAMDirectory
from arsearch.index.writing import inverter as inversion
from arsearch.index.writing.inverter import Occurrences, invert

Found = list[tuple[int, int, int]]
occurrence = st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9))


def occurrences(found: Found, shift: int, terms: int = 10) -> Occurrences:
    """Of (document, position, term)."""
    columns = np.array(sorted(found), np.uint64).reshape(-1, 3)
    places = (columns[:, 0] << np.uint64(shift) | columns[:, 1]).astype(np.uint64 if shift == 32 else np.uint32)
    return Occurrences(
        columns[:, 2].astype(np.uint32), places, shift, np.bincount(columns[:, 2].astype(np.int64), minlength=terms)
    )


def written(found: Occurrences, ranks: Array | None = None) -> Postings:
    ranks = np.arange(len(found.counts), dtype=np.uint32) if ranks is None else ranks
    count = len(found.counts)

    def arrays() -> Iterator[tuple[str, Array | ArrayStream]]:
        yield from term_arrays("x", [f"{n:09}" for n in range(count)]).items()
        for name, values in invert(found, ranks, count, np.full(9, 9, np.uint8)):
            yield f"x.{name}", values

    storage = RAMDirectory()
    write_arrays(storage, "file", arrays(), {}, durable=False)
    lists = Postings.open(ArrayFile(storage, "file"), "x", 9)
    assert lists is not None
    return lists


def assert_inverted(lists: Postings, found: Found, terms: Iterator[int] | range) -> None:
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


@given(st.lists(occurrence, max_size=60), st.integers(1, 5), st.integers(1, 5))
def test_it_is_the_same_in_many_slices_and_pieces(found: Found, size: int, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inversion, "_SLICE", size)
        patch.setattr(inversion, "_PIECE", piece)
        assert_inverted(written(occurrences(found, 16)), found, range(10))


def test_more_terms_than_sixteen_bits_count() -> None:
    found = [(doc, position, (doc * 50_000 + position * 7) % 150_000) for doc in range(3) for position in range(40_000)]

    lists = written(occurrences(found, 16, 150_000))

    assert_inverted(lists, found, range(0, 150_000, 501))


def test_several_terms_may_become_one() -> None:
    found = [(0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 0)]
    ranks = np.array([1, 0, 1, 0xFFFFFFFF], np.uint32)  # term 3 does not occur

    inverted = written(occurrences(found, 16, 4), ranks)

    assert_inverted(inverted, [(doc, at, int(ranks[term])) for doc, at, term in found], range(2))
