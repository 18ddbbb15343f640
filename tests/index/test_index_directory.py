"""A file is written whole or not at all, whether a thread writes a part of it or not."""

from __future__ import annotations

import errno
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from arsearch.errors import IndexWriteError
from arsearch.index.store import directory as directory_module
from arsearch.index.store.directory import FSDirectory
from arsearch.index.store.filesystem import Buffer, FileSystem

CHUNKS = [bytes([number]) * 10_000 for number in range(40)]


@pytest.fixture(params=[0, 100_000, 1 << 30], ids=["in a thread", "the rest in a thread", "without a thread"])
def synchronous_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_module, "_SYNCHRONOUS", request.param)


class FullFileSystem(FileSystem):
    """A file system that has room for 20 chunks."""

    def __init__(self) -> None:
        self._room = 20

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        self._room -= 1
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(file, chunk)


@pytest.mark.usefixtures("synchronous_bytes")
def test_a_file_has_its_chunks_in_order(tmp_path: Path) -> None:
    directory = FSDirectory(tmp_path)

    assert directory.write("file", CHUNKS, durable=True) == 400_000
    assert bytes(directory.read("file")) == b"".join(CHUNKS)


@pytest.mark.usefixtures("synchronous_bytes")
def test_nothing_stays_of_a_file_when_the_disk_is_full(tmp_path: Path) -> None:
    threads = threading.active_count()

    with pytest.raises(IndexWriteError, match=os.strerror(errno.ENOSPC)):
        FSDirectory(tmp_path, FullFileSystem()).write("file", CHUNKS, durable=True)

    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


@pytest.mark.usefixtures("synchronous_bytes")
def test_nothing_stays_of_a_file_when_its_chunks_cannot_be_computed(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield from CHUNKS[:30]
        raise ZeroDivisionError

    threads = threading.active_count()

    with pytest.raises(ZeroDivisionError):
        FSDirectory(tmp_path).write("file", chunks(), durable=True)

    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


def test_no_large_chunk_is_kept_while_later_ones_are_written(tmp_path: Path) -> None:
    kept: list[bool] = []

    def chunks() -> Iterator[Buffer]:
        large = np.zeros(5 << 20, np.uint8)  # more than is written before threads write
        reference = weakref.ref(large)
        yield large.data
        del large
        for _ in range(20):
            yield b"\0"
        kept.append(reference() is not None)

    FSDirectory(tmp_path).write("file", chunks(), durable=False)

    assert kept == [False]
