"""`Index.check` sees what no checksum can: arrays that do not fit each other, written with right checksums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import arsearch
from arsearch.errors import ArsearchError
from arsearch.index.codec.array_file import Array, ArrayFile, write_arrays
from arsearch.index.commits.manifest import read_latest, write_manifest
from arsearch.index.store.directory import FSDirectory

BODY = "وقال الوزير إن الكتاب في المكتبة والكتب في المدرسة أحمد احمد أَحمد"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of one segment."""
    with arsearch.open(tmp_path / "index", create=True, fields={"volume": "int", "weight": "float"}) as index:
        index.add(
            [
                {
                    "id": str(n),
                    "title": f"عنوان {n}",
                    "body": f"{BODY} {n} " * (n + 1),
                    "source": ("الأفق", "الرياض")[n % 2],
                    "tags": ["أ", f"وسم {n}"],
                    "date": f"2015-07-{n + 1:02}",
                    "volume": n,
                    "weight": n / 2,
                }
                for n in range(12)
            ]
        )
    return tmp_path / "index"


def found(path: Path) -> list[str]:
    """What is wrong, found by checking or already by opening."""
    try:
        with arsearch.open(path) as index:
            return index.check()
    except ArsearchError as error:
        return [str(error)]


def forge(path: Path, key: str, change: Callable[[Array], Array]) -> None:
    """Write the segment anew with one array changed."""
    storage = FSDirectory(path)
    (name,) = (file.name for file in path.glob("*.seg"))
    file = ArrayFile(storage, name)
    arrays = {own: np.array(file.array(own).whole()) for own in file.names()}
    arrays[key] = change(arrays[key].copy())
    write_arrays(storage, name, arrays, file.meta, durable=False)


def nothing(values: Array) -> Array:
    return values


def bump(at: int, by: int = 1) -> Callable[[Array], Array]:
    def change(values: Array) -> Array:
        values[at] += np.array(by).astype(values.dtype)
        return values

    return change


def swap(one: int, other: int) -> Callable[[Array], Array]:
    def change(values: Array) -> Array:
        values[[one, other]] = values[[other, one]]
        return values

    return change


def shorten(values: Array) -> Array:
    return values[:-1]


FORGERIES: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "terms out of order": ("body/normalised.blob", swap(0, 3)),
    "another head": ("body/normalised.heads", bump(1)),
    "another start": ("body/stem.starts", bump(-1)),
    "first posting": ("body/normalised.first", bump(1)),
    "last posting": ("body/normalised.first", bump(-1)),
    "a posting too many": ("body/normalised.docs", lambda values: np.append(values, values[-1])),
    "documents out of order": ("body/normalised.docs", swap(-1, -2)),
    "a document that is not there": ("body/stem.docs", lambda values: np.where(values == 11, 12, values)),
    "a frequency": ("body/normalised.freqs", bump(2)),
    "two frequencies": ("body/normalised.freqs", swap(3, 4)),
    "a frequency of none": ("body/normalised.freqs", lambda values: values * 0),
    "places": ("body/normalised.places", bump(1)),
    "positions out of order": ("body/stem.positions", lambda values: values[::-1].copy()),
    "positions cut short": ("body/stem.positions", shorten),
    "bounds: most": ("body/normalised.most", bump(0)),
    "bounds: least": ("body/normalised.least", bump(0)),
    "exceptions out of order": ("body/written.at", swap(0, 1)),
    "exceptions short": ("body/written.at", shorten),
    "a way that is not there": ("body/written.which", bump(0, 200)),
    "an exception that is none": ("body/written.which", lambda values: values * 0),
    "written terms out of order": ("body/written.terms", swap(0, 1)),
    "a way told twice": ("body/written.blob", lambda values: np.where(values == 10, 0x20, values)),
    "ends of ways": ("body/written.ends", bump(-1)),
    "stem_of": ("body/stem_of", lambda values: values + values.max() + 1),
    "stem_of short": ("body/stem_of", shorten),
    "lengths": ("body/length", bump(0, 200)),
    "sketches short": ("body/sketches", shorten),
    "lengths short": ("body/length", shorten),
    "hash": ("id/hash", bump(3)),
    "hashes swapped": ("id/hash", swap(0, 1)),
    "documents of hashes": ("id/doc", swap(0, 1)),
    "ids": ("stored/id.blob", bump(0)),
    "ends of ids": ("stored/id.ends", bump(0)),
    "ends of titles": ("stored/title.ends", bump(-1)),
    "a frame": ("stored/frames.blob", bump(30)),
    "frames short": ("stored/frames.ends", shorten),
    "a number": ("volume/numbers", bump(5)),
    "a float": ("weight/numbers", bump(5)),
    "a date": ("date/numbers", bump(5, 86_400)),
    "dates short": ("date/numbers", shorten),
    "a value": ("source/values.blob", bump(1)),
    "values of an article": ("source/values.ordinals", swap(0, 1)),
    "a value that is not there": ("source/values.ordinals", lambda values: values + 2),
    "values out of place": ("tags/values.first", bump(3)),
    "values short": ("tags/values.first", shorten),
}


@pytest.mark.parametrize(("key", "change"), FORGERIES.values(), ids=FORGERIES)
def test_arrays_that_do_not_fit_are_found(path: Path, key: str, change: Callable[[Array], Array]) -> None:
    forge(path, key, nothing)
    assert found(path) == []

    forge(path, key, change)

    assert found(path)


def test_an_id_that_is_twice_there_is_found(path: Path) -> None:
    with arsearch.open(path) as index:
        index.add([{"id": "5", "body": "نص"}])
    storage = FSDirectory(path)
    newest = read_latest(storage)
    segments = tuple(replace(info, deleted=0, deletions=None) for info in newest.segments)
    write_manifest(storage, replace(newest, generation=newest.generation + 1, segments=segments))

    (problem,) = found(path)
    assert "same id '5'" in problem


def test_a_problem_in_every_place_is_told_of_a_bounded_number_of_times(path: Path) -> None:
    forge(path, "date/numbers", lambda values: values + 1)

    assert 1 < len(found(path)) <= 20


ODD: list[list[dict[str, Any]]] = [
    [],
    [{"id": "1", "body": "ﷺ"}, {"id": "2", "title": "ﷺ", "tags": ["ﷺ", "ا ﷺ"]}, {"id": "3", "body": "، ؛"}],
    [{"id": "1", "body": "نص"}, {"id": "1", "body": "نص آخر"}],
    [{"id": str(n), "body": "كلمة"} for n in range(300)],
]


@pytest.mark.parametrize("articles", ODD, ids=["none", "signs", "one replaced", "one word"])
def test_sound_indexes_are_sound(articles: list[dict[str, Any]]) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(articles)
        assert index.check() == []
        index.add(articles[:1], memory_limit=1)
        index.delete("2")
        assert index.check() == []
        index.optimize()
        assert index.check() == []
