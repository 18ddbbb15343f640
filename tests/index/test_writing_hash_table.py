"""The hash table agrees with a dict."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arsearch.index.codec.array_file import Array
from arsearch.index.writing.hash_table import ABSENT, VectorHashTable

Key = tuple[int, int]
words = st.integers(0, 3) | st.integers(0, 2**64 - 1) | st.integers(0, 200).map(lambda n: n << 56)
key = st.tuples(words.filter(bool), words)


def columns(keys: Iterable[Key]) -> list[Array]:
    return list(np.array(list(keys), np.uint64).reshape(-1, 2).T.copy())


@given(st.lists(st.sets(key, max_size=40), max_size=5), st.lists(key, max_size=20))
def test_inserted_keys_are_found_and_other_keys_are_absent(batches: list[set[Key]], others: list[Key]) -> None:
    table = VectorHashTable(2)
    expected: dict[Key, int] = {}
    for batch in batches:
        new = [each for each in batch if each not in expected]
        values = range(len(expected), len(expected) + len(new))
        expected.update(zip(new, values, strict=True))
        table.insert(columns(new), np.array(values, np.uint32))

    keys = [*expected, *others]
    assert table.find(columns(keys)).tolist() == [expected.get(each, ABSENT) for each in keys]
    assert len(table) == len(expected)


@pytest.mark.parametrize("step", [1, 1 << 20, 1 << 56, 0x9E3779B97F4A7C15], ids=hex)
def test_a_growing_table_tells_regular_keys_apart(step: int) -> None:
    keys = (np.arange(1, 256, dtype=np.uint64) * np.uint64(step)).tolist()
    table = VectorHashTable(1)
    for rounds in range(100):
        part = np.array([each ^ rounds << 12 for each in keys], np.uint64)
        part = np.unique(part[part != 0])
        part = part[table.find([part]) == ABSENT]
        table.insert([part], (part % np.uint64(1_000_003)).astype(np.uint32))
        assert table.find([part]).tolist() == (part % np.uint64(1_000_003)).tolist()
    assert len(table) > 255


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 1638, 1639, 3276, 3277, 50_000])
def test_the_slots_are_few_and_most_of_them_are_empty(width: int, count: int) -> None:
    keys = [np.arange(1, count + 1, dtype=np.uint64)] * width
    table = VectorHashTable(width)
    for low in range(0, count, 1_000):
        table.insert(
            [word[low : low + 1_000] for word in keys], np.arange(low, min(low + 1_000, count), dtype=np.uint32)
        )

    slots = len(table._values)
    assert table.nbytes == sum(words.nbytes for words in table._words) + table._values.nbytes
    assert slots == 1 << (slots.bit_length() - 1)
    assert count <= 0.4 * slots
    assert slots <= max(4096, 5 * count)
    found, values = table.items()
    assert sorted(values.tolist()) == list(range(count))
    assert [word.tolist() for word in found] == [(values + np.uint64(1)).tolist()] * width
