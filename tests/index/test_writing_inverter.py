"""The inverter gives the same postings as a dict of dicts."""

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
from arsearch.index.writing import inverter
from arsearch.index.writing.inverter import Occurrences, invert

Found = list[tuple[int, int, int]]
occurrence = st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9))


def occurrences(found: Found, shift: int, terms: int = 10) -> Occurrences:
    """Return the occurrences of tuples (document, position, term)."""
    columns = np.array(sorted(found), np.uint64).reshape(-1, 3)
    places = (columns[:, 0] << np.uint64(shift) | columns[:, 1]).astype(np.uint64 if shift == 32 else np.uint32)
    return Occurrences(
        columns[:, 2].astype(np.uint32), places, shift, np.bincount(columns[:, 2].astype(np.int64), minlength=terms)
    )


def inverted(found: Occurrences, ordinals: Array | None = None) -> Postings:
    ordinals = np.arange(len(found.counts), dtype=np.uint32) if ordinals is None else ordinals
    count = len(found.counts)

    def arrays() -> Iterator[tuple[str, Array | ArrayStream]]:
        yield from term_arrays("x", [f"{n:09}" for n in range(count)]).items()
        for name, values in invert(found, ordinals, count, np.full(9, 9, np.uint8)):
            yield f"x.{name}", values

    directory = RAMDirectory()
    write_arrays(directory, "file", arrays(), {}, durable=False)
    postings = Postings.open(ArrayFile(directory, "file"), "x", 9)
    assert postings is not None
    return postings


def assert_inverted(postings: Postings, found: Found, terms: Iterator[int] | range) -> None:
    expected: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for doc, position, term in found:
        expected[term][doc].add(position)
    for term in terms:
        docs, freqs = postings.postings(term)
        assert docs.tolist() == sorted(expected[term])
        assert freqs.tolist() == [len(expected[term][doc]) for doc in docs.tolist()]
        owners, positions = postings.occurrences(term)
        assert list(zip(owners.tolist(), positions.tolist(), strict=True)) == [
            (doc, position) for doc in sorted(expected[term]) for position in sorted(expected[term][doc])
        ]


@given(st.lists(occurrence, max_size=60), st.sampled_from([4, 16, 32]))
def test_the_inverter_agrees_with_a_dict_of_dicts(found: Found, shift: int) -> None:
    assert_inverted(inverted(occurrences(found, shift)), found, range(10))


@given(st.lists(occurrence, max_size=60), st.integers(1, 5), st.integers(1, 5))
def test_slices_and_chunks_of_any_size_give_the_same_postings(found: Found, size: int, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverter, "_SLICE_OCCURRENCES", size)
        patch.setattr(inverter, "_CHUNK", chunk)
        assert_inverted(inverted(occurrences(found, 16)), found, range(10))


def test_terms_may_exceed_16_bits() -> None:
    found = [(doc, position, (doc * 50_000 + position * 7) % 150_000) for doc in range(3) for position in range(40_000)]

    postings = inverted(occurrences(found, 16, 150_000))

    assert_inverted(postings, found, range(0, 150_000, 501))


def test_several_terms_may_share_an_ordinal() -> None:
    found = [(0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 0)]
    ordinals = np.array([1, 0, 1, 0xFFFFFFFF], np.uint32)  # term 3 does not occur

    postings = inverted(occurrences(found, 16, 4), ordinals)

    assert_inverted(postings, [(doc, at, int(ordinals[term])) for doc, at, term in found], range(2))
