"""The calls to the operating system that write, flush and read the files of an index."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import IO

__all__ = ["LOCAL", "Buffer", "FileSystem", "make_folder", "open_regular"]

Buffer = bytes | memoryview


class FileSystem:
    """A local file system: one method for each kind of step that an `FSDirectory` takes, without state.

    A subclass can count the steps, or let them fail. Files are opened only if they are regular files: a symbolic link
    may lead out of the folder, and reading a pipe may never end. Every method raises OSError.
    """

    def listdir(self, folder: Path) -> list[str]:
        """Return the names of all files in a folder, in no particular order."""
        return os.listdir(folder)

    def open(self, path: Path) -> IO[bytes]:
        """Open a file for reading."""
        return open(path, "rb", buffering=0, opener=open_regular)

    def create(self, path: Path) -> IO[bytes]:
        """Create a file for writing, in place of a file that a dead writer left there. Its `name` is `path`."""
        path.unlink(missing_ok=True)
        return open(path, "xb", opener=open_regular)

    def write(self, file: IO[bytes], chunk: Buffer) -> int:
        """Append a chunk to a created file and return its size in bytes."""
        return file.write(chunk)

    def fsync(self, file: IO[bytes]) -> None:
        """Flush a created file to the disk."""
        file.flush()
        _fsync(file.fileno())

    def fsync_file(self, path: Path) -> None:
        """Flush a complete file to the disk."""
        _fsync_path(path)

    def fsync_folder(self, folder: Path) -> None:
        """Flush a folder to the disk: the names in it, and the absence of removed names."""
        _fsync_path(folder)

    def rename(self, path: Path, target: Path) -> None:
        """Rename a file to `target`, replacing a file of that name atomically."""
        path.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file, if it exists."""
        path.unlink(missing_ok=True)


LOCAL = FileSystem()


def make_folder(path: Path) -> None:
    """Make a folder and its missing parents, all flushed to the disk. Raises OSError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in reversed(missing):
        with contextlib.suppress(PermissionError):  # the parent may be entered but not read
            _fsync_path(folder.parent)


def open_regular(path: str, flags: int) -> int:
    """Open a regular file and return its descriptor; this is an `opener` of `open`. Raises OSError for anything else."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return descriptor


def _fsync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _fsync(descriptor)
    finally:
        os.close(descriptor)


def _fsync(descriptor: int) -> None:
    full = getattr(fcntl, "F_FULLFSYNC", None)  # on macOS fsync leaves the data in the cache of the drive
    if full is not None:
        try:
            fcntl.fcntl(descriptor, full)
            return
        except OSError:  # the file system does not support it
            pass
    os.fsync(descriptor)
