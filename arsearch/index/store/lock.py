"""The write lock of a folder: a lock of the kernel, which ends with the process that holds it.

Two files stay in the folder. The writer locks `write.lock`; the writer that has waited longest locks `write.queue`, so
that a writer that releases the lock and returns at once does not overtake it. A lock taken with `flock` belongs to the
open file, and forked children inherit open files: a child closes them before it runs anything else, or it would hold the
lock after the writer has died.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import time
from collections.abc import Iterator
from pathlib import Path

from arsearch.concurrency import reset_in_children
from arsearch.errors import IndexLockedError, IndexReadOnlyError, IndexWriteError
from arsearch.index.store.filesystem import open_regular

__all__ = ["LOCK_FILES", "locked_error", "write_lock"]

_LOCK = "write.lock"
_QUEUE = "write.queue"
LOCK_FILES = frozenset((_LOCK, _QUEUE))

_PAUSE = 0.01
"""Seconds between two attempts to take the lock."""


@contextlib.contextmanager
def write_lock(folder: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of a folder, against other processes, other threads, and other holders in this thread.

    Raises IndexLockedError after `timeout` seconds, and IndexReadOnlyError or IndexWriteError if a lock file cannot be
    opened or created.
    """
    deadline = time.monotonic() + timeout
    with _open(folder, _LOCK) as lock:
        with _open(folder, _QUEUE) as queue:
            for file in (queue, lock):
                if not _acquire(file, deadline):
                    raise locked_error(str(folder), timeout)
        yield


def locked_error(location: str, timeout: float) -> IndexLockedError:
    """Return the error of a writer that has waited `timeout` seconds in vain."""
    return IndexLockedError(
        f"the index at {location!r} is being written by another writer (waited {timeout:g} s); try again later"
    )


class _LockFile(io.FileIO):
    """An open lock file."""

    def reset_after_fork(self) -> None:
        """Close the file, in a forked child."""
        self.close()


def _open(folder: Path, name: str) -> io.FileIO:
    try:
        file = _LockFile(folder / name, "ab", opener=open_regular)
    except OSError as error:
        what = f"the index at {str(folder)!r} cannot be written ({error.strerror}, {name})"
        if isinstance(error, (PermissionError, FileNotFoundError)) or error.errno == errno.EROFS:
            raise IndexReadOnlyError(f"{what}; check that the folder exists, and its permissions") from error
        raise IndexWriteError(f"{what}; free space or repair the disk, then try again") from error
    reset_in_children(file)
    return file


def _acquire(file: io.FileIO, deadline: float) -> bool:
    """Lock a file, and return whether that succeeded before `deadline`."""
    while True:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
        time.sleep(_PAUSE)
