"""The write lock of a folder: the kernel's, so that it dies with its holder.

Two files stay in the folder for ever. `write.lock` is locked by the writer; `write.queue` by the one that waits longest,
so that a writer that lets go and comes back at once does not overtake it. A lock taken with `flock` belongs to the open
file, which forked children inherit: they close it before they run anything, or they would hold the lock past the
writer's death.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from arsearch.errors import IndexLockedError, IndexReadOnlyError, IndexWriteError

__all__ = ["LOCK_FILES", "locked_error", "write_lock"]

_LOCK = "write.lock"
_QUEUE = "write.queue"
LOCK_FILES = frozenset((_LOCK, _QUEUE))

_LONGEST_PAUSE = 0.025

# What a fork copies is the whole process's, and so is this: the lock files that are open now.
_open_files: weakref.WeakSet[io.FileIO] = weakref.WeakSet()


def _close_in_child() -> None:
    for file in list(_open_files):
        file.close()


os.register_at_fork(after_in_child=_close_in_child)


@contextlib.contextmanager
def write_lock(folder: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of a folder, against other processes, threads and other holders in this thread.

    IndexLockedError after `timeout` seconds, IndexReadOnlyError or IndexWriteError where a lock file cannot be made.
    """
    deadline = time.monotonic() + timeout
    with _opened(folder, _LOCK) as lock:
        with _opened(folder, _QUEUE) as queue:
            for file in (queue, lock):
                if not _locked(file, deadline):
                    raise locked_error(str(folder), timeout)
        yield


def locked_error(location: str, timeout: float) -> IndexLockedError:
    """What a writer is told that waited in vain."""
    return IndexLockedError(
        f"the index at {location!r} is being written by another writer (waited {timeout:g} s); try again later"
    )


def _opened(folder: Path, name: str) -> io.FileIO:
    try:
        file = io.FileIO(folder / name, "ab", opener=_no_link)
    except OSError as error:
        what = f"the index at {str(folder)!r} cannot be written ({error.strerror}, {name})"
        if isinstance(error, (PermissionError, FileNotFoundError)) or error.errno == errno.EROFS:
            raise IndexReadOnlyError(f"{what}; check that the folder is there, and its permissions") from error
        raise IndexWriteError(f"{what}; make room or mend the disk, then try again") from error
    _open_files.add(file)
    return file


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)


def _locked(file: io.FileIO, deadline: float) -> bool:
    pause = 0.005
    while True:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
