"""Files are written whole or not at all, the large ones in a thread."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import pytest

from arsearch.errors import IndexWriteError
from arsearch.index.store import directory as storage_module
from arsearch.index.store.directory import FSDirectory

CHUNKS = [bytes([number]) * 10_000 for number in range(40)]


@pytest.fixture(params=[0, 100_000, 1 << 30], ids=["in a thread", "the rest in a thread", "at once"])
def little(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_module, "_LITTLE", request.param)


class Filling:
    """A file on a disk that has room for a few chunks."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._room = 20

    def __enter__(self) -> Filling:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def write(self, chunk: bytes) -> int:
        self._room -= 1
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(chunk)


@pytest.mark.usefixtures("little")
def test_a_file_has_its_chunks_in_order(tmp_path: Path) -> None:
    storage = FSDirectory(tmp_path)

    assert storage.write("file", CHUNKS, durable=True) == 400_000
    assert bytes(storage.read("file")) == b"".join(CHUNKS)


@pytest.mark.usefixtures("little")
def test_nothing_stays_of_a_file_whose_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = storage_module._opened
    monkeypatch.setattr(storage_module, "_opened", lambda path, flags: Filling(opened(path, flags)))
    threads = threading.active_count()

    with pytest.raises(IndexWriteError, match=os.strerror(errno.ENOSPC)):
        FSDirectory(tmp_path).write("file", CHUNKS, durable=True)

    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


@pytest.mark.usefixtures("little")
def test_nothing_stays_of_a_file_whose_chunks_cannot_be_made(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield from CHUNKS[:30]
        raise ZeroDivisionError

    threads = threading.active_count()

    with pytest.raises(ZeroDivisionError):
        FSDirectory(tmp_path).write("file", chunks(), durable=True)

    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads
