"""`Index.check` reports arrays that contradict each other, even if all checksums are right."""

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


def problems(path: Path) -> list[str]:
    """Return the problems that opening or checking the index reports."""
    try:
        with arsearch.open(path) as index:
            return index.check()
    except ArsearchError as error:
        return [str(error)]


def forge(path: Path, key: str, change: Callable[[Array], Array]) -> None:
    """Rewrite the only segment with one array changed, and right checksums."""
    directory = FSDirectory(path)
    (name,) = (file.name for file in path.glob("*.seg"))
    file = ArrayFile(directory, name)
    arrays = {own: np.array(file.array(own).whole()) for own in file.names()}
    arrays[key] = change(arrays[key].copy())
    write_arrays(directory, name, arrays, file.meta, durable=False)


def unchanged(values: Array) -> Array:
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
    "a wrong head": ("body/normalised.heads", bump(1)),
    "a wrong start": ("body/stem.starts", bump(-1)),
    "the first posting": ("body/normalised.first", bump(1)),
    "the last posting": ("body/normalised.first", bump(-1)),
    "an extra posting": ("body/normalised.docs", lambda values: np.append(values, values[-1])),
    "documents out of order": ("body/normalised.docs", swap(-1, -2)),
    "a missing document": ("body/stem.docs", lambda values: np.where(values == 11, 12, values)),
    "one frequency": ("body/normalised.freqs.packed", bump(2)),
    "frequencies in another order": ("body/normalised.freqs.packed", lambda values: values[::-1].copy()),
    "no frequencies": ("body/normalised.freqs.packed", lambda values: values * 0),
    "places of postings": ("body/normalised.places", bump(1)),
    "positions out of order": ("body/stem.positions.packed", lambda values: values[::-1].copy()),
    "positions cut short": ("body/stem.positions.packed", shorten),
    "an exception that no position has": (
        "body/stem.positions.exceptions",
        lambda values: np.append(values, np.uint8(9)),
    ),
    "upper bounds": ("body/normalised.most", bump(0)),
    "lower bounds": ("body/normalised.least", bump(0)),
    "exceptions out of order": ("body/written.at", swap(0, 1)),
    "exceptions cut short": ("body/written.at", shorten),
    "a missing written form": ("body/written.which", bump(0, 200)),
    "exceptions that are the rule": ("body/written.which", lambda values: values * 0),
    "written terms out of order": ("body/written.terms", swap(0, 1)),
    "a duplicate written form": ("body/written.blob", lambda values: np.where(values == 10, 0x20, values)),
    "ends of written forms": ("body/written.ends", bump(-1)),
    "stem_of": ("body/stem_of", lambda values: values + values.max() + 1),
    "stem_of cut short": ("body/stem_of", shorten),
    "roots out of order": ("root/postings.blob", bump(1, 20)),
    "a wrong head of the roots": ("root/postings.heads", bump(1)),
    "the postings of roots": ("root/postings.first", bump(1)),
    "documents of roots out of order": ("root/postings.docs", swap(0, 1)),
    "a missing document of a root": ("root/postings.docs", shorten),
    "frequencies of roots": ("body/root_freqs.packed", bump(0)),
    "frequencies of roots cut short": ("title/root_freqs.packed", shorten),
    "the root of a stem": ("body/root_of", lambda values: np.where(values == 0, 1, values)),
    "a root that does not exist": ("body/root_of", lambda values: values + values.max() + 1),
    "the roots of stems cut short": ("body/root_of", shorten),
    "lengths": ("body/length", bump(0, 200)),
    "sketches cut short": ("body/sketches", shorten),
    "lengths cut short": ("body/length", shorten),
    "one hash": ("id/hash", bump(3)),
    "hashes swapped": ("id/hash", swap(0, 1)),
    "documents of hashes": ("id/doc", swap(0, 1)),
    "ids": ("stored/id.blob", bump(0)),
    "ends of ids": ("stored/id.ends", bump(0)),
    "ends of titles": ("stored/title.ends", bump(-1)),
    "a frame": ("stored/frames.blob", bump(30)),
    "frames cut short": ("stored/frames.ends", shorten),
    "a number": ("volume/numbers", bump(5)),
    "a float": ("weight/numbers", bump(5)),
    "a date": ("date/numbers", bump(5, 86_400)),
    "dates cut short": ("date/numbers", shorten),
    "a value": ("source/values.blob", bump(1)),
    "values of an article": ("source/values.ordinals", swap(0, 1)),
    "a missing value": ("source/values.ordinals", lambda values: values + 2),
    "values out of place": ("tags/values.first", bump(3)),
    "values cut short": ("tags/values.first", shorten),
}


@pytest.mark.parametrize(("key", "change"), FORGERIES.values(), ids=FORGERIES)
def test_check_reports_a_forged_array(path: Path, key: str, change: Callable[[Array], Array]) -> None:
    forge(path, key, unchanged)
    assert problems(path) == []

    forge(path, key, change)

    assert problems(path)


def test_check_reports_a_duplicate_id(path: Path) -> None:
    with arsearch.open(path) as index:
        index.add([{"id": "5", "body": "نص"}])
    directory = FSDirectory(path)
    newest = read_latest(directory)
    segments = tuple(replace(info, deleted=0, deletions=None) for info in newest.segments)
    write_manifest(directory, replace(newest, generation=newest.generation + 1, segments=segments), flushed=True)

    (problem,) = problems(path)
    assert "same id '5'" in problem


def test_check_reports_at_most_twenty_problems(path: Path) -> None:
    forge(path, "date/numbers", lambda values: values + 1)

    assert 1 < len(problems(path)) <= 20


ODD: list[list[dict[str, Any]]] = [
    [],
    [{"id": "1", "body": "ﷺ"}, {"id": "2", "title": "ﷺ", "tags": ["ﷺ", "ا ﷺ"]}, {"id": "3", "body": "، ؛"}],
    [{"id": "1", "body": "نص"}, {"id": "1", "body": "نص آخر"}],
    [{"id": str(n), "body": "كلمة"} for n in range(300)],
]


@pytest.mark.parametrize("articles", ODD, ids=["no articles", "symbols", "one replaced", "one word"])
def test_check_reports_nothing_for_an_intact_index(articles: list[dict[str, Any]]) -> None:
    with arsearch.open(":memory:", create=True) as index:
        index.add(articles)
        assert index.check() == []
        index.add(articles[:1], memory_limit=1)
        index.delete("2")
        assert index.check() == []
        index.optimize()
        assert index.check() == []
