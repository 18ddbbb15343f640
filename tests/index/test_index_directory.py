"""A folder keeps files whole or not at all, tells when they change, and explains why it cannot read or write."""

from __future__ import annotations

import errno
import itertools
import os
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from arsearch.errors import (
    CorruptIndexError,
    IndexNotFoundError,
    IndexOpenError,
    IndexReadOnlyError,
    IndexWriteError,
)
from arsearch.index.store import directory as directory_module
from arsearch.index.store.directory import PARTIAL, Directory, FSDirectory
from arsearch.index.store.filesystem import Buffer, FileSystem, open_regular
from arsearch.index.store.memory import RAMDirectory

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


class UnevenFileSystem(FileSystem):
    """A file system that takes longer for every second chunk."""

    def __init__(self) -> None:
        self._written = itertools.count()

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        if next(self._written) % 2 == 0:
            time.sleep(0.002)
        return super().write(file, chunk)


@pytest.mark.usefixtures("synchronous_bytes")
def test_a_file_has_its_chunks_in_order(tmp_path: Path) -> None:
    directory = FSDirectory(tmp_path, UnevenFileSystem())

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


class ThreadNotingFileSystem(FileSystem):
    """A file system that notes which chunks another thread writes."""

    def __init__(self) -> None:
        self._own = threading.get_ident()
        self.in_another_thread: list[bool] = []

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        self.in_another_thread.append(threading.get_ident() != self._own)
        return super().write(file, chunk)


@pytest.mark.parametrize(
    ("sizes", "in_another_thread"),
    [
        ([1], [False]),
        ([100] * 3, [False] * 3),
        ([4 << 20, 1, 1], [False, False, True]),
        ([(4 << 20) + 1, 1, 1], [False, True, True]),
        ([3 << 20, 1 << 20, 1, 5 << 20, 1], [False, False, False, True, True]),
    ],
)
def test_a_thread_writes_what_follows_the_first_four_megabytes(
    tmp_path: Path, sizes: list[int], in_another_thread: list[bool]
) -> None:
    filesystem = ThreadNotingFileSystem()
    chunks = iter([*(b"x" * size for size in sizes), b"last"])  # a single step needs no thread

    assert FSDirectory(tmp_path, filesystem).write("file", chunks, durable=False) == sum(sizes) + 4
    assert filesystem.in_another_thread[: len(sizes)] == in_another_thread


