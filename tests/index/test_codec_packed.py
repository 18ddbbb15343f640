"""Packed arrays hold any numbers, give them back in any order, and tell when their two arrays contradict each other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from long_runs import examples

from arsearch.errors import CorruptIndexError
from arsearch.index.codec import names
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, write_arrays
from arsearch.index.codec.packed_array import (
    FREQS,
    POSITIONS,
    ROOT_FREQS,
    Numbers,
    PackedArray,
    Packing,
    open_numbers,
    packed_arrays,
)
from arsearch.index.store.memory import RAMDirectory

NAMES = {FREQS: "f/stem.freqs", POSITIONS: "f/stem.positions", ROOT_FREQS: "f/root_freqs"}


def packed(numbers: Sequence[int], packing: Packing) -> dict[str, Array]:
    """Return the arrays that a writer makes of the numbers, without their common beginning."""
    name = NAMES[packing]
    values = np.array(numbers, np.uint32)
    return {
        own.removeprefix(f"{name}."): np.concatenate([np.empty(0, np.uint8), *made.parts])
        if isinstance(made, ArrayStream)
        else made
        for own, made in packed_arrays([(name, values)])
    }


def opened(arrays: dict[str, Array], packing: Packing, length: int | None) -> Numbers:
    directory = RAMDirectory()
    named = {names.part(NAMES[packing], own): values for own, values in arrays.items()}
    write_arrays(directory, "x", named, {}, durable=False)
    return open_numbers(ArrayFile(directory, "x"), NAMES[packing], packing, None if packing.low_bytes else length)


@pytest.mark.parametrize(
    ("packing", "numbers", "block", "exceptions"),
    [
        (ROOT_FREQS, [0, 1, 2, 3, 9], [0b11100100, 0b11] + [0] * 30 + [0] * 4, [3, 9]),
        (FREQS, [1, 2, 3, 4], [0b11100100] + [0] * 31 + [0] * 8, [4]),
        (FREQS, [0], [0b11] + [0] * 31 + [0] * 8, [0]),
        (POSITIONS, [5, 256, 767, 768, 70000], [0b11100100, 0b11] + [0] * 30 + [0] * 4 + [5, 0, 255, 0, 112], [3, 273]),
        (POSITIONS, [], [], []),
    ],
)
def test_the_bytes_of_a_block(packing: Packing, numbers: list[int], block: list[int], exceptions: list[int]) -> None:
    arrays = packed(numbers, packing)

    assert arrays["packed"].tolist() == block
    assert arrays["exceptions"].tolist() == exceptions


def test_a_block_begins_with_what_is_before_it() -> None:
    blocks = packed([7] * 128 + [1] * 128 + [2], FREQS)["packed"].reshape(3, 40)

    assert [row[32:].view("<u4").tolist() for row in blocks] == [[0, 0], [128, 7 * 128], [128, 8 * 128]]


def numbers(packing: Packing) -> st.SearchStrategy[list[int]]:
    small = st.integers(0, 5) if not packing.low_bytes else st.integers(0, 1200)
    some = st.one_of(small, small, small, st.integers(0, 2**32 - 1))
    pattern = st.lists(some, max_size=20)
    return st.builds(lambda own, times: own * times, pattern, st.sampled_from([1, 7, 30]))  # a block has 128


@pytest.mark.parametrize("packing", NAMES)
@examples(100)
@given(st.data())
def test_numbers_come_back(packing: Packing, data: st.DataObject) -> None:
    values = data.draw(numbers(packing))
    array = opened(packed(values, packing), packing, len(values))
    expected = np.array(values, np.uint32)
    low, high = data.draw(st.integers(0, len(values) + 1)), data.draw(st.integers(0, len(values) + 200))
    index = np.array(
        data.draw(st.lists(st.integers(0, len(values) - 1), max_size=20) if values else st.just([])), np.int64
    )
    step = data.draw(st.sampled_from([1, 2, -1, -3]))

    assert isinstance(array, PackedArray)
    assert len(array) == len(values)
    assert array.whole().tolist() == values
    assert array.part(low, high).tolist() == values[low:high]
    assert array[low:high:step].tolist() == values[low:high:step]
    assert array[index].tolist() == expected[index].tolist()
    assert array[np.arange(len(values))].tolist() == values
    assert array[np.arange(len(values)).repeat(2)[::-1]].tolist() == expected.repeat(2)[::-1].tolist()
    assert array[expected > 2].tolist() == expected[expected > 2].tolist()
    with mock.patch.dict(os.environ, ARSEARCH_KERNEL="numpy"):
        assert array[index].tolist() == expected[index].tolist()
        assert array[expected > 2].tolist() == expected[expected > 2].tolist()
    assert {own.dtype for own in (array.whole(), array[index], array.part(low, high))} == {array.dtype}
    assert all(array[at] == values[at] for at in (0, -1) if values)
    assert array.is_sound()


def test_numbers_that_arrive_in_parts_are_packed_alike() -> None:
    values = np.arange(700_000, dtype=np.uint32) % 1000
    parts: list[Array] = [values[:5], values[5:5], values[5:600_000], values[600_000:].astype(np.int64)]
    made = [
        [np.concatenate([*own.parts]) if isinstance(own, ArrayStream) else own for _, own in packed_arrays([given_])]
        for given_ in ((NAMES[POSITIONS], values), (NAMES[POSITIONS], ArrayStream(np.uint32, parts)))
    ]

    assert all(map(np.array_equal, *made))


def test_other_arrays_pass_unchanged() -> None:
    arrays = [("f/stem.docs", np.arange(3)), ("f/length", np.arange(2)), ("root/postings.docs", np.arange(1))]

    assert [(name, own) for name, own in packed_arrays(arrays)] == arrays


@pytest.mark.parametrize("packing", NAMES)
def test_the_form_of_format_1_is_read(packing: Packing) -> None:
    directory = RAMDirectory()
    write_arrays(directory, "x", {NAMES[packing]: np.array([3, 1, 300], np.uint16)}, {}, durable=False)

    assert open_numbers(ArrayFile(directory, "x"), NAMES[packing], packing, 3).whole().tolist() == [3, 1, 300]


@pytest.fixture(params=["compiled", "numpy"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read numbers with the extension, and without it."""
    monkeypatch.setenv("ARSEARCH_KERNEL", request.param)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("packing", NAMES)
