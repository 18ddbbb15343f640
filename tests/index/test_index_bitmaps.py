"""Sets of documents as bits are the sets they were made of."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arsearch.index.docsets.bitset import RankedBitSet, cardinality, docs_reaching, from_docs, to_docs

TOTAL = 300
members = st.sets(st.integers(0, TOTAL - 1), max_size=TOTAL)


def rising(docs: set[int]) -> np.ndarray:
    return np.array(sorted(docs), np.int64)


@given(members, members)
def test_a_bitmap_is_its_set(own: set[int], asked: set[int]) -> None:
    bitmap = RankedBitSet(from_docs(rising(own), TOTAL))
    docs = sorted(own)

    assert cardinality(bitmap.bits) == len(own)
    assert to_docs(bitmap.bits).tolist() == docs
    assert bitmap.contains(rising(asked)).tolist() == [doc in own for doc in sorted(asked)]
    assert bitmap.ranks(rising(asked)).tolist() == [docs.index(d) + 1 if d in own else 0 for d in sorted(asked)]
    chosen = np.arange(1, len(docs) + 1, 3)
    assert bitmap.select(chosen).tolist() == docs[::3]


@given(members, st.integers(1, 9))
def test_the_first_documents_of_a_set(own: set[int], most: int) -> None:
    first = to_docs(from_docs(rising(own), TOTAL), most).tolist()

    assert first == sorted(own)[: len(first)]
    assert len(first) >= min(most, len(own))


@given(st.lists(st.tuples(members, st.integers(1, 20)), min_size=1, max_size=11), st.integers(-5, 60))
def test_who_may_reach_what_is_needed(sets: list[tuple[set[int], int]], need: int) -> None:
    sets.sort(key=lambda one: -one[1])
    bits = [from_docs(rising(own), TOTAL) for own, _ in sets]
    bounds = [bound for _, bound in sets]
    able = {doc for doc in range(TOTAL) if sum(bound for own, bound in sets if doc in own) >= need}

    found = docs_reaching(bits, bounds, need)
    chosen = set(range(TOTAL)) if found is None else set(to_docs(found).tolist())

    assert able <= chosen
    if len(sets) <= 8 and need > 0:
        assert able == chosen
    if need <= 0:
        assert found is None
