"""Parquet files, data frames and rows of databases: lazily, missing values left out, values of libraries as plain ones."""

from __future__ import annotations

import collections
import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

import arsearch
from arsearch.errors import InputError
from arsearch.model import Article
from arsearch.model.rows import plain_value
from arsearch.readers import read_rows

ROWS = [
    {"id": 1, "title": "خبر", "body": "القمح غال", "n": 2.5},
    {"id": 2, "title": "آخر", "body": None, "n": float("nan")},
]


def pandas_frame() -> Any:
    return pytest.importorskip("pandas").DataFrame(ROWS)


def polars_frame() -> Any:
    return pytest.importorskip("polars").DataFrame(ROWS)


def lazy_frame() -> Any:
    return pytest.importorskip("polars").LazyFrame(ROWS)


def arrow_table() -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(ROWS)


def sqlite_rows() -> Any:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        yield from connection.execute(
            "SELECT 1 AS id, 'خبر' AS title, 'القمح غال' AS body, 2.5 AS n UNION SELECT 2, 'آخر', NULL, NULL"
        )


def named_tuples() -> Any:
    row = collections.namedtuple("row", ["id", "title", "body", "n"])
    return [row(**values)._asdict() for values in ROWS]


@pytest.mark.parametrize(
    "make", [pandas_frame, polars_frame, lazy_frame, arrow_table, sqlite_rows, named_tuples, lambda: iter(ROWS)]
)
def test_rows_are_added_as_they_are(tmp_path: Path, make: Callable[[], Any]) -> None:
    with arsearch.open(tmp_path / "i", create=True) as index:
        report = index.add(make())
        first, second = index.get("1"), index.get("2")
        assert (report.added, report.failures) == (2, 0)
        assert first is not None
        assert second is not None
        assert first.extra == {"n": 2.5}
        assert (second.body, second.extra) == ("", {})
        assert [hit.id for hit in index.search("القمح")] == ["1"]


@pytest.mark.parametrize("make", [pandas_frame, polars_frame, arrow_table, sqlite_rows])
def test_read_rows_renames_columns_and_makes_ids(make: Callable[[], Any]) -> None:
    told: list[str] = []
    records = list(read_rows(make(), mapping={"body": "title", "title": "body"}, on_guess=told.append))
    assert [record.data for record in records] == [
        {"id": 1, "body": "خبر", "title": "القمح غال", "n": 2.5},
        {"id": 2, "body": "آخر"},
    ]
    assert [record.where for record in records] == ["row 1", "row 2"]
    [named] = read_rows([{"العنوان": "خبر", "المحتوى": "نص"}], on_guess=told.append)
    assert named.data is not None
    assert {"title": "خبر", "body": "نص"}.items() <= named.data.items()
    assert "'العنوان' is read as title" in told


def test_a_row_without_names_is_a_problem() -> None:
    [record] = read_rows([("1", "خبر")])
    assert record.problem == "tuple is not a row with names of columns; give mappings"


def test_a_large_frame_is_read_in_parts() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": range(2500), "title": ["x"] * 2500})
    assert [record.data["id"] for record in read_rows(frame) if record.data] == list(range(2500))


def values() -> Iterator[tuple[Any, Any]]:
    yield np.int64(3), 3
    yield np.float32(0.5), 0.5
    yield np.float64("nan"), None
    yield np.bool_(True), True
    yield np.str_("نص"), "نص"
    yield np.array([1, 2]), [1, 2]
    yield np.array(["أ", "ب"]), ["أ", "ب"]
    yield np.datetime64("2015-07-21"), dt.datetime(2015, 7, 21)
    yield np.datetime64("2015-07-21T10:00:00.123456789"), dt.datetime(2015, 7, 21, 10, 0, 0, 123456)
    yield np.datetime64("NaT", "s"), None
    yield Decimal("1.50"), "1.50"
    yield Decimal("NaN"), None
    yield UUID(int=1), "00000000-0000-0000-0000-000000000001"
    yield dt.time(10, 30), "10:30:00"
    yield dt.timedelta(minutes=2), 120.0
    yield {"ب", "أ"}, ["أ", "ب"]
    yield float("nan"), None
    yield None, None
    yield "نص", "نص"


