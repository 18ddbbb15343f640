"""Where an index's files live: a folder on a local disk, or memory.

Both offer the same few operations, each whole or absent: a file is written under a temporary name,
flushed to the disk when `durable`, and renamed into place. Nothing here knows what the files hold.

What is durable when: the content of a file once `write(durable=True)` has returned, its name, and its absence after
`remove`, once `sync` has.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import mmap
import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Literal, Protocol

from arsearch.errors import (
    ArsearchError,
    CorruptIndexError,
    IndexNotFoundError,
    IndexOpenError,
    IndexReadOnlyError,
    IndexWriteError,
)
from arsearch.index.store.background import prefetch
from arsearch.index.store.lock import LOCK_FILES, locked_error, write_lock

__all__ = ["Buffer", "Directory", "FSDirectory", "RAMDirectory", "make_folder"]

Buffer = bytes | memoryview
Step = Literal["list", "read", "create", "write", "fsync", "rename", "remove", "sync"]
_PARTIAL = ".partial"
_FRESH = 2_500_000_000
"""Nanoseconds; the coarsest file times are of two seconds."""
_LITTLE = 4 << 20
_WAITING = 8
"""What a file has beyond so many bytes is written in a thread, up to so many chunks behind what makes them."""
_NO_FILE = (errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENXIO)
"""What opening a link, a pipe or a folder instead of a file leads to."""


class Directory(Protocol):
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

    def sync(self, names: Iterable[str] = ()) -> None:
        """Make the contents of those files, and the names of all files as they are now, survive a power loss."""

    def lock(self, timeout: float) -> contextlib.AbstractContextManager[None]:
        """Hold the write lock; IndexLockedError after `timeout` seconds."""


class FSDirectory:
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

    def _before(self, step: Step, name: str) -> None:
        """Called before each thing asked of the disk, for those who watch or disturb it: see `bench.crash`."""

    def names(self) -> list[str]:
        try:
            self._before("list", "")
            found = os.listdir(self._path)
        except FileNotFoundError:
            raise IndexNotFoundError(f"the index folder {self.location!r} is gone") from None
        except OSError as error:
            raise self._unreadable(self.location, error) from error
        return [name for name in found if not name.endswith(_PARTIAL) and name not in LOCK_FILES]

    def stamp(self) -> int | None:
        try:
            changed = os.stat(self._location).st_mtime_ns  # noqa: PTH116 (half the time of a Path)
        except OSError:
            return None
        # Changes within one tick of the file system's clock leave the same time: a fresh one says nothing.
        return changed if time.time_ns() - changed > _FRESH else None

    def read(self, name: str) -> memoryview:
        try:
            self._before("read", name)
            with _opened(self._path / name, os.O_RDONLY) as file:
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except FileNotFoundError:
            raise
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise self._unreadable(f"{self.location}/{name}", error) from error
            raise self._impossible(name, error.strerror or str(error)) from error
        except ValueError as error:  # cut short since it was opened
            raise self._impossible(name, str(error)) from error

    def write(self, name: str, chunks: Iterable[Buffer], *, durable: bool) -> int:
        partial = self._path / (name + _PARTIAL)
        try:
            partial.unlink(missing_ok=True)
            self._before("create", name)
            with _opened(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                coming = self._announced(name, chunks)
                size = _begun(file, coming)
                # The disk works while the next chunks are made.
                steps = (functools.partial(file.write, chunk) for chunk in coming)
                size += sum(prefetch(steps, threads=1, waiting=_WAITING))
                if durable:
                    file.flush()
                    self._before("fsync", name)
                    _flush(file.fileno())
            self._before("rename", name)
            partial.replace(self._path / name)
        except BaseException as error:
            with contextlib.suppress(OSError):
                partial.unlink()
            if isinstance(error, OSError) and not isinstance(error, ArsearchError):
                raise self._unwritable(name, error) from error
            raise
        return size

    def _announced(self, name: str, chunks: Iterable[Buffer]) -> Iterator[Buffer]:
        for chunk in chunks:
            self._before("write", name)
            yield chunk

    def remove(self, name: str) -> None:
        try:
            self._before("remove", name)
            (self._path / name).unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(name, error) from error

    def sync(self, names: Iterable[str] = ()) -> None:
        try:
            for name in names:
                self._before("fsync", name)
                _flush_path(self._path / name)
            self._before("sync", "")
            _flush_path(self._path)
        except OSError as error:
            raise self._unwritable("", error) from error

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        with write_lock(self._path, timeout):
            for name in os.listdir(self._path):
                if name.endswith(_PARTIAL):  # left by a writer that died
                    self.remove(name)
            yield

    def _unreadable(self, place: str, error: OSError) -> IndexOpenError:
        step = "check its permissions" if isinstance(error, PermissionError) else "mend the disk, or restore a backup"
        return IndexOpenError(f"{place!r} cannot be read ({error.strerror or error}); {step}")

    def _impossible(self, name: str, reason: str) -> CorruptIndexError:
        place = f"{self.location}/{name}"
        return CorruptIndexError(f"the index file {place!r} cannot be read ({reason}); see `arsearch check`")

    def _unwritable(self, name: str, error: OSError) -> IndexWriteError | IndexReadOnlyError:
        what = f"the index at {self.location!r} cannot be written ({error.strerror or error}, {name or 'the folder'})"
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            return IndexReadOnlyError(f"{what}; check its permissions")
        problem = IndexWriteError(
            f"{what}; what was committed before stays: make room or mend the disk, then try again"
        )
        problem.errno = error.errno
        return problem


def _opened(path: Path, flags: int) -> IO[bytes]:
    """A file of an index, opened only if it is a regular one: a link may lead out of the folder, a pipe never ends."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb" if flags == os.O_RDONLY else "wb")


def _begun(file: IO[bytes], coming: Iterator[Buffer]) -> int:
    """Write the first bytes of a file; how many."""
    size = 0
    for chunk in coming:
        size += file.write(chunk)
        if size > _LITTLE:
            break
    return size


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, so that they survive a power loss; OSError if that fails."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for place in reversed(missing):
        with contextlib.suppress(PermissionError):  # a parent that may be passed through but not read
            _flush_path(place.parent)


def _flush_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _flush(descriptor: int) -> None:
    full = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync leaves the data in the drive's cache
    if full is not None:
        try:
            fcntl.fcntl(descriptor, full)
            return
        except OSError:  # a file system that does not know it
            pass
    os.fsync(descriptor)


class RAMDirectory:
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

    def sync(self, names: Iterable[str] = ()) -> None:
        pass

    @contextlib.contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=timeout):
            raise locked_error(self.location, timeout)
        try:
            yield
        finally:
            self._lock.release()


def read_file(directory: Directory, name: str) -> memoryview:
    """The bytes of a file that a commit names; CorruptIndexError if it is missing."""
    try:
        return directory.read(name)
    except FileNotFoundError:
        raise CorruptIndexError(f"the index at {directory.location!r} lacks its file {name!r}") from None
