"""The directory of an index: the protocol, and a folder on a local disk.

A file appears whole or not at all: it is written under a temporary name, flushed to the disk if it is to be `durable`,
and renamed. The module does not know the content of the files.

After `write(durable=True)` returns, the content of the file survives a power loss. Its name, and the absence of a removed
file, survive once `sync` has returned.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import mmap
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from arsearch.errors import (
    ArsearchError,
    CorruptIndexError,
    IndexNotFoundError,
    IndexOpenError,
    IndexReadOnlyError,
    IndexWriteError,
)
from arsearch.index.store.filesystem import LOCAL, Buffer, FileSystem
from arsearch.index.store.lock import LOCK_FILES, write_lock

__all__ = ["PARTIAL", "Directory", "FSDirectory", "read_file"]

PARTIAL = ".partial"
"""The end of the temporary name of a file that is being written."""

_CLOCK_TICK = 2_500_000_000
"""Nanoseconds; the coarsest file systems keep times in steps of two seconds."""
_SYNCHRONOUS = 4 << 20
"""Bytes of a file that are written before a thread takes over."""
_MAX_WAITING = 8
"""Chunks that may wait for that thread."""
_NOT_A_FILE = (errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENXIO)
"""The errors of opening a link, a pipe or a folder in place of a file."""


class Directory(Protocol):
    """A flat set of named files and one write lock."""

    @property
    def location(self) -> str:
        """The place of the directory, for messages."""

    def names(self) -> list[str]:
        """Return the names of all complete files, in no particular order."""

    def stamp(self) -> int | None:
        """Return a number that changes when a file appears or disappears; `None` if such a change could go unnoticed."""

    def identity(self) -> tuple[int, int] | None:
        """Return a value that differs when another folder takes the place of this one; `None` if there is no folder."""

    def read(self, name: str) -> memoryview:
        """Return the bytes of a file, mapped where possible. Raises FileNotFoundError if there is none of that name."""

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        """Write `chunks` as a file, replacing a file of that name atomically; return its size in bytes."""

    def remove(self, name: str) -> None:
        """Remove a file, if it exists. Buffers read from it stay valid."""

    def sync(self, names: Iterable[str] = ()) -> None:
        """Flush the contents of the named files, and the names of all files, to the disk."""

    def lock(self, timeout: float) -> contextlib.AbstractContextManager[None]:
        """Hold the write lock. Raises IndexLockedError after `timeout` seconds."""


def read_file(directory: Directory, name: str) -> memoryview:
    """Return the bytes of a file that a commit refers to. Raises CorruptIndexError if it is missing."""
    try:
        return directory.read(name)
    except FileNotFoundError:
        raise CorruptIndexError(f"the index at {directory.location!r} lacks its file {name!r}") from None


class FSDirectory:
    """A directory that is a folder of a local file system."""

    def __init__(self, path: str | os.PathLike[str], filesystem: FileSystem = LOCAL) -> None:
        self._path = Path(path)
        self._location = str(self._path)
        self._filesystem = filesystem

    @property
    def location(self) -> str:
        return self._location

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    def names(self) -> list[str]:
        return [name for name in self._listdir() if not name.endswith(PARTIAL) and name not in LOCK_FILES]

    def _listdir(self) -> list[str]:
        try:
            return self._filesystem.listdir(self._path)
        except FileNotFoundError:
            raise IndexNotFoundError(f"the index folder {self.location!r} is gone") from None
        except OSError as error:
            raise self._unreadable(self.location, error) from error

    def stamp(self) -> int | None:
        try:
            changed = os.stat(self._location).st_mtime_ns  # noqa: PTH116 (Path.stat takes twice as long)
        except OSError:
            return None
        # Two changes within one tick of the file system's clock leave the same time, so a recent time proves nothing.
        return changed if time.time_ns() - changed > _CLOCK_TICK else None

    def identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._location)  # noqa: PTH116
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def read(self, name: str) -> memoryview:
        try:
            with self._filesystem.open(self._path / name) as file:
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno not in _NOT_A_FILE:
                raise self._unreadable(f"{self.location}/{name}", error) from error
            raise self._not_a_file(name, error.strerror or str(error)) from error
        except ValueError as error:  # cut short since it was opened
            raise self._not_a_file(name, str(error)) from error

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        filesystem = self._filesystem
        partial = self._path / (name + PARTIAL)
        try:
            with filesystem.create(partial) as file:
                size = self._write_chunks(file, iter(chunks))
                if durable:
                    filesystem.fsync(file)
            filesystem.rename(partial, self._path / name)
        except BaseException as error:
            with contextlib.suppress(OSError):
                filesystem.remove(partial)
            if isinstance(error, OSError) and not isinstance(error, ArsearchError):
                raise self._unwritable(name, error) from error
            raise
        return size

    def _write_chunks(self, file: IO[bytes], chunks: Iterator[Buffer]) -> int:
        write = functools.partial(self._filesystem.write, file)
        # A function of its own: no name here may keep the last of its chunks, perhaps a large array, in memory.
        from arsearch.index.store.background import prefetch  # searches write nothing

        size = _write_first(write, chunks)
        # The disk works while the next chunks are computed.
        steps = (functools.partial(write, chunk) for chunk in chunks)
        return size + sum(prefetch(steps, threads=1, waiting=_MAX_WAITING))

    def remove(self, name: str) -> None:
        try:
            self._filesystem.remove(self._path / name)
        except OSError as error:
            raise self._unwritable(name, error) from error

    def sync(self, names: Iterable[str] = ()) -> None:
        try:
            for name in names:
                self._filesystem.fsync_file(self._path / name)
            self._filesystem.fsync_folder(self._path)
        except OSError as error:
            raise self._unwritable("", error) from error

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        with write_lock(self._path, timeout):
            for name in self._listdir():
                if name.endswith(PARTIAL):  # left by a writer that died
                    self.remove(name)
            yield

    def _unreadable(self, place: str, error: OSError) -> IndexOpenError:
        step = "check its permissions" if isinstance(error, PermissionError) else "repair the disk, or restore a backup"
        return IndexOpenError(f"{place!r} cannot be read ({error.strerror or error}); {step}")

    def _not_a_file(self, name: str, reason: str) -> CorruptIndexError:
        place = f"{self.location}/{name}"
        return CorruptIndexError(f"the index file {place!r} cannot be read ({reason}); see `arsearch check`")

    def _unwritable(self, name: str, error: OSError) -> IndexWriteError | IndexReadOnlyError:
        what = f"the index at {self.location!r} cannot be written ({error.strerror or error}, {name or 'the folder'})"
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            return IndexReadOnlyError(f"{what}; check its permissions")
        problem = IndexWriteError(f"{what}; the last commit is intact: free space or repair the disk, then try again")
        problem.errno = error.errno
        return problem


def _write_first(write: Callable[[Buffer], int], chunks: Iterator[Buffer]) -> int:
    """Write chunks until more than `_SYNCHRONOUS` bytes are written, and return the number of bytes."""
    size = 0
    for chunk in chunks:
        size += write(chunk)
        if size > _SYNCHRONOUS:
            break
    return size
