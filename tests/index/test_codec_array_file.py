"""Array files return the arrays that were written, or report damage; they never return anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import arsearch
from arsearch.errors import CorruptIndexError, IndexVersionError
from arsearch.index.codec.array_file import Array, ArrayFile, ArrayStream, narrowest, write_arrays
from arsearch.index.codec.checked_array import BLOCK
from arsearch.index.store.directory import Directory, FSDirectory
from arsearch.index.store.memory import RAMDirectory


@pytest.mark.parametrize("make", [RAMDirectory, FSDirectory])
def test_arrays_come_back_as_written(make: Any, tmp_path: Path) -> None:
    storage: Directory = make(tmp_path) if make is FSDirectory else make()
    arrays = {
        "empty": np.empty(0, np.uint8),
        "small": narrowest(np.array([0, 255])),
        "wide": narrowest(np.array([0, 70_000])),
        "signed": np.array([-(2**63), 5]),
        "float": np.array([np.nan, 1.5]),
        "large": np.arange(100_000),
    }

    write_arrays(storage, "x", arrays, {"answer": "نعم"}, durable=True)

    file = ArrayFile(storage, "x")
    file.verify()
    assert file.meta == {"answer": "نعم"}
    assert file.names() == list(arrays)
    for name, values in arrays.items():
        np.testing.assert_array_equal(file.array(name).whole(), values)
        assert len(file.array(name)) == len(values)
    assert (file.array("small").dtype.itemsize, file.array("wide").dtype.itemsize) == (1, 4)
    with pytest.raises(CorruptIndexError, match="lacks the array"):
        file.array("other")
    with pytest.raises(ValueError, match="read-only"):
        file.array("signed").whole()[0] = 1


@given(st.lists(st.integers(0, 9000), max_size=5))
def test_a_streamed_array_is_the_concatenation_of_its_parts(lengths: list[int]) -> None:
    parts = [np.arange(length, dtype=np.uint32) for length in lengths]
    storage = RAMDirectory()

    write_arrays(storage, "x", [("a", ArrayStream(np.uint32, iter(parts))), ("b", np.arange(3))], {}, durable=False)

    file = ArrayFile(storage, "x")
    np.testing.assert_array_equal(file.array("a").whole(), np.concatenate([np.empty(0, np.uint32), *parts]))
    assert file.array("b").whole().tolist() == [0, 1, 2]


COUNT = 40_000
READS: dict[str, Callable[[Any, Array], Any]] = {
    "one": lambda values, at: values[int(at[0])],
    "a slice": lambda values, at: values[int(at.min()) : int(at.max())],
    "the end": lambda values, at: values[int(at[0]) :],
    "every third": lambda values, at: values[::3],
    "indices": lambda values, at: values[at],
    "a mask": lambda values, at: values[np.bincount(at, minlength=COUNT) > 0],
    "bytes": lambda values, at: values.bytes(int(at.min()), int(at.max())) if hasattr(values, "bytes") else
        values[int(at.min()) : int(at.max())].tobytes(),
}  # fmt: skip


@pytest.fixture(scope="module")
def written() -> tuple[bytes, Array]:
    """Return the bytes of a file with a large array between two small ones, and the large array."""
    values = np.random.default_rng(1).integers(0, 2**32, COUNT, np.uint32)
    storage = RAMDirectory()
    arrays = {"before": np.arange(5), "x": values, "after": np.arange(9)}
    write_arrays(storage, "file", arrays, {}, durable=False)
    return bytes(storage.read("file")), values


places = st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=5)
reads = st.tuples(st.sampled_from(list(READS)), places)


def stored(raw: bytes) -> RAMDirectory:
    storage = RAMDirectory()
    storage.write("file", [raw], durable=False)
    return storage


@given(st.integers(0, 2**20), st.integers(1, 255), reads, reads)
def test_a_changed_byte_is_detected_or_not_read(
    written: tuple[bytes, Array], where: int, change: int, first: tuple[str, list[int]], then: tuple[str, list[int]]
) -> None:
    raw, values = written
    where %= len(raw)
    storage = stored(raw[:where] + bytes([raw[where] ^ change]) + raw[where + 1 :])

    try:
        array = ArrayFile(storage, "file").array("x")
        for name, at in (first, then):
            np.testing.assert_array_equal(READS[name](array, np.array(at)), READS[name](values, np.array(at)))
    except IndexVersionError:
        assert where == 7
    except CorruptIndexError:
        pass
    else:
        with pytest.raises(CorruptIndexError):
            ArrayFile(storage, "file").verify()


@given(st.integers(0, 2**20))
def test_a_truncated_file_is_detected_on_opening(written: tuple[bytes, Array], length: int) -> None:
    raw, _ = written

    with pytest.raises(CorruptIndexError, match="file"):
        ArrayFile(stored(raw[: length % len(raw)]), "file")


def test_a_block_is_verified_once_and_only_when_read(written: tuple[bytes, Array]) -> None:
    raw, values = written
    damaged = bytearray(raw)
    damaged[5 * BLOCK] ^= 1
    array = ArrayFile(stored(bytes(damaged)), "file").array("x")

    assert array[:100].tolist() == values[:100].tolist()
    for _ in range(2):
        with pytest.raises(CorruptIndexError):
            array[5 * BLOCK // 4 - 16]
    with pytest.raises(IndexError):
        array[np.array([-1])]
    assert array[-1] == values[-1]


ARTICLES = [
    {"id": f"a{n}", "title": f"عنوان {n % 7}", "body": f"نص المقال رقم {n} " + "كلمة " * (n % 5), "tags": [f"t{n % 3}"]}
    for n in range(60)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("damage")
    with arsearch.open(place, create=True) as index:
        index.add(ARTICLES)
    return place


def answers(place: Path) -> list[Any]:
    """Return the answers of every kind of reading."""
    with arsearch.open(place) as index:
        return [
            [[(hit.id, hit.title, round(hit.score, 6)) for hit in index.search(text, limit=100, facets=["tags"])]
             for text in ("كلمة", "نص المقال", "*لمة", "كلمه~1", '"المقال رقم"', "tags:t1", "title:عنوان AND 5")],
            index.search("نص", filters={"tags": "t2"}, sort="-date", collapse="tags").total,
            [article.to_dict() for article in index],
            index.get("a7"),
            dict(index.stats().terms),
        ]  # fmt: skip


def test_a_damaged_segment_never_gives_a_wrong_answer(folder: Path) -> None:
    expected = answers(folder)
    (segment,) = folder.glob("*.seg")
    good = segment.read_bytes()
    detected: list[str] = []
    try:
        for where in [*range(0, len(good), max(1, len(good) // 60)), *range(len(good) - 40, len(good), 7)]:
            segment.write_bytes(good[:where] + bytes([good[where] ^ 0x10]) + good[where + 1 :])
            try:
                assert answers(folder) == expected
            except (CorruptIndexError, IndexVersionError) as error:
                detected.append(str(error))
    finally:
        segment.write_bytes(good)
    assert len(detected) > 30
    assert all(segment.name in message for message in detected)
