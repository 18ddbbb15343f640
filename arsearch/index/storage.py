"""Where an index's files live: a folder on a local disk, or memory.

Both offer the same few operations, each whole or absent: a file is written under a temporary name,
flushed to the disk when `durable`, and renamed into place. Nothing here knows what the files hold.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from arsearch.errors import CorruptIndexError, IndexLockedError, IndexNotFoundError, IndexReadOnlyError

__all__ = ["Buffer", "FileStorage", "MemoryStorage", "Storage"]

Buffer = bytes | memoryview
_LOCK = "write.lock"
_PARTIAL = ".partial"
_FRESH = 2_500_000_000
"""Nanoseconds; the coarsest file times are of two seconds."""


class Storage(Protocol):
    """A flat set of named files and one write lock."""

    @property
    def location(self) -> str:
        """Where this is, for messages."""

    def names(self) -> list[str]:
        """The names of all complete files, in no order."""

    def stamp(self) -> int | None:
        """A number that differs after any file has come or gone; `None` when that cannot be told from a number."""

    def read(self, name: str) -> memoryview:
        """The bytes of a file, mapped rather than copied where possible; FileNotFoundError if it is missing."""

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        """Make a file of `chunks`, replacing one of that name at once; its size in bytes."""

    def remove(self, name: str) -> None:
        """Remove a file; no error if it is already gone. Buffers read from it stay valid."""

    def sync(self) -> None:
        """Make the names of files written so far survive a power loss."""

    def lock(self, timeout: float) -> contextlib.AbstractContextManager[None]:
        """Hold the write lock; IndexLockedError after `timeout` seconds."""


class FileStorage:
    """Files in one folder of a local file system."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._location = str(self._path)

    @property
    def location(self) -> str:
        return self._location

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    def names(self) -> list[str]:
        try:
            found = os.listdir(self._path)
        except FileNotFoundError:
            raise IndexNotFoundError(f"the index folder {self.location!r} is gone") from None
        return [name for name in found if not name.endswith(_PARTIAL) and name != _LOCK]

    def stamp(self) -> int | None:
        try:
            changed = os.stat(self._location).st_mtime_ns  # noqa: PTH116 (half the time of a Path)
        except OSError:
            return None
        # Changes within one tick of the file system's clock leave the same time: a fresh one says nothing.
        return changed if time.time_ns() - changed > _FRESH else None

    def read(self, name: str) -> memoryview:
        try:
            with _opened(self._path / name, os.O_RDONLY) as file:
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:  # ValueError: cut short meanwhile
            reason = getattr(error, "strerror", None) or str(error)
            raise CorruptIndexError(
                f"the index file {f'{self.location}/{name}'!r} cannot be read ({reason}); "
                "check its permissions, or restore it from a backup"
            ) from error

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        partial = self._path / (name + _PARTIAL)
        size = 0
        try:
            partial.unlink(missing_ok=True)
            with _opened(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                for chunk in chunks:
                    size += file.write(chunk)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            partial.replace(self._path / name)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
        return size

    def remove(self, name: str) -> None:
        (self._path / name).unlink(missing_ok=True)

    def sync(self) -> None:
        descriptor = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        # The file stays for ever; the lock is the kernel's and dies with its holder.
        try:
            file = _opened(self._path / _LOCK, os.O_WRONLY | os.O_CREAT)
        except OSError as error:
            raise IndexReadOnlyError(
                f"the index at {self.location!r} cannot be written ({error.strerror}); check its permissions"
            ) from error
        with file:
            _wait_for(file, timeout, self.location)
            for name in os.listdir(self._path):
                if name.endswith(_PARTIAL):  # left by a writer that died
                    self.remove(name)
            yield


def _opened(path: Path, flags: int) -> IO[bytes]:
    """A file of an index, opened only if it is a regular one: a link may lead out of the folder, a pipe never ends."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb" if flags == os.O_RDONLY else "wb")


def _wait_for(file: IO[bytes], timeout: float, location: str) -> None:
    deadline = time.monotonic() + timeout
    pause = 0.005
    while True:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _locked(location, timeout) from None
        time.sleep(pause)
        pause = min(pause * 2, 0.1)


def _locked(location: str, timeout: float) -> IndexLockedError:
    return IndexLockedError(
        f"the index at {location!r} is being written by another writer (waited {timeout:g} s); try again later"
    )


class MemoryStorage:
    """Files in memory, for tests and for collections that fit there."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        return ":memory:"

    def names(self) -> list[str]:
        return list(self._files)

    def stamp(self) -> int | None:
        return None

    def read(self, name: str) -> memoryview:
        try:
            return memoryview(self._files[name])
        except KeyError:
            raise FileNotFoundError(name) from None

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:  # noqa: ARG002
        self._files[name] = b"".join(chunks)
        return len(self._files[name])

    def remove(self, name: str) -> None:
        self._files.pop(name, None)

    def sync(self) -> None:
        pass

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=timeout):
            raise _locked(self.location, timeout)
        try:
            yield
        finally:
            self._lock.release()


def read_file(storage: Storage, name: str) -> memoryview:
    """The bytes of a file that a commit names; CorruptIndexError if it is missing."""
    try:
        return storage.read(name)
    except FileNotFoundError:
        raise CorruptIndexError(f"the index at {storage.location!r} lacks its file {name!r}") from None
