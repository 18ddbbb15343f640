"""Bit sets behave as the sets of documents they were made from."""

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
def test_a_bit_set_equals_its_set(own: set[int], probed: set[int]) -> None:
    bitset = RankedBitSet(from_docs(rising(own), TOTAL))
    docs = sorted(own)

    assert cardinality(bitset.bits) == len(own)
    assert to_docs(bitset.bits).tolist() == docs
    assert bitset.contains(rising(probed)).tolist() == [doc in own for doc in sorted(probed)]
    assert bitset.ranks(rising(probed)).tolist() == [docs.index(d) + 1 if d in own else 0 for d in sorted(probed)]
    chosen = np.arange(1, len(docs) + 1, 3)
    assert bitset.select(chosen).tolist() == docs[::3]


@given(members, st.integers(1, 9))
def test_a_limit_returns_the_first_documents(own: set[int], limit: int) -> None:
    first = to_docs(from_docs(rising(own), TOTAL), limit).tolist()

    assert first == sorted(own)[: len(first)]
    assert len(first) >= min(limit, len(own))


@given(st.lists(st.tuples(members, st.integers(1, 20)), min_size=1, max_size=11), st.integers(-5, 60))
def test_documents_that_may_reach_a_score(sets: list[tuple[set[int], int]], need: int) -> None:
    sets.sort(key=lambda one: -one[1])
    bits = [from_docs(rising(own), TOTAL) for own, _ in sets]
    bounds = [bound for _, bound in sets]
    expected = {doc for doc in range(TOTAL) if sum(bound for own, bound in sets if doc in own) >= need}

    reaching = docs_reaching(bits, bounds, need)
    docs = set(range(TOTAL)) if reaching is None else set(to_docs(reaching).tolist())

    assert expected <= docs
    if len(sets) <= 8 and need > 0:
        assert expected == docs
    if need <= 0:
        assert reaching is None
