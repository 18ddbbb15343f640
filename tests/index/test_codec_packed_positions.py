"""Packed positions hold any numbers, give them back in any order, and tell when their two arrays contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from long_runs import examples

from arsearch.errors import CorruptIndexError
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, write_arrays
from arsearch.index.codec.checked_array import VerifiedArray
from arsearch.index.codec.packed_positions import PackedPositions, open_positions, packed_arrays
from arsearch.index.store.memory import RAMDirectory

NAME = "f/stem.positions"
PACKED, EXCEPTIONS = f"{NAME}.packed", f"{NAME}.exceptions"
STRIDE = 32 + 4 + 128


def packed(positions: Array | ArrayStream) -> dict[str, Array]:
    """Return the arrays that a writer makes of the positions."""
    return {
        name: np.concatenate([np.empty(0, np.uint8), *made.parts]) if isinstance(made, ArrayStream) else made
        for name, made in packed_arrays([(NAME, positions)])
    }


def packed_numbers(positions: Sequence[int]) -> dict[str, Array]:
    return packed(np.array(positions, np.uint32))


def opened(arrays: dict[str, Array]) -> VerifiedArray | PackedPositions:
    directory = RAMDirectory()
    write_arrays(directory, "x", arrays, {}, durable=False)
    return open_positions(ArrayFile(directory, "x"), NAME)


@pytest.mark.parametrize(
    ("positions", "codes", "low", "exceptions"),
    [
        ([], [], [], []),
        ([7], [0], [7], []),
        ([5, 256, 767, 768, 70000], [0b11100100, 0b11], [5, 0, 255, 0, 112], [3, 273]),
    ],
)
def test_the_bytes_of_a_block(positions: list[int], codes: list[int], low: list[int], exceptions: list[int]) -> None:
    arrays = packed_numbers(positions)

    assert arrays[PACKED].tolist() == (codes + [0] * (36 - len(codes)) + low if positions else [])
    assert arrays[EXCEPTIONS].tolist() == exceptions


def test_a_block_tells_how_many_exceptions_are_before_it() -> None:
    blocks = packed_numbers([9999] * 128 + [1] * 128 + [9999] * 128)[PACKED].reshape(3, STRIDE)

    assert [row[32:36].view("<u4").tolist() for row in blocks] == [[0], [128], [128]]


number = st.one_of(*[st.integers(0, 1200)] * 3, st.integers(0, 2**32 - 1))
numbers = st.builds(lambda own, times: own * times, st.lists(number, max_size=20), st.sampled_from([1, 7, 30]))


@examples(100)
@given(st.data())
def test_positions_come_back(data: st.DataObject) -> None:
    values = data.draw(numbers)
    positions = opened(packed_numbers(values))
    low, high = data.draw(st.integers(0, len(values) + 1)), data.draw(st.integers(0, len(values) + 200))
    index = np.array(data.draw(st.lists(st.integers(0, len(values) - 1), max_size=20) if values else st.just([])), int)
    far = data.draw(st.integers(0, 500))

    assert isinstance(positions, PackedPositions)
    assert len(positions) == len(values)
    assert positions[:].tolist() == values
    assert positions[low:high].tolist() == values[low:high]
    assert positions[index].tolist() == [values[at] for at in index.tolist()]
    assert {own.dtype for own in (positions[:], positions[index], positions[low:high])} == {positions.dtype}
    assert positions.is_sound()
    apart = opened(packed_numbers([*values, *[far] * 40_000, *values]))  # too far apart to read all in between
    both = np.concatenate((index, index + len(values) + 40_000))
    assert apart[both].tolist() == [values[at] for at in index.tolist()] * 2


def test_positions_that_arrive_in_parts_are_packed_alike() -> None:
    values = np.arange(700_000, dtype=np.uint32) % 1000
    parts: list[Array] = [values[:5], values[5:5], values[5:600_000], values[600_000:].astype(np.int64)]

    made, whole = packed(ArrayStream(np.uint32, parts)), packed(values)

    assert all(np.array_equal(made[name], whole[name]) for name in (PACKED, EXCEPTIONS))


def test_other_arrays_pass_unchanged() -> None:
    arrays = [("f/stem.docs", np.arange(3)), ("f/length", np.arange(2)), ("root/postings.docs", np.arange(1))]

    assert list(packed_arrays(arrays)) == arrays


def test_positions_of_format_1_are_read() -> None:
    assert opened({NAME: np.array([3, 1, 300], np.uint16)})[:].tolist() == [3, 1, 300]


@pytest.mark.parametrize("index", [[-1], [300], [0, 10**12]])
def test_an_index_out_of_range_is_refused(index: list[int]) -> None:
    positions = opened(packed_numbers([1] * 300))

    with pytest.raises(IndexError):
        positions[np.array(index)]


def test_exceptions_that_are_missing_are_damage() -> None:
    arrays = packed_numbers([9999] * 20_000)
    positions = opened(arrays | {EXCEPTIONS: arrays[EXCEPTIONS][:150]})

    for key in (slice(None), slice(150, 151), np.array([3, 199]), np.array([3, 19_999])):
        with pytest.raises(CorruptIndexError, match=r"impossible values in its array 'f/"):
            positions[key]
    assert positions[:128].tolist() == [9999] * 128


@pytest.mark.parametrize("size", [1, 35, 36, STRIDE + 3])
def test_a_cut_block_is_damage(size: int) -> None:
    arrays = packed_numbers([1] * 200)

    with pytest.raises(CorruptIndexError, match="bytes in the last block"):
        opened(arrays | {PACKED: arrays[PACKED][:size]})


def test_blocks_that_contradict_their_positions_are_not_sound() -> None:
    arrays = packed_numbers([1, 2, 9999] * 100)
    changed = arrays[PACKED].copy()
    changed[STRIDE + 32] += 1  # the exceptions before the second block
    positions = opened(arrays | {PACKED: changed})
    assert isinstance(positions, PackedPositions)

    assert not positions.is_sound()