@pytest.mark.parametrize(("value", "expected"), list(values()))
def test_values_of_libraries_become_plain(value: Any, expected: Any) -> None:
    plain = plain_value(value)
    assert plain == expected
    assert type(plain) is type(expected)


def test_missing_values_and_times_of_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    assert plain_value(pandas.NaT) is None
    assert plain_value(pandas.NA) is None
    time = pandas.Timestamp("2015-07-21 10:00:00.123456789", tz="Asia/Baghdad")
    article = Article.from_dict(
        {"id": np.int64(1), "title": np.str_("خبر"), "date": time, "seen": time, "gone": pandas.NaT}
    )
    assert article.id == "1"
    assert article.date == dt.datetime.fromisoformat("2015-07-21T10:00:00.123456+03:00")
    assert article.extra == {"seen": "2015-07-21T10:00:00.123456+03:00"}


PARQUET_ROWS: list[dict[str, Any]] = [
    {
        "id": "1",
        "title": "خبر",
        "body": "نص",
        "date": dt.date(2015, 7, 21),
        "tags": ["أ", "ب"],
        "image": b"x",
        "n": Decimal("1.5"),
    },
    {"id": "2", "title": "آخر", "body": None, "date": None, "tags": None, "image": None, "n": None},
]


def parquet(tmp_path: Path, rows: list[dict[str, Any]], **options: Any) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "made", **options)
    return (tmp_path / "made").read_bytes()


@pytest.mark.parametrize("name", ["a.parquet", "noname"])
@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip", "none"])
def test_a_parquet_file(read: Callable[..., Any], tmp_path: Path, name: str, compression: str) -> None:
    got = read({name: parquet(tmp_path, PARQUET_ROWS, compression=compression)})
    assert got.data == [
        {"id": "1", "title": "خبر", "body": "نص", "date": "2015-07-21", "tags": ["أ", "ب"], "n": "1.5"},
        {"id": "2", "title": "آخر"},
    ]
    assert [record.where for record in got.records] == [f"{name} (row 1)", f"{name} (row 2)"]
    assert got.messages == [f"{name}: Parquet", f"{name}: binary values of 'image' are left out"]


def test_a_damaged_row_group_costs_only_itself(read: Callable[..., Any], tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"id": str(n), "title": f"خبر {n}", "body": f"{n} " * 300} for n in range(400)]
    data = bytearray(parquet(tmp_path, rows, row_group_size=100, compression="none", write_page_checksum=True))
    place = data.index(b"150 150 150")
    data[place - 2000 : place + 2000] = bytes(4000)
    got = read({"a.parquet": bytes(data), "b.jsonl": b'{"id": 1, "title": "x"}'})
    assert {"0", "99", "200", "399"} <= {article["id"] for article in got.data}
    assert got.data[-1]["id"] == 1


@pytest.mark.parametrize("damage", ["cut", "garbage", "footer", "empty"])
def test_a_broken_parquet_file_is_reported(read: Callable[..., Any], tmp_path: Path, damage: str) -> None:
    data = bytearray(parquet(tmp_path, PARQUET_ROWS))
    if damage == "cut":
        del data[-20:]
    elif damage == "garbage":
        data[4:] = b"x" * 100
    elif damage == "footer":
        data[-60:-20] = b"\xff" * 40
    else:
        data.clear()
    got = read({"a.parquet": bytes(data), "b.jsonl": b'{"id": 1, "title": "x"}'})
    assert [where for where, _ in got.problems] == ["a.parquet"]
    assert got.data == [{"id": 1, "title": "x"}]


def test_a_parquet_bomb_stops_at_max_bytes(read: Callable[..., Any], tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"id": "1", "title": "x", "body": None}] * 100_000
    data = parquet(tmp_path, rows)
    assert len(data) < 20_000
    got = read({"a.parquet": data}, max_bytes=500_000)
    assert 0 < len(got.data) < 10_000
    assert "unpack to more than 500,000 bytes" in got.problems[-1][1]


def test_parquet_without_its_extra_is_refused(read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arsearch.readers.tables.parquet.find_spec", lambda _: None)
    got = read({"a.parquet": b"PAR1", "b.jsonl": b'{"id": 1, "title": "x"}'})
    assert got.problems == [("a.parquet", 'Parquet is read with the extra [parquet]: pip install "arsearch[parquet]"')]


def test_a_blank_mapping_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="cannot map"):
        read_rows([], mapping={"body": " "})