@pytest.mark.parametrize("index", [[-1], [300], [0, 10**12]])
def test_an_index_out_of_range_is_refused(packing: Packing, index: list[int]) -> None:
    array = opened(packed([1] * 300, packing), packing, 300)

    with pytest.raises(IndexError, match=r"out of \[0, 300\)"):
        array[np.array(index)]


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("packing", NAMES)
def test_exceptions_that_are_missing_are_damage(packing: Packing) -> None:
    arrays = packed([9999] * 200, packing)
    array = opened(arrays | {"exceptions": arrays["exceptions"][:150]}, packing, 200)

    for read in (array.whole, lambda: array[150:151], lambda: array[np.array([3, 199])]):
        with pytest.raises(CorruptIndexError, match=r"impossible values in its array 'f/"):
            read()
    assert array[:128].tolist() == [9999] * 128


@pytest.mark.parametrize("packing", NAMES)
@pytest.mark.parametrize("change", [1, -1])
def test_a_length_that_does_not_fit_is_damage(packing: Packing, change: int) -> None:
    arrays = packed([1] * 200, packing)
    blocks = np.concatenate((arrays["packed"], [0])) if change > 0 else arrays["packed"][:-1]

    if packing.low_bytes:  # the length follows from the bytes
        blocks = blocks[: packing.stride + 3]
    with pytest.raises(CorruptIndexError, match="impossible"):
        opened(arrays | {"packed": blocks.astype(np.uint8)}, packing, 200)


@pytest.mark.parametrize("packing", NAMES)
def test_a_check_finds_blocks_that_contradict_their_numbers(packing: Packing) -> None:
    arrays = packed([1, 2, 9999] * 100, packing)
    changed = arrays["packed"].copy()
    changed[packing.stride + 32] += 1  # the exceptions before the second block
    array = opened(arrays | {"packed": changed}, packing, 300)
    assert isinstance(array, PackedArray)

    assert not array.is_sound()
