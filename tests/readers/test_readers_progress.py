"""A progress bar can ask `read_articles` for its source, its position and its size."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import sys
import threading
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import pytest

from arsearch.readers import read_articles
from arsearch.readers.streams import CHUNK

LINE = '{{"id": "{}", "title": "خبر", "body": "{}"}}\n'
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": partial(gzip.compress, compresslevel=1),
    ".xz": partial(lzma.compress, preset=0),
}


def lines(count: int) -> bytes:
    """Return `count` JSON lines that hardly compress: about 700 bytes each."""
    return "".join(LINE.format(n, os.urandom(300).hex()) for n in range(count)).encode()


@cache
def compressed(compression: str) -> bytes:
    """Return 4,000 JSON lines as they are stored."""
    return COMPRESS[compression](lines(4000))


@pytest.mark.parametrize("compression", COMPRESS)
def test_the_position_counts_stored_bytes_up_to_the_size(tmp_path: Path, compression: str) -> None:
    path = tmp_path / f"a.jsonl{compression}"
    path.write_bytes(compressed(compression))
    size = path.stat().st_size
    assert size > 4 * CHUNK

    records = read_articles(path)
    assert (records.source, records.position, records.size) == (None, 0, size)

    positions = [records.position for _ in records]
    assert positions == sorted(positions)
    assert len(set(positions)) >= size // CHUNK
    assert all(after - before <= CHUNK for before, after in pairwise(sorted(set(positions))))
    assert records.position == records.source_position == records.size == size


@pytest.mark.parametrize("compression", COMPRESS)
def test_articles_and_position_keep_pace(tmp_path: Path, compression: str) -> None:
    path = tmp_path / f"a.jsonl{compression}"
    path.write_bytes(compressed(compression))
    records = read_articles(path)
    for _ in range(2000):
        next(records)
    assert records.size is not None
    assert 0.5 <= records.position / records.size < 0.75


def test_a_folder_is_the_sum_of_its_files_and_each_is_named(tmp_path: Path) -> None:
    files = {"a.jsonl": lines(10), "b/c.csv": b"id,title\n1,x\n", "d.jsonl.gz": gzip.compress(lines(10)), "e.txt": b""}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    records = read_articles(tmp_path)
    total = sum(map(len, files.values()))
    assert records.size == total

    finished: dict[str, int] = {}
    for _ in records:
        assert records.source is not None
        assert records.source.size == len(files[records.source.id])
        assert records.source_position == records.source.size
        finished.setdefault(records.source.id, records.position)
    assert list(finished) == list(files)
    assert list(finished.values()) == [sum(map(len, list(files.values())[: n + 1])) for n in range(len(files))]
    assert records.position == total


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("b.doc", b"%PDF-1.4" * 1000, id="refused_by_name"),
        pytest.param("b", b"BZh9" * 1000, id="refused_by_content"),
        pytest.param("b.pdf", b"%PDF-1.4" * 1000, id="refused_by_its_reader"),
        pytest.param("b.csv", b"a,b\n" * 200_000, id="given_up"),
        pytest.param("b.jsonl.gz", gzip.compress(os.urandom(2_000_000))[:-2], id="damaged"),
    ],
)
def test_a_source_that_is_not_read_to_its_end_counts_in_full(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(3))
    (tmp_path / name).write_bytes(data)
    (tmp_path / "c.jsonl").write_bytes(lines(3))
    records = read_articles([tmp_path / "a.jsonl", tmp_path / "missing", tmp_path / name, tmp_path / "c.jsonl"])
    list(records)
    assert records.position == records.size == 2 * len(lines(3)) + len(data)


def test_max_bytes_leaves_the_position_at_the_size(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(2000))
    records = read_articles(tmp_path / "a.jsonl", max_bytes=10_000)
    list(records)
    assert records.position == records.size == len(lines(2000))


def test_standard_input_has_a_position_but_no_size(monkeypatch: pytest.MonkeyPatch) -> None:
    data = lines(5)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    records = read_articles("-")
    next(records)
    assert records.source is not None
    assert (records.source.name, records.source.size, records.size) == ("stdin", None, None)
    list(records)
    assert records.position == len(data)


def test_a_pipe_has_a_position_but_no_size(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    data = lines(5)
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=[data])
    writer.start()
    records = read_articles(tmp_path / "pipe", format="jsonl")
    assert len(list(records)) == 5
    writer.join()
    assert (records.size, records.position) == (None, len(data))