@pytest.mark.parametrize("chunks", [[], [b""], [b"a"], [b"", b"ab", b"", memoryview(b"c")], [b"x" * (5 << 20), b"y"]])
@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_a_file_is_read_as_it_was_written(tmp_path: Path, kind: str, chunks: list[Buffer]) -> None:
    directory: Directory = FSDirectory(tmp_path) if kind == "folder" else RAMDirectory()
    content = b"".join(chunks)
    directory.write("file", [b"before"], durable=False)

    assert directory.write("file", chunks, durable=False) == len(content)
    assert directory.read("file") == content
    assert directory.names() == ["file"]
    directory.remove("file")
    directory.remove("file")  # a file that is gone is removed
    assert directory.names() == []
    with pytest.raises(FileNotFoundError):
        directory.read("file")


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_RDONLY | os.O_CLOEXEC, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC])
def test_a_file_is_opened_as_asked_without_links_and_without_waiting(
    tmp_path: Path, flags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    usual = os.open

    def note(path: str, flags: int, mode: int) -> int:
        asked.append(flags)
        return usual(path, flags, mode)

    (tmp_path / "file").touch()
    monkeypatch.setattr(os, "open", note)
    os.close(open_regular(str(tmp_path / "file"), flags))

    assert asked == [flags | os.O_NOFOLLOW | os.O_NONBLOCK]


def test_a_writer_removes_the_unfinished_files_of_one_that_died(tmp_path: Path) -> None:
    directory = FSDirectory(tmp_path)
    directory.write("file", [b"text"], durable=False)
    (tmp_path / f"other{PARTIAL}").write_bytes(b"te")
    assert directory.names() == ["file"]

    with directory.lock(0):
        assert sorted(os.listdir(tmp_path)) == ["file", "write.lock", "write.queue"]


@pytest.mark.parametrize(("umask", "mode"), [(0o000, 0o666), (0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_files_have_the_permissions_that_the_umask_leaves(tmp_path: Path, umask: int, mode: int) -> None:
    directory, usual = FSDirectory(tmp_path), os.umask(umask)
    try:
        with directory.lock(0):
            directory.write("file", [b"text"], durable=False)
    finally:
        os.umask(usual)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["file", "write.lock", "write.queue"], mode)


@pytest.mark.parametrize(
    ("age", "known"),
    [
        (-3_600_000_000_000, False),
        (0, False),
        (2_500_000_000, False),
        (2_500_000_001, True),
        (86_400_000_000_000, True),
    ],
)
def test_a_stamp_is_known_when_the_clock_of_the_files_has_gone_on(
    tmp_path: Path, age: int, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path.stat().st_mtime_ns
    monkeypatch.setattr(time, "time_ns", lambda: changed + age)

    assert FSDirectory(tmp_path).stamp() == (changed if known else None)


def test_another_folder_in_the_place_of_an_index_has_another_identity(tmp_path: Path) -> None:
    directory = FSDirectory(tmp_path / "index")
    (tmp_path / "index").mkdir()
    (tmp_path / "new").mkdir()
    identities = [directory.identity(), directory.identity()]
    (tmp_path / "index").rename(tmp_path / "old")
    identities.append(directory.identity())
    assert directory.stamp() is None
    (tmp_path / "new").rename(tmp_path / "index")
    identities.append(directory.identity())

    assert identities[0] == identities[1] == FSDirectory(tmp_path / "old").identity()
    assert len(set(identities)) == 3


class FailingFileSystem(FileSystem):
    """A file system that fails to list, to open, to create, to remove and to flush the folder."""

    def __init__(self, error: OSError) -> None:
        self._error = error

    def _fail(self, *_: object) -> None:
        raise self._error

    listdir = open = create = remove = fsync_folder = _fail  # type: ignore[assignment]


CALLS = {
    "list": lambda directory: directory.names(),
    "read": lambda directory: directory.read("file"),
    "write": lambda directory: directory.write("file", [b"text"], durable=True),
    "remove": lambda directory: directory.remove("file"),
    "sync": lambda directory: directory.sync(),
}
BROKEN = "repair the disk, or restore a backup"
FULL = "the last commit is intact: free space or repair the disk, then try again"


def failure(number: int) -> OSError:
    return OSError(number, os.strerror(number), "path")


@pytest.mark.parametrize(
    ("call", "error", "kind", "message"),
    [
        ("list", failure(errno.ENOENT), IndexNotFoundError, "the index folder 'F' is gone"),
        (
            "list",
            failure(errno.EACCES),
            IndexOpenError,
            "'F' cannot be read (Permission denied); check its permissions",
        ),
        ("list", failure(errno.EIO), IndexOpenError, f"'F' cannot be read (Input/output error); {BROKEN}"),
        ("list", OSError("no answer"), IndexOpenError, f"'F' cannot be read (no answer); {BROKEN}"),
        ("read", failure(errno.ENOENT), FileNotFoundError, "[Errno 2] No such file or directory: 'path'"),
        (
            "read",
            failure(errno.EPERM),
            IndexOpenError,
            "'F/file' cannot be read (Operation not permitted); check its permissions",
        ),
        ("read", failure(errno.EIO), IndexOpenError, f"'F/file' cannot be read (Input/output error); {BROKEN}"),
        *(
            (
                "read",
                failure(number),
                CorruptIndexError,
                f"the index file 'F/file' cannot be read ({os.strerror(number)}); see `arsearch check`",
            )
            for number in (errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENXIO)
        ),
        *(
            (
                call,
                failure(number),
                IndexReadOnlyError,
                f"the index at 'F' cannot be written ({os.strerror(number)}, {name}); check its permissions",
            )
            for number in (errno.EACCES, errno.EPERM, errno.EROFS)
            for call, name in (("write", "file"), ("remove", "file"), ("sync", "the folder"))
        ),
        (
            "write",
            failure(errno.ENOSPC),
            IndexWriteError,
            f"the index at 'F' cannot be written (No space left on device, file); {FULL}",
        ),
        (
            "remove",
            failure(errno.EIO),
            IndexWriteError,
            f"the index at 'F' cannot be written (Input/output error, file); {FULL}",
        ),
        (
            "sync",
            OSError("no answer"),
            IndexWriteError,
            f"the index at 'F' cannot be written (no answer, the folder); {FULL}",
        ),
    ],
)
def test_an_error_of_the_disk_names_the_file_the_reason_and_the_next_step(
    tmp_path: Path, call: str, error: OSError, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as raised:
        CALLS[call](FSDirectory(tmp_path, FailingFileSystem(error)))

    assert type(raised.value) is kind
    assert str(raised.value).replace(str(tmp_path), "F") == message
    assert getattr(raised.value, "errno", None) == error.errno or kind is not IndexWriteError
